# A rule of one's own that matches more often than is looked at: that is told, with exit code 2.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
cat >gitleaks.toml <<'TOML'
[[rules]]
id = "tok"
regex = '''t[0-9]'''
keywords = ["t"]
[[rules.allowlists]]
regexes = ['''t1''']
TOML
new_repository repo
yes 't1 ' 2>/dev/null | head -n 65537 | tr -d '\n' >repo/many.txt
head -c -6 repo/many.txt >most.txt
expect 0 "$ASSAY" scan most.txt --config gitleaks.toml && quiet # as many as are looked at
said='matches more often in it than is told'
is_cut() { # is_cut PATH COMMAND…
  expect 2 "${@:2}" --config gitleaks.toml -f jsonl
  one_sentence "$1 was not read whole: one of your own rules $said"
  says "$tmp/out" '"complete":false'
}
is_cut many.txt "$ASSAY" scan "$PWD/repo/many.txt"
is_cut stdin "$ASSAY" scan - <repo/many.txt
gzip -c <repo/many.txt >many.gz && is_cut many.gz "$ASSAY" scan many.gz
git -C repo add . && is_cut many.txt "$ASSAY" git repo --staged
git -C repo commit -qm one
for range in --all --reachable; do
  expect 2 "$ASSAY" git repo $range --config gitleaks.toml && says "$tmp/err" 'One of your own rules matches more'
done
