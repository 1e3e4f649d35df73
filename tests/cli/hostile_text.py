"""Scans texts of nothing but pieces of a disguised signature, one after another: HOSTILE_MIB of each,
those that HOSTILE_ONLY names (a;b), and prints what each took. Too much ends it with exit code 1."""
import os, random, resource, subprocess, sys

sanitized = os.environ["SANITIZED"] == "1"
mib = int(os.environ.get("HOSTILE_MIB", "1"))
# Three seconds a MiB on a busy machine: quadratic time is what is looked for. The seconds are printed.
SECONDS, MEMORY = 3 * mib * (20 if sanitized else 1), 256 if not sanitized else 4096

digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
dice = random.Random(1)
nearly = bytes(dice.choices(digits, k=44)) + b"AzFu" + bytes(dice.choices(digits, k=6)) + b"=="


def wide(text, code):
    return text.decode().encode(code)


PIECES = {
    "signature": b"AzFu",
    "=": b"=",
    "soft breaks": b"=\n",
    "signature lines": b"AzFu\n",
    "split signature": b"Az=\nFu",
    "wrapped": b"A\nz\nF\nu\n",
    "wrapped, crlf": b"Az\r\n  Fu\r\n> ",
    "literal of base64": b"QXpGd",
    "group of base64": b"QXpGdQ",
    "its second": b"F6Rn",
    "its third": b"BekZ1",
    "base64 lines": b"QXpGdUF6RnVBekZ1QXpGdUF6RnVBekZ1QXpGdUF6RnVBekZ1QXpGdUF6RnVBekZ1QXpGdUF6Rn\n",
    "twice": b"UVhwR2RR",
    "UTF-16 in base64": b"QQB6AEYAdQ",
    "wide": b"z\0",
    "wide signature": wide(b"AzFu", "utf-16-le"),
    "UTF-32": wide(b"AzFu", "utf-32-be"),
    "wide base64": wide(b"QXpGd", "utf-16-le"),
    "percent": b"%7a",
    "percents": b"%41%7a%46%75",
    "layers": b"A%25252525257aF%2525252575",
    "json": b"\\u007a",
    "json of json": b"A\\\\\\\\u007aFu",
    "backslashes": b"\\",
    "hex escapes": b"\\x41\\x7a",
    "octal": b"\\101\\172",
    "entity": b"&#122;",
    "entities": b"A&amp;amp;amp;#122;Fu",
    "ampersands": b"&",
    "quoted-printable": b"=7A",
    "quoted-printable lines": b"A=7AF=\n",
    "hex": b"417a4675",
    "hex bytes": b"41 7a 46 75 ",
    "0x": b"0x7a,",
    "decimal": b"65,122,70,117,",
    "escapes": b"Az \x1b",
    "colours": b"A\x1b[31mz\x1b[0mFu",
    "open link": b"Az\x1b]8;;Fu",
    "tags": b"A<wbr>zF<b>u",
    "open tags": b"Az<Fu",
    "invisible": b"A\xe2\x80\x8bzFu",
    "soft hyphens": b"Az\xadFu\xc2\xad",
    "literals": b'Az" + "Fu',
    "array": b'"AzF",\n"u",\n',
    "docker": b'{"log":"Az","stream":"stdout","time":"2025-11-02T08:00:00.1Z"}\n{"log":"Fu',
    "cri": b"2025-11-02T08:00:00.1Z stdout P Az\n2025-11-02T08:00:00.2Z stdout P Fu\n",
    "asciicast": b'[1.25, "o", "z"]\n',
    "prefixes": b"2025-11-02 app: Az\n2025-11-02 app: Fu\n",
    "listing": b"00000010  41 7a 46 75 41 7a 46 75  41 7a 46 75 41 7a 46 75  |AzFuAzFuAzFuAzFu|\n",
    "xxd": b"00000010: 417a 4675 417a 4675 417a 4675 417a 4675  AzFuAzFuAzFuAzFu\n",
    "nearly a key": nearly + b"\n",
    "in a row": nearly,
    "wrapped nearly": nearly[:46] + b"\n" + nearly[46:] + b"\n",
    "escaped nearly": nearly.replace(b"z", b"%7a") + b" ",
    "mail": b"From: a\nTo: b\n\n",
    "code=": b"?code=AzFu",
}


def scan(piece):
    """CPU seconds, MiB at the peak and exit code of a scan of a file of it."""
    with open("hostile.txt", "wb") as out:
        for _ in range(mib):
            out.write(piece * ((1 << 20) // len(piece)))
    limit = int(SECONDS * 10) + 1
    run = subprocess.Popen(
        [os.environ["ASSAY"], "scan", "-f", "jsonl", "-j", "1", "hostile.txt"],
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
    )
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, run.returncode


only = os.environ.get("HOSTILE_ONLY", "").split(";")
slow = []
for name, piece in PIECES.items():
    if only != [""] and name not in only:
        continue
    seconds, memory, code = scan(piece)
    print(f"{name}: {seconds:.2f} s, {memory} MiB, exit {code}", flush=True)
    if code not in (0, 1) or seconds > SECONDS or memory > MEMORY:
        slow.append(name)
sys.exit(", ".join(slow) or 0)
