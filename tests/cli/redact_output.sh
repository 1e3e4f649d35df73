# --output: the file appears whole or not at all, also in place of the input; containers are refused.
source "$(dirname "$0")/common.inc"
fill app.log <<<'a {key:function}'
ln -s app.log link.log
expect 1 "$ASSAY" redact -q app.log
cp "$tmp/out" wanted
chmod 640 app.log
expect 1 "$ASSAY" redact -q app.log --output link.log
cmp wanted app.log || fail 'not replaced in place'
[[ -L link.log && $(stat -c %a app.log) == 640 && ! -s $tmp/out ]] || fail 'link, mode or output'
# The input as standard output: the shell has emptied it, or it would grow without end.
rm app.log
fill app.log <<<'a {key:function}'
cp app.log before
expect 2 bash -c '"$ASSAY" redact app.log >>app.log'
one_sentence 'standard output goes into the same file'
cmp before app.log || fail 'appended to its own input'
# What is packed stays whole, and nothing is written.
gzip -k app.log
python3 -c 'import zipfile; zipfile.ZipFile("a.zip", "w").write("app.log")'
for packed in app.log.gz a.zip; do
  cp "$packed" before
  expect 2 "$ASSAY" redact "$packed" -o "$packed"
  one_sentence 'is a container'
  expect 2 "$ASSAY" redact - <"$packed"
  [[ ! -s $tmp/out ]] || fail 'something was written'
  cmp before "$packed" || fail 'the packed file was changed'
done
[[ -z $(find . -name '*.tmp') ]] || fail 'a temporary file is left'
[[ $SANITIZED == 1 ]] || expect 2 "$ASSAY" redact app.log -o /dev/full
