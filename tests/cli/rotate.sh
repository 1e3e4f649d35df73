# assay rotate: one plan a key, the worst first; facts by --set, by a plan, by an inventory.
source "$(dirname "$0")/common.inc"
fill a.log <<'T'
https://contoso-orders.azurewebsites.net/api/Refund?code={key:function:a}&clientId=default
https://contoso-orders.azurewebsites.net/admin/host/status?code={key:master}
T
cp a.log b.log
expect 1 "$ASSAY" scan a.log -f jsonl && mv "$tmp/out" a.jsonl
expect 1 "$ASSAY" scan b.log -f jsonl && mv "$tmp/out" b.jsonl
expect 0 "$ASSAY" rotate a.jsonl b.jsonl && quiet
[[ $(grep -c '^## ' "$tmp/out") == 2 ]] || fail 'a key has not one plan'
grep -m 1 '^## ' "$tmp/out" | grep -q master || fail 'the worst key is not the first'
says "$tmp/out" b.log:1:58
expect 0 "$ASSAY" rotate - -f json <a.jsonl && mv "$tmp/out" plan.json
expect 0 "$ASSAY" rotate plan.json -f json && cmp -s "$tmp/out" plan.json || fail 'a plan does not come back'
sed -i 's/"subscription": ""/"subscription": "prod"/' plan.json
expect 0 "$ASSAY" rotate plan.json a.jsonl && says "$tmp/out" '--subscription prod'
[[ $(grep -c '^## ' "$tmp/out") == 2 ]] || fail 'a report adds to a plan what it holds already'
id=$(grep -om 1 '"fingerprint":"[^"]*' a.jsonl | cut -d '"' -f 4)
expect 0 "$ASSAY" rotate a.jsonl --fingerprint "$id" --set kind=host,app=other -f script -o s.sh
says "$tmp/err" 'subscription' && says s.sh '-n other'
for wrong in --fingerprint=x --set=app --set=app= --set=nothing=x '--set=app=$(id)' --format=xml --set=app=other; do
  expect 2 "$ASSAY" rotate a.jsonl "$wrong" && one_sentence ' '
done
head -n 1 a.jsonl >cut.jsonl
expect 2 "$ASSAY" rotate cut.jsonl && says "$tmp/err" cut.jsonl && says "$tmp/out" "## 1."
expect 2 "$ASSAY" rotate a.log && one_sentence a.log
expect 2 "$ASSAY" rotate && one_sentence FILE
