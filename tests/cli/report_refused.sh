# assay report and assay diff refuse what is no report, with a sentence and nothing on stdout.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'A={key:function}'
: >empty.jsonl
expect 1 "$ASSAY" scan key.txt -f sarif
cp "$tmp/out" a.sarif
expect 1 "$ASSAY" scan key.txt -f jsonl
cp "$tmp/out" a.jsonl
cat a.jsonl a.jsonl >two.jsonl
for command in report 'diff a.jsonl'; do
  for row in 'gone.jsonl|could not be read: No such file' 'empty.jsonl|nothing stands in it' \
    'a.sarif|Give a report that was written with --format jsonl' 'two.jsonl|more stands behind' \
    '.|could not be read'; do
    expect 2 "$ASSAY" $command "${row%%|*}"
    one_sentence "${row#*|}"
    [[ ! -s $tmp/out ]] || fail "$command ${row%%|*}: writes to stdout"
  done
done
expect 2 "$ASSAY" report - - <a.jsonl
one_sentence 'Standard input is named twice'
expect 2 "$ASSAY" diff - - <a.jsonl
one_sentence 'Standard input is named twice'
expect 2 "$ASSAY" report
expect 2 "$ASSAY" report a.jsonl --format pdf
expect 2 "$ASSAY" diff a.jsonl
expect 2 "$ASSAY" report a.jsonl --owners gone.toml
one_sentence 'gone.toml'
