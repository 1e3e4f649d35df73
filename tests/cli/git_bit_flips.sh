# A flipped bit in a pack or its index: no crash, no hang, the same findings or a diagnostic.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_bit_flips.py" "$@" || fail 'a flipped bit went wrong'
