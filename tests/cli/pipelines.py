"""Runs the scripts of ci/azure-pipelines.yml and ci/gitlab.yml as their services do.

  pipelines.py ROOT     in a folder with key.txt and other.txt, which hold a key each
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

import action
from action import WORK, check, commit, environment, git, install_gate, loud_program, repository

ROOT = action.ROOT
HOSTILE = ("$(touch hostile)", "`touch hostile`", "'; touch hostile; '", "\" && touch hostile",
           "##vso[task.complete result=Succeeded;]", "-x")


def shell(script, folder, env):
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                          cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def path_with_assay():
    return f"{loud_program()}:{os.environ['PATH']}"


def results_in(folder):
    logs = sorted((folder / "sarif").glob("*.sarif"))
    return sum(len(run["results"]) for log in logs
               for run in json.loads(log.read_text())["runs"]) if logs else None


def expect(name, got, code, found):
    check(got[:2] == (code, found), f"{name}: {got[:2]}, not {(code, found)}: {got[2][-800:]}")
    check(not list(WORK.rglob("hostile")), f"{name}: a name was run")


# ---- Azure Pipelines

def azure_text(value, parameters, variables):
    """As Azure makes the variables of a step: ${{ }} when the template is read, then $( )."""
    value = re.sub(r"\$\{\{ *parameters\.(\w+) *\}\}", lambda at: str(parameters[at[1]]), value)
    return re.sub(r"\$\(([\w.]+)\)", lambda at: variables.get(at[1], at[0]), value)


class Azure:
    """One use of the template: exit code and log of its script, and the variables it set."""

    def __init__(self, folder, chosen, **more):
        template = yaml.safe_load((ROOT / "ci/azure-pipelines.yml").read_text())
        parameters = {one["name"]: one["default"] for one in template["parameters"]}
        assert set(chosen) <= set(parameters), chosen
        parameters |= {"folder": str(WORK / "gate"), "repository": str(folder)} | chosen
        self.staging = WORK / (folder.name + ".staging")
        shutil.rmtree(self.staging, ignore_errors=True)
        variables = {"Build.ArtifactStagingDirectory": str(self.staging),
                     "Build.SourcesDirectory": str(WORK)}
        step, publish = template["steps"][:2]
        check("${{" not in step["bash"] and "$(" not in step["bash"], "azure: text in a script")
        check(step["name"] == "assay_gate" and publish["artifact"] == "CodeAnalysisLogs" and
              publish["condition"] == "succeededOrFailed()", "azure: other names")
        env = {name: azure_text(text, parameters, variables) for name, text in step["env"].items()}
        env = {name: text for name, text in env.items() if text}  # Azure drops empty ones
        env = environment(env | more | {"PATH": path_with_assay()})
        where = azure_text(step["workingDirectory"], parameters, variables)
        code, self.log = shell(step["bash"], where, env)
        self.set, allowed = {}, r"##vso\[task\.(setvariable variable=([\w-]+);isOutput=true|uploadsummary)\](.*)"
        for line in self.log.split("\n"):
            if "##vso[" in line or "##[" in line:
                command = re.fullmatch(allowed, line)
                check(command, f"azure: {folder.name}: a name is a command: {line}")
                if command:
                    self.set[command[2] or "summary"] = command[3]
        logs = pathlib.Path(azure_text(publish["publish"], parameters, variables))
        self.got = (code, results_in(logs.parent), self.log)
        # The other steps look for the logs where they were written.
        task = template["steps"][2]["${{ if eq(parameters.advancedSecurity, true) }}"][0]
        check(task["task"] == "AdvancedSecurity-Publish@1" and azure_text(
            task["inputs"]["SarifsInputDirectory"], parameters, variables) == str(logs),
            "azure: Advanced Security looks elsewhere")


def test_azure():
    shop = WORK / "shop"
    run = Azure(shop, {})
    expect("azure", run.got, 1, 1)
    check(run.set.get("findings") == "1" and run.set.get("complete") == "true" and
          run.set.get("exit-code") == "1" and pathlib.Path(run.set["sarif"]).is_file() and
          pathlib.Path(run.set["summary"]).is_file(), f"azure: {run.set}")
    check("AZF1002" in run.log, "azure: the log does not tell what was found")
    expect("azure, never", Azure(shop, {"failOn": "never"}).got, 0, 1)
    expect("azure, history", Azure(shop, {"scan": "history"}).got, 1, 2)
    target = {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}
    expect("azure, pull request", Azure(shop, {"scan": "range"}, **target).got, 1, 1)
    check(Azure(shop, {"scan": "range"}).got[0] == 2, "azure: no range, and no exit code 2")
    for at, name in enumerate(HOSTILE):
        target = {"SYSTEM_PULLREQUEST_TARGETBRANCH": f"refs/heads/{name}",
                  "BUILD_SOURCEBRANCHNAME": name, "BUILD_SOURCEVERSIONMESSAGE": name}
        check(Azure(shop, {"scan": "range"}, **target).got[0] == 2, f"azure, branch {at}")
    names = repository("names", {"a.txt": "template.txt"})
    for name in HOSTILE:
        os.mkfifo(names / name)
    expect("azure, names", Azure(names, {}).got, 2, 0)


# ---- GitLab CI

def gitlab(folder, chosen=None, **predefined):
    """(exit code, results, log) of the job's scripts, and checks what it keeps."""
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())["assay"]
    report = folder / "assay-report"
    shutil.rmtree(report, ignore_errors=True)
    env = environment(job["variables"] | {"CI_PROJECT_DIR": str(folder), "HOME": str(WORK),
                                          "PATH": path_with_assay()}
                      | predefined | (chosen or {}) | {"ASSAY_FOLDER": str(WORK / "gate")})
    env["GIT_CONFIG_GLOBAL"] = str(WORK / "gitlab.config")
    code, log = shell("\n".join(job["before_script"] + job["script"]), folder, env)
    check(job["artifacts"]["when"] == "always" and
          job["artifacts"]["paths"] == ["assay-report/sarif", "assay-report/summary.md"],
          "gitlab: keeps other files")
    if code != 2:
        check((report / "summary.md").is_file(), "gitlab: no summary")
    found = results_in(report)
    shutil.rmtree(report, ignore_errors=True)
    return code, found, log


def test_gitlab():
    shop = WORK / "shop"
    base, head = git(shop, "rev-parse", "main"), git(shop, "rev-parse", "topic")
    got = gitlab(shop, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    expect("gitlab, merge request", got, 1, 1)
    check("AZF1002" in got[2], "gitlab: the log does not tell what was found")
    expect("gitlab, push", gitlab(shop, CI_COMMIT_BEFORE_SHA=base), 1, 1)
    expect("gitlab, nothing new", gitlab(shop, CI_COMMIT_BEFORE_SHA=head), 0, 0)
    expect("gitlab, new branch", gitlab(shop, CI_COMMIT_BEFORE_SHA="0" * 40,
                                        CI_DEFAULT_BRANCH="main"), 1, 1)
    expect("gitlab, files", gitlab(shop, {"GATE_SCAN": "files"}), 1, 1)
    check(gitlab(shop)[0] == 2, "gitlab: no range, and no exit code 2")
    for at, name in enumerate(HOSTILE):
        got = gitlab(shop, CI_COMMIT_BEFORE_SHA="0" * 40, CI_DEFAULT_BRANCH=name,
                     CI_COMMIT_REF_NAME=name, CI_COMMIT_TITLE=name)
        check(got[0] == 2, f"gitlab, branch {at}")
    git(WORK, "clone", "-q", "--depth=1", f"file://{shop}", "flat")
    expect("gitlab, shallow", gitlab(WORK / "flat", CI_COMMIT_BEFORE_SHA=base), 2, None)


def main():
    install_gate(WORK / "gate")
    (WORK / "template.txt").write_text("nothing here\n")
    shop = repository("shop", {"old.txt": "other.txt"})
    (shop / "old.txt").unlink()
    commit(shop, {"a.txt": "template.txt"})
    git(shop, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit(shop, {"new.txt": "key.txt"}, "topic")
    test_azure()
    test_gitlab()
    print(*action.PROBLEMS, sep="\n")
    sys.exit(1 if action.PROBLEMS else 0)


main()
