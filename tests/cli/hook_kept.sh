# A hook that was there finds its own name, what lies beside it and what lies above, as before.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
fake_assay
new_repository repo
cd repo
hooks=.git/hooks
mkdir $hooks/_
echo 'echo beside' >$hooks/_/part.sh
cat >$hooks/pre-commit <<'HOOK'
#!/bin/sh
echo "name $(basename "$0")"
. "$(dirname "$0")/_/part.sh"
[ -f "$(dirname "$0")/../HEAD" ] && echo above
HOOK
chmod +x $hooks/pre-commit
printf '#!/bin/sh\necho "push $(basename "$0")"\n' >$hooks/pre-push
chmod +x $hooks/pre-push
(cd $hooks && find . | sort) >"$tmp/before"
expect 0 "$ASSAY" hook install --pre-commit --pre-push
for folder in . "$tmp/work/repo"; do
  expect 0 git -C "$folder" commit --allow-empty -m one
  for line in 'name pre-commit' beside above; do
    grep -qxF "$line" "$tmp/err" "$tmp/out" || fail "the hook lacks: $line"
  done
done
new_repository ../server.git --bare
expect 0 git push ../server.git main
grep -qxF 'push pre-push' "$tmp/err" "$tmp/out" || fail 'the other hook did not run'
expect 0 "$ASSAY" hook uninstall --pre-commit
[[ -x .git/hooks.before-assay/pre-push ]] || fail 'the other one is lost'
expect 0 "$ASSAY" hook uninstall
(cd $hooks && find . | sort) | diff "$tmp/before" - || fail 'something else is there'
[[ ! -e .git/hooks.before-assay ]] || fail 'something is left'
