# --output appears whole or not at all, keeps the mode of the file, leaves nothing.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
mkdir reports
expect 1 "$ASSAY" scan key.txt -f jsonl -o reports/new
quiet
[[ ! -s $tmp/out && $(stat -c %a reports/new) == 644 ]] || fail 'not 644, or something on stdout'
expect 1 "$ASSAY" scan key.txt -f jsonl
cmp "$tmp/out" reports/new || fail 'not the same as on stdout'
echo before >reports/old
chmod 600 reports/old
expect 1 "$ASSAY" scan key.txt -f jsonl --output reports/old
cmp reports/new reports/old && [[ $(stat -c %a reports/old) == 600 ]] || fail 'the mode was not kept'
# While it runs, the old report stands; stopped, it is replaced by one that says so.
mkfifo pipe
"$ASSAY" scan pipe -o reports/old 2>"$tmp/err" &
exec 3>pipe
sleep 0.3
cmp reports/new reports/old || fail 'not whole while the scan runs'
kill -KILL $! && wait $! || true
cmp reports/new reports/old || fail 'not whole after the scan was killed'
rm -f reports/*.tmp # only a killed process leaves one
expect 2 "$ASSAY" scan key.txt -f nothing -o reports/old
cmp reports/new reports/old || fail 'not whole after a wrong flag'
[[ $(ls -A reports | tr '\n' ' ') == 'new old ' ]] || fail 'something was left over'
