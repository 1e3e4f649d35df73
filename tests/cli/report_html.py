#!/usr/bin/env python3
"""Writes a report full of hostile names, and looks at what a browser made of its HTML form.

  report_html.py findings > hostile.jsonl
  report_html.py check light.png dark.png light.dom dark.dom

`light` is the page as it is, `dark` with a dark colour scheme, filtered for NEEDLE and sorted by
line, downwards. Beside each lies its print, a .pdf.
"""
import collections
import html.parser
import itertools
import json
import pathlib
import re
import struct
import sys
import zlib

MAGENTA, GREEN = (255, 0, 255), (0, 255, 0)  # what the names would paint
PAINT = "document.body.style.background='#00ff00'"
NAMES = [
    "<style>*{background:#ff00ff !important}</style>",
    "</style></title><style>body{background:#ff00ff}</style>",
    f"<script>{PAINT}</script>",
    f"</script><script>{PAINT}</script>",
    f"<img src=x onerror=\"{PAINT}\">",
    f"<svg onload=\"{PAINT}\">",
    f"\" onmouseover=\"{PAINT}\" style=\"background:#ff00ff\" x=\"",
    f"' onfocus='{PAINT}' autofocus style='background:#ff00ff' '",
    "<table bgcolor=#ff00ff><tr><td></table></table></main></body>",
    "<meta http-equiv=refresh content=0;url=about:blank>",
    "<base href=https://evil.example/><form action=/><input name=filter id=filter>",
    f"javascript:{PAINT}",
    "data:text/html,<body bgcolor=#ff00ff>",
    "\u202etxt.exe\u202c \u2066x\u2069 \u200b \u2028",
    "\x1b[45m\x00\r\n\t",
    "w" * 10_000,
    "&lt;b&gt;&#x3c;b&#x3e;",
    "]]><!-- --!>",
]
TAME = 120
NEEDLES = (3, 50, 77)
LIGHT = {"back": (255, 255, 255), "band": (0xF4, 0xF6, 0xF8), "line": (0xD0, 0xD7, 0xDE)}
DARK = {"back": (0x10, 0x14, 0x1A), "band": (0x1A, 0x20, 0x29), "line": (0x34, 0x3D, 0x48)}


def finding(path, line, name):
    return {
        "rule_id": "AZF1001", "family": "azure-functions", "kind": "master", "scope": "app",
        "confidence": "verified", "fingerprint": "AAAABBBBCCCCDDDDEEEE", "redacted": "abc…AzFu…(56)",
        "location": {"path": path, "line": line, "column": 1, "byte_offset": line, "byte_length": 56},
        "encoding": [name], "context": {"carrier": name, "store": name},
        "record": {"system": "slack", "container": name, "id": name, "author": name,
                   "time": "2025-11-02T08:00:00Z", "link": name},
        "owner": {"name": name, "source": "owners", "reason": name, "contact": name, "runbook": name},
        "brought_by": {"name": name, "source": "record", "reason": name},
    }


def write_findings():
    lines = [finding(name, 1000 + at, name) for at, name in enumerate(NAMES)]
    for at in range(TAME):
        place = finding(f"a/row-{at}{'-needle' if at in NEEDLES else ''}.log", at + 1, "plain")
        place["record"]["link"] = "https://contoso.example/p?a=b&c=d"
        lines.append(place)
    for line in lines:
        print(json.dumps(line))
    arguments = ["assay", *NAMES]
    evidence = [{"path": name, "bytes": 1, "sha256": name} for name in NAMES]
    print(json.dumps({"summary": {
        "complete": True, "blobs": 1, "bytes": 1, "findings": len(lines), "diagnostics": 0,
        "ignored": 0, "unit": "file", "tool": NAMES[0], "rules": NAMES[2],
        "evidence": evidence, "arguments": arguments}}))


def check(holds, promise):
    if not holds:
        sys.exit(f"report_html.py: does not hold: {promise}")


def read_png(path):
    """The picture as rows of (r, g, b)."""
    data = pathlib.Path(path).read_bytes()
    check(data[:8] == b"\x89PNG\r\n\x1a\n", "the picture is a PNG")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    check(depth == 8 and colour in (2, 6) and interlace == 0, "the picture is RGB of 8 bits")
    size = 3 if colour == 2 else 4
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at:at + 4])
        if data[at + 4:at + 8] == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    raw, stride, rows = zlib.decompress(packed), width * size, []
    before = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        row = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), before, size)
        same = rows and row == before
        rows.append(rows[-1] if same else list(zip(row[0::size], row[1::size], row[2::size])))
        before = row
    return rows


SOMETHING = re.compile(b"[^\0]")


def unfilter(kind, row, above, size):
    """The bytes of a row. Where nothing is left of it, it is as the row above: most of a page."""
    if kind == 0:
        return row
    if kind == 1:
        for channel in range(size):
            row[channel::size] = bytes(itertools.accumulate(row[channel::size],
                                                            lambda a, b: (a + b) & 255))
        return row
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(row, above)) if any(row) else bytearray(above)
    at = 0
    while at < len(row):
        if kind == 4 and row[max(at - size, 0):at] == above[max(at - size, 0):at]:
            found = SOMETHING.search(row, at)
            end = found.start() if found else len(row)
            row[at:end] = above[at:end]
            at = end
            if at == len(row):
                break
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        if kind == 3:
            guess = (left + above[at]) // 2
        else:
            p = left + above[at] - corner
            guess = min((abs(p - left), 0, left), (abs(p - above[at]), 1, above[at]),
                        (abs(p - corner), 2, corner))[2]
        row[at] = (row[at] + guess) & 255
        at += 1
    return row


def look_at(name, picture, colours, least_rows):
    """Background, nothing painted by names, and a table of places with text in each row."""
    counts = collections.Counter()
    for _, same in itertools.groupby(picture, id):  # equal rows are one object
        same = list(same)
        for pixel, times in collections.Counter(same[0]).items():
            counts[pixel] += times * len(same)
    check(picture[2][2] == colours["back"], f"{name}: the background is the page's")
    check(counts.most_common(1)[0][0] == colours["back"], f"{name}: most of it is background")
    for colour in (MAGENTA, GREEN):
        check(counts[colour] == 0, f"{name}: no name painted {colour}")
    width = len(picture[0])
    share = lambda row, colour: row.count(colour) / width
    head = [y for y, row in enumerate(picture) if share(row, colours["band"]) > 0.6]
    check(head, f"{name}: the table of places has a head")
    rules = [y for y, row in enumerate(picture) if y > head[0] and share(row, colours["line"]) > 0.8]
    rules = [y for at, y in enumerate(rules) if at == 0 or y - rules[at - 1] > 10]
    check(len(rules) > least_rows, f"{name}: {least_rows} rows are shown, not {len(rules) - 1}")
    for top, bottom in list(zip(rules, rules[1:]))[:least_rows]:
        ink = sum(distance(pixel, colours["back"]) > 300
                  for row in picture[top + 2:bottom - 1] for pixel in row[:width // 2])
        check(ink > 20, f"{name}: the row at {top} to {bottom} is painted: {ink}")


def distance(a, b):
    return sum(abs(x - y) for x, y in zip(a, b))


class Tree(html.parser.HTMLParser):
    """What of a page can act, and the rows of its tables of places."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags = collections.Counter()
        self.attributes = []
        self.rows, self.heads, self.text = [], [], ""
        self.stack = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attributes]
        self.stack.append((tag, dict(attributes)))
        if tag == "tr" and any(t == "table" and a.get("class") == "places" for t, a in self.stack) and \
                any(t == "tbody" for t, _ in self.stack):
            self.rows.append({"hidden": "hidden" in dict(attributes), "cells": []})
        if tag == "td" and self.in_places():
            self.rows[-1]["cells"].append("")
        if tag == "th":
            self.heads.append(dict(attributes))
        if tag in ("meta", "input", "br"):
            self.stack.pop()

    def in_places(self):
        return any(t == "table" and a.get("class") == "places" for t, a in self.stack) and self.rows

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(tag in ("script", "style") for tag, _ in self.stack):
            return
        self.text += data
        if any(tag == "td" for tag, _ in self.stack) and self.in_places():
            self.rows[-1]["cells"][-1] += data


def shown(name):
    """A name as printable() writes it, but for what NAMES does not hold."""
    out = ""
    for c in name:
        bad = ord(c) < 0x20 or c in "\u202e\u202c\u2066\u2069\u200b\u2028"
        out += "".join(f"\\x{b:02x}" for b in c.encode()) if bad else c
    return out


def look_into(name, tree):
    check(tree.tags["script"] == 1 and tree.tags["style"] == 1, f"{name}: one script, one style")
    for tag in ("img", "svg", "form", "base", "iframe", "link", "object"):
        check(tree.tags[tag] == 0, f"{name}: no {tag}")
    check(tree.tags["meta"] == 4, f"{name}: only our own meta")
    for tag, attribute, value in tree.attributes:
        check(not attribute.startswith("on") and attribute != "style", f"{name}: {attribute} on {tag}")
        check(attribute != "href" or value == "https://contoso.example/p?a=b&c=d", f"{name}: {value}")
    check(len(tree.rows) == TAME + len(NAMES), f"{name}: all places are rows: {len(tree.rows)}")
    paths = {row["cells"][0] for row in tree.rows}
    for wanted in NAMES:
        check(shown(wanted) in paths, f"{name}: stands as text: {wanted[:60]!r}")


def pages(path):
    return pathlib.Path(path).read_bytes().count(b"/Type /Page\n")


def look_at_all(light_png, dark_png, light_dom, dark_dom):
    light = Tree(pathlib.Path(light_dom).read_text(encoding="utf-8"))
    dark = Tree(pathlib.Path(dark_dom).read_text(encoding="utf-8"))
    look_into("light", light)
    look_into("dark", dark)
    total = TAME + len(NAMES)
    check(f"{total} of {total} places shown" in light.text, "all places are shown at first")
    check(not any(row["hidden"] for row in light.rows), "no row is hidden at first")
    left = [int(row["cells"][1]) for row in dark.rows if not row["hidden"]]
    check(left == sorted((at + 1 for at in NEEDLES), reverse=True), f"filtered and sorted: {left}")
    lines = [int(row["cells"][1]) for row in dark.rows]
    check(lines == sorted(lines, reverse=True), "hidden rows are sorted too")
    check(f"{len(NEEDLES)} of {total} places shown" in dark.text, "the filter says how many are left")
    sorted_by = [head.get("aria-sort") for head in dark.heads if head.get("aria-sort")]
    check(sorted_by == ["descending"], "the sorted column says so")
    look_at("light", read_png(light_png), LIGHT, 8)
    look_at("dark", read_png(dark_png), DARK, len(NEEDLES))
    prints = [pages(path.replace(".png", ".pdf")) for path in (light_png, dark_png)]
    check(prints[0] > 8 and abs(prints[0] - prints[1]) <= 1, f"print shows every row: {prints} pages")


if __name__ == "__main__":
    if sys.argv[1] == "findings":
        write_findings()
    else:
        look_at_all(*sys.argv[2:6])
