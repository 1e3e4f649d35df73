# Completions and the man page have all that --help has; bash's is run, the man page is typeset.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
export ASSAY
for form in bash zsh fish man; do
  expect 0 "$ASSAY" completion "$form"
  quiet
  cp "$tmp/out" "$form"
  expect 0 "$ASSAY" completion "$form"
  cmp "$form" "$tmp/out" || fail "$form is not the same twice"
done
expect 2 "$ASSAY" completion csh
one_sentence csh
bash -n bash || fail 'bash does not take it'
python3 "$here/completion.py" || fail 'something of --help is missing, or offered wrongly'

command -v groff >/dev/null || fail 'groff is missing: install groff-base'
groff -man -ww -z -Tutf8 man 2>"$tmp/err" || fail 'groff refuses the man page'
quiet
