# JSON, JSON lines and CSV stay what they are: the same structure, only values changed.
source "$(dirname "$0")/common.inc"
fill keys.txt <<<'{key:function} {key:master} {key:system} {broken:function} {plain:56}'
# What it finds no key in passes through: a broken key in most disguises.
reveals python3 "$(dirname "$BASH_SOURCE")/redact_formats.py" || fail 'see above'
