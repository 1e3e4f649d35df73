# assay git goes by the config of the work folder: a user's rules in history, range and index.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
new_repository repo && cd repo
add() { printf '%s\n' "$2" >"$1" && git add . && git commit -qm "$1" && git rev-parse HEAD; }
printf '[[rule]]\nid = "cts"\nregex = "cts_[0-9a-f]{16}"\nkeywords = ["cts_"]\n' >"$tmp/rule"
{ printf 'exclude = ["*.py"]\n' && cat "$tmp/rule"; } >.assay.toml # exclude is of assay scan
first=$(add a.py 'A = "cts_0123456789abcdef"')
add a.py 'A = ""' >"$tmp/null"
expect 1 "$ASSAY" git -f jsonl
says "$tmp/out" "\"introduced_by\":\"$first\"" && says "$tmp/out" '"present_at_head":false'
says "$tmp/out" '"rule_id":"cts"' && says "$tmp/out" '"config":".assay.toml"'
expect 0 "$ASSAY" git --no-config && expect 0 "$ASSAY" scan . --config "$tmp/rule"
expect 0 "$ASSAY" git --range "$first..HEAD"
b=$(add b.py 'B = "cts_fedcba9876543210"')
expect 1 "$ASSAY" git --range HEAD~1..HEAD -f jsonl && says "$tmp/out" "\"introduced_by\":\"$b\""
says "$tmp/out" '"findings":1,'
expect 1 "$ASSAY" git --since HEAD~1 && expect 1 "$ASSAY" git --reachable
(cd / && expect 1 "$ASSAY" git "$tmp/work/repo" -f jsonl && says "$tmp/out" '"rule_id":"cts"')
echo 'C = "cts_00112233445566aa" # B: cts_fedcba9876543210' >b.py && git add b.py
expect 1 "$ASSAY" git --staged -f jsonl && says "$tmp/out" '"findings":1,' # one is at HEAD already
expect 1 "$ASSAY" git --staged --whole-files -f jsonl && says "$tmp/out" '"findings":2,'
git reset -q --hard && rm .assay.toml # the config is that of the work folder, not of the history
expect 0 "$ASSAY" git && git checkout -q .assay.toml
git clone -q --bare . ../bare.git && expect 0 "$ASSAY" git ../bare.git -f jsonl
lacks "$tmp/out" '"config"'
expect 1 "$ASSAY" git ../bare.git --config .assay.toml
expect 1 "$ASSAY" git --write-baseline known --reason 'was rotated' -f jsonl
expect 0 "$ASSAY" git --baseline known && quiet && expect 0 "$ASSAY" git --staged --baseline known
