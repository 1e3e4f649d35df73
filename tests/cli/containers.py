"""Archives for containers.sh: `make` writes them here, `check FILE` looks for key.txt's key in it."""
import bz2, gzip, io, lzma, os, re, sys, tarfile, zipfile

line = open("key.txt", "rb").read()
log = b"nothing here\n" + line + b"the end\n"


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def tarred(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            made.addfile(info, io.BytesIO(text))
    return out.getvalue()


def write(name, text):
    with open(name, "wb") as out:
        out.write(text)


def flagged(archive, at_local, at_central):
    """Sets the bit that says "encrypted" in both of a member's headers."""
    out = bytearray(archive)
    out[at_local + 6] |= 1
    out[at_central + 8] |= 1
    return bytes(out)


def make():
    members = {"a.txt": b"a", "b.txt": b"b", "logs/app.log": log, "z.txt": b"z"}
    for name in ("zip", "docx", "jar"):
        write("good." + name, zipped(members))
    for name, mode in (("tar", "w"), ("tar.gz", "w:gz"), ("tar.bz2", "w:bz2"), ("tar.xz", "w:xz")):
        write("good." + name, tarred(members, mode))
    write("app.log.gz", gzip.compress(log, mtime=0))
    write("app.log.bz2", bz2.compress(log))
    write("app.log.xz", lzma.compress(log))
    secret = zipped({"secret.txt": os.urandom(100)}, zipfile.ZIP_STORED)
    write("encrypted.zip", flagged(secret, 0, secret.rindex(b"PK\1\2")))
    cut = gzip.compress(tarred({"app.log": log, "random.bin": os.urandom(100_000)}), mtime=0)
    write("cut.tar.gz", cut[:50_000])
    wrong = bytearray(zipped({"app.log": log}))
    for header, at in ((b"PK\3\4", 14), (b"PK\1\2", 16)):
        wrong[wrong.index(header) + at] ^= 1
    write("wrong.zip", wrong)
    bomb = gzip.compress(bytes(1 << 20), mtime=0) * 1200
    write("bomb.gz", bomb)
    write("bomb.zip", zipped({f"{i}.gz": gzip.compress(bomb, mtime=0) for i in range(20)}))
    deep = zipped({"app.log": log})
    for i in range(2):
        deep = zipped({"in.zip": deep})
    write("nested.zip", tarred({"in.zip": deep}))
    for i in range(7):
        deep = zipped({"in.zip": deep})
    write("deep.zip", deep)


def check(path):
    value = re.search(rb"[\w-]{54}==", line).group()
    text = open(path, "rb").read()
    # Only the first three characters and the signature may be shown.
    assert not any(value[at : at + 8] in text for at in range(3, 43)), "a value is shown"


make() if sys.argv[1] == "make" else check(sys.argv[2])
