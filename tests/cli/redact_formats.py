"""Keys in all disguises that JSON and CSV can hold: parsed before and after, and compared."""
import base64
import csv
import io
import json
import os
import random
import re
import subprocess
import urllib.parse

*KEYS, PLAIN = open("keys.txt").read().split()
URL = "https://contoso-orders.azurewebsites.net/api/Refund?code="
missed = []
TOKEN = re.compile(r"AZF100[1-6]:(redacted|[A-Za-z0-9+/]{20})")


def redact(text, what):
    done = subprocess.run([os.environ["ASSAY"], "redact", "-q"], input=text.encode(),
                          stdout=subprocess.PIPE)
    if done.returncode == 0:
        missed.append(what)  # the scan does not find it
        return text
    assert done.returncode == 1, f"{what}: exit code {done.returncode}"
    again = subprocess.run([os.environ["ASSAY"], "redact", "-q"], input=done.stdout,
                           stdout=subprocess.PIPE)
    assert again.returncode == 0 and again.stdout == done.stdout
    return done.stdout.decode()


def disguised(key, rng):
    """Values that hold the key."""
    escaped = "".join(f"%{ord(c):02X}" if rng.random() < 0.4 else c for c in key)
    cut = rng.randrange(17, 40)
    yield from (key, URL + key, f"say \"{key}\" \\ \t{key}", urllib.parse.quote(key), escaped,
                urllib.parse.quote(escaped), "".join(f"&#{ord(c)};" for c in key),
                key[:cut] + "\n" + key[cut:], key[:cut] + "\r\n    " + key[cut:],
                key[:cut] + "\x1b[31m" + key[cut:],
                key[:cut] + "\u200b" + key[cut:], key[:cut] + "<wbr>" + key[cut:],
                key[:cut] + "\" + \"" + key[cut:], key.encode().hex(),
                base64.b64encode((URL + key + "&x=1").encode()).decode(),
                base64.encodebytes((URL + key + "&x=1\n" * 9).encode()).decode(),
                base64.b64encode((URL + key + ";").encode("utf-16le")).decode(),
                json.dumps({"url": URL + key, "n": [1, {"a": None}]}),
                json.dumps({"in": json.dumps({"url": URL + key})}),
                f"a,\"{key}\",b", "\\u003d".join((key.rstrip("="), "", "")))


def shape(value):
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def strings(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [s for inner in value for s in strings(inner)] if isinstance(value, list) else [value]


def check(before, after, what):
    assert shape(before) == shape(after), f"{what}: another structure"
    if what in missed:
        return
    old, new = strings(before), strings(after)
    for a, b in zip(old, new):
        assert a == b or isinstance(b, int) or len(b) < len(a) or TOKEN.search(b), what
        for number, key in enumerate(KEYS + [PLAIN]):
            assert key[:17] not in str(b), f"{what}: key {number} is still there"
    assert any(a != b for a, b in zip(old, new)), f"{what}: nothing was changed"


def go_json(value):
    return json.dumps(value).replace("=", "\\u003d").replace("&", "\\u0026").replace("<", "\\u003c")


rng = random.Random(6)
for key in KEYS[:1] if os.environ.get("SANITIZED") == "1" else (KEYS[0], KEYS[3]):
    for number, value in enumerate(disguised(key, rng)):
        what = f"value {number}"
        rows = [["id", "note", "n"], ["1", "a \"quoted\", field", "2"], ["2", value, "3"],
                ["3", "\n\n", ""]]
        text = {"a": [1, {"b\"c": "x,y", "url": value}], "d": {"e": {"f": [value, "", None]}}}
        found = subprocess.run([os.environ["ASSAY"], "scan", "-", "-q"], stdout=subprocess.PIPE,
                               input=json.dumps(text).encode()).returncode == 1
        if not found:  # many disguises need the proof, which a broken key does not have
            assert key == KEYS[3], f"{what} is not found in JSON"
            continue
        for name, dump in (("compact", json.dumps), ("indented", lambda v: json.dumps(v, indent=2)),
                           ("as Go escapes", go_json),
                           ("as it is", lambda v: json.dumps(v, ensure_ascii=False))):
            case = f"{what}, {name}"
            check(text, json.loads(redact(dump(text), case)), case)
        lines = [text, {"clean": 1}, {"log": value + "\n"}]
        case = f"{what}, lines"
        after = redact("".join(json.dumps(line) + "\n" for line in lines), case).splitlines()
        check(lines, [json.loads(line) for line in after], case)
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
            out = io.StringIO()
            csv.writer(out, quoting=quoting).writerows(rows)
            after = list(csv.reader(io.StringIO(redact(out.getvalue(), f"{what}, CSV"), newline="")))
            check(list(csv.reader(io.StringIO(out.getvalue(), newline=""))), after, f"{what}, CSV")

for key in KEYS[:3]:  # over several strings
    for cuts in ((20,), (17, 35), (10, 20, 30, 40)):
        pieces = [key[a:b] for a, b in zip((0, *cuts), (*cuts, None))]
        for indent in (None, 1):
            value = {"lines": pieces, "n": 1}
            check(value, json.loads(redact(json.dumps(value, indent=indent), f"pieces {cuts}")), f"pieces {cuts}")
        value = {"type": "Buffer", "data": list((URL + key + " ").encode())}
        after = json.loads(redact(json.dumps(value), "bytes"))
        check(value, after, "bytes")
        assert TOKEN.search(bytes(after["data"]).decode()), "bytes: no token"
value = {"url": URL + PLAIN}
check(value, json.loads(redact(json.dumps(value), "bytes")), "by its context")

# Two strings added to each other within a CSV field, whose quotes are doubled: the scan does not
# undo that.
assert set(missed) <= {"value 13, CSV"}, sorted(set(missed))
