# The pages in docs/ show what assay prints: their examples are run, and compared.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
examples
export -f reveals # for assay mint
export ASSAY FILL
docs=$here/../../docs
python3 "$here/docs_examples.py" \
  "$docs"/{inspect,mint,redact,inventory,owner,rotate,report,ci,doctor,allow,baseline,config}.md || fail 'a page shows what is not so'
