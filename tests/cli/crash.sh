# Ended by a fault in the middle of a scan, assay leaves no core and no key, wherever cores are on.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
python3 "$(dirname "$0")/crash.py" || fail 'a crash left something'
