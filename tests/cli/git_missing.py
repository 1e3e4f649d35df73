"""Rows of repositories with something missing: what is found, what is told, both codes."""
import itertools
import pathlib
from collections import namedtuple

from repo import Repo, make_keys, places, run_rows, says_number, scan, text_with

# `count`: a diagnostic must say this number. `accepted`: the exit code with --accept-missing; a
# damaged store of objects stays 2.
Row = namedtuple("Row", "name build found count says accepted")


def history(repo, keys):
    """Nine commits; six versions of a.txt, of which the last has a key; another key in b.txt that
    the fourth commit removed."""
    repo.commit("b", {"b.txt": text_with(keys["old"])})
    for number in range(5):
        repo.commit(f"a{number}", {"a.txt": f"version {number}\n"})
        if number == 2:
            repo.commit("no b", {"b.txt": None})
    repo.commit("empty")
    repo.commit("last", {"a.txt": text_with(keys["new"])})


def whole(repo, keys):
    history(repo, keys)


def one_deep(repo, keys):
    history(repo, keys)
    return repo.clone(repo.folder.parent / "clone", "--depth=1", url=True).folder


def seven_deep(repo, keys):
    history(repo, keys)
    return repo.clone(repo.folder.parent / "clone", "--depth=7", url=True).folder


def partial(repo, keys, *flags):
    history(repo, keys)
    clone = repo.clone(repo.folder.parent / "clone", *flags, url=True)
    listed = clone.git("rev-list", "--objects", "--missing=print", "HEAD")
    assert "\n?" in listed, "nothing is missing"
    return clone.folder


def no_blobs(repo, keys):
    """HEAD's blob came with the checkout."""
    return partial(repo, keys, "--filter=blob:none")


def no_blobs_at_all(repo, keys):
    return partial(repo, keys, "--filter=blob:none", "--bare")


def no_trees(repo, keys):
    return partial(repo, keys, "--filter=tree:0", "--bare")


def lost(revision):
    def build(repo, keys):
        history(repo, keys)
        oid = repo.git("rev-parse", revision)
        (repo.objects / oid[:2] / oid[2:]).unlink()
    return build


def lost_pack(repo, keys):
    history(repo, keys)
    repo.pack()[0].unlink()


def no_index(repo, keys):
    history(repo, keys)
    repo.pack()[0].with_suffix(".idx").unlink()


def large_files(repo, keys):
    history(repo, keys)
    for name, digit in (("one.bin", "1"), ("two.bin", "2")):
        repo.commit(name, {name: "version https://git-lfs.github.com/spec/v1\n"
                                 f"oid sha256:{digit * 64}\nsize 123456\n"})


BOTH, NEW, OLD = {("new", "a.txt"), ("old", "b.txt")}, {("new", "a.txt")}, {("old", "b.txt")}
ROWS = [
    Row("nothing is missing", whole, BOTH, None, None, 1),
    Row("one commit deep", one_deep, NEW, 1, "shallow", 1),
    Row("seven commits deep", seven_deep, BOTH, 1, "shallow", 1),
    Row("no blobs but HEAD's", no_blobs, NEW, 6, "partial", 1),
    Row("no blobs", no_blobs_at_all, set(), 7, "partial", 0),
    Row("no trees", no_trees, set(), 8, "partial", 0),
    Row("a lost blob", lost("HEAD~2:a.txt"), BOTH, 1, "not in the repository", 2),
    Row("a lost blob with a key", lost("HEAD:a.txt"), OLD, 1, "not in the repository", 2),
    Row("a lost tree", lost("HEAD~1^{tree}"), BOTH, 1, "not in the repository", 2),
    Row("a lost commit", lost("HEAD~3"), BOTH, 1, "not in the repository", 2),
    Row("a lost pack", lost_pack, set(), None, "pack", 2),
    Row("a pack without index", no_index, set(), None, "pack-", 2),
    Row("large files kept elsewhere", large_files, BOTH, 2, "LFS", 1),
]


def check(row, keys, folder):
    repo = Repo(folder / "repo")
    start = row.build(repo, keys) or repo.folder
    messages = []
    for flags, code in (((), 2), (("--accept-missing",), row.accepted)):
        result = scan(start, *flags, home=folder)
        messages = [diagnostic["message"] for diagnostic in result.diagnostics]
        if row.says is None:
            code = row.accepted
            assert not messages, messages
        else:
            assert any(row.says in message for message in messages), messages
        assert row.count is None or says_number(result.diagnostics, row.count), messages
        got = places(result, keys)
        assert got == row.found, got
        assert result.code == code, f"exit code {result.code}, not {code} {flags} {result.err}"
        assert result.summary["complete"] == (code != 2), result.summary


KEYS = make_keys(["old", "new"])
counter = itertools.count()
run_rows(ROWS, lambda row: check(row, KEYS, pathlib.Path.cwd() / str(next(counter))))
