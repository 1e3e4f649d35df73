# - is standard input, as a pipe, a file, or nothing at all.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function}'
expect 1 "$ASSAY" scan - <key.txt
says "$tmp/out" AZF1002
expect 1 "$ASSAY" scan - -f jsonl < <(cat key.txt)
says "$tmp/out" '"path":"stdin","line":1,"column":55'
says "$tmp/out" '"summary":{"complete":true,"blobs":1,'
quiet
expect 0 "$ASSAY" scan - </dev/null
quiet
expect 0 "$ASSAY" scan - < <(:)
quiet
# Beside other paths, in the order given.
echo clean >clean.txt
expect 1 "$ASSAY" scan key.txt - clean.txt -f jsonl <key.txt
[[ $(grep -o '"path":"[a-z.]*"' "$tmp/out" | tr '\n' ' ') == '"path":"key.txt" "path":"stdin" ' ]] ||
  fail 'not in the order given'
expect 2 "$ASSAY" scan - <.
one_sentence 'stdin could not be read: it is a folder'
expect 2 "$ASSAY" scan - <&-
one_sentence 'it is not open for reading'
