# Rotation scripts do what they say against a management server, also where that fails in the middle.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
python3 "$here/rotate_script.py" "$@" || fail 'a rotation script does not do what it says'
if command -v shellcheck >/dev/null; then
  shellcheck ./*.sh || fail 'shellcheck has something to say of a rotation script'
fi
