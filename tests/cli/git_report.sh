# What the history says of a key stands in every format, without the key and without credentials.
source "$(dirname "$0")/common.inc"
source "$(dirname "$0")/hook.inc"
new_repository repo
cd repo
git remote add origin https://dana:hunter22@example.org/contoso/orders.git
fill key.env <<<'KEY={key:master}'
git add .
git commit -q -m "Add it, $(<key.env)"
git tag v1
added=$(git rev-parse HEAD)
git mv key.env kept.env
git commit -q -m moved
moved=$(git rev-parse HEAD)
part=$(cut -c10-40 kept.env)

expect 1 "$ASSAY" git -f jsonl
says "$tmp/out" "\"introduced_by\":\"$added\",\"removed_by\":\"$moved\",\"present_at_head\":false"
says "$tmp/out" "\"introduced_by\":\"$moved\",\"present_at_head\":true,\"occurrences\":1,\"branches\":[\"main\"],\"tags\":[]"
says "$tmp/out" '"path":".git/commits"'
says "$tmp/out" '"subject":"Add it, KEY='
says "$tmp/out" '"time":"2025-11-02T08:00:00Z"'
says "$tmp/out" '"unit":"object","tool":"assay '
lacks "$tmp/out" "$part"
expect 1 "$ASSAY" git -f text
says "$tmp/out" "came with ${added:0:10} of 2025-11-02 by Dana, removed by ${moved:0:10}; still in the history of main, v1"
says "$tmp/out" "at HEAD since ${moved:0:10} of 2025-11-02 by Dana"
says "$tmp/out" 'Rewriting the history does not undo that.'
tail -n 1 "$tmp/out" | grep -qE '^1 key at 3 places in [0-9]+ objects, .* scanned' || fail 'verdict'
lacks "$tmp/out" "$part"
expect 1 "$ASSAY" git -f github
says "$tmp/out" '::error file=kept.env,line=1,'
lacks "$tmp/out" 'file=key.env'
says "$tmp/out" 'At key.env:1:5.'
lacks "$tmp/out" "$part"
expect 1 "$ASSAY" git -f sarif
says "$tmp/out" '"repositoryUri":"https://example.org/contoso/orders.git"'
says "$tmp/out" "\"revisionId\":\"$moved\",\"branch\":\"main\""
says "$tmp/out" "\"removedCommit\":\"$moved\""
for secret in "$part" hunter22 dana@; do lacks "$tmp/out" "$secret"; done

# A variable of a pipeline that holds nothing is not taken for a range, nor for everything.
for range in .. '' "0000000000000000000000000000000000000000..HEAD"; do
  expect 2 "$ASSAY" git --range "$range"
  one_sentence ''
done
expect 2 "$ASSAY" git --since ''
one_sentence 'may not be set'
git clone -q --bare . ../bare.git
expect 2 "$ASSAY" git --staged ../bare.git
one_sentence 'a bare repository has no index'

# What is out already is not told as only staged, and a pointer to LFS can be accepted.
echo more >>kept.env
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n' >film.bin
git add .
expect 2 "$ASSAY" git --staged
expect 0 "$ASSAY" git --staged --accept-missing
says "$tmp/out" '1 accepted gap'
expect 1 "$ASSAY" git --staged --whole-files --accept-missing
says "$tmp/out" 'staged, and at HEAD'
lacks "$tmp/out" 'not committed yet'
