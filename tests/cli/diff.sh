# assay diff: new, gone, still there, and what a report that does not tell all leaves open.
source "$(dirname "$0")/common.inc"
fill a.env <<<'A={key:function}'
fill b.env <<<'B={key:master}'
fill c.env <<<'C={key:system}'
sweep() { "$ASSAY" scan . --exclude '*.jsonl' --exit-zero -f jsonl >"$1"; }
sweep old.jsonl
expect 0 "$ASSAY" diff old.jsonl old.jsonl
quiet
says "$tmp/out" '0 keys new, 0 gone, 3 still there; 0 places new, 0 gone, 3 still there.'
rm b.env
sweep less.jsonl
expect 0 "$ASSAY" diff old.jsonl less.jsonl
says "$tmp/out" 'gone: Azure Functions master key'
says "$tmp/out" '  - b.env:1:3'
expect 1 "$ASSAY" diff less.jsonl old.jsonl
says "$tmp/out" 'new: Azure Functions master key'
{ echo; cat a.env a.env; } >again.env
mv again.env a.env
sweep more.jsonl
expect 1 "$ASSAY" diff less.jsonl more.jsonl --format jsonl
says "$tmp/out" '"change":"still_there"'
says "$tmp/out" '"keys":{"new":0,"gone":0,"still_there":2},"places":{"new":1,"gone":0,"still_there":2}'
head -n -1 more.jsonl >cut.jsonl
expect 2 "$ASSAY" diff old.jsonl cut.jsonl
one_sentence 'What is called gone may still be there.'
says "$tmp/out" 'Not sure: cut.jsonl was cut off'
expect 2 "$ASSAY" diff cut.jsonl old.jsonl
one_sentence 'What is called new may have been there before.'
