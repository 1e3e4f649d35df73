# Wrong usage is one sentence on stderr, nothing on stdout, exit code 2.
source "$(dirname "$0")/common.inc"
while IFS='|' read -r arguments told; do
  # shellcheck disable=SC2086
  expect 2 "$ASSAY" $arguments </dev/null
  one_sentence "$told"
  [[ ! -s $tmp/out ]] || fail "on stdout: $arguments"
done <<'ROWS'
|subcommand
frobnicate|subcommand
--wrong|subcommand
scan --wrong|--wrong
scan -f pdf .|no format pdf
scan --format|format
scan -j many .|threads
scan -j 257 .|threads
scan --color pink .|color
scan --exclude [ .|Pattern 1
scan -o missing/folder/report .|missing/folder/report
rules|subcommand
rules show|ID
rules show AZF9999|no rule AZF9999
rules check missing.toml|missing.toml
git nosuch|nosuch
git --staged --range a..b|--range
git --whole-files|--staged
git --range=|--range
git --since=|--since
hook|subcommand
hook install --wrong|--wrong
hook install missing/folder|missing/folder
hook pre-push -f pdf|no format pdf
ROWS
# A key that ended up among the arguments is not repeated.
fill key.txt <<<'{key:function}'
expect 2 "$ASSAY" scan "--code=$(<key.txt)"
lacks "$tmp/err" "$(cut -c1-20 key.txt)"
expect 2 "$ASSAY" scan . -f "$(<key.txt)"
lacks "$tmp/err" "$(cut -c1-20 key.txt)"
