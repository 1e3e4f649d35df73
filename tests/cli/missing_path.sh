# A missing path is named in one sentence; the other inputs are scanned all the same.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
echo clean >clean.txt
for order in 'gone.txt key.txt' 'key.txt gone.txt'; do
  # shellcheck disable=SC2086
  expect 2 "$ASSAY" scan $order -f jsonl
  one_sentence 'gone.txt could not be read: no such file or folder'
  says "$tmp/out" '{"rule_id":"AZF1002"'
  says "$tmp/out" '{"diagnostic":{"kind":"unreadable","path":"gone.txt"'
  says "$tmp/out" '"complete":false'
done
for format in $formats; do
  expect 2 "$ASSAY" scan gone.txt key.txt -f "$format"
  says "$tmp/out" gone.txt
  says "$tmp/out" key.txt
  expect 2 "$ASSAY" scan gone.txt clean.txt -f "$format"
done
expect 2 "$ASSAY" scan clean.txt ''
one_sentence 'One of the given paths is empty'
expect 2 "$ASSAY" scan clean.txt/below
one_sentence 'a part of the path is not a folder'
