# assay baseline: from a report to a file of accepted keys, which grows, is pruned and is checked.
source "$(dirname "$0")/common.inc"
fill a.env <<<'A={key:function:a}'
fill b.env <<<'B={key:master}'
expect 1 "$ASSAY" scan a.env b.env -f jsonl && mv "$tmp/out" all.jsonl
expect 2 "$ASSAY" baseline all.jsonl && one_sentence '--reason TEXT'
expect 2 "$ASSAY" baseline all.jsonl --reason ok --expires soon && one_sentence 'write it like 2026-12-31'
[[ ! -e .assay-baseline ]] || fail 'a refused baseline was written'
expect 0 "$ASSAY" baseline all.jsonl --rule AZF1002 --reason 'a vector' --owner 'team 1' --scope '*.env' && quiet
says "$tmp/out" '1 key read, 1 entry new or changed; 1 in .assay-baseline.'
says .assay-baseline ' AZF1002 *.env team%201 - a vector'
expect 0 "$ASSAY" baseline - --reason 'until the release' --expires 2020-01-31 <all.jsonl
says "$tmp/out" '2 keys read, 1 entry new or changed; 2 in .assay-baseline.'
cp .assay-baseline before
expect 0 "$ASSAY" baseline all.jsonl --reason again --expires 2019-01-31
cmp -s .assay-baseline before || fail 'what is accepted already was changed'
expect 1 "$ASSAY" baseline --check .assay-baseline && quiet
says "$tmp/out" '.assay-baseline:2 expired on 2020-01-31'
expect 0 "$ASSAY" baseline --check .assay-baseline --today 2020-01-31
expect 1 "$ASSAY" scan a.env -f jsonl && mv "$tmp/out" one.jsonl
head -n -1 one.jsonl >cut.jsonl
expect 2 "$ASSAY" baseline cut.jsonl --prune && says "$tmp/err" 'Nothing was pruned'
expect 0 "$ASSAY" baseline one.jsonl --prune && says "$tmp/out" '0 entries new or changed, 1 removed; 1 in .assay-baseline.'
printf '<<<<<<< HEAD\n' >>.assay-baseline
expect 2 "$ASSAY" baseline --check .assay-baseline && one_sentence '.assay-baseline:3: git left a conflict here'
echo 'src/a.py:jwt:12' >.gitleaksignore
expect 2 "$ASSAY" baseline one.jsonl --reason x -o .gitleaksignore && one_sentence 'a file of another tool'
fill c.env <<<'x-functions-key: {plain:56}'
expect 1 "$ASSAY" scan c.env -f jsonl && mv "$tmp/out" c.jsonl
expect 2 "$ASSAY" baseline c.jsonl --reason x -o c && one_sentence '1 finding without a fingerprint'
