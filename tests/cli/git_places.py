"""Repositories that hide a key, one builder each: build(repo, key) makes it, with named commits.

A builder returns the folder where the scan starts, if that is not the repository's own. Where git
has to store a thing in one way, the builder proves that it did.
"""
import hashlib
import os

from repo import Repo, text_with


# ---------------------------------------------------------------- plain history

def at_head(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.commit("leak", {"src/deep/a.txt": text_with(key)})


def deleted(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.commit("leak", {"gone.txt": text_with(key, 4)})
    repo.commit("cleanup", {"gone.txt": None})


def edited_out(repo, key):
    repo.commit("leak", {"a.txt": text_with(key)})
    repo.commit("cleanup", {"a.txt": "line 1\ncode=\nlast\n"})
    repo.commit("later", {"b.txt": "more\n"})


def many_versions(repo, key):
    repo.commit("leak", {"a.txt": text_with(key, 2)})
    repo.commit("second", {"a.txt": text_with(key, 3)})
    repo.commit("third", {"a.txt": text_with(key, 5)})
    repo.git("tag", "v1")


def in_a_merge(repo, key, *, sides=("side",), evil=True):
    repo.commit("base", {"README": "nothing\n"})
    for number, side in enumerate(sides):
        repo.git("checkout", "-q", "-b", side, repo.ids["base"])
        last = number == len(sides) - 1
        hidden = {"m.txt": text_with(key)} if last and not evil else {}
        repo.commit(side, {f"{side}.txt": f"{side}\n"} | hidden)
    repo.git("checkout", "-q", "main")
    repo.commit("own", {"main.txt": "main\n"})
    repo.merge("merge", *sides, files={"m.txt": text_with(key)} if evil else {})


def octopus(repo, key):
    in_a_merge(repo, key, sides=("one", "two", "three"), evil=False)


def evil_octopus(repo, key):
    in_a_merge(repo, key, sides=("one", "two", "three"))


def renamed(repo, key):
    repo.commit("leak", {"old.txt": text_with(key)})
    repo.git("mv", "old.txt", "new.txt")
    repo.commit("move")


# ---------------------------------------------------------------- what no branch has

def stash(repo, key):
    repo.commit("base", {"a.txt": "line 1\n"})
    repo.write({"a.txt": text_with(key)})
    repo.git("stash", "push", "-q")
    repo.named("stash", "stash")


def stash_untracked(repo, key):
    repo.commit("base", {"a.txt": "line 1\n"})
    repo.write({"new.txt": text_with(key)})
    repo.git("stash", "push", "-q", "-u")
    repo.named("untracked", "stash^3")


def amended(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.commit("leak", {"a.txt": text_with(key)})
    repo.commit("again", {"a.txt": "line 1\ncode=\n"}, "--amend")


def dangling_commit(repo, key):
    amended(repo, key)
    repo.forget()
    repo.pack("-a", "-d", "-k")  # unreachable ones too


def dangling_blob(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.blob(text_with(key))


def staged(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.write({"new.txt": text_with(key)})
    repo.git("add", "new.txt")


# ---------------------------------------------------------------- what keeps git from showing it

def no_diff(repo, key):
    repo.commit("leak", {".gitattributes": "*.txt -diff\n", "a.txt": text_with(key)})


def drivers(repo, key):
    """Commands of the repository; that each would run is proved with git first."""
    ran = repo.folder.parent / "ran"
    touch = f"touch {ran};cat"
    repo.commit("leak", {".gitattributes": "*.txt filter=evil diff=evil merge=evil\n",
                         "a.txt": text_with(key)})
    for name, value in (("filter.evil.clean", touch), ("filter.evil.smudge", touch),
                        ("filter.evil.required", "true"), ("diff.evil.textconv", touch),
                        ("core.fsmonitor", f"touch {ran};true"), ("core.pager", touch),
                        ("core.hooksPath", str(repo.folder / ".git/evil")),
                        ("core.sshCommand", touch), ("credential.helper", f"!{touch}")):
        repo.git("config", name, value)
    for hook in ("post-index-change", "reference-transaction", "pre-commit"):
        repo.write({f".git/evil/{hook}": f"#!/bin/sh\n{touch}\n"})
        os.chmod(repo.folder / ".git/evil" / hook, 0o755)
    for command in (["status"], ["log", "-p", "--textconv"], ["add", "--renormalize", "."]):
        repo.git(*command)
        assert ran.exists(), f"the trap is not set: git {command[0]} runs nothing"
        ran.unlink()


# ---------------------------------------------------------------- kinds of content

def binary(repo, key):
    repo.commit("leak", {"a.bin": b"\0\1\xff\n\0" + key.text.encode() + b"\0\xfe" * 50})


def large(repo, key):
    repo.commit("leak", {"large.log": "a line of a large file\n" * 400_000 + f"code={key.text}\n"})
    assert (repo.folder / "large.log").stat().st_size > 8 << 20


def symlink(repo, key):
    os.symlink(f"/nowhere?code={key.text}", repo.folder / "link")
    repo.commit("leak")


def executable(repo, key):
    repo.write({"run.sh": text_with(key)})
    os.chmod(repo.folder / "run.sh", 0o755)
    repo.commit("leak")
    assert "100755" in repo.git("ls-tree", "HEAD")


ODD_PATH = b"a folder/it's \"q\"\nnext\t\xff\xfe \xc3\xa9.txt"


def odd_path(repo, key):
    repo.commit("leak", {ODD_PATH: text_with(key)})


# ---------------------------------------------------------------- not in files

def message(repo, key):
    repo.commit("base")
    repo.commit("leak", message=f"Fix the call\n\nIt was code={key.text} all the time.\n")
    repo.commit("later")


def author(repo, key):
    repo.commit("leak", env={"GIT_AUTHOR_NAME": f"Dana {key.text}"})


def author_email(repo, key):
    repo.commit("leak", env={"GIT_AUTHOR_EMAIL": f"{key.text}@example.org"})


def committer(repo, key):
    repo.commit("leak", env={"GIT_COMMITTER_EMAIL": key.text})


def tag_message(repo, key):
    repo.commit("base")
    repo.git("tag", "-a", "-F", "-", "v1", stdin=f"First\n\ncode={key.text}\n")


def tag_of_blob(repo, key):
    repo.commit("base")
    repo.git("tag", "-a", "-m", "a blob", "kept", repo.blob(text_with(key)))


def note(repo, key):
    repo.commit("base")
    repo.git("notes", "add", "-F", "-", "HEAD", stdin=text_with(key))
    repo.named("note", "refs/notes/commits")


def file_name(repo, key):
    repo.commit("leak", {f"exports/code={key.text}.txt": "nothing\n"})


def folder_name(repo, key):
    repo.commit("leak", {f"exports/{key.text}/deep/a.txt": "nothing\n"})


# ---------------------------------------------------------------- how it is stored

def versions(repo, key, count):
    """A text whose lines change one by one, so that each version is the smallest change of the
    next. Only the first has the key. It is the smallest too, so git makes it the last delta."""
    lines = [hashlib.sha512(b"%d" % number).hexdigest() + "\n" for number in range(1000)]
    repo.commit("leak", {"a.txt": f"code={key.text}\n" + "".join(lines)})
    for number in range(1, count):
        lines[number] = hashlib.sha512(b"new %d" % number).hexdigest() + "-" * 60 + "\n"
        repo.commit(f"change {number}", {"a.txt": "code=\n" + "".join(lines)})


def depth_of(repo, revision):
    """0: stored whole."""
    oid = repo.git("rev-parse", revision)
    pack, = repo.packs()
    for line in repo.git("verify-pack", "-v", str(pack)).splitlines():
        fields = line.split()
        if fields[0] == oid:
            return int(fields[5]) if len(fields) > 5 else 0
    raise AssertionError(f"{revision} is not in the pack")


def delta(repo, key, count=3):
    versions(repo, key, count)
    repo.pack("-a", "-d", "-f", "--depth=60", "--window=2")
    found = depth_of(repo, f"{repo.ids['leak']}:a.txt")
    assert found == count - 1, f"depth {found}"


def ref_delta(repo, key):
    repo.git("config", "repack.useDeltaBaseOffset", "false")
    delta(repo, key)


def deep_delta(repo, key):
    delta(repo, key, 51)


def several_packs(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    repo.pack("-d")
    repo.commit("leak", {"a.txt": text_with(key)})
    repo.pack("-d")
    repo.commit("later", {"b.txt": "more\n"})
    assert len(repo.pack("-d")) == 3


def same_in_two_packs(repo, key):
    at_head(repo, key)
    pack, = repo.pack()
    repo.commit("later", {"b.txt": "more\n"})
    for end in (".keep", ".pack", ".idx"):
        pack.with_suffix(end).touch()
    copy = repo.git("pack-objects", "-q", "--all", str(repo.objects / "pack/pack"), stdin="")
    assert len(repo.packs()) == 2 and copy, "one pack"


def kept(repo, key):
    at_head(repo, key)
    repo.pack()[0].with_suffix(".keep").touch()
    repo.commit("later", {"b.txt": "more\n"})
    assert len(repo.pack("-a", "-d")) == 2


def alternates(repo, key):
    at_head(repo, key)
    repo.pack()
    other = repo.clone(repo.folder.parent / "shared", "--shared")
    assert not other.packs()
    return other.folder


def alternates_of_alternates(repo, key):
    second = Repo(alternates(repo, key), make=False)
    return second.clone(repo.folder.parent / "third", "--shared").folder


def multi_pack_index(repo, key):
    several_packs(repo, key)
    repo.git("multi-pack-index", "write")
    repo.git("commit-graph", "write", "--reachable")


def promisor(repo, key):
    at_head(repo, key)
    other = repo.clone(repo.folder.parent / "partial", "--filter=blob:limit=1m", url=True)
    assert other.packs()[0].with_suffix(".promisor").exists()
    return other.folder


def bare(repo, key):
    deleted(repo, key)
    return repo.clone(repo.folder.parent / "bare.git", "--bare").folder


def worktree(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    other = repo.folder.parent / "tree"
    repo.git("worktree", "add", "-q", "-b", "work", str(other))
    linked = Repo(other, make=False)
    linked.write({"new.txt": text_with(key)})
    linked.git("add", "new.txt")
    return other


def worktree_head(repo, key):
    """The key is in a commit that only another worktree's detached HEAD names."""
    repo.commit("base", {"README": "nothing\n"})
    other = repo.folder.parent / "tree"
    repo.git("worktree", "add", "-q", "--detach", str(other))
    linked = Repo(other, make=False)
    linked.time = repo.time
    repo.ids["leak"] = linked.commit("leak", {"a.txt": text_with(key)})


def submodule(repo, key):
    inner = Repo(repo.folder.parent / "inner")
    repo.ids["leak"] = inner.commit("leak", {"a.txt": text_with(key)})
    repo.commit("base", {"README": "nothing\n"})
    repo.git("submodule", "add", "-q", str(inner.folder), "lib/inner")
    repo.commit("module")


def inside_submodule(repo, key):
    submodule(repo, key)
    return repo.folder / "lib/inner"


def shallow(repo, key):
    repo.commit("base", {"README": "nothing\n"})
    at_head(repo, key)
    return repo.clone(repo.folder.parent / "shallow", "--depth=1", url=True).folder
