# What could not be scanned makes exit code 2, and every report names it and why: docs/coverage.md.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
export ASSAY FILL TEMPLATES
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function}'
PYTHONPATH=$here/../support python3 "$here/coverage.py" "$here/../../docs/coverage.md" ||
  fail 'something that was not scanned was not told'
