# A file that shrinks and grows while it is read is reported, and never ends the program.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
truncate -s 64M moving.log
(
  while :; do
    truncate -s 0 moving.log && cat key.txt >>moving.log && truncate -s 64M moving.log
  done
) &
writer=$!
disown "$writer"
end=$((SECONDS + 3)) runs=0
while ((SECONDS < end)); do
  code=0
  "$ASSAY" scan moving.log -f jsonl >"$tmp/out" 2>"$tmp/err" || code=$?
  ((code <= 2)) || break
  tail -n 1 "$tmp/out" | grep -q '^{"summary":' || break
  runs=$((runs + 1))
done
kill "$writer"
((code <= 2)) || fail "exit code $code"
tail -n 1 "$tmp/out" | grep -q '^{"summary":' || fail 'a report without its end'
((runs > 0)) || fail 'no run'
