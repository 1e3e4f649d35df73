# Whose a key is: of the inventory, owners.toml and CODEOWNERS, in this order, in every format.
source "$(dirname "$0")/common.inc"
mkdir -p shop/.git shop/.github shop/services/orders
printf '* @all\n/services/orders/ @contoso/orders\n' >shop/.github/CODEOWNERS
fill shop/services/orders/a.log <<<'GET https://contoso-orders.azurewebsites.net/api/Refund?code={key:function}'
printf '[[owner]]\nname = "team-o"\ncontact = "o@contoso.example"\nhosts = ["contoso-o*.azurewebsites.net"]\n' >owners.toml
reason='line 2 of .github/CODEOWNERS, /services/orders/'
for from in . shop/services/orders; do  # the path counts from the root, wherever the run is started
  expect 1 env -C "$from" "$ASSAY" scan "$([[ $from == . ]] && echo shop || echo .)" -f jsonl
  says "$tmp/out" "\"owner\":{\"name\":\"@contoso/orders\",\"source\":\"codeowners\",\"reason\":\"$reason\"}"
done
quiet
expect 1 "$ASSAY" scan shop --codeowners none -f jsonl
lacks "$tmp/out" '"owner"'
expect 1 "$ASSAY" scan shop --owners owners.toml -f jsonl
says "$tmp/out" '"owner":{"name":"team-o","source":"owners","reason":"line 4 of owners.toml: host contoso-orders.azurewebsites.net is contoso-o*.azurewebsites.net","contact":"o@contoso.example"}'
for format in $formats; do
  expect 1 "$ASSAY" scan shop --owners "$PWD/owners.toml" -f "$format"
  says "$tmp/out" team-o
  lacks "$tmp/out" "$PWD"
done
"$ASSAY" scan shop -f jsonl | grep -o '"fingerprint":"[^"]*"' | cut -d'"' -f4 >id || true
printf '{"assay_inventory":1,"salt":"%s"}\n{"id":"%s","owner":"team-i","canary":true}\n' "$(head -c 32 /dev/zero | base64)" "$(<id)" >keys.jsonl
expect 1 "$ASSAY" scan shop --owners owners.toml --inventory keys.jsonl
says "$tmp/out" 'Owner:        team-i (the inventory has this key)'
says "$tmp/out" 'Canary:       minted to be found'
