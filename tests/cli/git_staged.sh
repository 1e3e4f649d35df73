# --staged looks at what a commit would add, and at nothing else.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_staged.py" "$@" || fail 'a staged change is not right'
