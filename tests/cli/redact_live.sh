# A live filter: lines come out soon, a key's begin never; signals and a closed pipe end it.
source "$(dirname "$0")/common.inc"
fill keys.txt <<<'{key:function} {key:master} {key:system} {broken:function}'
mkfifo pipe
python3 "$(dirname "$BASH_SOURCE")/redact_live.py" || fail 'see above'
for signal in INT TERM; do
  "$ASSAY" redact pipe >"$tmp/out" 2>"$tmp/err" &
  exec 3>pipe
  printf 'one\ncode=%s' "$(head -c 40 keys.txt)" >&3
  sleep 0.5
  kill -"$signal" $!
  code=0
  wait $! || code=$?
  exec 3>&-
  [[ $code == 2 && $(<"$tmp/out") == one ]] || fail "$signal: $code, $(head -c 10 "$tmp/out")"
  says "$tmp/err" 'stopped before the end of pipe. The output ends there, and 45 bytes'
done
# A reader that goes away ends it, without a word.
code=0
(yes 'GET /health 200' | "$ASSAY" redact -q 2>"$tmp/err" || echo $? >"$tmp/code") | head -n 1 >"$tmp/out"
[[ $(<"$tmp/code") == 2 ]] || fail "a closed pipe: $(<"$tmp/code")"
quiet
