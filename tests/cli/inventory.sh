# An inventory from its first line to its check: import, list, check, remove.
source "$(dirname "$0")/common.inc"
fill az.json <<'T'
{"functionKeys":{"default":"{key:function:A}"},"masterKey":"{key:master:M}","systemKeys":{"old":"{plain:56}"}}
T
fill show.json <<'T'
{"attributes":{"created":"2025-01-02T03:04:05+00:00","updated":"2025-01-02T03:04:05+00:00"},"value":"{key:function:A}",
 "id":"https://kv-orders.vault.azure.net/secrets/host--functionKey--default/01","name":"host--functionKey--default"}
T
expect 2 "$ASSAY" inventory list && one_sentence 'assay inventory init'
expect 0 "$ASSAY" inventory init
expect 2 "$ASSAY" inventory init && one_sentence '.assay-inventory is there already'
expect 0 "$ASSAY" inventory import --app contoso-orders --owner payments --caller shop <az.json && quiet
says "$tmp/out" '3 keys read, 3 entries new or changed.'
expect 0 "$ASSAY" inventory import --app contoso-orders --contact '#payments' --caller crm show.json && quiet
expect 0 "$ASSAY" inventory list --app contoso-orders && quiet
says "$tmp/out" 'host key default of contoso-orders; owner payments; contact #payments; held by crm, shop; kept in key-vault:kv-orders; created 2025-01-02T03:04:05Z'
says "$tmp/out" '3 keys.'
expect 0 "$ASSAY" inventory list --format json
diff <(tail -n +2 .assay-inventory) "$tmp/out" || fail 'list --format json is not the lines of the file'
expect 1 "$ASSAY" inventory check --max-age 30 --today 2025-03-03 && quiet
says "$tmp/out" 'was made 60 days ago, and no rotation since is known.'
says "$tmp/out" 'is held by 2 callers, who cannot be told apart: crm, shop.'
says "$tmp/out" '3 keys looked at, 6 points to settle.'
id=$(sed -n 's/ *master key of.*//p' <("$ASSAY" inventory list))
expect 2 "$ASSAY" inventory remove "$id" AAAAAAAAAAAAAAAAAAAA && one_sentence 'nothing was removed'
expect 0 "$ASSAY" inventory remove "$id" && says "$tmp/out" '1 entry removed, 2 left.'
mv .assay-inventory elsewhere && expect 0 env ASSAY_INVENTORY=elsewhere "$ASSAY" inventory list && says "$tmp/out" '2 keys.'
expect 0 env ASSAY_INVENTORY=gone "$ASSAY" inventory list --inventory elsewhere && says "$tmp/out" '2 keys.'
expect 2 "$ASSAY" inventory check --today 22.11.2026 --inventory elsewhere && one_sentence '2026-11-22'
