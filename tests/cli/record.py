"""Looks for keys in all that assay wrote while the tests ran.

  record.py start FOLDER                   makes it empty
  record.py check FOLDER SCRIPTS LOGS      fails if a key stands where none may

Between the two, recorder.so notes every byte that assay writes and fill_examples every value that
it makes, in a folder below FOLDER for each script of SCRIPTS (see common.inc). LOGS is where ctest
keeps what the tests printed. Found is

  - any 20 characters in a row of the random part of a value that was made (a third of a key), and
  - any key whose checksum holds, whoever made it,

also in the other alphabet, in base64, hexadecimal, percent signs, \\u escapes and UTF-16, and the
bytes that a key stands for. First of all it plants keys of its own and must find them; and it
counts what was recorded, since a check of nothing would always pass.
"""
import base64
import hashlib
import pathlib
import re
import shutil
import sys
import tempfile
import urllib.parse

# These show values on purpose, in commands that begin with `reveals`.
MAY_REVEAL = {"reveal", "mint", "inspect", "inspect_input", "report", "redact_formats", "mint_families",
              "docs_examples"}
# These start no assay; and these are about the recorder itself.
MAY_RECORD_NOTHING = {"recorder_sees_all", "redact_formats"}
MAY_NAME_THE_RECORDER = {"common.inc", "recorder.sh", "recorder_sees_all.sh", "record.py",
                         "rotate_stores.py"}
# A whole run has many times as many; fewer mean that the recorder was not there.
LEAST_PROCESSES, LEAST_VALUES = 500, 500

GRAM = 20
DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/"
HEX = re.compile(rb"[0-9A-Fa-f]{40,}")
SEEDS = [int.from_bytes(name, "big") for name in (b"Master00", b"System00", b"Functi00")]
URL_SAFE = bytes.maketrans(b"+/", b"-_")
DIGITS_ONLY = bytes(byte if byte in DIGITS else ord(" ") for byte in range(256))


def rotate(word, by):
    return (word << by | word >> (32 - by)) & 0xFFFFFFFF


def marvin32(data, seed):
    """rules/keys/marvin.cc once more, so that a fault there hides nothing here."""
    a, b = seed & 0xFFFFFFFF, seed >> 32
    data += b"\x80" + bytes(-(len(data) + 1) % 4) + bytes(4)
    for at in range(0, len(data), 4):
        a = (a + int.from_bytes(data[at:at + 4], "little")) & 0xFFFFFFFF
        b ^= a
        a = (rotate(a, 20) + b) & 0xFFFFFFFF
        b = rotate(b, 9) ^ a
        a = (rotate(a, 27) + b) & 0xFFFFFFFF
        b = rotate(b, 19)
    return a ^ b


def holds(data):
    return any(marvin32(data[:36], seed) == int.from_bytes(data[36:], "little") for seed in SEEDS)


def decode(digits):
    return base64.urlsafe_b64decode(digits + b"=" * (-len(digits) % 4))


def keys_in(text):
    """Where keys stand whose checksum holds, as text or as the bytes they stand for."""
    for sign in re.finditer(rb"AzFu", text):
        digits = text[max(sign.start() - 44, 0):sign.start() + 10].translate(URL_SAFE)
        if re.fullmatch(rb"[A-Za-z0-9_-]{54}", digits) and holds(decode(digits)):
            yield sign.start() - 44, "a key whose checksum holds"
    for sign in re.finditer(rb"\x03\x31\x6e", text):
        data = text[max(sign.start() - 33, 0):sign.start() + 7]
        if len(data) == 40 and holds(data):
            yield sign.start() - 33, "the bytes of a key"


def runs_in(text):
    """The runs of digits that may hold a part of a key. Fast: most of the time goes here."""
    return {run for run in text.translate(DIGITS_ONLY).split() if len(run) >= GRAM}


class Values:
    """The values that were made, by every 20 characters in a row that may not be shown."""

    def __init__(self, made):
        self.kinds = {}
        self.clean = set()  # runs in which nothing was found
        for kind, value in made:
            value = value.translate(URL_SAFE)
            secret = value[:44] if value[44:48] == b"AzFu" else value.rstrip(b"=")
            for at in range(len(secret) - GRAM + 1):
                self.kinds[secret[at:at + GRAM]] = kind

    def part_in(self, run):
        run = run.translate(URL_SAFE)
        for at in range(len(run) - GRAM + 1):
            if run[at:at + GRAM] in self.kinds:
                return f"{GRAM} characters of a value made as {self.kinds[run[at:at + GRAM]]}"
        return None

    def plain_in(self, text):
        yield from (what for _, what in keys_in(text))
        yield from filter(None, map(self.part_in, runs_in(text) - self.clean))

    def leaks(self, text):
        """(offset, what stands there) for every leak in the text, also where it is encoded."""
        yield from keys_in(text)
        for run in runs_in(text) - self.clean:
            found = [self.part_in(run)] if self.part_in(run) else []
            for form, piece in decoded_run(run):
                found += (f"{what}, in {form}" for what in self.plain_in(piece))
            yield from ((text.find(run), what) for what in found)
            if not found:
                self.clean.add(run)
        for form, plain in unescaped(text):
            yield from ((0, f"{what}, in {form} somewhere") for what in self.plain_in(plain))


def decoded_run(run):
    """(form, bytes) for what a run of digits may stand for; one layer of it."""
    for digits in HEX.findall(run):
        for skip in (0, 1):
            yield "hexadecimal", bytes.fromhex(digits[skip:][:len(digits) - skip & ~1].decode())
    digits = run.translate(URL_SAFE)
    for skip in range(4 if len(digits) >= 27 else 0):
        # A last digit alone stands for no byte.
        yield "base64", decode(digits[skip:len(digits) - ((len(digits) - skip) % 4 == 1)])


def unescaped(text):
    """(form, the whole text) for what may stand between the digits of a key."""
    if b"\0" in text:
        yield "UTF-16", text.replace(b"\0", b"")
    if b"%" in text:
        yield "percent signs", urllib.parse.unquote_to_bytes(text)
    if b"\\u00" in text:
        yield "escapes", re.sub(rb"\\u00([0-9A-Fa-f]{2})",
                                lambda byte: bytes.fromhex(byte[1].decode()), text)


def made_values(folder):
    for path in sorted(folder.glob("*/values")):
        for line in path.read_bytes().splitlines():
            yield line.rsplit(b" ", 1)[0].decode(), line.rsplit(b" ", 1)[1]


def records(script):
    """(name, bytes) for each descriptor that a process wrote to."""
    parts = {}
    for path in script.glob("*-fd*"):
        name, part = path.name.rsplit(".", 1)
        parts.setdefault(name, []).append((int(part), path))
    for name, paths in sorted(parts.items()):
        yield name, b"".join(path.read_bytes() for _, path in sorted(paths))


def leaks_of(folder, values):
    """A line for each leak, and how many processes and bytes were looked at."""
    lines, processes, size, seen = [], set(), 0, set()
    for script in sorted(path for path in folder.iterdir() if path.is_dir()):
        for name, text in records(script):
            processes.add((script.name, name.split("-fd")[0]))
            size += len(text)
            digest = hashlib.sha256(text).digest()
            if digest in seen:  # the same database in the cache of every script, and the like
                continue
            seen.add(digest)
            lines += [f"{script.name}: {name}, byte {at}: {what}" for at, what in values.leaks(text)]
    return lines, processes, size


def self_test():
    """Plants keys in every form; each must be found, and what may be shown must not be."""
    data = bytes(range(100, 133)) + b"\x03\x31\x6e"
    data += marvin32(data, SEEDS[0]).to_bytes(4, "little")
    key = base64.urlsafe_b64encode(data)
    other = base64.b64encode(bytes(range(7, 40)) + b"\x03\x31\x6e1234")  # no checksum holds
    both = {"plain": lambda text: text, "base64": base64.b64encode,
            "base64 within": lambda text: base64.b64encode(b"a" + text + b"bc"),
            "hex": lambda text: text.hex().encode(),
            "percent": lambda text: b"".join(b"%%%02X" % byte for byte in text),
            "percent, some": lambda text: text.replace(b"A", b"%41").replace(b"=", b"%3D"),
            "escapes": lambda text: b"".join(b"\\u%04x" % byte for byte in text),
            "UTF-16LE": lambda text: text.decode().encode("utf-16-le"),
            "UTF-16BE": lambda text: text.decode().encode("utf-16-be")}
    shown = b"code=%s\xe2\x80\xa6AzFu\xe2\x80\xa6 AZF1002:%s" % (key[:3], b"A" * 20)
    with tempfile.TemporaryDirectory() as name:
        for form, encode in both.items():
            for what, text, made in (("checksum", key, []), ("value", other, [("key", other)]),
                                     ("third", other[9:29], [("key", other)])):
                script = pathlib.Path(name, "planted")
                script.mkdir(exist_ok=True)
                cut = len(encode(text)) // 2  # as in two calls of a process with a limit
                script.joinpath("1-f-fd1.pipe.9").write_bytes(shown + b"\n" + encode(text)[:cut])
                script.joinpath("1-f-fd1.pipe.10").write_bytes(encode(text)[cut:] + b"\n" + shown)
                assert leaks_of(script.parent, Values(made))[0], f"{form}, {what}: was not found"
                shutil.rmtree(script)
        assert list(Values([]).leaks(b"x" + data)), "bytes: were not found"
        assert not list(Values([("key", key)]).leaks(shown)), "redacted: was found"
        assert not list(Values([("key", other)]).leaks(key[:43] + b"B" + key[44:])), "not a key"


def problems_of_scripts(folder, scripts, processes, values):
    """Scripts that recorded less than they should; `values`: how many were made."""
    ran = {path.name for path in folder.iterdir() if path.is_dir()}
    for name in sorted(ran - {script for script, _ in processes} - MAY_RECORD_NOTHING):
        yield f"{name}: nothing that assay wrote was recorded"
    for name in sorted(ran - MAY_REVEAL):
        if folder.joinpath(name, "reveals").exists():
            yield f"{name}: reveals values, but is not in MAY_REVEAL of record.py"
    for path in sorted(scripts.iterdir()):
        if path.suffix in (".sh", ".py", ".inc") and path.name not in MAY_NAME_THE_RECORDER:
            if re.search(r"\bRECORD|LD_PRELOAD|\benv -i", path.read_text()):
                yield f"{path.name}: goes round the recorder"
    if ran >= {path.stem for path in scripts.glob("*.sh")}:
        if len(processes) < LEAST_PROCESSES or values < LEAST_VALUES:
            yield f"a whole run recorded only {len(processes)} processes and {values} values"


def check(folder, scripts, logs):
    self_test()
    made = set(made_values(folder))
    values = Values(made)
    lines, processes, size = leaks_of(folder, values)
    running = sorted(logs.glob("LastTest*.log.tmp")) or sorted(logs.glob("LastTest*.log"))
    for log in running:
        text = log.read_bytes()
        size += len(text)
        lines += [f"{log.name}: byte {at}: {what}" for at, what in values.leaks(text)]
    lines += problems_of_scripts(folder, scripts, processes, len(made))
    print(f"{len(processes)} processes, {size:,} bytes, {len(made)} values, {len(running)} logs")
    if lines:
        print(*lines[:50], f"{len(lines)} in all; what was recorded is in {folder}", sep="\n")
        sys.exit(1)
    shutil.rmtree(folder)  # it holds the values


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "start":
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
    else:
        check(target, *map(pathlib.Path, sys.argv[3:5]))
