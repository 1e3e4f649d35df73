# assay report: one record out of several reports, in three formats, with what is not known said.
source "$(dirname "$0")/common.inc"
examples
expect 1 "$ASSAY" scan incident --evidence -f jsonl
cp "$tmp/out" a.jsonl
expect 1 "$ASSAY" scan incident/pipeline.log -f jsonl
cp "$tmp/out" b.jsonl
expect 0 "$ASSAY" report a.jsonl b.jsonl --title 'Leak of today'
quiet
says "$tmp/out" '# Leak of today'
says "$tmp/out" '**8 keys, 16 places, no owner known.**'
says "$tmp/out" '| `incident/pipeline.log` | 8 | 46 | 505 | `cli` |  |  | 1, 2 |'
says "$tmp/out" '`assay scan incident --evidence -f jsonl`'
says "$tmp/out" "$(sha256sum <incident/pipeline.log | cut -d' ' -f1)"
expect 0 "$ASSAY" report - --format json <a.jsonl
python3 -c 'import json, sys; r = json.load(sys.stdin); assert r["incident"]["places"] == 16' <"$tmp/out"
expect 0 "$ASSAY" report a.jsonl -f html --output r.html
quiet
says r.html "<title>Incident: leaked Azure Functions keys</title>"
# A report that was cut off makes a record all the same, and exit code 2.
head -n 3 a.jsonl >cut.jsonl
expect 2 "$ASSAY" report cut.jsonl
one_sentence 'cut.jsonl was cut off'
says "$tmp/out" '**This record is not complete.'
expect 2 "$ASSAY" report incident/pipeline.log
one_sentence 'incident/pipeline.log, line 1: this is no JSON object'
expect 2 "$ASSAY" report a.jsonl --output a.jsonl
one_sentence 'The record would replace a.jsonl'
reveals expect 1 "$ASSAY" scan incident --reveal -f jsonl
cp "$tmp/out" revealed.jsonl
expect 2 "$ASSAY" report revealed.jsonl
one_sentence 'in the clear. Write the report again without --reveal'
