# assay scan --baseline: what is accepted does not count, whatever tool wrote that down.
source "$(dirname "$0")/common.inc"
mkdir src
fill src/a.py <<<'A = "{key:function:a}"'
fill src/b.py <<<'x-functions-key: {plain:56:b}'
fill src/c.py <<<'C = "{broken:function:c}"'
expect 1 "$ASSAY" scan src -f jsonl --write-baseline known --reason 'all old' --expires 2999-12-31
says known '# salt ' && says known ' AZF1005 * - 2999-12-31 all old'
[[ $(grep -c '^[^#]' known) == 3 ]] || fail 'not an entry a key'
expect 0 "$ASSAY" scan src --baseline known && quiet
fill src/d.py <<<'D = "{key:system}"'
expect 1 "$ASSAY" scan src --baseline known -f jsonl
[[ $(grep -c '"baseline_state":"unchanged"' "$tmp/out") == 3 ]] || fail 'what was known is not unchanged'
[[ $(grep -c '"baseline_state":"new"' "$tmp/out") == 1 ]] || fail 'what is new is not'
says "$tmp/out" '"suppression":{"kind":"baseline","by":"known:3","reason":"all old"}'
rm src/[bcd].py && expect 0 "$ASSAY" scan src --baseline known
says "$tmp/err" 'known:5 is about nothing that was found'
sed 's/2999/2019/' known >old && expect 1 "$ASSAY" scan src --baseline old
says "$tmp/err" 'expired on 2019-12-31'
sort -u known known <(tail -n +3 old) >merged && expect 0 "$ASSAY" scan src --baseline merged
fill src/c.py <<<'C = "{broken:function:c}"'
printf 'src/a.py:AZF1002:1\nsrc/c.py:AZF1004:1\n' >.gitleaksignore
expect 1 "$ASSAY" scan src --baseline .gitleaksignore -f jsonl # a proven key needs a reason
says "$tmp/out" '"suppression":{"kind":"baseline","by":".gitleaksignore:2"}'
[[ $(grep -c '"suppression"' "$tmp/out") == 1 ]] || fail 'a proven key was accepted without a reason'
echo '{' >wrong && expect 2 "$ASSAY" scan src --baseline wrong && one_sentence 'wrong: this is no JSON'
