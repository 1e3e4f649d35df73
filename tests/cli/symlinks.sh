# Links met in a folder are not followed unless asked, and never twice.
source "$(dirname "$0")/common.inc"
mkdir tree elsewhere
fill elsewhere/key.txt <<<'code={key:function}'
ln -s ../elsewhere tree/folder
ln -s ../elsewhere/key.txt tree/file
ln -s .. tree/up
ln -s missing tree/dangling
expect 0 "$ASSAY" scan tree -f jsonl
says "$tmp/out" '"blobs":0,'
says "$tmp/out" '"ignored":4'
# A path that was given is followed.
expect 1 "$ASSAY" scan tree/file tree/folder -f jsonl
expect 1 "$ASSAY" scan tree/folder/
rm tree/dangling
expect 1 "$ASSAY" scan tree --follow-symlinks -f jsonl
quiet
says "$tmp/out" '"blobs":1,'
says "$tmp/out" '"findings":1,'
ln -s missing tree/dangling
expect 2 "$ASSAY" scan tree --follow-symlinks
says "$tmp/err" 'tree/dangling'
