# The hooks of a push hand what git says to the hook that was there and to assay; both may refuse.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
fake_assay
new_repository repo
new_repository server.git --bare
git -C repo commit -q --allow-empty -m one
id=$(git -C repo rev-parse HEAD)
none=0000000000000000000000000000000000000000
for place in repo:pre-push server.git:pre-receive; do
  name=${place#*:} folder=${place%:*}
  expect 0 "$ASSAY" hook install "--$name" "$folder"
  hooks=$(git -C "$folder" rev-parse --git-path hooks)
  mkdir -p "$folder/$hooks.before-assay"
  old=$folder/$hooks.before-assay/$name
  printf '#!/bin/sh\nread line\necho "old $line" >>"%s/called"\nexit "$(cat "%s/old")"\n' \
    "$tmp" "$tmp" >"$old"
  chmod +x "$old"
done
echo 0 >"$tmp/old"
expect 0 git -C repo push -q ../server.git main:refs/heads/main
diff - "$tmp/called" <<TOLD || fail 'not what git says'
old refs/heads/main $id refs/heads/main $none
hook pre-push --accept-missing -- ../server.git ../server.git
refs/heads/main $id refs/heads/main $none
old $none $id refs/heads/main
hook pre-receive --accept-missing --
$none $id refs/heads/main
TOLD
for file in old code; do
  echo 1 >"$tmp/$file"
  expect 1 git -C repo push -q --no-verify ../server.git main:refs/heads/second
  expect 1 git -C repo push -q ../server.git main:refs/heads/second
  echo 0 >"$tmp/$file"
done
[[ $(git -C server.git for-each-ref | wc -l) == 1 ]] || fail 'a push came through'
expect 0 git -C repo push -q ../server.git main:refs/heads/second
