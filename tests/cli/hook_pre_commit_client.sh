# The real pre-commit client with our .pre-commit-hooks.yaml: clean passes, a leak blocks and is told.
# PRE_COMMIT names the client; ctest sets it (./dev and .ci/run install it).
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
client=${PRE_COMMIT:?the pre-commit client, which .ci/run tools installs}
[[ -x $client ]] || fail "there is no pre-commit client at $client: .ci/run tools installs it"
export PRE_COMMIT_HOME=$tmp/client
mkdir "$tmp/path" assay
ln -s "$ASSAY" "$tmp/path/assay"
PATH=$tmp/path:$PATH

# The client takes hooks from a repository at a revision: one that holds nothing but our file.
cp "$(dirname "$0")/../../.pre-commit-hooks.yaml" assay
new_repository assay
git -C assay add .
git -C assay commit -q -m hooks
new_repository repo
cd repo
printf 'repos:\n- repo: %s\n  rev: %s\n  hooks: [{id: assay}]\n' \
  "$tmp/work/assay" "$(git -C ../assay rev-parse HEAD)" >.pre-commit-config.yaml
"$client" install >/dev/null
echo 'greeting: hello' >app.yaml
git add .
expect 0 git commit -m clean
says "$tmp/err" Passed
grep -qE 'Clean: 2 [a-z ]+, [0-9]+ bytes scanned' "$tmp/err" || fail 'does not say what it scanned'

fill settings.env <<<'FUNCTION_KEY={key:function}'
git add settings.env
echo harmless >settings.env # what is staged counts, not what lies in the folder
expect 1 git commit -m leak
says "$tmp/err" settings.env:1:14
says "$tmp/err" 'Now:          take it out of the file, git add the file, and commit again'
grep -qE 'in 1 [a-z ]+, [0-9]+ bytes scanned' "$tmp/err" || fail 'does not say what it scanned'
git add settings.env
expect 0 git commit -m fixed
rm settings.env
fill settings.env <<<'FUNCTION_KEY={key:system}'
expect 1 git commit -am 'of a tracked file, with an index of its own'
says "$tmp/err" settings.env:1:14
[[ $(git rev-list --count HEAD) == 2 ]] || fail 'not two commits'
