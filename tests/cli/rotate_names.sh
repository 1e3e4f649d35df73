# Names from what leaked stay names: in scripts nothing runs but the calls, in no plan do they act.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
python3 "$here/rotate_names.py" || fail 'a hostile name does more than it should'
# Every kind in every store makes a script that bash takes.
fill leak.txt <<<'https://contoso-orders.azurewebsites.net/api/Refund?code={key:function}&clientId=default'
expect 1 "$ASSAY" scan leak.txt -f jsonl
mv "$tmp/out" findings.jsonl
all=subscription=s,resource_group=rg,vault=kv-orders,namespace=orders,secret=orders-keys
all+=,revision=orders--1,application_insights=none,event_subscription=none,function=Refund
for store in app-service blob key-vault kubernetes container-app; do
  for kind in function host master system; do
    expect 0 "$ASSAY" rotate findings.jsonl -f script --set "$all,kind=$kind,store=$store"
    quiet
    mv "$tmp/out" "$store.$kind.sh"
    bash -n "$store.$kind.sh"
  done
done
if command -v shellcheck >/dev/null; then shellcheck ./*.sh || fail 'shellcheck'; fi
