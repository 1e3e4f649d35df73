# mint prints keys that prove themselves, and nothing else; canaries go into the inventory.
source "$(dirname "$0")/common.inc"
for kind in function host master system; do
  reveals expect 0 "$ASSAY" mint --kind $kind
  quiet
  [[ $(<"$tmp/out") =~ ^[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}==$ ]] || fail "$kind: not one key"
  "$ASSAY" inspect -f json <"$tmp/out" >said.json
  says said.json "\"verdict\":\"verified\",\"understood\":true"
  says said.json "\"kind\":\"${kind/host/function}\""
done
reveals expect 0 "$ASSAY" mint --kind function --count 50
[[ $(sort -u "$tmp/out" | wc -l) == 50 ]] || fail 'not 50 different keys'
reveals expect 0 "$ASSAY" mint --family azure-storage
[[ $(wc -c <"$tmp/out") == 89 ]] || fail 'not a storage key'
expect 2 "$ASSAY" mint
one_sentence 'Give --kind with one of: master, system, function, host'
expect 2 "$ASSAY" mint --family azure
one_sentence 'azure-functions, azure-search'
# For `az … --secrets @-`: a name, the key, no line break.
reveals expect 0 "$ASSAY" mint --kind host --secret-name host-function-default
[[ $(wc -c <"$tmp/out") == 78 && $(<"$tmp/out") == host-function-default=*== ]] || fail 'not one secret'
expect 2 "$ASSAY" mint --kind host --secret-name 'x y'
expect 2 "$ASSAY" mint --kind host --secret-name a --count 2
# Canaries.
expect 2 "$ASSAY" mint --kind function --canary
reveals expect 0 "$ASSAY" mint --kind function --count 2 --canary --inventory keys.inv --app orders
[[ $(grep -c '"canary":true' keys.inv) == 2 && $(stat -c %a keys.inv) == 600 ]] || fail 'no canaries'
! grep -qF -f "$tmp/out" keys.inv || fail 'the inventory holds a key'
expect 2 "$ASSAY" mint --kind function --canary --inventory no/folder/keys.inv
[[ ! -s $tmp/out ]] || fail 'a key that is not in the inventory was printed'
