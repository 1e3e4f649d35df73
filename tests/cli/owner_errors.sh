# A file of owners that was named and cannot be used ends the run; one that was not does not.
source "$(dirname "$0")/common.inc"
mkdir -p shop/.git
fill shop/a.log <<<'{key:master}'
printf '[[owner]]\nname = "a"\nhost = ["b"]\n' >wrong.toml
while IFS='|' read -r flag file wanted; do
  expect 2 "$ASSAY" scan shop "$flag" "$file"
  one_sentence "$wanted"
  [[ ! -s $tmp/out ]] || fail "$flag $file: a report"
done <<'ROWS'
--owners|none.toml|none.toml could not be read: No such file or directory.
--owners|shop|shop could not be read: it is no regular file.
--owners|wrong.toml|wrong.toml:3: "host" is not a key of an owner.
--codeowners|none.txt|none.txt could not be read: No such file or directory.
--inventory|none.jsonl|none.jsonl
--inventory|wrong.toml|wrong.toml
ROWS
expect 2 "$ASSAY" scan shop --codeowners-form svn
expect 2 "$ASSAY" scan shop --owners ''
head -c 3000001 /dev/zero | tr '\0' '\n' >shop/CODEOWNERS
expect 1 "$ASSAY" scan shop
one_sentence 'CODEOWNERS could not be read: it is longer than 3000000 bytes.'
head -c 400 /dev/urandom >shop/CODEOWNERS
expect 1 "$ASSAY" scan shop
quiet
