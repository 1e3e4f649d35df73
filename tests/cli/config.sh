# The nearest config counts: rules off, other levels, rules of one's own, paths out of scope.
source "$(dirname "$0")/common.inc"
mkdir -p shop/.git shop/src shop/docs
fill shop/src/app.log <<<'GET /api?code={key:function}
token: cts_0123456789abcdef'
cp shop/src/app.log shop/docs/sample.log
cat >shop/.assay.toml <<'TOML'
disable = ["AZF1002"]
exclude = ["docs/"]
[[rule]]
id = "contoso-token"
regex = '''\bcts_[0-9a-f]{16}\b'''
keywords = ["cts_"]
[[severity]]
rule = "contoso-*"
level = "note"
TOML
expect 1 "$ASSAY" scan shop/src -f jsonl
says "$tmp/out" '"rule_id":"contoso-token"'
lacks "$tmp/out" '"rule_id":"AZF1002"'
says "$tmp/out" '"config":"shop/.assay.toml"'
says "$tmp/out" '"disabled_rules":["AZF1002"]'
expect 1 "$ASSAY" scan shop
says "$tmp/out" 'Config: shop/.assay.toml; it turns off AZF1002'
quiet
says "$tmp/out" 'note: contoso token'
lacks "$tmp/out" 'sample.log'
expect 1 "$ASSAY" scan shop --no-config -f jsonl
says "$tmp/out" '"rule_id":"AZF1002"'
lacks "$tmp/out" 'contoso-token'
