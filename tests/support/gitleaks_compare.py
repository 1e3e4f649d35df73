#!/usr/bin/env python3
"""Compares what gitleaks and assay find by the same config in the same folder.

    gitleaks_compare.py GITLEAKS ASSAY CONFIG FOLDER

Each finding is (file, rule, line, column, SHA-256 of the secret), line and column of the secret's
first byte. Prints how many are equal, and each that only one has, without its secret. Exit code 1 if
there is one.

gitleaks reports the place of the match. It counts the line break before a line as its first column,
so on all lines but the first its columns are one more; and it cuts line breaks off a match, but says
the place where they stood. So the secret's place is looked up in the file.
"""

import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

Finding = collections.namedtuple("Finding", "file rule line column secret")


def digest(secret):
    return hashlib.sha256(secret).hexdigest()[:16]


def place(data, offset):
    return data.count(b"\n", 0, offset) + 1, offset - data.rfind(b"\n", 0, offset)


def of_gitleaks(program, config, folder):
    """Of each finding all places where it may stand: a match may hold its secret's text twice."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        subprocess.run(
            [program, "dir", ".", "--config", config, "--no-banner", "--log-level", "error"]
            + ["--report-format", "json", "--report-path", report, "--exit-code", "0"],
            check=True,
            cwd=folder,
        )
        found = json.loads(report.read_text())
    for one in found:
        file = os.path.normpath(one["File"])
        line, column = one["StartLine"], one["StartColumn"]
        if line == 0:  # the path alone
            yield [Finding(file, one["RuleID"], 0, 0, "")]
            continue
        data = (Path(folder) / file).read_bytes()
        begin = -1  # of the line break before the line
        for _ in range(line - 1):
            begin = data.index(b"\n", begin + 1)
        offset = max(0, begin) + column - 1
        while data[offset : offset + 1] == b"\n":
            offset += 1
        secret = one["Secret"].encode()
        match = one["Match"].encode()
        ends = range(len(match) - len(secret) + 1)
        yield [
            Finding(file, one["RuleID"], *place(data, offset + at), digest(secret))
            for at in ends
            if match.startswith(secret, at)
        ]


def of_assay(program, config, folder):
    run = subprocess.run(
        [program, "scan", "-f", "jsonl", "--config", config, "."],
        stdout=subprocess.PIPE,
        check=False,
        cwd=folder,
    )
    if run.returncode > 1:
        sys.exit(f"assay ended with exit code {run.returncode}")
    for text in run.stdout.decode().splitlines():
        one = json.loads(text)
        if one.get("family") != "custom":
            continue
        where = one["location"]
        file = os.path.normpath(where["path"])
        if where["byte_length"] == 0:  # the path alone
            yield Finding(file, one["rule_id"], 0, 0, "")
            continue
        data = (Path(folder) / file).read_bytes()
        begin = where["byte_offset"]
        secret = data[begin : begin + where["byte_length"]]
        yield Finding(file, one["rule_id"], where["line"], where["column"], digest(secret))


def main():
    gitleaks, assay, config, folder = map(os.path.abspath, sys.argv[1:])
    theirs = list(of_gitleaks(gitleaks, config, folder))
    ours = collections.Counter(of_assay(assay, config, folder))
    only_theirs = []
    for places in theirs:
        seen = next((one for one in places if ours[one] > 0), None)
        if seen is None:
            only_theirs.append(places[0])
        else:
            ours[seen] -= 1
    rules = {places[0].rule for places in theirs}
    print(f"{len(theirs) - len(only_theirs)} equal, of {len(rules)} rules")
    differ = False
    for who, only in (("gitleaks", only_theirs), ("assay", ours.elements())):
        for one in sorted(only):
            differ = True
            print(f"only {who}: {one.file}:{one.line}:{one.column} {one.rule}")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
