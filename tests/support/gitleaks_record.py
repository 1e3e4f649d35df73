#!/usr/bin/env python3
"""Writes down what gitleaks finds in the cases of tests/data/gitleaks: recorded.txt, which
tests/cli/gitleaks_recorded.sh holds assay to.

    gitleaks_record.py GITLEAKS PUBLIC_CONFIG [VERSION]

GITLEAKS is the program, PUBLIC_CONFIG the config/gitleaks.toml of its sources: of that only the
shapes of its rules are noted (gitleaks_shapes.py), and each must be one of a rule of ours. VERSION
is for a program that does not know its own.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gitleaks_compare import of_gitleaks
from gitleaks_shapes import UNREAD, shapes
from gitleaks_worlds import (DATA, Recorded, Shape, digest, in_tree, lay_out, read_recorded, worlds,
                             write_recorded)


def version_of(program):
    if len(sys.argv) > 3:
        return sys.argv[3]
    run = subprocess.run([program, "version"], stdout=subprocess.PIPE, check=True)
    version = run.stdout.decode().strip()
    if " " in version:
        sys.exit(f"{program} does not know its version. Say it as the third argument.")
    return version


def found_by(program, world, folder):
    found = {path: [] for path in world.texts}
    for places in of_gitleaks(program, ".gitleaks.toml", folder, (world.kind, "tree")):
        places = [in_tree(world, one) for one in places]
        found[places[0].file].append(places)
    for places in found.values():
        places.sort()
    return {path: places for path, places in found.items() if places}


def shapes_of(public):
    ours = shapes((DATA / "rules.toml").read_text())
    for text, ids in sorted(shapes(public).items(), key=lambda one: (-len(one[1]), one[0])):
        if text not in ours or text == UNREAD:
            sys.exit(f"No rule of tests/data/gitleaks/rules.toml is as {ids[0]}: {text}")
        yield Shape(len(ids), ours[text][0], text)


def main():
    program, public = os.path.abspath(sys.argv[1]), Path(sys.argv[2])
    noted = list(shapes_of(public.read_text()))
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for world in worlds():
            folder = Path(scratch) / world.name
            lay_out(world, folder)
            found[world.name] = found_by(program, world, folder)
    write_recorded(Recorded(version_of(program), digest(), noted, found))
    count = sum(len(many) for files in read_recorded().found.values() for many in files.values())
    rules = sum(one.rules for one in noted)
    print(f"{count} findings, {len(noted)} shapes of {rules} public rules")


if __name__ == "__main__":
    main()
