"""Scratch repositories for tests and benchmarks, made by the real git.

  keys = make_keys(["plain", "merge"])           # {"plain": Key, …}: made, never written down
  repo = Repo("work/plain")
  repo.commit("leak", {"a.txt": text_with(keys["plain"])})
  repo.ids["leak"]                               # the commit's id: its name is its subject
  result = scan(repo.folder)                     # assay git -f jsonl
  result.findings, result.diagnostics, result.code

Same calls, same ids: dates count up by a minute from a fixed one, and neither the user's nor the
machine's configuration is read. Environment: ASSAY and FILL, as tests/cli/common.inc wants them.
"""
import json
import os
import pathlib
import re
import resource
import subprocess
import tempfile
from collections import namedtuple

FIRST_TIME = 1762070400  # 2025-11-02T08:00:00Z
SANITIZED = os.environ.get("SANITIZED") == "1"
CONFIG = {"init.defaultBranch": "main", "protocol.file.allow": "always", "gc.auto": "0",
          "pack.threads": "1", "maintenance.auto": "false", "commit.gpgSign": "false",
          "advice.detachedHead": "false", "core.fsync": "none", "core.quotePath": "false"}

# `text`: as it stands in a file. The others as a report has them; `in_path` within a path.
Key = namedtuple("Key", "text fingerprint redacted in_path")
Result = namedtuple("Result", "code findings diagnostics summary err seconds")


def make_keys(names):
    """A Key for each name; the same list gives the same keys."""
    names = list(names)
    kinds = ("function", "master", "system")
    with tempfile.TemporaryDirectory() as folder:
        template, filled = pathlib.Path(folder, "template"), pathlib.Path(folder, "filled")
        template.write_text("".join(f"{{key:{kinds[at % 3]}:n{at}}}\n" for at in range(len(names))))
        subprocess.run([os.environ["FILL"], template, filled], check=True)
        texts = filled.read_text().splitlines()
        scan_it = [os.environ["ASSAY"], "scan", "-f", "jsonl", filled]
        out = subprocess.run(scan_it, stdout=subprocess.PIPE, check=False).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    by_line = {row["location"]["line"]: row for row in rows if "rule_id" in row}
    assert len(texts) == len(by_line) == len(names), "keys that are not found as plain text"
    return {name: Key(text, by_line[at]["fingerprint"], by_line[at]["redacted"],
                      f"{text[:3]}…({len(text)})")
            for at, (name, text) in enumerate(zip(names, texts), 1)}


def text_with(key, line=2):
    """A small text with the key on that line."""
    return "".join(f"line {at}\n" for at in range(1, line)) + f"code={key.text}\nlast\n"


def clean_environment(home):
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return env | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1",
                  "GIT_CONFIG_GLOBAL": os.devnull, "TZ": "UTC", "LC_ALL": "C"}


def git_environment(home, at=FIRST_TIME):
    env = clean_environment(home) | {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true",
                                     "GIT_CONFIG_COUNT": str(len(CONFIG))}
    for number, (name, value) in enumerate(CONFIG.items()):
        env[f"GIT_CONFIG_KEY_{number}"], env[f"GIT_CONFIG_VALUE_{number}"] = name, value
    for who, name in (("AUTHOR", "Dana"), ("COMMITTER", "Robin")):
        env[f"GIT_{who}_NAME"] = name
        env[f"GIT_{who}_EMAIL"] = f"{name.lower()}@example.org"
        env[f"GIT_{who}_DATE"] = f"{at} +0000"
    return env


class Repo:
    """A repository and the ids of its commits by their names."""

    def __init__(self, folder, *flags, make=True):
        self.folder = pathlib.Path(folder).absolute()
        self.ids = {}
        self.time = FIRST_TIME
        if make:
            self.folder.mkdir(parents=True)
            self.git("init", "-q", *flags)

    def git(self, *arguments, stdin=b"", env=None, check=True):
        """Standard output as text, without the last newline."""
        stdin = stdin.encode() if isinstance(stdin, str) else stdin
        environment = git_environment(self.folder.parent, self.time) | (env or {})
        done = subprocess.run(["git", *arguments], cwd=self.folder, input=stdin, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if check and done.returncode:
            raise AssertionError(f"git {arguments[0]}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="surrogateescape").rstrip("\n")

    @property
    def objects(self):
        return self.folder / self.git("rev-parse", "--git-path", "objects")

    @property
    def git_folder(self):
        return self.folder / self.git("rev-parse", "--git-dir")

    def write(self, files):
        """Paths (text or bytes) to contents (text or bytes; None removes)."""
        for path, content in files.items():
            whole = os.path.join(os.fsencode(self.folder), os.fsencode(path))
            if content is None:
                os.remove(whole)
                continue
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "wb") as out:
                out.write(content.encode() if isinstance(content, str) else content)

    def named(self, name, revision="HEAD"):
        self.ids[name] = self.git("rev-parse", "--verify", "-q", revision)
        return self.ids[name]

    def commit(self, name, files=None, *flags, message=None, env=None):
        """Writes the files and commits all there is; returns the id."""
        self.write(files or {})
        self.git("add", "-A")
        self.time += 60
        self.git("commit", "-q", "--allow-empty", *flags, "-F", "-", stdin=message or name, env=env)
        return self.named(name)

    def merge(self, name, *branches, files=None):
        """A merge that also holds `files`, which no parent has."""
        self.time += 60
        self.git("merge", "-q", "--no-ff", "--no-commit", *branches)
        return self.commit(name, files)

    def blob(self, content):
        """Puts a blob where only its id leads to."""
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def forget(self):
        """No reflog leads anywhere any more."""
        self.git("reflog", "expire", "--expire=now", "--all")

    def pack(self, *flags):
        self.git("repack", "-q", *(flags or ("-a", "-d")))
        return self.packs()

    def packs(self):
        return sorted((self.objects / "pack").glob("*.pack"))

    def clone(self, folder, *flags, url=False):
        """A clone beside this one, with the names of the commits."""
        source = f"file://{self.folder}" if url else str(self.folder)
        # In the repository: what is in the environment does not reach the other side of a clone.
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("clone", "-q", *flags, source, str(pathlib.Path(folder).absolute()))
        other = Repo(folder, make=False)
        other.ids, other.time = dict(self.ids), self.time
        return other


def limit(seconds, mebibytes):
    """For preexec_fn: a scan that hangs or grows is ended. Sanitizers map more than any limit."""
    def apply():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        if not SANITIZED:
            resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    return apply


def scan(folder, *flags, within=60, mebibytes=4096, home=None, argument=()):
    """`assay git` started in the folder, and what it says. A signal is a failure."""
    command = [os.environ["ASSAY"], "git", *argument, "-f", "jsonl", *flags]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=clean_environment(home or folder),
                          timeout=within, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, preexec_fn=limit(within, mebibytes), check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    err = done.stderr.decode(errors="replace")
    assert done.returncode in (0, 1, 2), f"ended with {done.returncode}: {err[-2000:]}"
    rows = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    return Result(done.returncode, [row for row in rows if "rule_id" in row],
                  [row["diagnostic"] for row in rows if "diagnostic" in row],
                  next((row["summary"] for row in rows if "summary" in row), None), err,
                  after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def text_report(folder, *flags, within=60):
    """Both outputs of `assay git` as a person sees them."""
    done = subprocess.run([os.environ["ASSAY"], "git", *flags], cwd=folder, timeout=within,
                          env=clean_environment(folder), stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode("utf-8")


def shown(path):
    """Bytes of a path as a report has them."""
    return path.decode("utf-8", "replace") if isinstance(path, bytes) else path


def places(result, keys):
    """{(name of the key, path)}: what was found, in a shape to compare."""
    names = {key.fingerprint: name for name, key in keys.items()}
    return {(names.get(finding["fingerprint"], "?"), finding["location"]["path"])
            for finding in result.findings}


def without_values(text, keys):
    """Whether no key stands in the text, for a test's own messages and for reports."""
    return not any(key.text[:20] in text for key in keys.values())


def says_number(diagnostics, number):
    """Whether a message has the number (1,234 is 1234)."""
    return any(re.search(rf"(?<![\d,]){number:,}(?![\d,])|(?<!\d){number}(?!\d)", row["message"])
               for row in diagnostics)


def run_rows(rows, run):
    """Calls run(row) for each; tells all that failed, then fails."""
    failed = []
    for row in rows:
        try:
            run(row)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed.append(f"{row[0]}: {type(error).__name__} {error}")
    if failed:
        raise SystemExit(f"{len(failed)} of {len(rows)} failed:\n" + "\n".join(failed))
