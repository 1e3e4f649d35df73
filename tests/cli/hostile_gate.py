"""Scans ten thousand keys with configs and a baseline of thousands of entries that are about none of
them, and prints what each took. Too much ends it with exit code 1."""
import os, random, resource, subprocess, sys

sanitized = os.environ["SANITIZED"] == "1"
SECONDS, MEMORY = (60, 4096) if sanitized else (8, 256)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
dice = random.Random(7)


def word(length):
    return "".join(dice.choices(LETTERS, k=length))


def scan(name, *flags, text="keys.txt"):
    limit = int(SECONDS * 10) + 1
    run = subprocess.Popen(
        [os.environ["ASSAY"], "scan", "-q", "-j", "1", *flags, text],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
    )
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = code = os.waitstatus_to_exitcode(status)
    seconds, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10
    print(f"{name}: {seconds:.2f} s, {memory} MiB, exit {code}", flush=True)
    if code != 1 or seconds > SECONDS or memory > MEMORY:
        slow.append(name)


slow = []
ALLOW = '[[allow]]\nreason = "ours"\n'
CONFIGS = {
    "stopwords": "".join(
        ALLOW + f"stopwords = {[word(5) for _ in range(1000)]}\n" for _ in range(20)
    ),
    "fingerprints": "".join(
        ALLOW + f"fingerprints = {[word(20), word(20)]}\n" for _ in range(10_000)
    ),
    "regexes": "".join(
        ALLOW + f"regexes = {['^' + word(6) for _ in range(1000)]}\n" for _ in range(20)
    ),
}
for name, text in CONFIGS.items():
    with open("hostile.toml", "w") as out:
        out.write(text)
    scan(name, "--config", "hostile.toml")

with open("key.txt") as file, open("same.txt", "w") as out:
    out.write(file.read() * 3000)
with open("same.base", "w") as out:
    out.write("# assay baseline 1\n")
    out.writelines(f"{os.environ['FINGERPRINT']} AZF1002 d{i}/** - - ours\n" for i in range(50_000))
scan("one key in a baseline", "--no-config", "--baseline", "same.base", text="same.txt")
sys.exit(", ".join(slow) or 0)
