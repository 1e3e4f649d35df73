"""The hiding places: one row and one small repository each; the key must be found in all of them.

A builder (git_places.py) makes the repository around one key. Its commits have names, and a row
speaks of them by name.
What the row expects is all that may be found. Then the whole is asked again: with one thread, and
for the file that shows that something of the repository ran.
"""
import itertools
import pathlib
import sys
from collections import namedtuple

import git_places as places
from repo import Repo, make_keys, run_rows, scan, shown, without_values

# `path`, `line`, `object`, `introduced` and `head` are location.path, location.line, git.object,
# git.introduced_by and git.present_at_head; `introduced` is a commit's name, or None where the
# report must have none. `more`: commit, removed (names), occurrences, staged, code, also (further
# findings as (path, line, introduced, head)), branches, tags, holder (folder with the object).
Row = namedtuple("Row", "name build path line object introduced head more", defaults=({},))


ROWS = [
    Row("a file at HEAD", places.at_head, "src/deep/a.txt", 2, "blob", "leak", True,
        {"branches": ["main"]}),
    Row("deleted later", places.deleted, "gone.txt", 4, "blob", "leak", False,
        {"removed": "cleanup", "commit": "leak"}),
    Row("edited out", places.edited_out, "a.txt", 2, "blob", "leak", False,
        {"removed": "cleanup", "commit": "leak"}),
    Row("many versions", places.many_versions, "a.txt", 5, "blob", "leak", True,
        {"occurrences": 3, "commit": "third", "tags": ["v1"]}),
    Row("only in a merge", places.in_a_merge, "m.txt", 2, "blob", "merge", True),
    Row("octopus", places.octopus, "m.txt", 2, "blob", "three", True),
    Row("only in an octopus", places.evil_octopus, "m.txt", 2, "blob", "merge", True),
    Row("renamed", places.renamed, "new.txt", 2, "blob", "move", True,
        {"also": [("old.txt", 2, "leak", False)]}),
    Row("stash", places.stash, "a.txt", 2, "blob", "stash", False),
    Row("stash of untracked files", places.stash_untracked, "new.txt", 2, "blob", "untracked",
        False),
    Row("amended", places.amended, "a.txt", 2, "blob", "leak", False, {"branches": []}),
    Row("dangling commit", places.dangling_commit, "a.txt", 2, "blob", "leak", False,
        {"branches": []}),
    Row("dangling blob", places.dangling_blob, ".git/objects", 2, "blob", None, False),
    Row("staged", places.staged, "new.txt", 2, "blob", None, False, {"staged": True}),
    Row("marked -diff", places.no_diff, "a.txt", 2, "blob", "leak", True),
    Row("filters and drivers", places.drivers, "a.txt", 2, "blob", "leak", True),
    Row("binary", places.binary, "a.bin", 2, "blob", "leak", True),
    Row("at the end of a large file", places.large, "large.log", 400_001, "blob", "leak", True),
    Row("target of a link", places.symlink, "link", 1, "blob", "leak", True),
    Row("executable", places.executable, "run.sh", 2, "blob", "leak", True),
    Row("odd path", places.odd_path, shown(places.ODD_PATH), 2, "blob", "leak", True),
    Row("commit message", places.message, ".git/commits", 8, "commit", "leak", True,
        {"commit": "leak"}),
    Row("author's name", places.author, ".git/commits", 2, "commit", "leak", True),
    Row("author's e-mail", places.author_email, ".git/commits", 2, "commit", "leak", True),
    Row("committer's e-mail", places.committer, ".git/commits", 3, "commit", "leak", True),
    Row("tag message", places.tag_message, ".git/tags", 8, "tag", None, None, {"tags": ["v1"]}),
    Row("tag of a blob", places.tag_of_blob, ".git/objects", 2, "blob", None, False),
    Row("note", places.note, "BASE", 2, "blob", "note", False),
    Row("name of a file", places.file_name, "exports/code=KEY.txt", 1, "tree", "leak", True),
    Row("name of a folder", places.folder_name, "exports/KEY", 1, "tree", "leak", True),
    Row("delta", places.delta, "a.txt", 1, "blob", "leak", False, {"removed": "change 1"}),
    Row("delta by id", places.ref_delta, "a.txt", 1, "blob", "leak", False),
    Row("50 deltas deep", places.deep_delta, "a.txt", 1, "blob", "leak", False),
    Row("several packs", places.several_packs, "a.txt", 2, "blob", "leak", True),
    Row("in two packs", places.same_in_two_packs, "src/deep/a.txt", 2, "blob", "leak", True),
    Row("kept pack", places.kept, "src/deep/a.txt", 2, "blob", "leak", True),
    Row("alternates", places.alternates, "src/deep/a.txt", 2, "blob", "leak", True),
    Row("alternates of alternates", places.alternates_of_alternates, "src/deep/a.txt", 2, "blob",
        "leak", True),
    Row("multi-pack index", places.multi_pack_index, "a.txt", 2, "blob", "leak", True),
    Row("promisor pack", places.promisor, "src/deep/a.txt", 2, "blob", "leak", True),
    Row("bare", places.bare, "gone.txt", 4, "blob", "leak", False, {"removed": "cleanup"}),
    Row("staged in a worktree", places.worktree, "new.txt", 2, "blob", None, False,
        {"staged": True}),
    Row("HEAD of another worktree", places.worktree_head, "a.txt", 2, "blob", "leak", False),
    Row("submodule", places.submodule, "lib/inner/a.txt", 2, "blob", "leak", True,
        {"holder": "lib/inner"}),
    Row("inside a submodule", places.inside_submodule, "a.txt", 2, "blob", "leak", True),
    Row("shallow clone", places.shallow, "src/deep/a.txt", 2, "blob", None, True, {"code": 2}),
]


def expected(row, repo, key):
    """Of each finding what the row tells: (path, line, object, introduced_by, present_at_head)."""
    path = row.path.replace("KEY", key.in_path).replace("BASE", repo.ids.get("base", ""))
    introduced = repo.ids[row.introduced] if row.introduced else ""
    yield path, row.line, row.object, introduced, row.head
    for path, line, name, head in row.more.get("also", []):
        yield path, line, row.object, repo.ids[name], head


def told(finding, row):
    git, place = finding["git"], finding["location"]
    head = None if row.head is None else git.get("present_at_head", False)
    introduced = git.get("introduced_by", "") if row.object != "tag" else ""
    return place["path"], place["line"], git["object"], introduced, head


def check_more(row, repo, holder, git):
    for field, name in (("removed_by", "removed"), ("commit", "commit")):
        if name in row.more:
            assert git.get(field, "") == repo.ids[row.more[name]], f"{field} is {git.get(field)}"
    for field in ("occurrences", "staged", "branches", "tags"):
        if field in row.more:
            got = git.get(field, [] if field in ("branches", "tags") else None)
            assert got == row.more[field], f"{field} is {got}"
    if row.object == "blob":
        lines = holder.git("cat-file", "blob", git["blob"]).split("\n")
        assert "AzFu" in lines[row.line - 1], "git.blob does not hold it on that line"
    if git.get("introduced_by"):
        assert git["time"].startswith("2025-11-02T08:") and git["subject"], "no time or subject"
        assert git["committer"] and "example.org" in git["author"] + git["committer"], "nobody"


def check(row, key, folder, only_build):
    repo = Repo(folder / "repo")
    start = row.build(repo, key) or repo.folder
    if only_build:
        return
    result = scan(start, home=folder)
    told_now = [told(finding, row) for finding in result.findings]
    wanted = list(expected(row, repo, key))
    assert sorted(map(str, told_now)) == sorted(map(str, wanted)), f"{told_now}, not {wanted}"
    assert result.code == row.more.get("code", 1), f"exit code {result.code}: {result.err}"
    assert (result.code == 2) == bool(result.diagnostics), result.diagnostics
    for finding in result.findings:
        assert finding["fingerprint"] == key.fingerprint, "another key"
        assert without_values(str(finding), {row.name: key}), "a report with a value"
    main = next(finding for finding in result.findings if told(finding, row) == wanted[0])
    check_more(row, repo, Repo(start / row.more.get("holder", "."), make=False), main["git"])
    one, flag = scan(start, "-j", "1", home=folder), "--accept-missing"
    assert one.findings == result.findings, "one thread finds something else"
    accepted = scan(start, flag, home=folder)
    assert accepted.code == 1, f"{flag}: exit code {accepted.code}"
    assert not (folder / "ran").exists(), "something of the repository ran"


def main():
    only = sys.argv[1:]
    only_build = "--build" in only
    names = [name for name in only if name != "--build"]
    keys = make_keys(row.name for row in ROWS)
    top, counter = pathlib.Path.cwd() / "places", itertools.count()
    rows = [row for row in ROWS if not names or row.name in names]
    assert rows, "no such row"
    run_rows(rows, lambda row: check(row, keys[row.name], top / str(next(counter)), only_build))


main()
