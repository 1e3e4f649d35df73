# A standard stream that is closed at the start is never mistaken for a file opened later.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
code=0
"$ASSAY" scan key.txt missing -f jsonl -o report 2>&- || code=$?
[[ $code == 2 ]] || fail "stderr closed: exit code $code"
python3 -c 'import json; [json.loads(line) for line in open("report")]' || fail 'messages in the report'
code=0
"$ASSAY" scan key.txt >&- 2>"$tmp/err" || code=$?
[[ $code == 2 ]] || fail "stdout closed: exit code $code"
one_sentence 'standard output'
for i in {1..100}; do cp key.txt "$i.txt"; done
for i in {1..10}; do
  expect 2 "$ASSAY" scan [0-9]*.txt - -f jsonl <&-
  one_sentence 'it is not open for reading'
  says "$tmp/out" '"blobs":101,'
  says "$tmp/out" '"findings":100,'
done
