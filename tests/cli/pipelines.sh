# The templates for Azure Pipelines and GitLab CI: their scripts run as those run them.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
export ASSAY
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function}'
fill other.txt <<<'x-functions-key: {key:master}'
python3 "$here/pipelines.py" "$here/../.." || fail 'a template does otherwise'
