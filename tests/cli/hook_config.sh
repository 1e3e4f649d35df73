# Hooks go by the config, markers and baseline of the repository; on a server by the markers alone.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
new_repository repo && new_repository server.git --bare && cd repo && git remote add origin ../server.git
expect 0 "$ASSAY" hook install --pre-commit --pre-push
fill .assay.toml <<<'disable = ["AZF1002"]
baseline = "known"
[[rule]]
id = "cts"
regex = "cts_[0-9a-f]{16}"
keywords = ["cts_"]'
fill old.env <<<'OLD={key:master:old}'
expect 1 "$ASSAY" scan old.env --no-config --write-baseline known --reason 'goes with release 41'
fill a.py <<<'A = "{key:function}"
B = "{key:system}"  # assay:allow a vector'
git add . && expect 0 git commit -m allowed
says "$tmp/err" '2 suppressed (1 marker, 1 baseline)'
commit_is_stopped() { # commit_is_stopped FILE LINE TEXT
  fill "$1" <<<"$2" && git add . && expect 1 git commit -m x && says "$tmp/err" "$3"
}
commit_is_stopped own.txt 'token = cts_0123456789abcdef' 'own.txt:1:9'
git reset -q --hard && commit_is_stopped new.env '{key:master:old} {key:master:new}' 'Azure Functions master key'
echo cts_0123456789abcdef >own.txt && rm new.env && git add . && git commit -qnm unseen
expect 1 git push origin main && says "$tmp/out" 'own.txt:1:1'
git reset -q --hard HEAD~1 && expect 0 git push -q origin main
git -C ../server.git update-ref -d refs/heads/main && git update-ref -d refs/remotes/origin/main
expect 0 "$ASSAY" hook install --pre-receive ../server.git
expect 1 git push --no-verify origin main
says "$tmp/err" 'function or host key' && says "$tmp/err" '1 suppressed (1 marker)'
