# doctor finds in a config what would end a scan, and what makes it slow.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
new_repository repo && cd repo
fill key.txt <<<'code={key:function}'
echo wrong >wrong
rule='[[rule]]\nid = "own"\nregex = '
while IFS='|' read -r text status name wanted; do
  printf '%b\n' "$text" >.assay.toml
  code=0 && scanned=1
  if [[ $status == wrong ]]; then code=2 && scanned=2; fi
  expect "$code" "$ASSAY" doctor
  grep -A1 -E "^$status +$name " "$tmp/out" | grep -qF -- "$wanted" || fail "$text: $(<"$tmp/out")"
  expect "$scanned" "$ASSAY" scan key.txt # what doctor says is what a scan does
  [[ $name == baseline ]] || says "$tmp/err" "$wanted"
done <<ROWS
disable = ["AZF9999"]|wrong|config|.assay.toml:1: disable "AZF9999" names no rule.
$rule"("|wrong|config|.assay.toml:
[[allow]]\nreason = "x"\nregexes = ["("]|wrong|config|.assay.toml:
$rule"[0-9]{12}"|warning|config|.assay.toml:
owners = "wrong"|wrong|owners|wrong:1
inventory = "wrong"|wrong|inventory|wrong:1
baseline = "wrong"|wrong|baseline|wrong:1
fail_on = "never"\ndisable = ["AZF1005"]\n[[rule]]\nid = "AZF1001"|wrong|config|.assay.toml:
ROWS
printf '# assay baseline 1\nAAAAAAAAAAAAAAAAAAAA AZF1001 * - 2020-01-01 old\n' >known
echo 'baseline = "known"' >.assay.toml && expect 0 "$ASSAY" doctor && says "$tmp/out" '1 expired'
