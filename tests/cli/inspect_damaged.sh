# inspect puts damaged keys right, finds masked ones again, and says where it cannot.
source "$(dirname "$0")/common.inc"
fill keys.txt <<'EOF'
{key:master:a}
{broken:master:a}
x-functions-key: "{lost:master:a}"
EOF
key=$(sed -n 1p keys.txt)
print=$("$ASSAY" inspect --file keys.txt -f json | grep -o '"fingerprint":"[^"]*"' | sort -u)
[[ $(wc -l <<<"$print") == 1 ]] || fail "not one key: $print"
expect 0 "$ASSAY" inspect --file keys.txt
says "$tmp/out" 'one character replaced; of 3,091 candidates one has a checksum that holds'
says "$tmp/out" 'one character lost; of '
again() { expect 0 "$ASSAY" inspect -f json <<<"$1"; says "$tmp/out" "$print"; }
again "${key:30}${key:0:30}"
again "${key:0:20} ${key:20}"
again "${key:0:5}**${key:7}"
again "$(tr 'a-zA-Z' 'A-Za-z' <<<"$key")"
again "${key//==/%3D%3D}="
# A checksum that is hidden follows from the rest: one key for each kind.
for text in "${key:0:48}******==" "${key:0:48}…" "${key:0:48}[REDACTED]" "${key:0:48}"; do
  expect 1 "$ASSAY" inspect -f json <<<"$text"
  says "$tmp/out" '"candidates":3,"counted":true,"ambiguous":true'
  says "$tmp/out" "${print#*:}"
done
expect 1 "$ASSAY" inspect <<<"${key:0:3}…AzFu…(56)"
says "$tmp/out" 'no key'
