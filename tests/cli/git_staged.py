"""Rows of staged changes: what blocks, and what only --whole-files shows.

Every repository begins with one commit that has the key `old` in old.txt, unless the row says
otherwise; `new` is staged by the row.
"""
import itertools
import os
import pathlib
import sys
from collections import namedtuple

from repo import Repo, make_keys, places, run_rows, scan, text_with

# `blocks`, `whole`: (key, path) of a plain run, and of one with --whole-files; None: exit code 2.
Row = namedtuple("Row", "name build blocks whole")
NAMES = ("old", "new")


def stage(repo, files, *flags):
    repo.write(files)
    repo.git("add", *(flags or ("-A",)))


def nothing(repo, text):
    pass


def first_commit(repo, text):
    repo.git("update-ref", "-d", "HEAD")  # unborn again; the index stays


def added(repo, text):
    stage(repo, {"src/new.txt": text["new"]})


def modified(repo, text):
    stage(repo, {"plain.txt": text["new"]})


def added_to_old(repo, text):
    stage(repo, {"old.txt": text["old"] + text["new"]})


def moved_in_its_file(repo, text):
    stage(repo, {"old.txt": "one\ntwo\nthree\n" + text["old"]})


def removed(repo, text):
    stage(repo, {"old.txt": None})


def not_staged(repo, text):
    repo.write({"plain.txt": text["new"], "untracked.txt": text["new"]})


def staged_then_cleaned(repo, text):
    added(repo, text)
    repo.write({"src/new.txt": "clean\n"})


def cleaned_in_the_index(repo, text):
    stage(repo, {"src/new.txt": "clean\n"})
    repo.write({"src/new.txt": text["new"]})


def renamed(repo, text):
    repo.git("mv", "old.txt", "moved.txt")


def renamed_with_more(repo, text):
    repo.git("mv", "plain.txt", "moved.txt")
    stage(repo, {"moved.txt": text["new"]})


def mode_change(repo, text):
    os.chmod(repo.folder / "old.txt", 0o755)
    repo.git("add", "old.txt")


def link(repo, text):
    (repo.folder / "plain.txt").unlink()
    os.symlink(text["new"].splitlines()[1], repo.folder / "plain.txt")
    repo.git("add", "-A")


def intent_to_add(repo, text):
    stage(repo, {"later.txt": text["new"]}, "-N", "later.txt")


def merging(repo, text):
    """MERGE_HEAD has the key; to take it over adds nothing, the resolution does."""
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("side", {"side.txt": text["old"]})
    repo.git("checkout", "-q", "main")
    repo.commit("own", {"own.txt": "own\n"})
    repo.git("merge", "-q", "--no-commit", "side")
    stage(repo, {"plain.txt": text["new"]})


def unmerged(repo, text):
    """The other side's version of the conflict is known; what is staged beside it is not."""
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("side", {"plain.txt": text["old"]})
    repo.git("checkout", "-q", "main")
    repo.commit("own", {"plain.txt": "own\n"})
    repo.git("merge", "-q", "side", check=False)
    stage(repo, {"beside.txt": text["new"]}, "beside.txt")
    assert repo.git("ls-files", "-u").count("\n") == 2, "no conflict"


def subfolder(repo, text):
    stage(repo, {"src/deep/new.txt": text["new"], "beside.txt": "clean\n"})
    return repo.folder / "src/deep"


def beside_subfolder(repo, text):
    stage(repo, {"src/deep/a.txt": "clean\n", "new.txt": text["new"]})
    return repo.folder / "src/deep"


def worktree(repo, text):
    other = repo.folder.parent / "tree"
    repo.git("worktree", "add", "-q", "-b", "work", str(other))
    stage(Repo(other, make=False), {"new.txt": text["new"]})
    return other


def other_worktree(repo, text):
    worktree(repo, text)


def submodule(repo, text):
    inner = Repo(repo.folder.parent / "inner")
    inner.commit("inner", {"a.txt": text["new"]})
    repo.git("submodule", "add", "-q", str(inner.folder), "lib")


def inside_submodule(repo, text):
    submodule(repo, text)
    stage(Repo(repo.folder / "lib", make=False), {"new.txt": text["new"]})
    return repo.folder / "lib"


def split_index(repo, text):
    repo.git("update-index", "--split-index")
    added(repo, text)


def version_4(repo, text):
    added(repo, text)
    repo.git("update-index", "--index-version", "4")


def sparse_index(repo, text):
    repo.commit("wide", {f"wide/{n}/a.txt": f"{n}\n" for n in range(20)})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "src")
    assert "040000" in repo.git("ls-files", "--sparse", "-s"), "not sparse"
    stage(repo, {"src/new.txt": text["new"]}, "src")


def odd_path(repo, text):
    stage(repo, {b"a \"q\"\n\xff.txt": text["new"]})


def key_in_a_name(repo, text):
    stage(repo, {f"{text['new'].splitlines()[1]}.txt": "nothing\n"})


def attributes(repo, text):
    stage(repo, {".gitattributes": "* -diff binary\n", "new.txt": text["new"]})


OLD, NEW = ("old", "old.txt"), ("new", "src/new.txt")
ROWS = [
    Row("nothing staged", nothing, set(), set()),
    Row("first commit", first_commit, {OLD}, {OLD}),
    Row("added", added, {NEW}, {NEW}),
    Row("modified", modified, {("new", "plain.txt")}, {("new", "plain.txt")}),
    Row("added beside an old key", added_to_old, {("new", "old.txt")}, {("new", "old.txt"), OLD}),
    Row("old key on another line", moved_in_its_file, set(), {OLD}),
    Row("removed", removed, set(), set()),
    Row("not staged", not_staged, set(), set()),
    Row("staged, then cleaned in the folder", staged_then_cleaned, {NEW}, {NEW}),
    Row("only in the folder", cleaned_in_the_index, set(), set()),
    Row("renamed", renamed, set(), {("old", "moved.txt")}),
    Row("renamed with more", renamed_with_more, {("new", "moved.txt")}, {("new", "moved.txt")}),
    Row("mode change", mode_change, set(), set()),
    Row("a link", link, {("new", "plain.txt")}, {("new", "plain.txt")}),
    Row("intent to add", intent_to_add, set(), set()),
    Row("merge in progress", merging, {("new", "plain.txt")}, {("new", "plain.txt")}),
    Row("unmerged", unmerged, {("new", "beside.txt")}, {("new", "beside.txt")}),
    Row("from a subfolder", subfolder, {("new", "src/deep/new.txt")},
        {("new", "src/deep/new.txt")}),
    Row("above the subfolder", beside_subfolder, {("new", "new.txt")}, {("new", "new.txt")}),
    Row("in a worktree", worktree, {("new", "new.txt")}, {("new", "new.txt")}),
    Row("in another worktree", other_worktree, set(), set()),
    Row("a submodule is no content", submodule, set(), set()),
    Row("inside a submodule", inside_submodule, {("new", "new.txt")}, {("new", "new.txt")}),
    Row("split index is refused", split_index, None, None),
    Row("index version 4", version_4, {NEW}, {NEW}),
    Row("sparse index", sparse_index, {NEW}, {NEW}),
    Row("odd path", odd_path, {("new", "a \"q\"\n\ufffd.txt")}, {("new", "a \"q\"\n\ufffd.txt")}),
    Row("key in a name", key_in_a_name, {("new", "code=KEY.txt")}, {("new", "code=KEY.txt")}),
    Row("attributes", attributes, {("new", "new.txt")}, {("new", "new.txt")}),
]


def check(row, keys, folder, only_build):
    repo = Repo(folder / "repo")
    text = {name: text_with(keys[name]) for name in NAMES}
    repo.commit("base", {"old.txt": text["old"], "plain.txt": "plain\n"})
    start = row.build(repo, text) or repo.folder
    if only_build:
        return
    for flags, wanted in (((), row.blocks), (("--whole-files",), row.whole)):
        result = scan(start, "--staged", *flags, home=folder)
        if wanted is None:  # said, never taken for clean
            assert result.code == 2 and "split" in result.err, f"{result.code} {result.err}"
            continue
        wanted = {(name, path.replace("KEY", keys[name].in_path)) for name, path in wanted}
        got = places(result, keys)
        assert got == wanted, f"{flags} {got}, not {wanted} {result.err}"
        assert len(result.findings) == len(wanted), "told twice"
        assert result.code == (1 if wanted else 0), f"exit code {result.code}: {result.err}"
        assert all(finding["git"]["staged"] for finding in result.findings), "not staged"


def main():
    only_build = "--build" in sys.argv
    names = [name for name in sys.argv[1:] if name != "--build"]
    keys, counter, top = make_keys(NAMES), itertools.count(), pathlib.Path.cwd()
    rows = [row for row in ROWS if not names or row.name in names]
    run_rows(rows, lambda row: check(row, keys, top / str(next(counter)), only_build))


main()
