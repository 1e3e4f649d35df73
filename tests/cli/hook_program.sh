# The hook takes assay from PATH, else from where it was installed; with neither it refuses.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
mkdir "$tmp/it's here"
cp "$ASSAY" "$tmp/it's here/assay"
new_repository repo
cd repo
PATH=/usr/bin:/bin
! command -v assay >/dev/null || fail 'there is an assay in /usr/bin'
"$tmp/it's here/assay" hook install >/dev/null
echo clean >file
git add file
expect 0 git commit -q -m one
fill key.txt <<<'{key:master}'
git add key.txt
expect 1 git commit -q -m two
says "$tmp/err" key.txt:1:1
# A name on PATH that is no absolute path is what the repository may have put there.
printf '#!/bin/sh\nexit 0\n' >assay
chmod +x assay
PATH=:$PATH expect 1 git commit -q -m two
rm assay
rm "$tmp/it's here/assay"
expect 1 git commit -q -m two
says "$tmp/err" 'the pre-commit hook refuses, since the program assay is not on PATH'
[[ $(git rev-list --count HEAD) == 1 ]] || fail 'a commit came through'
