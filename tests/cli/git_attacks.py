"""What makes a repository hostile, one builder each: of packs, of objects, of indexes, of files.

A builder of a pack adds to one whose first entry is the good blob, and returns the offset of what
is wrong; one of objects returns the commit that main names; one of an index takes (id, offset) rows
and the pack's checksum; one of files takes a repository with a commit.
"""
import hashlib
import os
import zlib

from packs import (BLOB, COMMIT, OFS_DELTA, REF_DELTA, TREE, copy, delta, distance, index_of,
                   insert, oid_of)

BASE = b"".join(b"%d some text to copy\n" % number for number in range(100))
MADE_UP = [hashlib.sha1(b"id %d" % number).digest() for number in range(10)]


# ---------------------------------------------------------------- entries of a pack

def entry(kind, payload, **how):
    """A builder of one wrong entry between two good ones."""
    def build(pack):
        pack.blob(BASE)
        at = pack.add(kind, payload, **how)
        pack.blob(b"after\n")
        return at
    return build


def base_delta(text):
    """A builder of a delta of BASE."""
    return entry(REF_DELTA, text, base=oid_of(BLOB, BASE))


def zeros(size, level=9):
    """`size` zeros, compressed without having them all."""
    maker, piece, out = zlib.compressobj(level), bytes(1 << 20), bytearray()
    for _ in range(size >> 20):
        out += maker.compress(piece)
    return bytes(out + maker.flush())


def cycle(pack):
    at = pack.add(REF_DELTA, delta(9, 9, insert(b"123456789")), oid=MADE_UP[0], base=MADE_UP[1])
    pack.add(REF_DELTA, delta(9, 9, insert(b"123456789")), oid=MADE_UP[1], base=MADE_UP[2])
    pack.add(REF_DELTA, delta(9, 9, insert(b"123456789")), oid=MADE_UP[2], base=MADE_UP[0])
    return at


def into_another(pack):
    """The base begins in the middle of an entry."""
    pack.blob(BASE)
    return pack.add(OFS_DELTA, delta(len(BASE), 1, insert(b"x")), base=distance(pack.here - 20))


def long_chain(pack):
    """10,000 deltas deep, and right: each adds nothing to the one before."""
    pack.blob(BASE)
    for _ in range(10_000):
        last = pack.rows[-1][1]
        pack.add(OFS_DELTA, delta(len(BASE), len(BASE), copy(0, len(BASE))),
                 base=distance(pack.here - last))


def wide(pack):
    """20,000 deltas of one base."""
    base = pack.blob(BASE)
    for number in range(20_000):
        text = b"%d" % number
        pack.add(REF_DELTA, delta(len(BASE), len(text), insert(text)), base=base)


def growing(pack):
    """Each delta doubles its base: 40 of them are a terabyte."""
    size = len(BASE)
    pack.blob(BASE)
    for _ in range(40):
        last = pack.rows[-1][1]
        parts = [copy(0, min(size, 0xFFFFFF))] * 2
        now = 2 * min(size, 0xFFFFFF)
        pack.add(OFS_DELTA, delta(size, now, *parts), base=distance(pack.here - last))
        size = now


def sum_of_copies(pack):
    """A delta of 70 KB that says 160 GB, and could."""
    size = 0xFFFFFF
    base = pack.add(BLOB, bytes(size))
    return pack.add(OFS_DELTA, delta(size, size * 10_000, *[copy(0, size)] * 10_000),
                    base=distance(pack.here - base))


# ---------------------------------------------------------------- objects that lead astray

def forged(pack, kind, oid, text):
    """An object under an id that is not its own."""
    pack.add(kind, text, oid=oid)
    return oid


def tree_in_itself(pack):
    key_blob = pack.rows[0][0]
    tree = forged(pack, TREE, MADE_UP[0], b"40000 again\0" + MADE_UP[0] +
                  b"100644 key\0" + key_blob)
    return pack.commit(tree)


def bomb(pack):
    """Ten folders in each of ten folders, ten deep, all the same: 10^10 paths of one key."""
    oid = pack.tree([(b"100644", b"key", pack.rows[0][0])])
    for _ in range(10):
        oid = pack.tree([(b"40000", b"f%d" % number, oid) for number in range(10)])
    return pack.commit(oid)


def deep_tree(pack):
    oid = pack.tree([(b"100644", b"key", pack.rows[0][0])])
    for _ in range(20_000):
        oid = pack.tree([(b"40000", b"f", oid)])
    return pack.commit(oid)


def long_name(pack):
    return pack.commit(pack.tree([(b"100644", b"n" * 1_000_000, pack.rows[0][0])]))


def escaping(pack):
    names = (b"..", b".git", b"../../x", b"", b"/etc/passwd", b"a\x1b[31m", b".", b"a\\b")
    return pack.commit(pack.tree([(b"100644", name, pack.rows[0][0]) for name in names]))


def broken_tree(pack):
    tree = pack.object(TREE, b"100644 key\0" + pack.rows[0][0] + b"100644 cut\0abc")
    return pack.commit(tree)


def own_ancestor(pack):
    tree = pack.tree([(b"100644", b"key", pack.rows[0][0])])
    text = (b"tree %s\nparent %s\nauthor D <d@example.org> %d +0000\n"
            b"committer D <d@example.org> %d +0000\n\nround\n")
    for one, two in ((0, 1), (1, 2), (2, 0)):
        forged(pack, COMMIT, MADE_UP[one], text % (tree.hex().encode(), MADE_UP[two].hex().encode(),
                                                   one, one))
    return MADE_UP[0]


def crowded(pack):
    """A commit with 50,000 parents."""
    tree = pack.tree([(b"100644", b"key", pack.rows[0][0])])
    first = pack.commit(tree)
    return pack.commit(tree, *[first] * 50_000)


def odd_commit(pack):
    tree = pack.tree([(b"100644", b"key", pack.rows[0][0])])
    return pack.object(COMMIT, b"tree %s\nauthor \nauthor <<>> 99999999999999999999 +99999999\n"
                               b"committer x> <y -1 -\nencoding none\n" % tree.hex().encode())


def blob_as_tree(pack):
    return pack.commit(pack.rows[0][0])


# ---------------------------------------------------------------- indexes

def renumbered(change):
    """A builder of an index whose (id, offset) rows were changed."""
    return lambda rows, checksum: index_of(change(sorted(rows)), checksum)


def with_offset(offset, large=()):
    def build(rows, checksum):
        (first, _), *rest = sorted(rows)
        return index_of([(first, offset)] + rest, checksum, large=large)
    return build


def wrong_fanout(rows, checksum):
    counts = [len(rows)] * 256
    counts[100] = 1
    return index_of(sorted(rows), checksum, fanout=counts)


def large_fanout(rows, checksum):
    return index_of(sorted(rows), checksum, fanout=[len(rows)] * 255 + [0xFFFFFFFF])


def version_9(rows, checksum):
    return index_of(sorted(rows), checksum, version=9)


# ---------------------------------------------------------------- files

def fifo(path):
    def build(repo):
        target = repo.git_folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        os.mkfifo(target)
    return build


def fifo_pack(repo):
    for end in ("pack", "idx"):
        fifo(f"objects/pack/pack-{'1' * 40}.{end}")(repo)


def text_file(path, text):
    def build(repo):
        target = repo.git_folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.replace(b"ITSELF", os.fsencode(repo.git_folder)))
    return build


def included_fifo(repo):
    fifo("piped")(repo)
    with open(repo.git_folder / "config", "a", encoding="ascii") as out:
        out.write("[include]\n\tpath = piped\n[includeIf \"gitdir:/\"]\n\tpath = piped\n")


def included_itself(repo):
    with open(repo.git_folder / "config", "a", encoding="ascii") as out:
        out.write("[include]\n\tpath = config\n")


def many_refs(repo):
    head = repo.git("rev-parse", "HEAD")
    lines = [f"{head} refs/heads/b{number:05}\n" for number in range(10_000)]
    text_file("packed-refs", ("# pack-refs with: peeled fully-peeled sorted\n" + "".join(lines))
              .encode())(repo)


def odd_refs(repo):
    head = repo.git("rev-parse", "HEAD").encode()
    text_file("packed-refs", head + b" refs/heads/a\x1b[31m\n" + head + b" refs/heads/../../x\n" +
              head + b" \n" + b"x" * 70_000 + b"\n")(repo)
    text_file("refs/heads/b\x1b]0;title\a", head + b"\n")(repo)


def ref_cycle(repo):
    text_file("refs/heads/one", b"ref: refs/heads/two\n")(repo)
    text_file("refs/heads/two", b"ref: refs/heads/one\n")(repo)


def loose(oid, text):
    return text_file(f"objects/{oid[:2]}/{oid[2:]}", text)
