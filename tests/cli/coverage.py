"""Breaks each kind of input on purpose: exit code 2, and what each report says of it.

  coverage.py PAGE     in a folder with key.txt, which holds a key; PAGE: docs/coverage.md

A row that has `whole` holds its input against one that is not broken, and in which the key is
found: so the row fails for what it says, and for nothing else.
"""
import bz2
import ctypes
import ctypes.util
import gzip
import html
import io
import json
import lzma
import os
import pathlib
import re
import socket
import subprocess
import sys
import tarfile
import zipfile
from collections import namedtuple

from repo import Repo, clean_environment, git_environment, run_rows

# `says`: texts that every report has, or stderr where there is no report. `whole`: arguments with
# which the key is found and all is told. `report`: False where the run cannot start.
Row = namedtuple("Row", "name arguments says whole report", defaults=(None, True))
FORMATS = ("text", "jsonl", "sarif", "github", "markdown")
KEY = pathlib.Path("key.txt").read_bytes()
LOG = b"nothing here\n" + KEY + b"the end\n" + b"x" * 50_000
NOISE = os.urandom(60_000)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            made.addfile(info, io.BytesIO(text))
    return out.getvalue()


def packed(name, form, members):
    """By libarchive, which assay reads with: what Python cannot write."""
    library = ctypes.CDLL(ctypes.util.find_library("archive"))
    for maker in (library.archive_write_new, library.archive_entry_new):
        maker.restype = ctypes.c_void_p
    library.archive_write_data.restype = ctypes.c_ssize_t
    out = ctypes.c_void_p(library.archive_write_new())
    assert library[f"archive_write_set_format_{form}"](out) == 0
    assert library.archive_write_open_filename(out, name.encode()) == 0
    for member, text in members.items():
        entry = ctypes.c_void_p(library.archive_entry_new())
        library.archive_entry_set_pathname(entry, member.encode())
        library.archive_entry_set_size(entry, ctypes.c_int64(len(text)))
        library.archive_entry_set_filetype(entry, ctypes.c_uint(0o100000))
        library.archive_entry_set_perm(entry, ctypes.c_uint(0o644))
        assert library.archive_write_header(out, entry) == 0
        assert library.archive_write_data(out, text, ctypes.c_size_t(len(text))) == len(text)
        library.archive_entry_free(entry)
    assert library.archive_write_close(out) == 0
    library.archive_write_free(out)


def encrypted(archive):
    """The bit that says so, in both headers of the one member."""
    out = bytearray(archive)
    out[6] |= 1
    out[out.rindex(b"PK\1\2") + 8] |= 1
    return bytes(out)


def write(name, content):
    path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def make_files():
    write("a.txt", "nothing here\n")
    for name in ("with-fifo", "with-socket", "closed"):
        write(f"{name}/key.txt", KEY)
    os.mkfifo("with-fifo/pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("with-socket/socket")
    os.symlink("loop", "loop")
    os.symlink("nowhere", "dangling")
    write("repository.pack", b"PACK\0\0\0\2\0\0\0\0" + KEY)
    os.chmod("closed/key.txt", 0)


def make_archives():
    members = {"logs/app.log": LOG, "noise": NOISE}
    tar = tarred(members)
    for name, text, keep in (("a.gz", gzip.compress(LOG + NOISE, mtime=0), 50_000),
                             ("a.bz2", bz2.compress(LOG + os.urandom(1_000_000)), 900_000),
                             ("a.xz", lzma.compress(LOG + NOISE), 50_000),
                             ("a.tar", tar, 80_000), ("a.tar.gz", gzip.compress(tar, mtime=0), 50_000),
                             ("a.zip", zipped(members), 50_000)):
        write(f"whole/{name}", text)
        write(f"cut/{name}", text[:keep])
    for name, form in (("a.7z", "7zip"), ("a.cpio", "cpio_newc")):
        packed(f"whole/{name}", form, members)
        write(f"cut/{name}", pathlib.Path(f"whole/{name}").read_bytes()[:50_000])
    write("secret.zip", encrypted(zipped({"secret.txt": NOISE[:100]}, zipfile.ZIP_STORED)))
    wrong = bytearray(zipped({"app.log": LOG}, zipfile.ZIP_STORED))
    wrong[-200_00] ^= 1
    write("wrong.zip", bytes(wrong))
    deep = zipped({"app.log": LOG})
    for _ in range(3):
        deep = zipped({"in.zip": deep})
    write("deep.zip", deep)
    write("many.tar", tarred({f"{number}.txt": KEY for number in range(20)}))
    write("bomb.gz", gzip.compress(KEY, mtime=0) + gzip.compress(bytes(1 << 20), mtime=0) * 8)
    write("large.gz", gzip.compress(KEY, mtime=0) + gzip.compress(bytes(1 << 20), mtime=0) * 300)
    write("slow.gz", gzip.compress(bytes(1 << 22), mtime=0) * 4096)  # 16 GiB


def make_repositories():
    repo = Repo("repo")
    repo.commit("first", {"a.txt": "nothing here\n"})
    repo.commit("old", {"old.txt": KEY})
    repo.commit("gone", {"old.txt": None, "noise.bin": NOISE})
    repo.commit("last", {"b.txt": "more\n"})
    repo.clone("shallow", "--depth=1", url=True)
    repo.clone("partial", "--filter=blob:none", "--no-checkout", url=True)
    damaged = repo.clone("damaged", "--no-local", "--bare", url=True)
    pack = damaged.pack("-a", "-d", "-f")[0]
    text = bytearray(pack.read_bytes())
    text[len(text) // 2] ^= 0xFF
    pack.chmod(0o644)
    pack.write_bytes(bytes(text))
    lost = repo.clone("lost", "--no-local", url=True)
    for one in lost.packs():
        text = one.read_bytes()
        one.unlink()
        one.with_suffix(".idx").unlink()
        lost.git("unpack-objects", "-q", stdin=text)
    blob = lost.git("rev-parse", "HEAD~2:old.txt")
    (lost.objects / blob[:2] / blob[2:]).unlink()
    large = Repo("large")
    large.commit("pointer", {"one.bin": "version https://git-lfs.github.com/spec/v1\n"
                                        f"oid sha256:{'1' * 64}\nsize 123456\n"})


def make_settings():
    for limit, value in (("depth", 2), ("ratio", 300), ("decoded_bytes", 1000), ("members", 3),
                         ("seconds", 1)):
        write(f"{limit}.toml", f"[limits]\n{limit} = {value}\n")
    # What is allowed is matched all the same, so all is quiet but for what is not looked at.
    write("often.toml", '[[rules]]\nid = "often"\nregex = "t[0-9]"\nkeywords = ["t"]\n'
          '[[rules.allowlists]]\nregexes = ["t1"]\n')
    write("often.txt", "t1 " * 65_537)
    write("logs/one.sarif", '{"version": "2.1.0", "runs": []}')
    write("logs/two.sarif", '{"version": "2.1.0", "runs": [')
    write("empty/readme", "no log\n")
    write("owners.toml", "no_such_setting = true\n")
    write("names.toml", 'baseline = "gone"\n')
    write("outside.toml", 'owners = "../owners.toml"\n')
    write("default.toml", "[extend]\nuseDefault = true\n")
    write("syntax.toml", "enable = [\n")
    write("unknown.toml", "no_such_setting = true\n")
    write("regex.toml", '[[rules]]\nid = "OWN0001"\nregex = "(open"\n')
    write("baseline", "this is no entry\n")
    write("log.sarif", '{"version": "2.1.0", "runs": [')
    write("here/.assay.toml", "no_such_setting = true\n")
    write("here/a.txt", "nothing here\n")


CUT = [Row(f"{name} cut short", ["scan", f"cut/{name}"], [f"cut/{name}", words],
           ["scan", f"whole/{name}"])
       for name, words in (("a.gz", "the gzip data ends"), ("a.bz2", "ends"), ("a.xz", "ends"),
                           ("a.tar", "ends"), ("a.tar.gz", "the gzip data ends"), ("a.zip", ""),
                           ("a.7z", ""), ("a.cpio", "damaged"))]
LIMITS = [Row(f"over {flag}", ["scan", path, f"{flag}={value}"], [path, flag],
              ["scan", path, f"{flag}={enough}"])
          for flag, path, value, enough in (
              ("--max-depth", "deep.zip", 2, 12), ("--max-ratio", "large.gz", 500, 100_000),
              ("--max-decoded-bytes", "bomb.gz", 1000, 1 << 30),
              ("--max-members", "many.tar", 3, 1000))]
CONFIGURED = [Row(f"over {limit} of a config", ["scan", path, f"--config={limit}.toml", *more],
                  [path, flag],
                  enough and ["scan", path, f"--config={limit}.toml", f"{flag}={enough}"])
              for limit, flag, path, more, enough in (
                  ("depth", "--max-depth", "deep.zip", [], 8),  # what a flag says counts, as here
                  ("ratio", "--max-ratio", "large.gz", [], 100_000),
                  ("decoded_bytes", "--max-decoded-bytes", "bomb.gz", [], 4 << 40),  # also where it
                  ("members", "--max-members", "many.tar", [], 1_000_000),  # is the usual value
                  ("seconds", "--max-seconds", "slow.gz", ["--max-ratio=100000"], None))]
ROWS = [
    Row("a missing path", ["scan", "gone.txt", "a.txt"], ["gone.txt", "no such file or folder"]),
    Row("a link that leads nowhere", ["scan", "dangling"], ["dangling", "no such file or folder"]),
    Row("a loop of links", ["scan", "loop"], ["loop", "could not be read"]),
    Row("a FIFO in a folder", ["scan", "with-fifo"], ["with-fifo/pipe", "it is a FIFO"]),
    Row("a socket in a folder", ["scan", "with-socket"], ["with-socket/socket", "it is a socket"]),
    Row("a device", ["scan", "/dev/zero"], ["zero", "it is a character device"]),
    Row("a file that fails when it is read", ["scan", "/proc/self/mem"], ["mem", ""]),
    Row("a folder that the kernel makes up", ["scan", "/proc/self/fdinfo"], ["fdinfo", ""]),
    Row("a pack as a file", ["scan", "repository.pack"], ["repository.pack", "assay git"]),
    *CUT,
    Row("an encrypted member", ["scan", "secret.zip"], ["secret.zip!/secret.txt", "it is encrypted"]),
    Row("a wrong checksum", ["scan", "wrong.zip"], ["wrong.zip!/app.log", "its checksum does not hold"]),
    *LIMITS,
    *CONFIGURED,
    Row("over --max-seconds", ["scan", "slow.gz", "--max-seconds=1", "--max-ratio=100000"],
        ["slow.gz", "--max-seconds"]),
    Row("a rule of one's own that matches too often", ["scan", "often.txt", "--config=often.toml"],
        ["often.txt", "matches more often in it than is told"]),
    Row("a shallow clone", ["git", "shallow"], ["shallow", "--unshallow"], ["git", "repo"]),
    Row("a partial clone", ["git", "partial"], ["partial", "--refetch"], ["git", "repo"]),
    Row("a damaged pack", ["git", "damaged"], [".pack", ""], ["git", "repo"]),
    Row("a lost object", ["git", "lost"], ["not in the repository"], ["git", "repo"]),
    Row("a file in LFS", ["git", "large"], ["one.bin", "LFS"]),
    Row("a bad revision", ["git", "repo", "--range=gone..HEAD"], ["gone"], None, False),
    Row("a range of nothing", ["git", "repo", "--range=.."], ["empty range"], None, False),
    Row("a range that a shallow clone lacks", ["git", "shallow", "--range=HEAD~2..HEAD"], ["HEAD~2"],
        ["git", "repo", "--range=HEAD~3..HEAD"], False),
    Row("no repository", ["git", "with-fifo"], ["with-fifo"], None, False),
    Row("a config with a syntax error", ["scan", "a.txt", "--config=syntax.toml"], ["syntax.toml"],
        None, False),
    Row("a config with an unknown key", ["scan", "a.txt", "--config=unknown.toml"],
        ["unknown.toml:1", "no_such_setting"], None, False),
    Row("a config with a bad regex", ["scan", "a.txt", "--config=regex.toml"], ["regex.toml:"],
        None, False),
    Row("a config that is missing", ["scan", "a.txt", "--config=gone.toml"], ["gone.toml"], None, False),
    Row("a config that was found", ["scan", "here"], [".assay.toml", "no_such_setting"], None, False),
    Row("a bad baseline", ["scan", "a.txt", "--baseline=baseline"], ["baseline"], None, False),
    Row("a baseline that is missing", ["scan", "a.txt", "--baseline=gone"], ["gone"], None, False),
    Row("a base log cut short", ["scan", "a.txt", "--base-sarif=log.sarif"], ["log.sarif"], None, False),
    Row("a base log that is missing", ["scan", "a.txt", "--base-sarif=gone"], ["gone"], None, False),
    Row("a folder of base logs with one cut short", ["scan", "a.txt", "--base-sarif=logs"],
        ["two.sarif"], None, False),
    Row("a folder without a base log", ["scan", "a.txt", "--base-sarif=empty"], ["empty"], None, False),
    Row("a base log of another tool", ["scan", "a.txt", "--base-sarif=logs/one.sarif"],
        ["logs/one.sarif", "no run of assay"], None, False),
    Row("owners that cannot be used", ["scan", "a.txt", "--owners=owners.toml"], ["owners.toml"], None,
        False),
    Row("a file that a config names and is missing", ["scan", "a.txt", "--config=names.toml"],
        ["gone"], None, False),
    Row("a file that a config names elsewhere", ["scan", "a.txt", "--config=outside.toml"],
        ["outside.toml:1", "leads out"], None, False),
    Row("rules that a config extends and nobody names", ["scan", "a.txt", "--config=default.toml"],
        ["default.toml:1", "--gitleaks-rules"], None, False),
    Row("a report in no folder", ["scan", "key.txt", "--output=gone/report"], ["gone/report"], None,
        False),
    Row("a report that is a folder", ["scan", "key.txt", "--output=with-fifo"], ["with-fifo"], None,
        False),
    Row("a report on a full disk", ["scan", "key.txt", "--output=/dev/full"], ["/dev/full"], None,
        False),
    Row("a summary in no folder", ["scan", "key.txt", "--summary=gone/summary"], ["gone/summary"],
        None, False),
]
if os.geteuid() != 0:
    ROWS.append(Row("a file that may not be read", ["scan", "closed"],
                    ["closed/key.txt", "permission denied"]))


def run(arguments, form):
    done = subprocess.run([os.environ["ASSAY"], *arguments, "--format", form], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=110, env=clean_environment(pathlib.Path.cwd()) |
                          {"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def plain(text):
    """Without what a format puts before characters of its own, and quotes around names."""
    text = text.replace("%25", "%").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",")
    return re.sub(r"['`\\]", "", html.unescape(text))


def tells(form, out, says):
    """Whether the report has each text, and SARIF and JSON lines where machines look for it."""
    if form == "jsonl":
        lines = [json.loads(line) for line in out.splitlines()]
        assert not lines[-1]["summary"]["complete"], f"{form}: it says that it is complete"
        out = "\n".join(line["diagnostic"]["message"] for line in lines if "diagnostic" in line)
    if form == "sarif":
        log = json.loads(out)
        notes = [note for one in log["runs"] for invocation in one["invocations"]
                 for note in invocation["toolExecutionNotifications"]]
        assert all(one["invocations"][0]["exitCode"] == 2 for one in log["runs"]), "sarif: exitCode"
        out = "\n".join(note["message"]["text"] for note in notes)
    missing = [text for text in says if plain(text) not in plain(out)]
    assert not missing, f"{form}: does not say {missing}: {out[-600:]}"


def check_row(row):
    for form in FORMATS if row.report else ("text",):
        code, out, err = run(row.arguments, form)
        assert code == 2, f"{form}: exit code {code}, not 2: {err[-400:]}"
        if row.report:
            tells(form, out, row.says)
        else:
            assert not out or "--output" in " ".join(row.arguments), f"a report: {out[-300:]}"
            assert err.count("\n") == 1, f"not one sentence: {err}"
            tells("stderr", err, row.says)
    if row.whole:
        code, out, err = run(row.whole, "jsonl")
        summary = json.loads(out.splitlines()[-1])["summary"]
        assert code == 1 and summary["complete"] and summary["findings"], f"whole: {code}: {err}"


def check_page(page):
    """The page names every row, and no other."""
    named = re.findall(r"^\| ([^|]+?) \| 2 \|", page.read_text(), re.M)
    wanted = [row.name for row in ROWS] + ["a file that may not be read"]
    assert set(named) == set(wanted), f"docs/coverage.md: {set(named) ^ set(wanted)}"


def main():
    make_files()
    make_archives()
    make_repositories()
    make_settings()
    run_rows(ROWS, check_row)
    check_page(pathlib.Path(sys.argv[1]))


main()
