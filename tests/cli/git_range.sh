# A range or --since finds what its commits add: no less, no more, and never "clean" if it cannot tell.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_range.py" "$@" || fail 'a range is not right'
