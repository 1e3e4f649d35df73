# What an enemy writes into a repository ends in a diagnostic that names it, soon and within bounds.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
PYTHONPATH=$here/../support python3 "$here/git_hostile.py" "$@" || fail 'a hostile repository went wrong'
