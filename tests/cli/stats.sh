# --stats goes to stderr and leaves the report as it is; no terminal, no progress.
source "$(dirname "$0")/common.inc"
examples
for format in $formats; do
  expect 1 "$ASSAY" scan incident -f "$format"
  quiet
  mv "$tmp/out" "$tmp/plain"
  expect 1 "$ASSAY" scan incident -f "$format" --stats
  cmp "$tmp/plain" "$tmp/out" || fail "$format: another report with --stats"
  for name in bytes blobs threads database candidates start scan report AZF1001 AZF1005; do
    grep -qE "^$name +[0-9a-z]" "$tmp/err" || fail "no $name"
  done
  expect 1 "$ASSAY" scan incident -f "$format" --quiet --color never
  cmp "$tmp/plain" "$tmp/out" || fail "$format: another report with --quiet"
  lacks "$tmp/out" $'\e'
done
expect 1 "$ASSAY" scan incident --color always
says "$tmp/out" $'\e['
