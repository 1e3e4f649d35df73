"""Rows of ranges over one history: which keys are told."""
import pathlib
import sys
from collections import namedtuple

from repo import Repo, make_keys, places, run_rows, scan, text_with

# `flags` speak of commits as {name}. `found`: (key, path).
Row = namedtuple("Row", "name flags found")
NAMES = ("first", "brief", "side", "merged", "message", "old message", "moved", "again", "name")


def history(folder, keys):
    """first ─ tell ─ base ─ brief ─ unbrief ──── own ─ merge ─ touch ─ talk ─ copy ─ back ─ last
                        └─ side ─ side2 ────────────────┘"""
    repo = Repo(folder)
    text = {name: text_with(keys[name]) for name in NAMES}
    repo.commit("first", {"old.txt": text["first"], "m.txt": "", "back.txt": text["again"]})
    repo.commit("tell", message=f"Old\n\n{keys['old message'].text}\n")
    repo.commit("base", {"back.txt": ""})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("side", {"side/s.txt": text["side"]})
    repo.commit("side2", {"side/t.txt": "more\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("brief", {"brief.txt": text["brief"]})
    repo.commit("unbrief", {"brief.txt": None})
    repo.commit("own", {"own.txt": "own\n"})
    repo.merge("merge", "side", files={"m.txt": text["merged"]})
    repo.commit("touch", {"old.txt": "a new first line\n" + text["first"]})
    repo.commit("talk", message=f"New\n\n{keys['message'].text}\n")
    repo.commit("copy", {"copy.txt": text["moved"]})
    repo.commit("back", {"back.txt": text["again"]})
    repo.commit("last", {f"{keys['name'].text}.txt": "nothing\n"})
    return repo


def rows(keys):
    brief, side, merged = ("brief", "brief.txt"), ("side", "side/s.txt"), ("merged", "m.txt")
    talk, copy, back = ("message", ".git/commits"), ("moved", "copy.txt"), ("again", "back.txt")
    name, tell = ("name", f"{keys['name'].in_path}.txt"), ("old message", ".git/commits")
    late = {talk, copy, back, name}
    whole = {brief, side, merged} | late
    return [
        Row("all since base", ["--range", "{base}..HEAD"], whole),
        Row("HEAD may be left out", ["--range", "{base}.."], whole),
        Row("since", ["--since", "{base}"], whole),
        Row("since a branch's commit", ["--since", "side"], {brief, merged} | late),
        Row("added and removed", ["--range", "{base}..{own}"], {brief}),
        Row("removed only", ["--range", "{brief}..{unbrief}"], set()),
        Row("the other side of a merge", ["--range", "{own}..{merge}"], {side, merged}),
        Row("one side of a merge", ["--range", "{side2}..{merge}"], {brief, merged}),
        Row("only the merge itself", ["--range", "{merge}^..{merge}"], {side, merged}),
        Row("a branch by name", ["--range", "{base}..side"], {side}),
        Row("a key that was there before", ["--range", "{merge}..{touch}"], set()),
        Row("a message", ["--range", "{touch}..{talk}"], {talk}),
        Row("an older message", ["--range", "{first}..{base}"], {tell}),
        Row("a key that comes back", ["--range", "{copy}..{back}"], {back}),
        Row("a name", ["--range", "HEAD^..HEAD"], {name}),
        Row("the beginning", ["--since", "{first}"], whole | {tell}),
        Row("nothing in it", ["--range", "HEAD..HEAD"], set()),
        Row("backwards", ["--range", "HEAD..{base}"], set()),
    ]


def check(row, repo, keys):
    flags = [flag.format(**repo.ids) for flag in row.flags]
    for threads in "1", "3":
        result = scan(repo.folder, *flags, "-j", threads, home=repo.folder.parent)
        got = places(result, keys)
        assert got == row.found, f"missed {row.found - got}, too many {got - row.found}"
        assert result.code == (1 if row.found else 0), f"exit code {result.code}: {result.err}"
        assert len(result.findings) == len(row.found), "told twice"
    for finding in result.findings:
        if finding["git"]["object"] in ("blob", "tree"):
            expected = {"side": "side", "merged": "merge", "brief": "brief", "moved": "copy",
                        "again": "back", "name": "last"}
            name = next(n for n in NAMES if keys[n].fingerprint == finding["fingerprint"])
            if row.name != "only the merge itself":
                got = finding["git"]["introduced_by"]
                assert got == repo.ids[expected[name]], f"{name} came with {got}"


def refused(row, folder, home):
    """Exit code 2, one sentence, nothing that looks clean."""
    result = scan(folder, *row.flags, home=home)
    assert result.code == 2, f"exit code {result.code}"
    assert row.found in result.err + str(result.diagnostics), f"{result.err} {result.diagnostics}"
    if not result.summary:
        assert result.err.startswith("assay: ") and result.err.count("\n") == 1, result.err
    else:
        assert not result.summary["complete"], "complete"


def main():
    keys, top = make_keys(NAMES), pathlib.Path.cwd()
    repo = history(top / "repo", keys)
    if "--build" in sys.argv:
        return
    run_rows(rows(keys), lambda row: check(row, repo, keys))
    run_rows([Row("no such revision", ["--range", "nowhere..HEAD"], "nowhere"),
              Row("no such end", ["--range", "HEAD..nowhere"], "nowhere"),
              Row("no such since", ["--since", "nowhere"], "nowhere"),
              Row("no range", ["--range", "main"], "main"),
              Row("an option in disguise", ["--range=--all"], "--all"),
              Row("a blob", ["--since", "HEAD:own.txt"], "HEAD:own.txt")],
             lambda row: refused(row, repo.folder, top))

    # The boundary lies inside: seven commits came, the range asks for more.
    cut = repo.clone(top / "cut", "--depth=3", url=True)
    run_rows([Row("a start that was cut off", ["--since", repo.ids["base"]],
                  repo.ids["base"][:7]),
              Row("shallow inside", ["--range", f"{cut.git('rev-list', '--max-parents=0', 'HEAD')}"
                                                "..HEAD~5"], "HEAD~5")],
             lambda row: refused(row, cut.folder, top))
    # `side` reaches back to the root, the boundary is not an ancestor of all of it.
    deep = Repo(top / "deep")
    deep.commit("root", {"a.txt": "a\n"})
    deep.git("checkout", "-q", "-b", "side")
    for number in range(6):
        deep.commit(f"s{number}", {"s.txt": f"{number}\n"})
    deep.git("checkout", "-q", "main")
    deep.commit("m", {"m.txt": "m\n"})
    deep.merge("merge", "side")
    cut = deep.clone(top / "deep cut", "--depth=3", url=True)
    run_rows([Row("a merge whose side was cut off", ["--range", "HEAD^1..HEAD"], "shallow")],
             lambda row: refused(row, cut.folder, top))
    lost = deep.git("rev-parse", "side~1:s.txt")
    (deep.objects / lost[:2] / lost[2:]).unlink()
    run_rows([Row("a lost blob in the range", ["--range", "main^..main"], "missing")],
             lambda row: refused(row, deep.folder, top))


main()
