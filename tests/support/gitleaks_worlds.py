"""The cases of tests/data/gitleaks as folders that can be scanned, and what gitleaks finds in them,
as gitleaks_record.py has written it down.

    for world in worlds():
        lay_out(world, folder)     # folder/.gitleaks.toml, and the files in folder/tree
    recorded = read_recorded()     # .found[world.name][path]: as of_gitleaks gives it
"""

import collections
import functools
import hashlib
import shutil
from pathlib import Path

import repo
from gitleaks_compare import Finding
from gitleaks_texts import made

DATA = Path(__file__).parent.parent / "data" / "gitleaks"
RECORDED = DATA / "recorded.txt"
HEAD = """\
# What gitleaks finds in the cases beside this file: written by tests/support/gitleaks_record.py.
#
# shape NUMBER RULE: SHAPE    so many rules of gitleaks' public config have it, and this one of ours
# @ CASES/FILE                below: RULE and where its secrets are, LINE:COLUMN+BYTES. 0 is the
#                             file itself, a line alone a secret that does not stand there so
"""

# `kind` is "dir" or "git".
World = collections.namedtuple("World", "name config kind texts")
Shape = collections.namedtuple("Shape", "rules ours text")
Recorded = collections.namedtuple("Recorded", "version digest shapes found")


@functools.cache
def worlds():
    found = []
    for cases in sorted(DATA.glob("*.cases")):
        (config, *kind), texts = made(cases.read_text())
        found.append(World(cases.stem, config, kind[0] if kind else "dir", texts))
    return found


def lay_out(world, folder):
    folder.mkdir(parents=True)
    for config in DATA.glob("*.toml"):
        shutil.copy(config, folder)
    shutil.copy(DATA / world.config, folder / ".gitleaks.toml")
    if world.kind == "git":
        commits = repo.Repo(folder / "tree")
        for path, text in world.texts.items():
            commits.commit(path, {path: bytes(text.data)})
        return
    for path, text in world.texts.items():
        file = folder / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.data)


def digest():
    """Of all that the verdicts are about."""
    whole = hashlib.sha256()
    for config in sorted(DATA.glob("*.toml")):
        whole.update(config.read_bytes())
    for world in worlds():
        for path, text in world.texts.items():
            whole.update(f"{world.name} {world.config} {path} {len(text.data)}\n".encode())
            whole.update(text.data)
    return whole.hexdigest()


def place_text(finding):
    if finding.column == 0:
        return str(finding.line)
    return f"{finding.line}:{finding.column}+{finding.size}"


def finding_of(path, rule, place):
    line, _, rest = place.partition(":")
    column, _, size = rest.partition("+")
    return Finding(path, rule, int(line), int(column or 0), int(size or 0))


def in_tree(world, finding):
    """With its path as the cases have it."""
    if world.kind == "dir" and not finding.file.startswith("tree/"):
        raise ValueError(f"{finding.file} is not one of the cases")
    return finding._replace(file=finding.file.removeprefix("tree/"))


def write_recorded(recorded):
    lines = [f"gitleaks {recorded.version}", f"cases {recorded.digest}"]
    lines += [f"shape {one.rules} {one.ours}: {one.text}" for one in recorded.shapes]
    for world, files in sorted(recorded.found.items()):
        for path, found in sorted(files.items()):
            lines.append(f"@ {world}/{path}")
            by_rule = collections.defaultdict(list)
            for places in found:
                by_rule[places[0].rule].append("|".join(map(place_text, places)))
            lines += [f"{rule} {' '.join(places)}" for rule, places in sorted(by_rule.items())]
    RECORDED.write_text(HEAD + "\n".join(lines) + "\n")


def read_recorded():
    version = digest_then = files = path = None
    shapes, found = [], collections.defaultdict(lambda: collections.defaultdict(list))
    for line in RECORDED.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "#" or line == "#":
            continue
        if word == "@":
            world, _, path = rest.partition("/")
            files = found[world]
        elif files is not None:
            for places in rest.split(" "):
                files[path].append([finding_of(path, word, one) for one in places.split("|")])
        elif word == "gitleaks":
            version = rest
        elif word == "cases":
            digest_then = rest
        elif word == "shape":
            front, _, text = rest.partition(": ")
            number, ours = front.split(" ")
            shapes.append(Shape(int(number), ours, text))
    return Recorded(version, digest_then, shapes, found)
