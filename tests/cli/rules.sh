# rules list and show: every rule is named and explained.
source "$(dirname "$0")/common.inc"
expect 0 "$ASSAY" rules list
quiet
[[ $(cut -d' ' -f1 "$tmp/out" | tr '\n' ' ') == 'AZF1001 AZF1002 AZF1003 AZF1004 AZF1005 '* ]] ||
  fail 'not every rule, or not in order'
for rule in $(cut -d' ' -f1 "$tmp/out"); do
  expect 0 "$ASSAY" rules show "$rule"
  quiet
  for part in "$rule  " 'What its holder can do: ' 'Severity: ' 'Rotation: ' '  1. ' 'More: https://'; do
    says "$tmp/out" "$part"
  done
done
