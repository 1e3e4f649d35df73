# Of a repository: CODEOWNERS of its work tree, in both forms, and who brought the key in.
source "$(dirname "$0")/common.inc"
git init -q shop
mkdir shop/docs
fill shop/docs/a.md <<<'{key:master}'
printf '* @all\n[Docs] @docs-team\n/docs/\n' >shop/CODEOWNERS
git -C shop add .
git -C shop -c user.name=Dana -c user.email=dana@example.org commit -qm one
owner='"owner":{"name":"@all @docs-team","source":"codeowners","reason":"line 1 of CODEOWNERS, *; line 3 of CODEOWNERS, /docs/, section Docs"}'
by='"brought_by":{"name":"Dana <dana@example.org>","source":"git","reason":"author of the commit that introduced it"}'
expect 1 "$ASSAY" git shop -f jsonl
says "$tmp/out" "$owner,$by"
expect 1 "$ASSAY" git shop -f jsonl --codeowners-form github  # there a folder alone un-owns
lacks "$tmp/out" '"owner"'
expect 1 "$ASSAY" git shop
says "$tmp/out" 'Brought by:   Dana (author of the commit that introduced it; may know whose key it is)'
expect 1 "$ASSAY" git shop -f github
says "$tmp/out" 'Brought by: Dana (author of the commit'
expect 1 "$ASSAY" git shop -f sarif
says "$tmp/out" '@docs-team'
lacks "$tmp/out" Dana
lacks "$tmp/out" dana@
git clone -q --bare shop bare.git
expect 1 "$ASSAY" git bare.git -f jsonl
lacks "$tmp/out" '"owner"'
expect 1 "$ASSAY" git bare.git -f jsonl --codeowners shop/CODEOWNERS
says "$tmp/out" '"owner":{"name":"@all @docs-team"'
