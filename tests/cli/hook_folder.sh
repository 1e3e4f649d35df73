# The hook is written where git looks: core.hooksPath, worktrees, bare; a shared folder only by force.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
fake_assay
new_repository repo
git -C repo config core.hooksPath team/hooks
mkdir -p repo/sub
expect 0 "$ASSAY" hook install repo/sub
[[ -x repo/team/hooks/pre-commit ]] || fail 'not below the work folder'
expect 0 git -C repo/sub commit -q --allow-empty -m one
says "$tmp/called" 'git --staged --accept-missing'

git -C repo config core.hooksPath "$tmp/shared"
expect 2 "$ASSAY" hook install repo
one_sentence 'core.hooksPath leads out of the repository'
[[ ! -e $tmp/shared ]] || fail 'written without force'
expect 0 "$ASSAY" hook install --force repo
[[ -x $tmp/shared/pre-commit ]] || fail 'not written by force'
expect 2 "$ASSAY" hook uninstall repo
expect 0 "$ASSAY" hook uninstall --force repo
[[ ! -e $tmp/shared/pre-commit ]] || fail 'not taken away'

git -C repo config --unset core.hooksPath
git -C repo worktree add -q ../tree -b other
expect 0 "$ASSAY" hook install --pre-push tree
[[ -x repo/.git/hooks/pre-push ]] || fail 'not where the hooks of a worktree are'
new_repository bare.git --bare
expect 0 "$ASSAY" hook install --pre-receive bare.git
[[ -x bare.git/hooks/pre-receive ]] || fail 'not in the bare repository'

# Of two that are not ours none is lost; a link is kept as a link.
echo mine >repo/.git/hooks/pre-commit
mkdir repo/.git/hooks.before-assay
echo mine >repo/.git/hooks.before-assay/pre-commit
expect 2 "$ASSAY" hook install repo
one_sentence 'one of them would be lost'
rm -r repo/.git/hooks/pre-commit* repo/.git/hooks.before-assay
ln -s ../../elsewhere repo/.git/hooks/pre-commit
expect 2 "$ASSAY" hook uninstall --pre-commit repo
expect 0 "$ASSAY" hook install repo
expect 0 "$ASSAY" hook uninstall --pre-commit repo
[[ $(readlink repo/.git/hooks/pre-commit) == ../../elsewhere && ! -e repo/elsewhere ]] ||
  fail 'the link is not what it was'

# The repository named is the one that is asked, whatever GIT_DIR says; what it includes is not read.
git -C repo config core.hooksPath "$tmp/shared"
new_repository other
GIT_DIR=$tmp/work/repo/.git expect 0 "$ASSAY" hook install other
[[ -x other/.git/hooks/pre-commit ]] || fail 'not in the repository that was named'
printf '[core]\nhooksPath = elsewhere\n' >included
git -C other config include.path ../../included
expect 2 "$ASSAY" hook install other
one_sentence 'includes other files'
printf '[core]\nhooksPath = own\n' >>other/.git/config
expect 0 "$ASSAY" hook install other
[[ -x other/own/pre-commit && ! -e other/elsewhere ]] || fail 'an include was followed'
git -C other config core.hooksPath .
expect 2 "$ASSAY" hook install other # what is kept would lie outside
expect 2 "$ASSAY" hook install "$tmp"
one_sentence 'no git repository'
