# --evidence: the summary names the files that hold findings with size and SHA-256, and the command.
source "$(dirname "$0")/common.inc"
mkdir -p in/deep ../beside
fill in/deep/key.env <<<'A={key:function}'
fill ../beside/out.env <<<'A={key:master}'
echo nothing >in/none.txt
python3 -c 'import zipfile; zipfile.ZipFile("in/a.zip", "w").write("in/deep/key.env", "x/key.env")'
hash_of() { sha256sum <"$1" | cut -d' ' -f1; }
expect 1 "$ASSAY" scan in ../beside --evidence -f jsonl
summary=$(tail -n1 "$tmp/out")
for file in in/deep/key.env ../beside/out.env in/a.zip; do
  path=${file#../}
  entry="{\"path\":\"$path\",\"bytes\":$(wc -c <"$file"),\"sha256\":\"$(hash_of "$file")\"}"
  [[ $summary == *"$entry"* ]] || fail "the summary does not tell of $file: $summary"
done
lacks "$tmp/out" none.txt
says "$tmp/out" '"arguments":["assay","scan","in","../beside","--evidence","-f","jsonl"]'
says "$tmp/out" '"tool":"assay '
# A key in an argument is redacted; a stream has no file; without the flag there is none of it.
fill name <<<'{key:function}'
cp in/deep/key.env "k-$(<name)"
expect 1 "$ASSAY" scan "k-$(<name)" --evidence -f jsonl
lacks "$tmp/out" "$(<name)"
expect 1 "$ASSAY" scan - --evidence -f jsonl <in/deep/key.env
lacks "$tmp/out" '"evidence"'
expect 1 "$ASSAY" scan in -f jsonl
lacks "$tmp/out" '"evidence"'
lacks "$tmp/out" '"arguments"'
