# assay inventory: of several runs at once, none loses what the others wrote.
source "$(dirname "$0")/common.inc"
expect 0 "$ASSAY" inventory init
fill keys.txt <<'T'
{key:function:a}
{key:function:b}
{key:function:c}
{key:function:d}
{key:function:e}
{key:function:f}
T
runs=()
while read -r key; do
  printf 'app,value\norders,%s\n' "$key" |
    "$ASSAY" inventory import --from csv >"$tmp/race" 2>&1 &
  runs+=($!)
done <keys.txt
for run in "${runs[@]}"; do wait "$run" || fail 'an import failed'; done
expect 0 "$ASSAY" inventory list && says "$tmp/out" '6 keys.'
