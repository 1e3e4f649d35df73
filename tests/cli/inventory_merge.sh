# Two people's inventories: by `merge`, by git's union merge, and with salts of their own.
source "$(dirname "$0")/common.inc"
fill one.json <<<'{"functionKeys":{"default":"{key:function:A}","mine":"{plain:56}"}}'
fill two.json <<<'{"functionKeys":{"default":"{key:function:A}","other":"{key:function:B}"},"masterKey":"{key:master:M}"}'
expect 0 "$ASSAY" inventory init --inventory ours
cp ours theirs && cp ours base && cp ours new
expect 0 "$ASSAY" inventory import --inventory ours --app contoso-orders --owner payments one.json
expect 0 "$ASSAY" inventory import --inventory theirs --app contoso-orders --owner billing two.json
cp ours united
git merge-file --union united base theirs
cp ours both && cp theirs back
expect 0 "$ASSAY" inventory merge --inventory both theirs && quiet
says "$tmp/out" '2 entries new, 1 changed, 4 in all.'
expect 0 "$ASSAY" inventory merge --inventory back ours
expect 0 "$ASSAY" inventory merge --inventory new united
cmp both back || fail 'the order matters'
cmp both new || fail 'a union merge by git is another one'
expect 1 "$ASSAY" inventory check --inventory both && says "$tmp/out" 'has two values of `owner`; the other one is payments.'
# A salt of their own: entries of chosen values cannot be matched.
rm base && expect 0 "$ASSAY" inventory init --inventory base
expect 2 "$ASSAY" inventory merge --inventory base ours && one_sentence 'has another salt, so 1 entry'
says "$tmp/out" '1 entry new'
expect 0 "$ASSAY" inventory merge --inventory base theirs && quiet
says "$tmp/out" '2 entries new, 1 changed, 3 in all.'
{ echo '<<<<<<< ours'; cat ours; } >conflict && chmod 600 conflict
expect 2 "$ASSAY" inventory merge conflict --inventory ours && one_sentence 'conflict:1:'
