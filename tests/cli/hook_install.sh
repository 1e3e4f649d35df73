# install writes a hook that git runs, keeps what was there, and uninstall undoes it to the byte.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
fake_assay
new_repository repo
cd repo
hook=.git/hooks/pre-commit
printf '#!/bin/sh\necho old "$@" >>"%s/called"\nexit "$(cat "%s/old")"\n' "$tmp" "$tmp" >$hook
chmod 750 $hook
cp -p $hook "$tmp/original"
echo 0 >"$tmp/old"

expect 0 "$ASSAY" hook install
quiet
says "$tmp/out" 'hooks.before-assay/pre-commit, runs first.'
cp $hook "$tmp/once"
expect 0 "$ASSAY" hook install --pre-commit .
cmp $hook "$tmp/once" || fail 'installed twice is not installed once'
expect 0 git commit -q --allow-empty -m one
[[ $(<"$tmp/called") == 'old
git --staged --accept-missing' ]] || fail "called: $(<"$tmp/called")"
echo 7 >"$tmp/old"
expect 1 git commit -q --allow-empty -m two
[[ $(wc -l <"$tmp/called") == 3 ]] || fail 'the first one refused, and the second ran'
echo 0 >"$tmp/old"
echo 2 >"$tmp/code"
expect 1 git commit -q --allow-empty -m two

expect 0 "$ASSAY" hook uninstall
[[ $(stat -c '%a %Y' $hook) == $(stat -c '%a %Y' "$tmp/original") ]] || fail 'another mode or time'
cmp $hook "$tmp/original"
[[ ! -e .git/hooks.before-assay ]] || fail 'something is left'
expect 2 "$ASSAY" hook uninstall --pre-commit
one_sentence 'was not written by assay, so it stays'
expect 0 "$ASSAY" hook uninstall
says "$tmp/out" "No hook in "
