"""Packs written by hand, right or wrong: what no git would write.

  pack = Pack()
  pack.blob(b"text")                                # → its id
  pack.add(REF_DELTA, b"\0", base=bytes(20))        # an entry of any type with any payload
  pack.write(repo.objects)                          # pack-….pack and .idx, of any contents
"""
import hashlib
import struct
import zlib

COMMIT, TREE, BLOB, TAG, OFS_DELTA, REF_DELTA = 1, 2, 3, 4, 6, 7
NAMES = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob", TAG: b"tag"}


def oid_of(kind, text):
    return hashlib.sha1(NAMES[kind] + b" %d\0" % len(text) + text).digest()


def varint(number):
    """As in delta headers: seven bits a byte, the low ones first."""
    out = bytearray()
    while True:
        number, low = number >> 7, number & 127
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def entry_head(kind, size):
    first, size = (kind << 4) | (size & 15), size >> 4
    return bytes([first | 128]) + varint(size) if size else bytes([first])


def distance(number):
    """As in OFS_DELTA entries: seven bits a byte, the high ones first, each but the last less 1."""
    out = [number & 127]
    while number := number >> 7:
        number -= 1
        out.insert(0, 128 | (number & 127))
    return bytes(out)


def delta(base_size, size, *instructions):
    return varint(base_size) + varint(size) + b"".join(instructions)


def copy(offset, size):
    return struct.pack("<B", 0xFF) + struct.pack("<I", offset) + struct.pack("<I", size)[:3]


def insert(text):
    return bytes([len(text)]) + text


class Pack:
    def __init__(self):
        self.body = bytearray()
        self.rows = []  # (id, offset) as the index will say
        self.sums = {}  # of each entry, by its offset
        self.count = 0

    @property
    def here(self):
        """The offset of the next entry."""
        return 12 + len(self.body)

    def add(self, kind, payload, *, oid=None, base=b"", size=None, raw=None):
        """An entry; returns its offset. `base`: the bytes between head and data. `size`: what the
        head says. `raw`: the compressed data. Without `oid` a made-up one."""
        at = self.here
        self.rows.append((oid or hashlib.sha1(b"made up %d" % at).digest(), at))
        text = entry_head(kind, len(payload) if size is None else size) + base
        text += zlib.compress(payload) if raw is None else raw
        self.sums[at] = zlib.crc32(text)
        self.body += text
        self.count += 1
        return at

    def object(self, kind, text):
        """A right one; returns its id."""
        oid = oid_of(kind, text)
        self.add(kind, text, oid=oid)
        return oid

    def blob(self, text):
        return self.object(BLOB, text)

    def tree(self, entries):
        """(mode, name, id), as they come."""
        return self.object(TREE, b"".join(mode + b" " + name + b"\0" + oid
                                          for mode, name, oid in entries))

    def commit(self, tree, *parents, message=b"made\n", time=1762070400):
        lines = [b"tree " + tree.hex().encode()]
        lines += [b"parent " + parent.hex().encode() for parent in parents]
        who = b"Dana <dana@example.org> %d +0000" % time
        lines += [b"author " + who, b"committer " + who, b"", message]
        return self.object(COMMIT, b"\n".join(lines))

    def bytes(self, count=None):
        text = b"PACK" + struct.pack(">II", 2, self.count if count is None else count) + self.body
        return text + hashlib.sha1(text).digest()

    def write(self, objects, *, count=None, index=None):
        """Returns the name of the pack, "pack-….pack"."""
        text = self.bytes(count)
        name = f"pack-{hashlib.sha1(text).hexdigest()}"
        folder = objects / "pack"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.pack").write_bytes(text)
        if index is None:
            index = index_of(sorted(self.rows), text[-20:], sums=self.sums)
        (folder / f"{name}.idx").write_bytes(index)
        return f"{name}.pack"


def index_of(rows, checksum, *, fanout=None, version=2, large=(), sums=None):
    """An idx for (id, offset) in their order; `sums`: of the entries, by offset. An offset of 2^31
    or more is written to the table of large ones, unless `large` gives that table (then it stands
    as it is)."""
    table = list(large)
    counts = fanout or [sum(oid[0] <= byte for oid, _ in rows) for byte in range(256)]
    offsets = []
    for _, offset in rows:
        if offset >= 1 << 31 and not large:
            table.append(offset)
            offset = (1 << 31) + len(table) - 1
        offsets.append(offset)
    text = b"\xfftOc" + struct.pack(">I", version) + struct.pack(">256I", *counts)
    text += b"".join(oid for oid, _ in rows)
    text += b"".join(struct.pack(">I", (sums or {}).get(offset, 0)) for _, offset in rows)
    text += b"".join(struct.pack(">I", offset) for offset in offsets)
    text += b"".join(struct.pack(">Q", offset) for offset in table) + checksum
    return text + hashlib.sha1(text).digest()
