"""Rows of repositories with unusual objects: what is found, the exit code, what is told."""
import itertools
import pathlib
import shutil
from collections import namedtuple

from repo import Repo, make_keys, run_rows, scan, text_with

KEYS = make_keys(["key"])
KEY = KEYS["key"]
SECRET = text_with(KEY)

# `paths`: of the findings.
Row = namedtuple("Row", "name build flags paths code says", defaults=(None,))


def plain(repo):
    repo.commit("plain", {"a.txt": "nothing\n"})


def loose(repo, kind, text):
    return repo.git("hash-object", "--literally", "-t", kind, "-w", "--stdin", stdin=text)


def other_pack_name(repo):
    repo.commit("key", {"a.txt": SECRET})
    repo.pack()
    for path in (repo.objects / "pack").iterdir():
        path.rename(path.with_name("foo" + path.suffix))


def lost_branch(repo):
    plain(repo)
    (repo.git_folder / "refs/heads/gone").write_text("12345678" * 5 + "\n")


def broken_ref(repo):
    plain(repo)
    (repo.git_folder / "refs/heads/broken").write_text("junk\n")


def no_commit(repo):
    plain(repo)
    loose(repo, "commit", b"garbage " + SECRET.encode())


def no_tree(repo):
    plain(repo)
    loose(repo, "tree", b"garbage " + SECRET.encode())


def large_message(repo):
    plain(repo)
    (repo.folder.parent / "message").write_text("line\n" * 11_000_000 + SECRET)
    repo.git("commit", "-q", "--allow-empty", "-F", str(repo.folder.parent / "message"))
    repo.pack()


def blob_tag(repo):
    plain(repo)
    repo.git("tag", "b", repo.blob(SECRET))


def tree(repo):
    repo.write({"d/s.txt": SECRET})
    repo.git("add", "d")
    written = repo.git("write-tree")
    repo.git("rm", "-rqf", "d")
    return written


def tree_tag(repo):
    plain(repo)
    repo.git("tag", "t", tree(repo))


def nested_tag(repo):
    plain(repo)
    repo.git("tag", "-a", "inner", "-m", SECRET)
    repo.git("tag", "-a", "outer", "-m", "x", "inner")
    repo.git("tag", "-d", "inner")


def two_paths(repo):
    plain(repo)
    repo.write({"p1": SECRET, "p2": SECRET})
    repo.git("add", "p1", "p2")


def embedded(repo):
    plain(repo)
    inner = Repo(repo.folder / "mod")
    inner.commit("key", {"a.txt": SECRET})
    repo.git("add", "mod")
    repo.commit("module")


def module_of_worktree(repo):
    sub = Repo(repo.folder.parent / "sub")
    sub.commit("key", {"a.txt": SECRET})
    plain(repo)
    tree_folder = repo.folder.parent / "wt"
    repo.git("worktree", "add", "-q", "-b", "other", str(tree_folder))
    repo.git("-C", str(tree_folder), "-c", "protocol.file.allow=always", "submodule", "add", "-q",
             str(sub.folder), "mod")


def damaged_copy(repo):
    plain(repo)
    repo.commit("key", {"a.txt": SECRET})
    blob = repo.named("a.txt")
    keep = repo.folder.parent / "keep"
    shutil.copytree(repo.objects, keep)
    repo.pack()
    shutil.copytree(keep, repo.objects, dirs_exist_ok=True)
    pack = next((repo.objects / "pack").glob("*.pack"))
    listing = repo.git("verify-pack", "-v", str(pack))
    offset = next(int(line.split()[4]) for line in listing.splitlines() if line.startswith(blob))
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    for i in range(offset + 4, offset + 8):
        data[i] ^= 0x5A
    pack.write_bytes(data)


ROWS = [
    Row("a pack of another name", other_pack_name, (), {"a.txt"}, 1),
    Row("a branch whose commit is lost", lost_branch, (), set(), 2, "1234567812345678"),
    Row("a broken ref", broken_ref, (), set(), 2, "refs/heads/broken"),
    Row("a commit that is none", no_commit, (), {".git/commits"}, 2, "not what"),
    Row("a tree that is none", no_tree, (), {".git/objects"}, 2, "not what"),
    Row("a commit with a large message", large_message, (), {".git/commits"}, 1),
    Row("a tag of a blob", blob_tag, ("--reachable",), {".git/objects"}, 1),
    Row("a tag of a tree", tree_tag, ("--reachable",), {".git/objects"}, 1),
    Row("a tag of a tag", nested_tag, ("--reachable",), {".git/tags"}, 1),
    Row("a blob that refs do not reach", lambda repo: (plain(repo), repo.blob(SECRET)),
        ("--reachable",), set(), 0),
    Row("a blob staged at two paths", two_paths, (), {"p1", "p2"}, 1),
    Row("a repository in a folder", embedded, (), {"mod/a.txt"}, 1),
    Row("a submodule of a worktree", module_of_worktree, (), {"mod/a.txt"}, 1),
    Row("a damaged copy beside a whole one", damaged_copy, (), {"a.txt"}, 2, "offset"),
]


def check(row, folder):
    repo = Repo(folder / "repo")
    row.build(repo)
    result = scan(repo.folder, *row.flags, home=folder)
    paths = {finding["location"]["path"] for finding in result.findings}
    assert paths == row.paths, f"{paths} {result.diagnostics}"
    assert result.code == row.code, f"exit code {result.code}: {result.diagnostics} {result.err}"
    messages = [diagnostic["message"] for diagnostic in result.diagnostics]
    assert row.says is None or any(row.says in message for message in messages), messages


counter = itertools.count()
run_rows(ROWS, lambda row: check(row, pathlib.Path.cwd() / str(next(counter))))
