# rules list and show: every rule is named, in groups and in order, and explained.
source "$(dirname "$0")/common.inc"
expect 0 "$ASSAY" rules list
quiet
ids=$(grep -oE '^[A-Z]{3}[0-9]{4}(-[1-9])?' "$tmp/out")
[[ $(echo $ids) == 'AZF1001 AZF1002 AZF1003 AZF1004 AZF1005 '* ]] || fail 'not every rule'
[[ $ids == "$(LC_ALL=C sort -u <<<"$ids")" ]] || fail 'not in order'
[[ $(wc -l <<<"$ids") -gt 50 ]] || fail 'too few'
for group in 'Azure Functions:' 'Other Azure keys:' 'Other tokens:'; do says "$tmp/out" "$group"; done
for rule in $ids; do
  expect 0 "$ASSAY" rules show "$rule"
  quiet
  for part in "$rule  " 'What its holder can do: ' 'Severity: ' 'Reports: ' 'Rotation: ' '  1. ' \
    'More: https://'; do
    says "$tmp/out" "$part"
  done
done
