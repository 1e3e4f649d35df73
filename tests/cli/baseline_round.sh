# A baseline from make to prune: what it accepts passes, a changed key does not, what is over is told.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
new_repository repo && cd repo && export SOURCE_DATE_EPOCH=1762070400 # 2025-11-02
fill a.env <<<'A={key:function:a}
B={key:master:b}'
git add . && git commit -qm one
expect 1 "$ASSAY" scan . -f jsonl && mv "$tmp/out" ../r.jsonl
expect 0 "$ASSAY" baseline ../r.jsonl --rule AZF1002 --reason 'old ones' --expires 2025-11-02
expect 0 "$ASSAY" baseline ../r.jsonl --rule AZF1001 --reason 'old ones' --scope '*.env'
for command in 'scan .' git 'git --reachable' 'git --staged --whole-files'; do
  # shellcheck disable=SC2086
  expect 0 "$ASSAY" $command --baseline .assay-baseline && quiet
done
sed -i '1i # a line above\n\n' a.env && git mv a.env b.env # no line numbers, and another name
expect 0 "$ASSAY" scan . --baseline .assay-baseline && quiet
cp b.env c.txt && expect 1 "$ASSAY" scan . --baseline .assay-baseline -f jsonl # out of scope
[[ $(grep -c '"baseline_state":"new"' "$tmp/out") == 1 ]] || fail 'a scope' && rm c.txt
SOURCE_DATE_EPOCH=1762156800 expect 1 "$ASSAY" scan . --baseline .assay-baseline
says "$tmp/err" '.assay-baseline:3 expired on 2025-11-02: its key counts again.'
rm b.env && fill b.env <<<'{key:function:a}{key:master:b} A={key:function:renewed} B={key:master:b}'
sed -i 's/.* A=/A=/' b.env && expect 1 "$ASSAY" scan . --baseline .assay-baseline -f sarif
says "$tmp/out" '"baselineState":"new"' && says "$tmp/out" '"baselineState":"unchanged"'
one_sentence ' is about nothing that was found: remove it if its key is gone.'
expect 2 "$ASSAY" scan . gone --baseline .assay-baseline && one_sentence 'gone could not be read'
expect 1 "$ASSAY" scan . --no-config -f jsonl && mv "$tmp/out" ../r.jsonl
expect 0 "$ASSAY" baseline ../r.jsonl --prune && says "$tmp/out" '1 removed; 1 in .assay-baseline.'
