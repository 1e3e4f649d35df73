"""Reports and plans whose names are chosen by an enemy."""
import json
import os
import pathlib
import subprocess

ASSAY = os.environ["ASSAY"]
WORK = pathlib.Path.cwd()
HOSTILE = ["$(touch x)", "`touch x`", "';touch x;'", '";touch x;"', "a\ntouch x\n", "--help", "-o", "@/etc/passwd",
           "a b;touch x", "a|touch x", "a&touch x", "a'b", "\u202ea", "a\u2028touch x", "\x1b[2J", "a\x7f", "'] | [0",
           "a' or 1==1 //", "../../a", "a?b=c", "a%2e", "{app}", "RESOURCE_GROUP$x", "é\u00adx", "~root", "!!", "%s%n",
           "EOF\ntouch x\nEOF", "a)touch x(", "<script>", "```\ntouch x", "x" * 5000]
FACTS = {"subscription": "s-1", "resource_group": "rg", "application_insights": "none"}
GOOD = {"host": "orders.azurewebsites.net", "app": "orders", "function": "Refund", "key_name": "default",
        "carrier": "query", "resource_group": "rg"}
BLANKS = {"app": "APP", "slot": "SLOT", "function": "FUNCTION", "key_name": "KEY_NAME",
          "resource_group": "RESOURCE_GROUP"}


def finding(**changes):
    line = {"rule_id": "AZF1002", "family": "azure-functions", "kind": "function", "scope": "function",
            "confidence": "verified", "fingerprint": "AAAAAAAAAAAAAAAAAAAA", "redacted": "abc…AzFu…(56)",
            "location": {"path": "a.log", "line": 1, "column": 2, "byte_offset": 1, "byte_length": 56},
            "encoding": [], "context": dict(GOOD)}
    line.update(changes)
    summary = {"summary": {"complete": True, "blobs": 1, "bytes": 1, "findings": 1, "diagnostics": 0, "ignored": 0,
                           "unit": "file"}}
    return json.dumps(line) + "\n" + json.dumps(summary) + "\n"


def rotate(text, form, code, *more):
    settings = ",".join(f"{name}={value}" for name, value in FACTS.items() if f"{name}=" not in str(more))
    done = subprocess.run([ASSAY, "rotate", "-", "-f", form, "--set", settings, *more], input=text.encode(),
                          capture_output=True)
    assert done.returncode == code, (done.returncode, code, text, done.stderr)
    return done.stdout.decode()


def run(script, code):
    """Runs it with an az that only records and fails; returns what it recorded."""
    calls = WORK / "calls"
    calls.unlink(missing_ok=True)
    env = {"PATH": f"{WORK}/bin:/usr/bin:/bin", "HOME": str(WORK), "CALLS": str(calls)}
    before = set(WORK.iterdir())
    (WORK / "s.sh").write_text(script)
    done = subprocess.run(["setsid", "-w", "bash", "s.sh"], env=env, input=b"", capture_output=True)
    assert done.returncode == code, (done.returncode, done.stderr, script[-3000:])
    made = {path.name for path in set(WORK.iterdir()) - before}
    assert made <= {"calls", "s.sh"}, made
    return calls.read_text().splitlines() if calls.exists() else [], done.stderr.decode()


def main():
    (WORK / "bin").mkdir()
    (WORK / "bin/az").write_text('#!/bin/sh\nprintf "%s\\n" "az $*" >>"$CALLS"\nexit 1\n')
    (WORK / "bin/assay").write_text('#!/bin/sh\nprintf "%s\\n" "assay $*" >>"$CALLS"\nexit 2\n')
    for tool in ("az", "assay"):
        (WORK / "bin" / tool).chmod(0o755)
    only = ['az account show --subscription s-1 --query [tenantId, id, name] -o tsv']
    assert run(rotate(finding(), "script", 0), 1)[0] == only  # the good one calls
    for name in HOSTILE:
        for field, blank in BLANKS.items():
            text = finding(context=dict(GOOD, **{field: name}))
            more = ("--set", "resource_group=rg") if field != "resource_group" else ("--set", "span=7d")
            if field == "resource_group":
                FACTS.pop("resource_group", None)
            script = rotate(text, "script", 0, *more)
            FACTS["resource_group"] = "rg"
            calls, said = run(script, 2)
            assert not calls and blank in said, (field, name, calls, said)
            plan = json.loads(rotate(text, "json", 0, "--set", "span=7d"))["plans"][0]
            if field != "resource_group":
                assert plan["facts"][field] == "", (field, name)
                plan["facts"][field] = name  # what a person wrote passes the same test
                rotate(json.dumps({"rotation_plans": 1, "plans": [plan]}), "script", 2, "--set", "span=7d")
            for form in ("markdown", "json"):
                shown = rotate(text, form, 0)
                assert "\x1b" not in shown and "\u202e" not in shown and "\u2028" not in shown
        # Texts that are no names: shown, and nothing else.
        place = {"path": name, "line": 1, "column": 2, "byte_offset": 1, "byte_length": 56}
        text = finding(location=place, redacted=name, owner={"name": name, "source": "inventory", "reason": name})
        assert run(rotate(text, "script", 0), 1)[0] == only
        plan = json.loads(rotate(text, "json", 0))
        one = plan["plans"][0]
        one["callers"] = one["places"] = [name]
        one["steps"] = [{"kind": "confirm", "title": name, "commands": ["touch x"]}]
        one["owner"] = one["contact"] = one["runbook"] = one["title"] = one["summary"] = name
        script = rotate(json.dumps(plan), "script", 0)
        assert run(script, 1)[0] == only
        shown = rotate(json.dumps(plan), "markdown", 0)
        assert "<script>" not in shown and "\x1b" not in shown
        assert "\n```\ntouch x" not in shown


main()
