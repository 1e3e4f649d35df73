#!/usr/bin/env python3
"""Runs the examples of pages in docs/, and compares what they print with what the page shows.

  docs_examples.py PAGE…      in a folder with the filled examples in ./incident

An example is marked by comments, which nobody sees on the page:

  <!-- given                  what the reader is not shown: made before, in bash. `fill FILE <<'T'`
  fill app.log <<'T'          is that of common.inc, so that no key stands in a page
  …?code={key:function}
  T
  -->
  <!-- runs -->               the next block is a session: each line that begins with `$ ` is run
                              (and those after one that ends in `|` or `\\`), and prints, on stdout
                              and stderr, what stands below it
  <!-- prints: COMMAND -->    the next block is what COMMAND prints

A line that is only `…` stands for any lines. Each page is one run of bash in a folder of its own.
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys

MARK = re.compile(r"<!-- (given|runs|prints)(?::? ?)(.*?)-->\n", re.DOTALL)
BLOCK = re.compile(r"(`{3,})[a-z]*\n(.*?)\n?^\1$", re.DOTALL | re.MULTILINE)
END = "@@end of example@@"
# What assay mint prints is a key. `reveals` is that of common.inc.
PRELUDE = r"""
fill() { cat >template && "$FILL" template "$1" && rm template; }
assay() { if [[ $1 == mint ]]; then reveals "$ASSAY" "$@"; else "$ASSAY" "$@"; fi; }
exec 2>&1
"""


def session(block):
    """(command, what it prints) of each line of a session."""
    steps = []
    for line in block.split("\n"):
        if line.startswith("$ "):
            steps.append([line[2:], []])
        elif not steps:
            sys.exit(f"docs_examples.py: a session does not begin with `$ `: {line}")
        elif not steps[-1][1] and steps[-1][0].endswith(("|", "\\")):
            steps[-1][0] += "\n" + line
        else:
            steps[-1][1].append(line)
    return steps


def steps_of(page):
    text = page.read_text()
    for mark in MARK.finditer(text):
        kind, what = mark[1], mark[2].strip("\n ")
        if kind == "given":
            yield what, None
            continue
        block = BLOCK.match(text, mark.end())
        if not block:
            sys.exit(f"docs_examples.py: {page.name}: no block follows {mark[0].strip()}")
        if kind == "prints":
            yield what, block[2].split("\n")
        else:
            yield from session(block[2])


def plain(line):
    """A line without what no two runs have alike: the day, and what an inventory's salt makes."""
    line = line.replace(datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"), "TODAY")
    line = line.replace("2026-11-22", "TODAY")
    return re.sub(r"hmac:[A-Za-z0-9+/]{20}", "hmac:ID", line).rstrip()


def is_shown(wanted, got):
    """Whether the lines of the page are those that were printed, `…` for any number of them."""
    while wanted and not wanted[-1]:
        wanted = wanted[:-1]
    pieces, start = [[]], 0
    for line in map(plain, wanted):
        if line == "…":
            pieces.append([])
        else:
            pieces[-1].append(line)
    got = list(map(plain, got))
    for at, piece in enumerate(pieces):
        last = at == len(pieces) - 1
        begins = range(start, len(got) - len(piece) + 1)
        if at == 0:
            begins = [0]
        elif last and piece:
            begins = [len(got) - len(piece)]
        begin = next((i for i in begins if i >= start and got[i:i + len(piece)] == piece), None)
        if begin is None:
            return False
        start = begin + len(piece)
    return start == len(got) or not pieces[-1]


def run_page(page, folder):
    steps = list(steps_of(page))
    shown = [step for step in steps if step[1] is not None]
    if not shown:
        sys.exit(f"docs_examples.py: {page.name} has no example that runs")
    shutil.copytree("incident", folder / "incident")
    script = PRELUDE + "".join(f"{command}\nprintf '\\n%s\\n' '{END}'\n" for command, _ in steps)
    run = subprocess.run(["bash", "-c", script], cwd=folder, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, check=False)
    printed = run.stdout.decode("utf-8", "replace").split(f"\n{END}\n")
    if len(printed) != len(steps) + 1:
        sys.exit(f"docs_examples.py: {page.name}: the examples end early: {printed[-1][:500]}")
    good = True
    for (command, wanted), got in zip(steps, printed):
        lines = got.rstrip("\n").split("\n")
        if wanted is not None and not is_shown(wanted, lines):
            good = False
            print(f"docs_examples.py: docs/{page.name}: `{command}` prints otherwise:", *lines, sep="\n")
    return good


def main():
    os.environ.pop("ASSAY_INVENTORY", None)
    good = True
    for name in sys.argv[1:]:
        page = pathlib.Path(name)
        folder = pathlib.Path(page.stem).absolute()
        folder.mkdir()
        good = run_page(page, folder) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
