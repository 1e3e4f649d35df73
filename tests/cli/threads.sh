# One thread or four: the same bytes in every format.
source "$(dirname "$0")/common.inc"
examples
for i in {1..300}; do mkdir -p "tree/$((i % 7))" && cp incident/pipeline.log "tree/$((i % 7))/$i.log"; done
# Larger than one part, so that workers share it.
for i in {1..9}; do head -c 1000000 /dev/zero | tr '\0' '\n'; cat incident/*; done >tree/large.log
for format in $formats; do
  expect 2 "$ASSAY" scan tree incident missing -j 1 -f "$format"
  mv "$tmp/out" "$tmp/one"
  for threads in 2 4; do
    expect 2 "$ASSAY" scan tree incident missing -j "$threads" -f "$format"
    cmp "$tmp/one" "$tmp/out" || fail "$format: other bytes with $threads threads"
  done
done
