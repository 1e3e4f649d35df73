# Keys of a config that are flags as well: each counts, and the flag before it.
source "$(dirname "$0")/common.inc"
mkdir -p shop/.git shop/docs shop/src && cd shop
fill src/a.py <<<'A = "{key:function}"'
fill src/b.py <<<'B = "{broken:function}"  # gitleaks:allow'
cp src/a.py docs/a.py
says_for() { # says_for TOML CODE TEXT FLAGS…
  printf '%b\n' "$1" >.assay.toml
  expect "$2" "$ASSAY" scan . -f jsonl "${@:4}" && says "$tmp/out" "$3"
}
says_for '' 1 '"findings":3'
says_for 'exclude = ["docs/"]' 1 '"findings":2'
says "$tmp/out" '"ignored":2'
says_for 'exclude = ["docs/"]' 1 '"findings":3' --exclude '!docs/' --no-markers
says_for 'foreign_markers = true' 1 '"suppressed":0' --no-foreign-markers
says_for 'foreign_markers = false' 1 '"suppressed":0'
expect 1 "$ASSAY" scan src -f jsonl --no-config --write-baseline known --reason 'until release 41'
says_for 'baseline = "known"' 0 '"by":"known:'
: >none && says_for 'baseline = "known"' 1 '"suppressed":1' --baseline none
printf '[[owner]]\nname = "payments"\npaths = ["src/"]\n' >owners.toml && cp owners.toml mine.toml
says_for 'owners = "owners.toml"' 1 '"owner":{"name":"payments"'
sed -i s/payments/orders/ mine.toml && says_for 'owners = "owners.toml"' 1 '"owner":{"name":"orders"' --owners mine.toml
expect 0 "$ASSAY" inventory init --inventory keys.inventory
says_for 'inventory = "keys.inventory"' 1 '"findings":3'
echo wrong >keys.inventory && expect 2 "$ASSAY" scan . && one_sentence 'keys.inventory'
says_for 'enable = ["AZF1004"]' 0 '"disabled_rules":["AZF1001","AZF1002","AZF1003","AZF1005"'
severity='[[severity]]\nrule = "AZF*"\nlevel = "note"\n[[severity]]\nrule = "AZF1002"\nlevel = "warning"'
echo -e "$severity" >.assay.toml && expect 1 "$ASSAY" scan . -f github --no-markers
says "$tmp/out" '::warning file=src/a.py' && says "$tmp/out" '::notice file='
expect 1 "$ASSAY" scan . && lacks "$tmp/out" 'error:'
