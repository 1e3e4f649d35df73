# What --staged says of a damaged pack tells no path of the machine.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
cd repo
git commit -q --allow-empty -m one
git repack -adq
echo new >file
git add file
chmod -R u+w .git/objects/pack
for index in .git/objects/pack/*.idx; do printf XXXXXXXX | dd of="$index" conv=notrunc status=none; done
expect 2 "$ASSAY" git --staged -f jsonl
says "$tmp/out" '"path":".git/objects/pack/pack-'
lacks "$tmp/out" "$tmp"
lacks "$tmp/err" "$tmp"
