# Text of nothing but what looks like a key's signature ends soon, in little memory.
source "$(dirname "$0")/common.inc"
python3 "$(dirname "$0")/hostile_text.py" || fail 'a text takes too long, or too much memory'
