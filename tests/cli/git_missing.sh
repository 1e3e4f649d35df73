# What is not there to be scanned is counted and makes the run incomplete, unless that is accepted.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_missing.py" "$@" || fail 'something missing was not told'
