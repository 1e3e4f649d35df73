# inspect says what each line is, shows no value, and its exit code says whether all are known.
source "$(dirname "$0")/common.inc"
fill keys.txt <<'EOF'
GET https://contoso-orders.azurewebsites.net/api/Refund?code={key:function}&x=1
{key:master}
{bare:system}
EOF
expect 0 "$ASSAY" inspect - <keys.txt
says "$tmp/out" 'line 1: Azure Functions function key'
says "$tmp/out" 'app contoso-orders, function Refund'
says "$tmp/out" 'line 2: Azure Functions master key'
says "$tmp/out" 'checksum holds under seed Master00'
says "$tmp/out" 'line 3: Azure Functions system key'
while read -r line; do lacks "$tmp/out" "$(grep -oE '[A-Za-z0-9_-]{54}' <<<"$line")"; done <keys.txt
expect 0 "$ASSAY" inspect --file keys.txt --format json
[[ $(grep -c '"verdict":"verified","understood":true' "$tmp/out") == 3 ]] || fail 'not three objects'
reveals expect 0 "$ASSAY" inspect --file keys.txt --reveal
one_sentence '--reveal is on'
says "$tmp/out" "$(sed -n 2p keys.txt)"
expect 0 "$ASSAY" inspect < <(base64 -w0 <keys.txt)
says "$tmp/out" 'Disguise:     base64'
# A key is no argument, unless it is said so.
expect 2 "$ASSAY" inspect "$(sed -n 2p keys.txt)"
one_sentence "the shell's history"
expect 0 "$ASSAY" inspect --from-argv "$(sed -n 2p keys.txt)"
expect 1 "$ASSAY" inspect <<<'no key at all'
expect 2 "$ASSAY" inspect </dev/null
one_sentence 'nothing to inspect'
for wrong in gone.txt .; do expect 2 "$ASSAY" inspect --file $wrong; done
expect 2 "$ASSAY" inspect --format yaml <keys.txt
