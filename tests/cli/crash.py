"""Ends assay by the signals of a crash while it holds a key, and looks at what is left.

In a folder of its own, which is also where temporary files and the cache go, and with cores
allowed: a program that does not forbid them, killed in the same way, shows that one would have been written.
"""
import os
import pathlib
import resource
import signal
import subprocess
import time

KEY = pathlib.Path("key.txt").read_bytes()
PARTS = [KEY[5 + at:25 + at] for at in range(24)]  # a third of the key, anywhere in it
FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE,
          signal.SIGQUIT)


def allow_cores():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)


def crash(command, fault, folder, until):
    """Whether the system wrote a core of the process."""
    folder.mkdir()
    home = str(folder.absolute())
    env = os.environ | {"TMPDIR": home, "HOME": home, "XDG_CACHE_HOME": home + "/cache"}
    # A sanitizer would report the signal and leave in peace.
    env["ASAN_OPTIONS"] += ":handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigill=0" \
        ":handle_sigfpe=0:disable_coredump=0"
    with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=out,
                                   stderr=err, preexec_fn=allow_cores)
        process.stdin.write(KEY * 3 + b"a line\n")
        process.stdin.flush()
        deadline = time.monotonic() + 20
        while not until(folder) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(process.pid, fault)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = 0
        process.stdin.close()
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == fault, (command, fault, status)
    return os.WCOREDUMP(status)


def found(folder):
    return b"AZF1002" in (folder / "out").read_bytes()


def begun(folder):
    time.sleep(0.4)
    return any(folder.glob("report*"))


def look(folder, expected):
    left = [path for path in folder.rglob("*") if path.is_file()]
    odd = [path.name for path in left
           if path.name not in expected and not path.name.startswith("report.")
           and "cache" not in path.parts]
    assert not odd, f"left behind: {odd}"
    for path in left:
        data = path.read_bytes()
        assert not any(part in data for part in PARTS), f"{path.name} holds a key"


if not crash(["sleep", "60"], signal.SIGSEGV, pathlib.Path("sleep"), lambda folder: True):
    print("this machine writes no cores at all: only what assay itself leaves is looked at")
for number in FAULTS:
    for name, flags, until in (("stream", ["-f", "jsonl"], found), ("text", [], found),
                               ("file", ["-f", "sarif", "-o", "report"], begun)):
        place = pathlib.Path(f"{name}-{number.name}")
        command = [os.environ["ASSAY"], "scan", "-", *flags]
        assert not crash(command, number, place, until), f"a core of {command} after {number.name}"
        assert name == "file" or found(place), f"{name}: crashed before the key was found"
        look(place, {"out", "err"})
