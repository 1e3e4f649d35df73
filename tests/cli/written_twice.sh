# Report, summary and baseline are three files, and a file of the user's is no part of a log.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
touch there && ln there same
for flags in '-o new --summary new' '-o new --summary ./new' '-o there --summary same' \
  '-o new --write-baseline new --reason x' '--summary new --write-baseline new --reason x'; do
  # shellcheck disable=SC2086
  expect 2 "$ASSAY" scan key.txt $flags
  one_sentence ' is to hold two things: '
  [[ ! -s $tmp/out && ! -e new ]] || fail "written: $flags"
done
expect 1 "$ASSAY" scan key.txt -f jsonl --write-baseline known --reason 'a vector'
expect 2 "$ASSAY" scan key.txt --baseline known -o known && one_sentence 'known, which is read'
expect 0 "$ASSAY" scan key.txt --baseline known --write-baseline known --reason again # it may grow
expect 1 "$ASSAY" scan key.txt -o /dev/null --summary /dev/null
expect 1 "$ASSAY" scan key.txt -f sarif -o log.sarif # yesterday's log may become today's
expect 0 "$ASSAY" scan key.txt -f sarif --base-sarif log.sarif -o log.sarif
says log.sarif '"baselineState":"unchanged"'
cp key.txt log.003.sarif # a part would replace it, if there were parts
expect 2 "$ASSAY" scan log.003.sarif -f sarif -o log.sarif && one_sentence 'log.003.sarif, which is read'
expect 1 "$ASSAY" scan log.003.sarif -f text -o log.sarif
expect 1 "$ASSAY" scan key.txt -f sarif -o log.sarif
cmp -s key.txt log.003.sarif || fail 'a file of the user went'
echo first >summary && expect 1 "$ASSAY" scan key.txt --summary summary
head -n 1 summary | grep -qx first && says summary AZF1002 || fail 'the summary was not appended'
