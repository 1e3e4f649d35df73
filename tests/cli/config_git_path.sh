# In a history, a user's rule with a path looks at files of that path, and at no others.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
new_repository repo && cd repo
printf '[[rule]]\nid = "own"\nregex = "own_[0-9]{4}"\nkeywords = ["own_"]\npath = "[.]py$"\n' >.assay.toml
echo own_1111 >a.txt && git add . && git commit -qm text
expect 0 "$ASSAY" git && quiet && says "$tmp/out" 'Clean: '
git mv a.txt a.py && expect 1 "$ASSAY" git --staged && git commit -qm moved
for flags in '' --reachable '--range HEAD~1..HEAD'; do
  # shellcheck disable=SC2086
  expect 1 "$ASSAY" git $flags -f jsonl
  says "$tmp/out" '"rule_id":"own"' && says "$tmp/out" '"path":"a.py"' && lacks "$tmp/out" '"path":"a.txt"'
done
