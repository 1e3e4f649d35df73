# The record that holds a key is named: of exports as files, in folders and in archives.
source "$(dirname "$0")/common.inc"
mkdir -p slack/incidents var/log/pods/shop_orders-7d9f_1111/app
cat >slack/users.json <<<'[{"id":"U012AB3CD","name":"dana","profile":{"real_name":"Dana Contoso","display_name":"dana"}}]'
fill slack/incidents/2025-11-02.json <<'T'
[{"type":"message","user":"U012AB3CD","text":"all quiet","ts":"1762070300.000100"},
 {"type":"message","user":"U012AB3CD","text":"try {key:function} please","ts":"1762070400.000100"}]
T
fill jira.json <<'T'
{"issues":[{"id":"1","key":"PAY-118","self":"https://contoso.atlassian.net/rest/api/2/issue/1","fields":{
 "summary":"Refunds fail","created":"2025-11-01T08:00:00.000+0000","comment":{"comments":[{"id":"10044",
 "author":{"displayName":"Dana Contoso"},"body":"code={key:function}","created":"2025-11-02T09:00:00.000+0100"}]}}}]}
T
fill mail.eml <<'T'
From: Dana <dana@example.org>
To: Kim <kim@example.org>
Message-ID: <4711@example.org>
Date: Sun, 02 Nov 2025 09:00:00 +0100
Subject: key

It is {key:master}, do not tell.
T
fill PT1H.json <<'T'
{"time":"2025-11-02T08:00:00.123Z","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.WEB/SITES/CONTOSO-ORDERS","category":"FunctionAppLogs","operationName":"Microsoft.Web/sites/functions/log","properties":{"functionName":"Refund","message":"GET /api/Refund?code={key:function}"}}
T
fill var/log/pods/shop_orders-7d9f_1111/app/0.log <<'T'
2025-11-02T08:00:00.123456789Z stdout F starting
2025-11-02T08:00:01.123456789Z stderr F GET /api/Refund?code={key:function}
T
python3 - <<'P'
import pathlib, zipfile
with zipfile.ZipFile("slack.zip", "w", zipfile.ZIP_DEFLATED) as made:
    for path in sorted(pathlib.Path("slack").rglob("*.json"), reverse=True):
        made.write(path, path.relative_to("slack"))
P
while IFS='|' read -r file wanted; do
  expect 1 "$ASSAY" scan "$file" -f jsonl
  quiet
  [[ $(grep -o '"record":{[^}]*}' "$tmp/out") == "\"record\":{$wanted}" ]] ||
    fail "$file: $(grep -o '"record":{[^}]*}' "$tmp/out")"
done <<'ROWS'
slack|"system":"slack","container":"incidents","id":"1762070400.000100","author":"dana","time":"2025-11-02T08:00:00Z"
slack/incidents/2025-11-02.json|"system":"slack","container":"incidents","id":"1762070400.000100","author":"dana","time":"2025-11-02T08:00:00Z"
slack.zip|"system":"slack","container":"incidents","id":"1762070400.000100","author":"dana","time":"2025-11-02T08:00:00Z"
jira.json|"system":"jira","container":"PAY","id":"PAY-118#comment-10044","author":"Dana Contoso","time":"2025-11-02T08:00:00Z","link":"https://contoso.atlassian.net/browse/PAY-118?focusedCommentId=10044"
mail.eml|"system":"mail","id":"<4711@example.org>","author":"Dana <dana@example.org>","time":"2025-11-02T08:00:00Z"
PT1H.json|"system":"azure-monitor","container":"CONTOSO-ORDERS","time":"2025-11-02T08:00:00Z","operation":"Refund"
var|"system":"cri","container":"shop/orders-7d9f/app","time":"2025-11-02T08:00:01Z"
ROWS
# A malformed export: the finding stays, the run is complete, and what is not known is told.
head -c -6 jira.json >cut.json
sed -i 's/"created":"2025-11-02/"crea/' cut.json
expect 1 "$ASSAY" scan cut.json -f jsonl
says "$tmp/out" '"fingerprint"'
says "$tmp/out" 'not all records of its keys are known: the JSON is cut off at byte'
says "$tmp/out" '"summary":{"complete":true'
