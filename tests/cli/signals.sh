# SIGINT and SIGTERM end with a report that is marked incomplete, exit code 2.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
mkfifo pipe
for signal in INT TERM; do
  for format in $formats; do
    "$ASSAY" scan pipe -f "$format" >"$tmp/out" 2>"$tmp/err" &
    exec 3>pipe
    cat key.txt >&3
    sleep 0.3
    kill -"$signal" $!
    code=0
    wait $! || code=$?
    exec 3>&-
    [[ $code == 2 ]] || fail "$signal, $format: exit code $code"
    says "$tmp/out" AZF1002
    one_sentence 'stopped before its end'
    case $format in
      jsonl) tail -n 1 "$tmp/out" | grep -q '{"summary":{"complete":false,"interrupted":true,' ;;
      sarif) grep -q '"executionSuccessful":false' "$tmp/out" && python3 -m json.tool "$tmp/out" >"$tmp/json" ;;
      *) grep -q '^Not complete: ' "$tmp/out" ;;
    esac || fail "$signal, $format: not marked incomplete"
  done
done
