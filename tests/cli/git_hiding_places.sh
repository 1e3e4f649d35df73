# A key is found wherever a repository can hide it, with its path, line and commit.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_hiding_places.py" "$@" || fail 'a place was missed'
# Nothing is in a new repository, and the run says so.
git init -q empty
expect 0 "$ASSAY" git empty
says "$tmp/out" 'no object was there'
