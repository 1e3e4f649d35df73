# A full disk is one sentence and exit code 2; a report that was there stays.
source "$(dirname "$0")/common.inc"
[[ -e /dev/full ]] || exit 0
fill key.txt <<<'code={key:function}'
for format in $formats; do
  expect 2 "$ASSAY" scan key.txt -f "$format" -o /dev/full
  one_sentence '/dev/full'
  code=0
  "$ASSAY" scan key.txt -f "$format" >/dev/full 2>"$tmp/err" || code=$?
  [[ $code == 2 ]] || fail "stdout full: $code"
  one_sentence 'standard output'
done
code=0
"$ASSAY" rules list >/dev/full 2>"$tmp/err" || code=$?
[[ $code == 2 ]] || fail "rules list: $code"
one_sentence 'No space left'
# A limit on the size of files stands for a disk that fills up halfway.
for i in {1..400}; do echo "code={key:function:$i}"; done | fill many.txt
mkdir reports
echo before >reports/old
code=0
(trap '' XFSZ; ulimit -f 8; exec "$ASSAY" scan many.txt --no-cache -f jsonl -o reports/old) \
  2>"$tmp/err" || code=$?
[[ $code == 2 ]] || fail "limit: $code"
one_sentence 'reports/old'
[[ $(ls -A reports) == old && $(<reports/old) == before ]] || fail 'the old report is not whole'
