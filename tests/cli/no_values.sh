# No output holds a key's value: no format, no diagnostic, not --stats.
source "$(dirname "$0")/common.inc"
examples
for format in $formats; do
  for flag in --stats --no-prefilter --color=always; do
    expect 1 "$ASSAY" scan incident -f "$format" "$flag"
    mv "$tmp/out" "out.$format.file.$flag" && mv "$tmp/err" "err.$format.file.$flag"
    cat incident/* | expect 1 "$ASSAY" scan - -f "$format" "$flag"
    mv "$tmp/out" "out.$format.stream.$flag" && mv "$tmp/err" "err.$format.stream.$flag"
  done
done
python3 - out.* err.* <<'P' || fail 'shows a value'
import pathlib, re, sys
text = "\n".join(path.read_text() for path in pathlib.Path("incident").iterdir())
values = {run[-54:] for run in re.findall(r"[\w+/-]{54,}", text)}
assert len(values) == 8, len(values)
for path in sys.argv[1:]:
    out = open(path, "rb").read().decode()
    for value in values:
        # Only the first three characters and the signature may be shown.
        assert not any(value[at : at + 8] in out for at in range(0, 47)), path
P
