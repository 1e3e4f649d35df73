# Markers beside keys: with a reason they cover all, without one all but proven keys.
source "$(dirname "$0")/common.inc"
fill a.py <<'T'
A = "{key:function:a}"  # assay:allow AZF1002 vector of the documentation
# assay:allow the same vector
B = "{key:function:a}"
C = "{broken:function:c}"  # gitleaks:allow
# pragma: allowlist nextline secret
D = "{broken:function:d}"
T
expect 0 "$ASSAY" scan a.py -f jsonl
[[ $(grep -c '"suppression"' "$tmp/out") == 4 ]] || fail 'not every marker counts'
says "$tmp/out" '"suppression":{"kind":"marker","by":"assay:allow","reason":"vector of the documentation"}'
expect 1 "$ASSAY" scan a.py --no-markers -f jsonl
lacks "$tmp/out" '"suppression"'
expect 1 "$ASSAY" scan a.py --no-foreign-markers -f jsonl
[[ $(grep -c '"suppression"' "$tmp/out") == 2 ]] || fail 'markers of others count'
n=0
while IFS= read -r line; do # none of these covers a proven key
  n=$((n + 1)) && fill "b$n.py" <<<"$line" && expect 1 "$ASSAY" scan "b$n.py"
done <<'T'
A = "{key:function}"  # gitleaks:allow
A = "{key:function}"  # assay:allow
A = "{key:function}"  # assay:allow AZF1001 another rule
url = "https://contoso.azurewebsites.net/api?x=assay:allow&code={key:function}"
T
cp a.py a.log && expect 1 "$ASSAY" scan a.log # neither logs nor streams are asked
expect 1 "$ASSAY" scan - <a.py
fill ci.yml <<<'key: {key:function} # assay:allow was {key:function:other}'
expect 1 "$ASSAY" scan ci.yml -f jsonl # the other key
