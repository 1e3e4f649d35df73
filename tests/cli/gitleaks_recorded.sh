# What assay finds by a config of gitleaks is what gitleaks was seen to find, case for case
# (tests/data/gitleaks), but where docs/gitleaks.md says otherwise. ASSAY_GITLEAKS_CONFIG may name a
# copy of gitleaks' public config: then its rules must have no shape that the cases lack, and find
# something.
source "$(dirname "$0")/common.inc"
python3 "$(dirname "$0")/gitleaks_recorded.py" "$tmp/worlds" || fail 'not what gitleaks found'
