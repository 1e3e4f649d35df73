# What a run writes never replaces what it reads.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
echo clean >in.txt && : >empty && ln in.txt hard.txt && ln -s in.txt link.txt
echo 'disable = ["AZF1001"]' >c.toml && echo '* @ada' >codeowners
printf '[[rules]]\nid = "x"\nregex = "x1"\nkeywords = ["x1"]\n' >g.toml
expect 1 "$ASSAY" scan key.txt -f jsonl --write-baseline known --reason 'a vector'
expect 0 "$ASSAY" inventory init --inventory keys.inventory
md5sum ./* >"$tmp/before"
while read -r replaced flags; do
  for target in "$replaced" "$PWD/$replaced"; do
    # shellcheck disable=SC2086
    expect 2 "$ASSAY" scan key.txt in.txt empty ${flags//@/$target}
    one_sentence "$replaced, which is read in this run. Name another place with --"
    [[ ! -s $tmp/out ]] || fail "a report: $flags"
  done
done <<'ROWS'
in.txt -o @
hard.txt -o @
link.txt -o @
in.txt --summary @
empty --write-baseline @ --reason x
c.toml --config c.toml -o @
g.toml --gitleaks-rules g.toml -o @
known --baseline known --summary @
keys.inventory --inventory keys.inventory -o @
codeowners --codeowners codeowners -o @
ROWS
md5sum ./* | cmp - "$tmp/before" || fail 'something was written'
