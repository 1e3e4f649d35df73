# A reader that goes away ends the run quietly, exit code 2.
source "$(dirname "$0")/common.inc"
for i in {1..2000}; do echo "code={key:function:$i}"; done | fill many.txt
for format in $formats; do
  "$ASSAY" scan many.txt -f "$format" 2>"$tmp/err" | head -c 1 >"$tmp/out" && codes=("${PIPESTATUS[@]}")
  quiet
  [[ ${codes[0]} == 2 ]] || fail "$format: ${codes[0]}"
done
# A live stream whose reader is gone.
(cat many.txt; sleep 0.3; cat many.txt) | "$ASSAY" scan - 2>"$tmp/err" | true && codes=("${PIPESTATUS[@]}")
quiet
[[ ${codes[1]} == 2 ]] || fail "live: ${codes[1]}"
