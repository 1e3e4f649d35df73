# A FIFO given as a path is read as a stream; a writer that comes late is waited for.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
mkfifo pipe
(sleep 0.3; exec cat key.txt >pipe) &
expect 1 "$ASSAY" scan pipe -f jsonl
quiet
says "$tmp/out" '"path":"pipe"'
says "$tmp/out" '"summary":{"complete":true,"blobs":1,'
wait
for format in text sarif github; do
  cat key.txt >pipe &
  expect 1 "$ASSAY" scan pipe -f "$format"
  quiet
  wait
done
