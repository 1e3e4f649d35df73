# Without the prefilter the same bytes come out, in every format.
source "$(dirname "$0")/common.inc"
examples
head -c 300000 /dev/urandom >incident/noise.bin
for format in $formats; do
  expect 1 "$ASSAY" scan incident -f "$format"
  mv "$tmp/out" "$tmp/with"
  expect 1 "$ASSAY" scan incident -f "$format" --no-prefilter
  cmp "$tmp/with" "$tmp/out" || fail "$format: other bytes without the prefilter"
  cat incident/* | expect 1 "$ASSAY" scan - -f "$format"
  mv "$tmp/out" "$tmp/with"
  cat incident/* | expect 1 "$ASSAY" scan - -f "$format" --no-prefilter
  cmp "$tmp/with" "$tmp/out" || fail "$format: other bytes of a stream without the prefilter"
done
