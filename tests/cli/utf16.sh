# UTF-16 with a byte order mark: one finding, at the line where an editor shows it.
source "$(dirname "$0")/common.inc"
fill key.txt <<'T'
first line
GET https://contoso.azurewebsites.net/api/Refund?code={key:function}
T
for order in UTF-16LE UTF-16BE; do
  python3 - "$order" <<'P'
import sys
open("wide.txt", "wb").write(("\ufeff" + open("key.txt").read()).encode(sys.argv[1].lower()))
P
  expect 1 "$ASSAY" scan wide.txt -f jsonl
  quiet
  [[ $(grep -c '"fingerprint"' "$tmp/out") == 1 ]] || fail 'not one finding'
  # Lines end at `\n`, columns are bytes: 2 for the mark or the second half of the line break at most.
  python3 - "$tmp/out" "$order" <<'P' || fail "not at its place: $order"
import json, sys
finding = json.loads(open(sys.argv[1]).readline())
at, text = finding["location"], open("wide.txt", "rb").read()
assert finding["encoding"] == [sys.argv[2].lower()], finding["encoding"]
value = text[at["byte_offset"] : at["byte_offset"] + at["byte_length"]].decode(sys.argv[2].lower())
assert value in open("key.txt").read() and len(value) == 56, (at, len(value))
assert at["line"] == 2 and abs(at["column"] - 1 - 2 * 54) <= 1, at
P
done
