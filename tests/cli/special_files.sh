# What is no file is a diagnostic, never waited for or read without an end.
source "$(dirname "$0")/common.inc"
mkdir tree
mkfifo tree/pipe
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/socket")'
fill tree/key.txt <<<'code={key:function}'
for threads in 1 4; do
  expect 2 timeout 20 "$ASSAY" scan tree -f jsonl -j "$threads"
  says "$tmp/out" '"kind":"skipped","path":"tree/pipe"'
  says "$tmp/out" '"kind":"skipped","path":"tree/socket"'
  says "$tmp/out" '{"rule_id":"AZF1002"'
  says "$tmp/err" 'it is a FIFO'
  says "$tmp/err" 'it is a socket'
done
expect 2 timeout 20 "$ASSAY" scan /dev/zero tree/key.txt
one_sentence 'zero was not scanned: it is a character device'
says "$tmp/out" AZF1002
ln -s /dev/zero endless
expect 2 timeout 20 "$ASSAY" scan endless
one_sentence 'it is a character device'
expect 2 timeout 20 "$ASSAY" scan /proc
one_sentence 'a file system that the kernel makes up'
expect 0 timeout 20 "$ASSAY" scan /proc/self/status
