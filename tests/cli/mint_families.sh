# Each family and kind that the help lists can be minted, and inspect says which it is.
source "$(dirname "$0")/common.inc"
expect 0 "$ASSAY" mint --help
sed -n '/^Families and their kinds:/,/^$/p' "$tmp/out" | tail -n +2 | sed '/^$/d' >families
(($(wc -l <families) >= 20)) || fail 'too few families'
while read -r family kinds; do
  kinds=${kinds%, host (*}
  for kind in ${kinds//,/}; do
    reveals expect 0 "$ASSAY" mint --family "$family" --kind "$kind"
    quiet
    "$ASSAY" inspect -f json <"$tmp/out" >said.json || fail "$family $kind: not known"
    says said.json '"verdict":"verified","understood":true'
    says said.json "\"family\":\"$family\",\"kind\":\"$kind\""
    "$ASSAY" inspect <"$tmp/out" >said.txt
    ! grep -qF -f "$tmp/out" said.txt said.json || fail "$family $kind: shown"
  done
done <families
# A common annotated key tells its month.
reveals expect 0 "$ASSAY" mint --family azure-maps
"$ASSAY" inspect <"$tmp/out" >said.txt
grep -qE '^  Made in:      20[0-9]{2}-[01][0-9]$' said.txt || fail 'no month'
says said.txt 'line 1: Azure Maps'
# What nothing proves is not made.
expect 2 "$ASSAY" mint --family nuget-api-key
one_sentence 'Nothing proves a key of nuget-api-key'
