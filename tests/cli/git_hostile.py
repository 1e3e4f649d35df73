"""Repositories that nobody makes by accident: one row each.

Every row has a good blob with a key, which must be found all the same where its pack can be read at
all. `code`: the exit codes that are right. `says`: pieces of one diagnostic; PACK stands for the
pack's name, AT for the offset that the builder returned.
"""
import itertools
import pathlib
import re
import sys
import time
import zlib
from collections import namedtuple

from git_attacks import (BASE, MADE_UP, base_delta, blob_as_tree, bomb, broken_tree, crowded,
                         cycle, deep_tree, entry, escaping, fifo, fifo_pack, growing,
                         included_fifo, included_itself, into_another, large_fanout, long_chain,
                         long_name, loose, many_refs, odd_commit, odd_refs, own_ancestor,
                         ref_cycle, renumbered, sum_of_copies, text_file, tree_in_itself,
                         version_9, wide, with_offset, wrong_fanout, zeros)
from packs import BLOB, OFS_DELTA, REF_DELTA, Pack, copy, delta, distance, index_of, insert
from repo import SANITIZED, Repo, make_keys, run_rows, scan, text_report, text_with, without_values

Row = namedtuple("Row", "name build code found says", defaults=({2}, True, ("PACK", "AT")))
SECONDS = 100 if SANITIZED else 10
LOOSE = "ab" * 20
PACKED = [
    # A pack's entries.
    Row("a bomb of zeros", entry(BLOB, b"", size=100, raw=zeros(1 << 30))),
    Row("a huge size", entry(BLOB, b"small\n", size=1 << 60)),
    Row("a size over 64 bits", entry(BLOB, b"", raw=b"\xff" * 20)),
    Row("a size too large", entry(BLOB, b"123456789", size=10)),
    Row("a size too small", entry(BLOB, b"123456789", size=8)),
    Row("no zlib", entry(BLOB, b"123456789", raw=b"123456789")),
    Row("a cut stream", entry(BLOB, BASE, raw=zlib.compress(BASE)[:-30])),
    Row("a wrong sum", entry(BLOB, BASE, raw=zlib.compress(BASE)[:-1] + b"\0")),
    Row("type 0", entry(0, b"123")),
    Row("type 5", entry(5, b"123")),
    Row("deltas in a circle", cycle),
    Row("a delta of itself", entry(REF_DELTA, delta(1, 1, insert(b"x")), oid=MADE_UP[0],
                                   base=MADE_UP[0])),
    Row("a delta of nothing", entry(REF_DELTA, delta(1, 1, insert(b"x")), base=MADE_UP[5])),
    Row("a base before the pack", entry(OFS_DELTA, delta(1, 1, insert(b"x")),
                                        base=distance(1 << 40))),
    Row("a base in the head", lambda pack: pack.add(OFS_DELTA, delta(1, 1, insert(b"x")),
                                                    base=distance(pack.here - 5))),
    Row("a base at distance 0", entry(OFS_DELTA, delta(1, 1, insert(b"x")), base=distance(0))),
    Row("a distance over 64 bits", entry(OFS_DELTA, b"", base=b"\xff" * 20)),
    Row("a base inside an entry", into_another),
    Row("copy past the end", base_delta(delta(len(BASE), 50, copy(len(BASE) - 10, 50)))),
    Row("copy far past the end", base_delta(delta(len(BASE), 50, copy(0xFFFFFFFF, 50)))),
    Row("insert past the end", base_delta(delta(len(BASE), 50, b"\x32abc"))),
    Row("instruction 0", base_delta(delta(len(BASE), 1, b"\0"))),
    Row("a delta that is cut", base_delta(delta(len(BASE), 100, b"\xff\0\0"))),
    Row("another base size", base_delta(delta(len(BASE) + 1, 1, insert(b"x")))),
    Row("more than the result", base_delta(delta(len(BASE), 1, insert(b"xyz")))),
    Row("less than the result", base_delta(delta(len(BASE), 100, insert(b"x")))),
    Row("a result of 2^60", base_delta(delta(len(BASE), 1 << 60, insert(b"x")))),
    Row("a delta without sizes", base_delta(b"")),
    Row("a delta of endless sizes", base_delta(b"\xff" * 40)),
    Row("copies of 160 GB", sum_of_copies),
    Row("doubling deltas", growing, {0, 1, 2}, True, ()),
    Row("10,000 deltas deep", long_chain, {1}, True, ()),
    Row("20,000 deltas of one", wide, {1}, True, ()),
    Row("1 GiB of zeros", entry(BLOB, b"", size=1 << 30, raw=zeros(1 << 30)), {1, 2}, True, ()),
]
OBJECTS = [
    Row("a tree in itself", tree_in_itself, {2}, True, ("1 tree",)),
    Row("10^10 paths", bomb, {2}, True, ()),
    Row("20,000 folders deep", deep_tree, {2}, True, ("1 tree",)),
    Row("a name of 1 MB", long_name, {2}, True, ()),
    Row("names that lead out", escaping, {1, 2}, True, ()),
    Row("a cut tree", broken_tree, {2}, True, ()),
    Row("its own ancestor", own_ancestor, {1, 2}, True, ()),
    Row("50,000 parents", crowded, {1, 2}, True, ()),
    Row("an odd commit", odd_commit, {1, 2}, True, ()),
    Row("a file as root folder", blob_as_tree, {2}, True, ()),
]
INDEXES = [
    Row("fan-out falls", wrong_fanout, {2}, None, ("PACK",)),
    Row("fan-out of 2^32", large_fanout, {2}, None, ("PACK",)),
    Row("version 9", version_9, {2}, None, ("PACK",)),
    Row("ids out of order", renumbered(lambda rows: rows[::-1]), {2}, None, ("PACK",)),
    Row("an id twice", renumbered(lambda rows: rows[:1] + rows[:-1]), {1, 2}, None, ()),
    Row("an entry left out", renumbered(lambda rows: rows[:-1]), {2}, None, ("PACK",)),
    Row("an entry twice", renumbered(lambda rows: [(oid, rows[0][1]) for oid, _ in rows]), {2},
        None, ("PACK",)),
    Row("an offset past the end", with_offset(1 << 30), {2}, None, ("PACK",)),
    Row("an offset in the head", with_offset(3), {2}, None, ("PACK",)),
    Row("an offset of 2^62", with_offset(1 << 62), {2}, None, ("PACK",)),
    Row("a large offset that is none", with_offset(1 << 31 | 77, (1,)), {2}, None, ("PACK",)),
    Row("empty", lambda rows, checksum: b"", {2}, None, ("PACK",)),
    Row("only a head", lambda rows, checksum: b"\xfftOc\0\0\0\2", {2}, None, ("PACK",)),
    Row("of another pack", lambda rows, checksum: index_of(sorted(rows), bytes(20)), {2}, None,
        ("PACK",)),
]
FILES = [
    Row("alternates: itself", text_file("objects/info/alternates", b"ITSELF/objects\n"), {1, 2},
        True, ()),
    Row("alternates: nowhere", text_file("objects/info/alternates", b"/nowhere/at/all\n"), {2},
        True, ("alternate",)),
    Row("alternates: a FIFO", fifo("objects/info/alternates"), {2}, True, ("alternate",)),
    Row("alternates: 100,000", text_file("objects/info/alternates", b"".join(
        b"/nowhere/%d\n" % number for number in range(100_000))), {2}, True, ()),
    Row("alternates: devices", text_file("objects/info/alternates", b"/dev/zero\n/proc/self/fd\n"),
        {1, 2}, True, ()),
    Row("a config that includes a FIFO", included_fifo, {1, 2}, None, ()),
    Row("a config that includes itself", included_itself, {1, 2}, None, ()),
    Row("a config that is a FIFO", fifo("config"), {1, 2}, None, ()),
    Row("a config without sense", text_file("config", b"[\0\xff[core\n\tbare = [["), {2}, None, ()),
    Row("a FIFO for a pack", fifo_pack, {2}, True, ("pack-" + "1" * 40,)),
    Row("a FIFO for a loose object", fifo(f"objects/{LOOSE[:2]}/{LOOSE[2:]}"), {2}, True,
        (LOOSE[2:10],)),
    Row("a FIFO for a ref", fifo("refs/heads/piped"), {1, 2}, True, ()),
    Row("a FIFO for packed refs", fifo("packed-refs"), {1, 2}, None, ()),
    Row("a FIFO for HEAD", fifo("HEAD"), {2}, None, ()),
    Row("a FIFO for the index", fifo("index"), {1, 2}, None, ()),
    Row("a FIFO for shallow", fifo("shallow"), {1, 2}, None, ()),
    Row("a FIFO for the commit-graph", fifo("objects/info/commit-graph"), {1, 2}, True, ()),
    Row("shallow without sense", text_file("shallow", b"not an id\n" * 1000), {1, 2}, None, ()),
    Row("an empty loose object", loose(LOOSE, b""), {2}, True, (LOOSE[2:10],)),
    Row("a loose bomb", loose(LOOSE, zlib.compress(b"blob 10\0") + zeros(1 << 30)), {2}, True,
        (LOOSE[2:10],)),
    Row("a loose object without head", loose(LOOSE, zlib.compress(b"1234567890" * 100)), {2}, True,
        (LOOSE[2:10],)),
    Row("a loose object of 2^63", loose(LOOSE, zlib.compress(b"blob 9223372036854775808\0x")), {2},
        True, (LOOSE[2:10],)),
    Row("a loose object of another size", loose(LOOSE, zlib.compress(b"blob 10\0123")), {2}, True,
        (LOOSE[2:10],)),
    Row("10,000 refs", many_refs, {1}, True, ()),
    Row("refs with control characters", odd_refs, {1, 2}, True, ()),
    Row("refs in a circle", ref_cycle, {1, 2}, True, ()),
]


# ---------------------------------------------------------------- checking

def check(row, folder, key, pack="", at=None):
    """The scan of the folder is right, soon done, and shows nothing that it must not."""
    began = time.monotonic()
    result = scan(folder, within=SECONDS, mebibytes=2048, home=folder)
    took = time.monotonic() - began
    assert result.code in row.code, f"exit code {result.code} {result.diagnostics} {result.err}"
    messages = [diagnostic["message"] for diagnostic in result.diagnostics] + [result.err]
    known = {"PACK": pack.removesuffix(".pack"), "AT": rf"\b{at}\b"}
    wanted = [known.get(piece, piece) for piece in row.says]
    assert not wanted or any(all(re.search(piece, message) for piece in wanted)
                             for message in messages), \
        f"no message has {wanted}: {messages}"
    assert result.code != 2 or any(messages), "nothing said"
    assert len(messages) <= 1100, f"{len(messages)} messages"
    found = any(finding["fingerprint"] == key.fingerprint for finding in result.findings)
    assert found or row.found is not True, f"the good blob was not scanned: {messages}"
    text = text_report(folder, within=SECONDS)
    assert without_values(text, {"key": key}), "a value was shown"
    assert "\x1b" not in text and "\a" not in text, "a control character was shown"
    assert took < SECONDS, f"took {took:.1f} s"


def truncated(key, top, counter):
    """A pack and its index, cut at every 64 bytes."""
    for end in ("pack", "idx"):
        repo = Repo(top / str(next(counter)))
        for number in range(20):
            repo.commit(f"c{number}", {"a.txt": BASE[number:] + b"%d\n" % number,
                                       "k.txt": text_with(key) if number == 3 else "none\n"})
        pack, = repo.pack("-a", "-d", "-f")
        path = pack.with_suffix(f".{end}")
        whole = path.read_bytes()
        path.chmod(0o644)
        row = Row(f"truncated {end}", None, {2}, None, (pack.stem,))
        run_rows([row._replace(name=f"{end} of {len(whole)} cut at {size}")
                  for size in range(0, len(whole), 64)],
                 lambda row: (path.write_bytes(whole[:int(row.name.split()[-1])]),
                              check(row, repo.folder, key)))


def main():
    names = sys.argv[1:]
    key = make_keys(["key"])["key"]
    good = text_with(key).encode()
    top, counter = pathlib.Path.cwd(), itertools.count()

    def fresh():
        repo = Repo(top / str(next(counter)))
        return repo, Pack()

    def packed(row):
        repo, pack = fresh()
        pack.blob(good)
        at = row.build(pack)
        check(row, repo.folder, key, pack.write(repo.objects), at)

    def objects(row):
        repo, pack = fresh()
        pack.blob(good)
        commit = row.build(pack)
        pack.write(repo.objects)
        (repo.git_folder / "refs/heads/main").write_text(commit.hex() + "\n")
        check(row, repo.folder, key)

    def index(row):
        repo, pack = fresh()
        for text in (good, BASE, b"one\n", b"two\n"):
            pack.blob(text)
        name = pack.write(repo.objects, index=row.build(pack.rows, pack.bytes()[-20:]))
        check(row, repo.folder, key, name)

    def files(row):
        repo, _ = fresh()
        repo.commit("leak", {"key.txt": good})
        row.build(repo)
        check(row, repo.folder, key)

    def claims(count):
        """A head that counts more or fewer objects than there are."""
        def run(row):
            repo, pack = fresh()
            pack.blob(good)
            check(row, repo.folder, key, pack.write(repo.objects, count=count))
        return run

    table = [(row, run) for rows, run in ((PACKED, packed), (OBJECTS, objects), (INDEXES, index),
                                          (FILES, files)) for row in rows]
    table += [(Row(f"{count} objects, says the head", None, {2}, None, ("PACK",)), claims(count))
              for count in (0, 2, 0xFFFFFFFF)]
    runs = {row.name: run for row, run in table}
    assert len(runs) == len(table), "two rows of one name"
    run_rows([row for row, _ in table if not names or row.name in names],
             lambda row: runs[row.name](row))
    if not names:
        truncated(key, top, counter)


main()
