# 0 complete and clean, 1 findings, 2 not complete, which wins over 1.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
echo 'nothing here' >clean.txt
ln -s loop loop
expect 0 "$ASSAY" scan clean.txt
quiet
expect 1 "$ASSAY" scan key.txt
quiet
expect 0 "$ASSAY" scan key.txt --exit-zero
says "$tmp/out" AZF1002
expect 2 "$ASSAY" scan loop clean.txt
one_sentence 'loop could not be read'
expect 2 "$ASSAY" scan loop key.txt
says "$tmp/out" AZF1002
expect 2 "$ASSAY" scan loop key.txt --exit-zero
says "$tmp/out" 'Not complete'
if ((EUID != 0)); then
  mkdir closed
  chmod 0 closed
  expect 2 "$ASSAY" scan closed key.txt
  one_sentence 'closed could not be read: permission denied'
  says "$tmp/out" AZF1002
fi
