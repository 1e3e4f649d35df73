# Objects that stand where few look, or are not what they should be, are scanned or told.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_unusual.py" "$@" || fail 'an unusual object was missed'
