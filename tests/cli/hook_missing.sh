# What is elsewhere by intent stops no commit and no push, and is told.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
mkdir "$tmp/path"
ln -s "$ASSAY" "$tmp/path/assay"
PATH=$tmp/path:$PATH
new_repository first
for name in one two; do git -C first commit -q --allow-empty -m $name; done
git clone -q --depth 1 "file://$tmp/work/first" repo
new_repository server.git --bare
cd repo
expect 0 "$ASSAY" hook install --pre-commit --pre-push
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n' >film.bin
git add .
expect 0 git commit -m film
says "$tmp/err" 'film.bin was not scanned: it is a Git LFS pointer'
says "$tmp/err" '1 accepted gap above'
git -C ../server.git fetch -q ../first main:main # as if pushed where its end is known
expect 0 git push ../server.git main:other
grep -qF 'The clone is shallow' "$tmp/err" "$tmp/out" || fail 'not told'
fill leak.env <<<'KEY={key:master}'
git add .
expect 1 git commit -q -m leak
id=$(git rev-parse HEAD)
line="refs/heads/main $id refs/heads/main 0000000000000000000000000000000000000000"
expect 2 "$ASSAY" hook pre-push <<<"$line"
expect 0 "$ASSAY" hook pre-push --accept-missing <<<"$line"
