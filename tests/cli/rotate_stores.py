"""Rotation scripts for keys that are kept in a vault, a Kubernetes secret or a Container App."""
import json
import os
import pathlib
import subprocess
import sys

HERE, WORK = pathlib.Path(__file__).parent, pathlib.Path.cwd()
ASSAY, FILL = os.environ["ASSAY"], os.environ["FILL"]
STATE = WORK / "state.json"
FACTS = ("subscription=s,resource_group=rg,app=orders,vault=kv-orders,namespace=shop,secret=orders-keys,"
         "revision=orders--1,application_insights=none,key_name=default")


def run(script, code):
    env = dict(os.environ, PATH=f"{WORK}/bin:{os.environ['PATH']}", STORE=str(STATE), ASSAY_YES="1")
    done = subprocess.run(["setsid", "-w", "bash", script], env=env, input=b"", capture_output=True)
    text = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == code, f"{script}: exit code {done.returncode}, not {code}: {text[-1500:]}"
    state = json.loads(STATE.read_text())
    for key in [*state["keys"].values(), state["exposed"]]:
        assert key[:20] not in text and key[:20] not in json.dumps(state["calls"]), "a key is shown"
    return state, text


def start(name, exposed, path=None):
    state = {"keys": {name: exposed}, "live": {name: exposed}, "mounts": [[name, path]], "calls": [], "changes": 0,
             "restarts": 0, "exposed": exposed}
    STATE.write_text(json.dumps(state))


def change(**values):
    STATE.write_text(json.dumps({**json.loads(STATE.read_text()), **values}))


def check(store, kind, names, exposed):
    old, new = names
    subprocess.run([ASSAY, "rotate", "findings.jsonl", "-f", "script", "-o", f"{store}.{kind}.sh", "--set",
                    f"{FACTS},kind={kind},store={store}"], check=True)
    script, volume = f"{store}.{kind}.sh", store == "container-app"
    path, next_path = (name.replace("-", ".", 2) for name in (old, new))
    start(old, exposed, path)
    if volume and kind == "host":
        assert "does not list" in run(script, 3)[1]
        change(mounts=[[old, path], [new, next_path]])
        state, text = run(script, 3)
        assert "Take it out" in text and state["changes"] == 1
        change(mounts=[[new, next_path]], live={})
    state, text = run(script, 0)
    assert "Change record" in text and exposed not in state["keys"].values(), state["keys"].keys()
    assert set(state["keys"]) == {new} and exposed not in state["live"].values()
    again = run(script, 0)[0]
    assert (again["changes"], again["restarts"]) == (state["changes"], state["restarts"]), "run again, it changed it"
    thorough = (store, kind) in (("key-vault", "host"), ("kubernetes", "master"))
    for number in range(1, len(state["calls"]) + 1) if thorough else ():
        start(old, exposed, path)
        change(fail=number)
        failed, text = run(script, 1)
        assert len(failed["keys"]) >= 1 and "Stopped in the step" in text
        done, text = run(script, 0)
        assert set(done["keys"]) == {new} and exposed not in done["keys"].values()


def main():
    (WORK / "bin").mkdir()
    for tool in ("az", "kubectl"):
        (WORK / "bin" / tool).write_text(
            f'#!/bin/sh\nTOOL=$0 exec {sys.executable} -S -E {HERE}/rotate_store.py "$@"\n')
    # What mint writes is a key, for the next program of the pipe.
    (WORK / "bin/assay").write_text(
        f'#!/bin/sh\n[ "$1" != mint ] || RECORD=\nexport RECORD\nexec "{ASSAY}" "$@"\n')
    for tool in ("az", "kubectl", "assay"):
        (WORK / "bin" / tool).chmod(0o755)
    for kind, placeholder in (("host", "function"), ("master", "master")):
        (WORK / "template").write_text(f"x-functions-key: {{key:{placeholder}}}\n")
        leak = f"{kind}.txt"
        subprocess.run([FILL, "template", leak], check=True)
        exposed = (WORK / leak).read_text().split()[1]
        with open("findings.jsonl", "wb") as findings:
            subprocess.run([ASSAY, "scan", leak, "-f", "jsonl"], stdout=findings, check=False)
        if kind == "host":
            check("key-vault", kind, ("host--functionKey--default", "host--functionKey--defaultNext"), exposed)
            check("kubernetes", kind, ("host.function.default", "host.function.default-next"), exposed)
            check("container-app", kind, ("host-function-default", "host-function-default-next"), exposed)
        else:
            check("key-vault", kind, ("host--masterKey--master",) * 2, exposed)
            check("kubernetes", kind, ("host.master",) * 2, exposed)
            check("container-app", kind, ("host-master",) * 2, exposed)


main()
