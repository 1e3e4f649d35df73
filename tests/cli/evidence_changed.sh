# A file that changes while the run goes on has no hash: that is said, and the run is not complete.
source "$(dirname "$0")/common.inc"
fill a.env <<<'A={key:function}'
fill b.env <<<'B={key:master}'
fill c.env <<<'C={key:system}'
mkfifo pipe
sleep 0.05
"$ASSAY" scan a.env b.env c.env pipe --evidence -f jsonl >"$tmp/out" 2>"$tmp/err" &
run=$!
exec 3<>pipe # the run waits for this stream; opened so, it waits for nobody
for _ in {1..200}; do
  grep -q 'c.env' "$tmp/out" && break
  echo more >&3
  sleep 0.05
done
sleep 0.1
echo changed >>a.env
rm b.env
exec 3>&-
code=0
wait "$run" || code=$?
[[ $code == 2 ]] || fail "exit code $code, not 2: $(head -c 500 "$tmp/err")"
says "$tmp/err" 'a.env was not read whole: it changed while the run went on'
says "$tmp/err" 'b.env was not read whole: it was gone when it was to be read'
says "$tmp/out" '"summary":{"complete":false'
says "$tmp/out" '"evidence":[{"path":"c.env"'
