# What is left out: .assayignore, --exclude, .git; and --no-ignore.
source "$(dirname "$0")/common.inc"
mkdir -p tree/{logs,kept,.git,.hidden}
for file in tree/{logs/a.log,kept/b.log,kept/c.txt,.git/config,.hidden/d.txt}; do
  echo 'code={key:function}' >"$tmp/template"
  "$FILL" "$tmp/template" "$file"
done
# paths FLAGS…: those with a finding, in one line.
paths() {
  expect 1 "$ASSAY" scan tree -f jsonl "$@"
  quiet
  grep -o '"path":"[^"]*"' "$tmp/out" | cut -d'"' -f4 | tr '\n' ' '
}
while IFS='|' read -r ignore flags wanted; do
  printf '%b' "$ignore" >tree/.assayignore
  # shellcheck disable=SC2086
  got=$(paths $flags)
  [[ $got == "$wanted " ]] || fail "$ignore $flags: $got"
done <<'ROWS'
||tree/.hidden/d.txt tree/kept/b.log tree/kept/c.txt tree/logs/a.log
*.log\n||tree/.hidden/d.txt tree/kept/c.txt
*.log\n!kept/*.log\n||tree/.hidden/d.txt tree/kept/b.log tree/kept/c.txt
*.log\n|--no-ignore|tree/.hidden/d.txt tree/kept/b.log tree/kept/c.txt tree/logs/a.log
/logs/\n|--exclude .hidden|tree/kept/b.log tree/kept/c.txt
/logs/\n|--exclude .hidden --exclude=*.txt|tree/kept/b.log
|--exclude kept --no-ignore|tree/.hidden/d.txt tree/logs/a.log
ROWS
