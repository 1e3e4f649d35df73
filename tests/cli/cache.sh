# A cache that is broken, foreign or writable by others is ignored; no HOME is no harm.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
run() { # run WANTED: where the database comes from
  expect 1 "$ASSAY" scan key.txt --stats
  grep -qE "^database +$1\$" "$tmp/err" || fail "not $1: $(grep ^database "$tmp/err")"
}
folder=$XDG_CACHE_HOME/assay
run compiled
[[ $(stat -c %a "$folder") == 700 && -z $(find "$folder" -type f ! -perm 600) ]] || fail 'not private'
run 'from the cache'
for spoil in 'truncate -s 100' 'truncate -s 0' 'dd if=/dev/zero bs=1 seek=200 count=9 conv=notrunc status=none of='; do
  for file in "$folder"/*; do
    if [[ $spoil == dd* ]]; then $spoil"$file"; else $spoil "$file"; fi
  done
  run compiled
  run 'from the cache'
done
chmod 666 "$folder"/*
run compiled
run 'from the cache'
chmod 777 "$folder"
run compiled
rm -rf "$folder" && ln -s "$tmp" "$folder"
run compiled
unset XDG_CACHE_HOME HOME
run compiled
XDG_CACHE_HOME=relative HOME=/dev/null run compiled
[[ ! -e relative ]] || fail 'a relative cache folder was made'
