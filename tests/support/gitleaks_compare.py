#!/usr/bin/env python3
"""Compares what gitleaks and assay find by the same config in the same folder.

    gitleaks_compare.py GITLEAKS ASSAY CONFIG FOLDER

Each finding is (file, rule, line, column, size): where the secret's first byte is, and how many
bytes it has. Prints how many are equal, and each that only one has. Exit code 1 if there is one.

gitleaks reports the place of the match. It counts the line break before a line as its first column,
so on all lines but the first its columns are one more; and it cuts line breaks off a match, but
says the place where they stood. So the secret's place is looked up in the file.
"""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

Finding = collections.namedtuple("Finding", "file rule line column size")


def place(data, offset):
    return data.count(b"\n", 0, offset) + 1, offset - data.rfind(b"\n", 0, offset)


def secret_spans(data, offset, match, secret):
    """(offset, size) of each place in the match at `offset` where the secret may stand. The report
    has U+FFFD for each byte that belongs to no character."""
    text = data[offset : offset + 4 * len(match)].decode(errors="surrogateescape")
    shown = re.sub("[\udc80-\udcff]", "\ufffd", text)
    spans = []
    for at in range(len(match) - len(secret) + 1):
        if match.startswith(secret, at) and shown.startswith(secret, at):
            before, here = text[:at], text[at : at + len(secret)]
            sizes = [len(part.encode(errors="surrogateescape")) for part in (before, here)]
            spans.append((offset + sizes[0], sizes[1]))
    return spans


def of_gitleaks(program, config, folder, what=("dir", ".")):
    """Of each finding all places where it may stand: a match may hold its secret's text twice. If
    the file does not hold the secret (gitleaks decoded it), its line alone."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        subprocess.run(
            [program, *what, "--config", config, "--no-banner", "--log-level", "error"]
            + ["--report-format", "json", "--report-path", report, "--exit-code", "0"],
            check=True,
            cwd=folder,
        )
        found = json.loads(report.read_text())
    for one in found:
        file = os.path.normpath(one["File"])
        line, column = one["StartLine"], one["StartColumn"]
        if line == 0:  # the path alone
            yield [Finding(file, one["RuleID"], 0, 0, 0)]
            continue
        root = Path(folder) / (what[1] if what[0] == "git" else ".")
        data = (root / file).read_bytes()
        begin = -1  # of the line break before the line
        for _ in range(line - 1):
            begin = data.index(b"\n", begin + 1)
        offset = max(0, begin) + column - 1
        while data[offset : offset + 1] == b"\n":
            offset += 1
        spans = secret_spans(data, offset, one["Match"], one["Secret"])
        if not spans:  # the first line of a piece of the file, whose columns are right
            spans = secret_spans(data, offset + 1, one["Match"], one["Secret"])
        places = [Finding(file, one["RuleID"], *place(data, at), size) for at, size in spans]
        yield places or [Finding(file, one["RuleID"], line, 0, 0)]


def of_assay(program, config, folder, what=("scan", ".")):
    """By the config that is found from there, if `config` is None."""
    run = subprocess.run(
        [program, *what, "-f", "jsonl", *(["--config", config] if config else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        cwd=folder,
    )
    if run.returncode > 1:
        sys.exit(f"assay ended with exit code {run.returncode}: {run.stderr.decode()}")
    for text in run.stdout.decode().splitlines():
        one = json.loads(text)
        if one.get("family") != "custom" or "suppression" in one:
            continue
        where = one["location"]
        file = os.path.normpath(where["path"])
        if where["byte_length"] == 0:  # the path alone
            yield Finding(file, one["rule_id"], 0, 0, 0)
        else:
            place_of_it = where["line"], where["column"], where["byte_length"]
            yield Finding(file, one["rule_id"], *place_of_it)


def compared(theirs, ours):
    """(what only gitleaks has, what only assay has); `theirs` as of_gitleaks gives it."""
    left = collections.Counter(ours)
    only_theirs = []
    for places in theirs:
        seen = next((one for one in places if left[one] > 0), None)
        if seen is None:
            only_theirs.append(places[0])
        else:
            left[seen] -= 1
    return sorted(only_theirs), sorted(left.elements())


def main():
    gitleaks, assay, config, folder = map(os.path.abspath, sys.argv[1:])
    theirs = list(of_gitleaks(gitleaks, config, folder))
    only_theirs, only_ours = compared(theirs, of_assay(assay, config, folder))
    rules = {places[0].rule for places in theirs}
    print(f"{len(theirs) - len(only_theirs)} equal, of {len(rules)} rules")
    for who, only in (("gitleaks", only_theirs), ("assay", only_ours)):
        for one in only:
            print(f"only {who}: {one.file}:{one.line}:{one.column} {one.rule}")
    sys.exit(1 if only_theirs or only_ours else 0)


if __name__ == "__main__":
    main()
