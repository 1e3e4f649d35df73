# The steps of action.yml, run as GitHub runs them: outputs, summary, forks, hostile names.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
source "$here/hook.inc"
export ASSAY
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function}'
fill other.txt <<<'x-functions-key: {key:master}'
python3 "$here/action.py" "$here/../.." || fail 'the action does otherwise'
