# What a private remote has is still new to another one, whether that has a name or only an address.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
new_repository private.git --bare
new_repository public.git --bare
cd repo
git remote add private ../private.git
git remote add public ../public.git
fill leak.env <<<'KEY={key:master}'
git add .
git commit -q -m leak
git push -q private main
"$ASSAY" hook install --pre-push >/dev/null
for remote in public ../public.git; do
  expect 1 git push "$remote" main
  grep -qF leak.env:1:5 "$tmp/err" "$tmp/out" || fail "$remote: does not name the place"
done
git commit -q --allow-empty -m more
expect 0 git push -q private main:other
expect 1 git push -q ../private.git main:third # an address tells nothing of what is there
git push -q --no-verify public HEAD~:refs/heads/old
expect 0 git push -q public main
expect 0 git push -q public main # nothing new
