# A config or a baseline that is built to be slow costs seconds, not hours.
source "$(dirname "$0")/common.inc"
seq -f '{key:function:k%g}' 10000 | fill keys.txt
head -n 1 keys.txt >key.txt
expect 1 "$ASSAY" scan key.txt -f jsonl
fingerprint=$(sed -n 's/.*"fingerprint":"\([^"]*\)".*/\1/p' "$tmp/out")
FINGERPRINT=$fingerprint python3 "$(dirname "$0")/hostile_gate.py" ||
  fail 'a gate takes too long, or too much memory'
