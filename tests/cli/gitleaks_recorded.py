"""For gitleaks_recorded.sh: lays the cases out below the folder that is named, scans each as a user
does who has a .gitleaks.toml, and compares with what gitleaks found."""
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
SUPPORT = HERE.parent / "support"
sys.path.insert(0, str(SUPPORT))
from gitleaks_compare import compared, of_assay
from gitleaks_worlds import digest, finding_of, in_tree, lay_out, read_recorded, worlds

ASSAY = os.environ["ASSAY"]
WAYS = (), ("--no-prefilter",)
# Rows of docs/gitleaks.md that no case shows: the first is too large for one (regex_cut.sh has it),
# the others are about what a report says of a place, which gitleaks_compare.py allows for.
NO_CASE = {"matches of a rule", "a match that begins with line breaks", "columns"}
PAGE = (HERE.parent.parent / "docs" / "gitleaks.md").read_text()
wrong = []


def check(holds, sentence):
    if not holds:
        wrong.append(sentence)


def documented():
    """What stands in the first column of the table under "Not the same"."""
    table = PAGE.split("## Not the same\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return {row.strip() for row in rows} - {""}


def expected(world, recorded):
    """What assay is to find: what gitleaks found, but for the differences that are marked."""
    wanted = []
    for path, text in world.texts.items():
        here = list(recorded.found[world.name].get(path, []))
        for one in text.differences:
            rule, place = one.finding.split(" ")
            finding = finding_of(path, rule, place)
            if one.who == "assay":
                theirs = any(finding in many for many in here)
                check(not theirs, f"{world.name}/{path}: gitleaks too: {one.finding}")
                here.append([finding])
            else:
                theirs = next((many for many in here if finding in many), None)
                check(theirs, f"{world.name}/{path}: gitleaks neither: {one.finding}")
                here = [many for many in here if many is not theirs]
        wanted += here
    return wanted


def scan_all(recorded, folder):
    for world in worlds():
        lay_out(world, folder / world.name)
        wanted = expected(world, recorded)
        check(wanted, f"{world.name}: nothing is expected")
        # A repository's config is looked for in it.
        command, config = ("git", ".gitleaks.toml") if world.kind == "git" else ("scan", None)
        # The files of this one are large, and the second way is slow.
        for flags in WAYS[:1] if world.name == "windows" else WAYS:
            found = of_assay(ASSAY, config, folder / world.name, (command, "tree", *flags))
            for who, only in zip(("gitleaks", "assay"),
                                 compared(wanted, (in_tree(world, one) for one in found))):
                for one in only:
                    check(False, f"{world.name}/{one.file}: only {who}: {one.rule} "
                          f"{one.line}:{one.column}+{one.size} {' '.join(flags)}")


def check_differences():
    rows = documented()
    reasons = {one.reason for world in worlds() for text in world.texts.values()
               for one in text.differences}
    check(NO_CASE <= rows, f"docs/gitleaks.md has no row: {NO_CASE - rows}")
    check(reasons <= rows, f"docs/gitleaks.md has no row: {reasons - rows}")
    check(rows - NO_CASE <= reasons, f"no case has the reason: {rows - NO_CASE - reasons}")


def check_shapes(recorded):
    """The rule that stands for a shape has findings, and texts near one that are none."""
    world = next(one for one in worlds() if one.name == "rules")
    for shape in recorded.shapes:
        found = misses = 0
        for path, text in world.texts.items():
            places = recorded.found[world.name].get(path, [])
            lines = {one.line for many in places for one in many if one.rule == shape.ours}
            found += len(lines)
            if path.startswith(shape.ours + "/"):
                misses += not lines
                for begin, end in text.misses:
                    first = text.data.count(b"\n", 0, begin) + 1
                    last = first + text.data.count(b"\n", begin, end)
                    misses += lines.isdisjoint(range(first, last))
        check(found, f"gitleaks finds nothing by {shape.ours}")
        check(misses, f"{shape.ours} has no near miss")


def check_figures(recorded):
    """Those of docs/gitleaks.md."""
    rules = sum(one.rules for one in recorded.shapes)
    findings = sum(len(found) for files in recorded.found.values() for found in files.values())
    for figure in (f"{rules} rules of the public config have {len(recorded.shapes)} shapes",
                   f"{findings} findings"):
        check(figure in PAGE, f"docs/gitleaks.md does not say: {figure}")


def check_public_config(recorded, public, folder):
    """Its rules have the known shapes, each finds something, and the same without the prefilter."""
    from gitleaks_shapes import shapes

    known = {one.text for one in recorded.shapes}
    found = shapes(pathlib.Path(public).read_text())
    for text, ids in found.items():
        check(text in known, f"no case has the shape of {', '.join(ids)}: {text}")
    make = [sys.executable, "-W", "ignore", SUPPORT / "gitleaks_cases.py", public, folder]
    subprocess.run(make, stdout=subprocess.DEVNULL, check=True)
    ways = [sorted(of_assay(ASSAY, public, folder, ("scan", ".", *flags))) for flags in WAYS]
    check(ways[0] == ways[1], "the public config finds something else without the prefilter")
    silent = {id for ids in found.values() for id in ids} - {one.rule for one in ways[0]}
    check(not silent, f"rules of the public config that find nothing: {silent}")


def main():
    recorded = read_recorded()
    if recorded.digest != digest():
        sys.exit("These are not the cases that gitleaks was asked about: run gitleaks_record.py.")
    folder = pathlib.Path(sys.argv[1])
    scan_all(recorded, folder)
    check_differences()
    check_shapes(recorded)
    check_figures(recorded)
    public = os.environ.get("ASSAY_GITLEAKS_CONFIG")
    if public:
        check_public_config(recorded, os.path.abspath(public), folder / "public")
    print("\n".join(wrong[:50]), file=sys.stderr, end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


main()
