"""Runs the composite action of a folder as GitHub's runner does, in repositories of its own.

  action.py ROOT     in a folder with key.txt and other.txt, which hold a key each

What the runner does is done here: expressions in `env`, `if` and `with`; a fresh GITHUB_OUTPUT for
each step; `run` as a script of bash; workflow commands taken from the log. `uses` is only noted.
"""
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys

import yaml

ROOT = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
WORK = pathlib.Path.cwd()
PROBLEMS = []


def check(good, what):
    if not good:
        PROBLEMS.append(what)


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def git(folder, *words):
    return subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True).stdout.strip()


def commit(folder, files, branch=None):
    if branch:
        git(folder, "checkout", "-q", "-b", branch)
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(WORK / source, folder / name)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "change")
    return git(folder, "rev-parse", "HEAD")


def repository(name, files):
    folder = WORK / name
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, files)
    return folder


def install_gate(folder, program=True):
    """A checkout of assay with the gate's script; `bin` is for PATH. A build there fails."""
    (folder / "ci").mkdir(parents=True)
    shutil.copy(ROOT / "ci/run-gate.sh", folder / "ci/run-gate.sh")
    write(folder / "dev", "#!/bin/sh\necho 'no build here' >&2\nexit 2\n", 0o755)
    for name in ("CMakeLists.txt", "CMakePresets.json", "cmake/x", "cli/x", "git/x", "reports/x",
                 "response/x", "rules/x", "scanner/x"):
        write(folder / name, name)
    bin_folder = folder.parent / (folder.name + "-bin")
    if program:
        write(bin_folder / "assay", '#!/bin/sh\nexec "$ASSAY" "$@"\n', 0o755)
    return bin_folder


def loud_program():
    """assay, should it ever let a command of the platform through: the gate stops that as well."""
    folder = WORK / "loud-bin"
    write(folder / "assay", "#!/bin/sh\nprintf '%s\\n' '::set-output name=exit-code::0' "
          "'x ##[set-env name=PATH]y' 'x ##vso[task.complete result=Succeeded;]' '##[command]z' >&2\n"
          'exec "$ASSAY" "$@"\n', 0o755)
    return folder


def environment(extra):
    clean = {name: value for name, value in os.environ.items()
             if not re.match(r"GITHUB_|RUNNER_|GATE_|BUILD_|SYSTEM_|CI(_|$)", name)}
    return clean | extra


def value_of(expression, scope):
    """`inputs.x`, `steps.y.outputs.z`, 'text', and == or != between two."""
    for sign in ("==", "!="):
        if sign in expression:
            left, right = (value_of(side, scope) for side in expression.split(sign))
            return (left == right) == (sign == "==")
    expression = expression.strip()
    if expression.startswith("'"):
        return expression.strip("'")
    at = scope
    for name in expression.split("."):
        at = at.get(name, {}) if isinstance(at, dict) else {}
    return at if at != {} else ""


def expand(text, scope):
    whole = re.fullmatch(r"\$\{\{(.*?)\}\}", str(text).strip())
    if whole:
        return value_of(whole[1], scope)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(value_of(found[1], scope)), str(text))


def commands_in(log):
    """The workflow commands that the runner would obey."""
    stopped, commands = None, []
    for line in log.split("\n"):
        if stopped is not None:
            if line.strip() == f"::{stopped}::":
                stopped = None
            continue
        found = re.match(r"\s*::([a-z-]+)[ :]", line) or re.search(r"##\[([a-z-]+)[ \]]", line)
        if found and found[1] == "stop-commands":
            stopped = line.strip()[len("::stop-commands::"):]
            check(len(stopped) == 32, "commands can be switched on again by a guess")
        elif found:
            commands.append(found[1])
    check(stopped is None, "commands stay switched off")
    return commands


class Run:
    """One use of the action. `code`: of the job; `outputs`: of the action; `uses`: {action: with}."""

    def __init__(self, folder, inputs, event=None, path=None, **variables):
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        given = {name: one.get("default", "") for name, one in action["inputs"].items()}
        assert set(inputs) <= set(given), f"no such input: {inputs}"
        github = {"event": event or {}}
        scope = {"inputs": given | inputs, "github": github, "steps": {}}
        self.log, self.code, self.uses = "", 0, {}
        self.temp = folder.parent / (folder.name + ".runner")
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir()
        self.summary = self.temp / "summary"
        for step in action["runs"]["steps"]:
            wanted = expand(step.get("if", "success()"), scope) if "if" in step else True
            if self.code != 0 or wanted in (False, "", "false"):
                continue
            if "uses" in step:
                self.uses[step["uses"].split("@")[0]] = {
                    name: expand(value, scope) for name, value in step["with"].items()}
                continue
            self.step(step, scope, folder, path, variables)
        self.outputs = {name: expand(one["value"], scope)
                        for name, one in action["outputs"].items()}
        self.commands = commands_in(self.log)

    def step(self, step, scope, folder, path, variables):
        output, script = self.temp / "output", self.temp / "script.sh"
        output.write_text("")
        check("${{" not in step["run"], "an expression within a script")
        script.write_text(step["run"])
        env = environment(variables | {"GITHUB_ACTION_PATH": str(WORK / "action"),
                                       "GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(self.temp),
                                       "GITHUB_STEP_SUMMARY": str(self.summary),
                                       "GITHUB_REPOSITORY": "contoso/shop",
                                       "PATH": f"{path or WORK / 'action-bin'}:{os.environ['PATH']}"})
        env |= {name: str(expand(value, scope)) for name, value in step.get("env", {}).items()}
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], env=env,
                              cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, check=False)
        self.log += done.stdout.decode(errors="replace")
        self.code = done.returncode
        if "id" in step:
            lines = output.read_text().split("\n")[:-1]
            scope["steps"][step["id"]] = {"outputs": dict(line.split("=", 1) for line in lines)}

    def expect(self, name, code, findings, **outputs):
        wanted = {"findings": str(findings), "exit-code": str(code)} if findings is not None else {}
        wanted |= {key.replace("_", "-"): value for key, value in outputs.items()}
        got = {key: self.outputs[key] for key in wanted}
        check(self.code == code and got == wanted,
              f"{name}: exit code {self.code} and {got}, not {code} and {wanted}: {self.log[-800:]}")
        check(not list(WORK.rglob("hostile")), f"{name}: a name was run")
        check(set(self.commands) <= {"error", "warning", "notice"}, f"{name}: {self.commands}")


UPLOAD = "github/codeql-action/upload-sarif"


def pull_request(base, repository_name="contoso/shop"):
    return {"pull_request": {"base": {"sha": base},
                             "head": {"repo": {"full_name": repository_name}}},
            "repository": {"default_branch": "main"}}


def test_files():
    clean = repository("clean", {"a.txt": "template.txt"})
    run = Run(clean, {})
    run.expect("clean", 0, 0, verified="0", suppressed="0", complete="true")
    check(pathlib.Path(run.outputs["sarif"]).is_file(), "clean: no SARIF log")
    check(run.summary.read_text().strip(), "clean: no summary")
    check(not run.uses, f"clean: {run.uses}")
    leak = repository("leak", {"src/a b.txt": "key.txt", "other/b.txt": "other.txt"})
    run = Run(leak, {})
    run.expect("keys", 1, 2, verified="2", complete="true")
    check("error" in run.commands and "::error file=src/a b.txt,line=1," in run.log,
          "keys: no annotation")
    check("AZF1002" in run.summary.read_text(), "keys: the summary does not say so")
    Run(leak, {"annotations": "false"}).expect("no annotations", 1, 2)
    Run(leak, {"paths": "src/a b.txt\n\nother\n"}).expect("paths", 1, 2)
    Run(leak, {"args": "--exclude=/src/a b.txt\n--exclude=other/"}).expect("arguments", 0, 0)
    Run(leak, {"fail-on": "never"}).expect("never", 0, 2)
    Run(leak, {"config": "gone.toml"}).expect("no config", 2, 0, complete="false")
    Run(leak, {"baseline": "gone"}).expect("no baseline", 2, 0, complete="false")
    Run(leak, {"paths": "gone\nother"}).expect("missing", 2, 1, complete="false")
    Run(leak, {"scan": "everything"}).expect("an unknown word", 2, None)
    Run(leak, {"args": "--reveal-all"}).expect("an unknown flag", 2, 0, complete="false")


def test_upload():
    leak = WORK / "leak"
    run = Run(leak, {"upload": "true"}, pull_request("0" * 40))
    run.expect("upload", 1, 2)
    check(run.uses.get(UPLOAD, {}).get("sarif_file") == run.outputs["sarif"], "upload: none")
    run = Run(leak, {"upload": "true"}, pull_request("0" * 40, "robin/shop"))
    run.expect("a fork", 1, 2)
    check(UPLOAD not in run.uses and "comes from a fork" in run.log, "a fork: it uploads")
    run = Run(leak, {"upload": "true"}, GITHUB_ACTOR="dependabot[bot]")
    check(UPLOAD not in run.uses and "notice" in run.commands, "dependabot: it uploads")


def test_history():
    shop = repository("shop", {"old.txt": "other.txt"})
    base = git(shop, "rev-parse", "HEAD")
    (shop / "old.txt").unlink()
    removed = commit(shop, {"a.txt": "template.txt"})
    for number, name in enumerate(("$(touch${IFS}hostile)", "`touch${IFS}hostile`", "';touch${IFS}hostile;'",
                                   "-x", "a\"&&touch${IFS}hostile")):
        git(shop, "checkout", "-q", "--detach", removed)
        git(shop, "update-ref", f"refs/remotes/origin/{name}", removed)
        event = {"before": "0" * 40, "repository": {"default_branch": name}}
        run = Run(shop, {"scan": "range"}, event, GITHUB_HEAD_REF=name, GITHUB_REF_NAME=name)
        run.expect(f"branch {number}", 0, 0, complete="true")
        Run(shop, {"scan": "range", "range": f"{name}..gone"}).expect(f"range {number}", 2, 0)
    Run(shop, {"scan": "history"}).expect("history", 1, 1)
    Run(shop, {}).expect("what is there", 0, 0)
    git(shop, "checkout", "-q", "main")
    commit(shop, {"new.txt": "key.txt"}, "topic")
    Run(shop, {"scan": "range"}, pull_request(removed)).expect("a pull request", 1, 1)
    Run(shop, {"scan": "range"}, pull_request(base)).expect("from further back", 1, 1)
    Run(shop, {"scan": "range"}, {"before": removed}).expect("a push", 1, 1)
    Run(shop, {"scan": "range"}).expect("no event", 2, None)
    git(WORK, "clone", "-q", "--depth=1", f"file://{shop}", "shallow")
    run = Run(WORK / "shallow", {"scan": "range"}, pull_request(removed))
    run.expect("a shallow clone", 2, 0, complete="false")


def test_hostile_names():
    """What cannot be scanned is named in the log; its name must not be a command."""
    folder = repository("names", {"a.txt": "template.txt"})
    for name in ("::set-output name=exit-code::0", "a\n::add-mask::b", "##[set-env name=PATH]/x",
                 "::stop-commands::x", "$(touch hostile)", "; touch hostile"):
        os.mkfifo(folder / name.replace("/", "_"))
    Run(folder, {}).expect("names", 2, 0, complete="false")
    Run(folder, {}, path=loud_program()).expect("a loud program", 2, 0, complete="false")
    for fifo in folder.iterdir():
        if stat.S_ISFIFO(fifo.stat().st_mode):
            fifo.unlink()
    for at, name in enumerate(("::error ::x", "##[error]y", "a\n::add-mask::b")):
        shutil.copy(WORK / "key.txt", folder / name)
        Run(folder, {}).expect(f"a key in {at}", 1, at + 1)


def test_program():
    """Built from the sources where no program is there, and kept under a key that they make."""
    leak = WORK / "leak"
    run = Run(leak, {"build-from-source": "never"}, path=WORK / "nothing")
    run.expect("no program", 2, None)
    check("no program assay" in run.log and not run.uses, f"no program: {run.uses}")
    run = Run(leak, {"build-from-source": "never", "version": "9.9.9"})
    run.expect("another version", 2, None)
    run = Run(leak, {}, path=WORK / "nothing")
    run.expect("a build that fails", 2, None)
    first = run.uses["actions/cache"]
    write(WORK / "action/dev", "#!/bin/sh\ncd \"$(dirname \"$0\")\" && mkdir -p build/release && "
          "cp ../action-bin/assay build/release/ && echo built >>built\n", 0o755)
    for expected in ("built\n", "built\n"):
        run = Run(leak, {}, path=WORK / "nothing")
        run.expect("a build", 1, 2)
        check((WORK / "action/built").read_text() == expected, "it was built again")
    check("actions/cache" not in run.uses, "a program that is there is asked of the cache")
    write(WORK / "action/cli/x", "changed")
    run = Run(leak, {}, path=WORK / "nothing")
    run.expect("a change", 1, 2)
    check((WORK / "action/built").read_text() == "built\nbuilt\n", "an old program was used")
    check(run.uses["actions/cache"]["key"] != first["key"], "changed sources have the same key")


def main():
    install_gate(WORK / "action")
    (WORK / "template.txt").write_text("nothing here\n")
    for test in (test_files, test_upload, test_history, test_hostile_names, test_program):
        test()
    print(*PROBLEMS, sep="\n")
    sys.exit(1 if PROBLEMS else 0)


if __name__ == "__main__":
    main()
