# A config of gitleaks is used as it is, with the rules that the user names for useDefault.
source "$(dirname "$0")/common.inc"
mkdir -p shop
printf 'key = "shop_%s"\nother = "mall_%s"\n' 0123456789abcdef fedcba9876543210 >shop/app.py
cp shop/app.py shop/app.test
cat >rules.toml <<'TOML'
[[rules]]
id = "mall-token"
regex = '''\b(mall_[0-9a-f]{16})\b'''
keywords = ["MALL_"]
TOML
cat >shop/.gitleaks.toml <<'TOML'
[extend]
useDefault = true
[[rules]]
id = "shop-token"
regex = '''\b(shop_[0-9a-f]{16})\b'''
keywords = ["shop_"]
[[rules.allowlists]]
paths = ['''\.test$''']
TOML
expect 2 "$ASSAY" scan shop
one_sentence 'shop/.gitleaks.toml:1: [extend] useDefault means the rules that come with gitleaks'
expect 1 "$ASSAY" scan shop -f jsonl --gitleaks-rules rules.toml
[[ $(grep -c '"rule_id":"shop-token"' "$tmp/out") == 1 ]] || fail 'shop-token'
[[ $(grep -c '"rule_id":"mall-token"' "$tmp/out") == 2 ]] || fail 'mall-token'
mv "$tmp/out" flag
ASSAY_GITLEAKS_RULES=rules.toml expect 1 "$ASSAY" scan shop -f jsonl
cmp flag "$tmp/out"
