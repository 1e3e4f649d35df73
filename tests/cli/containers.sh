# Archives made by other tools: what cannot be read is named, limits hold, nothing is written.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function}'
mkdir "$tmp/scratch"
export TMPDIR=$tmp/scratch
python3 "$(dirname "$0")/containers.py" make || fail 'cannot make the archives'
before=$(ls)

for format in zip docx jar tar tar.gz tar.bz2 tar.xz; do
  expect 1 "$ASSAY" scan "good.$format" -f jsonl
  quiet
  says "$tmp/out" "\"path\":\"good.$format!/logs/app.log\",\"line\":2,"
done
for format in gz bz2 xz; do
  expect 1 "$ASSAY" scan "app.log.$format" -f jsonl
  quiet
  says "$tmp/out" "\"path\":\"app.log.$format\",\"line\":2,"
done
for way in '- <app.log.gz' '<(cat app.log.gz)' '- < <(cat good.tar.gz)' '- < <(cat good.zip)'; do
  expect 1 bash -c "\"\$ASSAY\" scan -f jsonl $way"
  quiet
  says "$tmp/out" '"line":2,'
done
expect 1 bash -c 'gzip -c key.txt | "$ASSAY" scan - -f jsonl'
says "$tmp/out" '"encoding":["gzip"]'

# refused FILE TEXT FLAGS…: not read to its end, and the diagnostic says so.
refused() {
  local file=$1 text=$2
  shift 2
  expect 2 timeout 60 "$ASSAY" scan "$file" "$@"
  says "$tmp/err" "$file"
  says "$tmp/err" "$text"
}
refused encrypted.zip 'encrypted.zip!/secret.txt'
refused encrypted.zip 'it is encrypted'
refused cut.tar.gz 'the gzip data ends'
says "$tmp/out" AZF1002
refused wrong.zip 'its checksum does not hold'
says "$tmp/out" AZF1002
refused bomb.gz --max-ratio
refused bomb.zip --max-ratio
refused good.tar --max-members --max-members 3
refused good.zip --max-decoded-bytes --max-decoded-bytes 100
refused deep.zip --max-depth
expect 1 "$ASSAY" scan deep.zip --max-depth 12
quiet
expect 1 "$ASSAY" scan nested.zip
quiet

# A file for each format, with each diagnostic: no value of a key, and nothing was written.
for format in $formats; do
  expect 2 "$ASSAY" scan . -f "$format" --stats --exclude 'bomb.*' --max-members 3
  cat "$tmp/out" "$tmp/err" >>"$tmp/all"
done
python3 "$(dirname "$0")/containers.py" check "$tmp/all" || fail 'shows a value'
[[ -z $(ls -A "$TMPDIR") && $(ls) == "$before" ]] || fail 'something was written'
