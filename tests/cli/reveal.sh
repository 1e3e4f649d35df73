# --reveal shows values in the report, and says so on stderr.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
value=$(cut -c6- key.txt)
for format in text jsonl; do
  reveals expect 1 "$ASSAY" scan key.txt --reveal -f "$format"
  one_sentence 'the report shows key values'
  grep -qF -e "$value" "$tmp/out" || fail "$format: shows no value"
  expect 1 "$ASSAY" scan key.txt -f "$format"
  quiet
  ! grep -qF -e "$value" "$tmp/out" || fail "$format: shows a value"
done
for format in sarif github; do
  reveals expect 1 "$ASSAY" scan key.txt --reveal -f "$format"
  one_sentence 'the report shows key values'
done
