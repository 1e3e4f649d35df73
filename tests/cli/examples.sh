# The examples are five files, and every rule finds what was put into them.
source "$(dirname "$0")/common.inc"
examples
[[ $(find incident -type f | wc -l) == 5 ]] || fail 'not five files'
expect 1 "$ASSAY" scan incident -f jsonl
quiet
while read -r rule count; do
  [[ $(grep -c "^{\"rule_id\":\"$rule\"" "$tmp/out") == "$count" ]] || fail "$rule: not $count"
done <<'ROWS'
AZF1001 3
AZF1002 9
AZF1003 2
AZF1004 1
AZF1005 1
ROWS
says "$tmp/out" '{"summary":{"complete":true,"blobs":5,'
expect 1 "$ASSAY" scan incident
quiet
says "$tmp/out" '8 keys at 16 places in 5 files'
