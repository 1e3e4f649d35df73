# Rotation scripts for Key Vault, Kubernetes and Container Apps, also where a call fails.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.inc"
python3 "$here/rotate_stores.py" || fail 'a rotation script does not do what it says'
