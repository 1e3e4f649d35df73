"""Runs rotation scripts against a small ARM server, also one that fails at every call in turn.

The server keeps the contract of the management interface: PUT, POST and DELETE by path,
api-version 2023-01-01, KeyInfo with 200 or 201, an error object for everything else.
"""
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).parent
ASSAY, FILL = os.environ["ASSAY"], os.environ["FILL"]
WORK = pathlib.Path.cwd()
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
SITE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-orders/providers/Microsoft.Web/sites/contoso-orders"
SOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s"
EVENT = f"{SOURCE}/providers/Microsoft.EventGrid/eventSubscriptions/refunds"


def fill(text):
    (WORK / "template").write_text(text)
    subprocess.run([FILL, "template", "filled"], check=True)
    return (WORK / "filled").read_text()


# Keys that stand for those that Functions generates, and the exposed ones.
MADE = fill("".join(f"{{key:{kind}:{kind}{i}}}\n" for kind in ("function", "master", "system") for i in range(40))).split()
POOL = {"function": MADE[:40], "master": MADE[40:80], "system": MADE[80:]}


class Arm:
    """The state of one app, and what it was asked."""

    def __init__(self, slot):
        site = SITE + ("/slots/staging" if slot else "")
        self.free = {kind: list(keys) for kind, keys in POOL.items()}
        new = self.generate
        self.stores = {
            f"{site}/host/default/functionKeys": {"default": new("function"), "partner": new("function")},
            f"{site}/host/default/systemKeys": {"eventgrid_extension": new("system")},
            f"{site}/host/default/masterKey": {"_master": new("master")},
            f"{site}/functions/Refund/keys": {"default": new("function")},
        }
        self.site, self.exposed, self.old, self.seen_gone = site, None, None, False
        self.subscription = None
        self.calls, self.changes = [], 0
        self.fail_at, self.mode = None, None
        self.renewed_by_others = False  # once the replacement is there

    def generate(self, kind):
        return self.free[kind].pop()

    def check(self):
        """Callers always have a key, and the exposed one never comes back."""
        values = [value for store in self.stores.values() for value in store.values()]
        gone = self.exposed not in values
        assert not (self.seen_gone and not gone), "the exposed key came back"
        self.seen_gone = gone
        path, name = self.old
        assert name in self.stores[path] or f"{name}-next" in self.stores[path], "no key for callers"

    def answer(self, method, path, body):
        if method == "GET" and path == self.site:
            return 200, {"id": path, "name": "contoso-orders"}
        if path == EVENT and method in ("GET", "PATCH"):
            if method == "PATCH":
                self.subscription, self.changes = body["destination"]["endpointUrl"], self.changes + 1
            return 200, {"destination": {"endpointUrl": self.subscription}, "provisioningState": "Succeeded"}
        if method == "POST" and path == f"{self.site}/host/default/listkeys":
            kinds = {kind: self.stores[f"{self.site}/host/default/{kind}"] for kind in ("functionKeys", "systemKeys")}
            return 200, {"masterKey": self.stores[f"{self.site}/host/default/masterKey"]["_master"], **kinds}
        if method == "POST" and path == f"{self.site}/functions/Refund/listkeys":
            return 200, self.stores[f"{self.site}/functions/Refund/keys"]
        store, _, name = path.rpartition("/")
        if store not in self.stores or method not in ("PUT", "DELETE"):
            return 404, error("NotFound", "There is no such resource.")
        keys = self.stores[store]
        self.changes += 1
        if method == "DELETE":
            return (204, None) if keys.pop(name, None) else (404, error("NotFound", "There is no such key."))
        kind = {"masterKey": "master", "systemKeys": "system"}.get(store.rpartition("/")[2], "function")
        status = 200 if name in keys else 201
        assert set(body) <= {"name", "value"} and body["name"] == name
        keys[name] = body.get("value") or self.generate(kind)
        if self.renewed_by_others:
            keys["default"] = self.generate(kind)
        return status, {"name": name, "value": keys[name]}


def error(code, message):
    return {"error": {"code": code, "message": message, "target": None,
                      "details": [{"code": code, "message": message, "target": None}]}}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def serve(self):
        arm = self.server.arm
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        number = len(arm.calls)
        arm.calls.append(f"{self.command} {path}")
        hit = number == arm.fail_at
        if hit and arm.mode == "cut":  # before anything was done
            return
        if hit and arm.mode in (500, 409):
            status, content = arm.mode, error("Conflict", "Try again.")
        elif query != "api-version=2023-01-01":
            status, content = 400, error("InvalidApiVersion", "There is no such version.")
        else:
            status, content = arm.answer(self.command, path, json.loads(body) if body else None)
            arm.check()
        if hit and arm.mode == "lost":  # done, but nobody hears of it
            return
        data = json.dumps(content).encode() if content is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    broken = None

    def handle_error(self, *_):
        self.broken = sys.exc_info()[1]


def run_script(script, server, code, yes=True, answers=""):
    env = dict(os.environ, PATH=f"{WORK}/bin:{os.environ['PATH']}", ARM_PORT=str(server.server_port),
               AZ_CALLS=str(WORK / "az.calls"))
    env.pop("ASSAY_YES", None)
    if yes:
        env["ASSAY_YES"] = "1"
    done = subprocess.run(["setsid", "-w", "bash", script], env=env, input=answers.encode(), capture_output=True)
    text = done.stdout.decode() + done.stderr.decode()
    assert server.broken is None, server.broken
    assert done.returncode == code, f"{script}: exit code {done.returncode}, not {code}: {text[-1500:]}"
    for key in MADE:
        assert key[:20] not in text and key[20:40] not in text, "a key in the output"
    return text


# Name, what leaked (a text around the key), further facts, where the key is kept, its name.
HOST = "https://contoso-orders.azurewebsites.net"
CASES = [
    ("function", f"{HOST}/api/Refund?code=KEY&clientId=default", "kind=function", "functions/Refund/keys", "default"),
    ("host", f"{HOST}/api/Refund?code=KEY&clientId=partner", "kind=host", "host/default/functionKeys", "partner"),
    ("master", f"{HOST}/admin/host/status?code=KEY", "", "host/default/masterKey", "_master"),
    ("system", f"{HOST}/runtime/webhooks/eventgrid?functionName=Refund&code=KEY",
     f"function=Refund,event_subscription=refunds,event_source={SOURCE}", "host/default/systemKeys",
     "eventgrid_extension"),
    ("slot", "https://contoso-orders-staging.azurewebsites.net/api/Refund?code=KEY&clientId=default",
     "kind=function", "functions/Refund/keys", "default"),
]


def world(name, store, key, server):
    arm = Arm(name == "slot")
    path = f"{arm.site}/{store}"
    arm.old, arm.exposed = (path, key), arm.stores[path][key]
    if name == "system":
        arm.subscription = f"{HOST}/runtime/webhooks/eventgrid?functionName=Refund&code={arm.exposed}"
    server.arm = arm
    return arm


def make_script(name, leak, facts, exposed):
    (WORK / "leak.txt").write_text(leak.replace("KEY", exposed) + "\n")
    found = subprocess.run([ASSAY, "scan", "leak.txt", "-f", "jsonl"], capture_output=True)
    assert found.returncode == 1
    (WORK / "findings.jsonl").write_bytes(found.stdout)
    settings = f"subscription={SUBSCRIPTION},resource_group=rg-orders,application_insights=ai-orders"
    script = f"{name}.sh"
    subprocess.run([ASSAY, "rotate", "findings.jsonl", "-f", "script", "-o", script, "--set", settings]
                   + (["--set", facts] if facts else []), check=True)
    text = (WORK / script).read_text()
    assert exposed[:20] not in text
    return script


def check_done(arm, name):
    path, key = arm.old
    values = [value for store in arm.stores.values() for value in store.values()]
    assert arm.exposed not in values, "the exposed key is valid still"
    assert len(arm.stores[path]) == (2 if key == "partner" else 1), arm.stores[path].keys()
    if name in ("function", "host", "slot"):
        assert f"{key}-next" in arm.stores[path] and key not in arm.stores[path]
    if name == "system":
        new = arm.stores[path][key]
        assert arm.subscription.endswith(f"code={new}"), "the subscription holds another key"


def normal(server):
    """Done once; again changes nothing; without an answer nothing is deleted. Returns the calls."""
    calls = {}
    for name, leak, facts, store, key in CASES:
        arm = world(name, store, key, server)
        script = make_script(name, leak, facts, arm.exposed)
        two = name in ("function", "host", "slot")
        waiting = run_script(script, server, 3, yes=False)
        assert "was not confirmed" in waiting and arm.changes == (1 if two else 0)
        run_script(script, server, 3, yes=False, answers="yes\n")
        assert arm.exposed in arm.stores[arm.old[0]].values()
        text = run_script(script, server, 0, yes=False, answers=f"{key}\n")
        assert "Change record" in text and f"app: contoso-orders" in text
        check_done(arm, name)
        changes = arm.changes
        assert changes == (1 if name == "master" else 2), changes
        again = run_script(script, server, 0)
        assert arm.changes == changes, "run again, it changed something"
        assert "already" in again
        arm = world(name, store, key, server)
        run_script(script, server, 0)
        calls[name] = list(arm.calls)
    return calls


def failing(server, calls, thorough):
    """The server fails at each call: the script stops, and run again it completes."""
    for name, leak, facts, store, key in CASES:
        for number, call in enumerate(calls[name]):
            change = call.split()[0] in ("PUT", "DELETE", "PATCH")
            every = thorough or name == "function"
            modes = (500, 409, "cut", "lost") if every else ("cut", "lost")
            for mode in modes if change else ("cut",) if every else ():
                arm = world(name, store, key, server)
                arm.fail_at, arm.mode = number, mode
                text = run_script(f"{name}.sh", server, 1)
                assert 'Stopped in the step "' in text and len(arm.calls) == number + 1, (name, call, text)
                run_script(f"{name}.sh", server, 0)
                check_done(arm, name)


def other_keys(server):
    """What stands under the name now is not the exposed key, or the exposed one has another name."""
    name, leak, facts, store, key = CASES[0]
    arm = world(name, store, key, server)
    script, path = make_script(name, leak, facts, arm.exposed), arm.old[0]
    fresh = arm.stores[path]["default"] = arm.generate("function")
    assert "renewed already" in run_script(script, server, 0)
    assert arm.stores[path] == {"default": fresh} and arm.changes == 0
    arm.seen_gone = False
    arm.stores[path]["old"] = arm.exposed
    assert "under another name" in run_script(script, server, 1) and arm.changes == 0
    arm = world(name, store, key, server)  # the replacement's name is taken by the exposed key itself
    arm.stores[path]["default-next"] = arm.exposed
    run_script(script, server, 1)
    assert arm.changes == 0
    arm = world(name, store, key, server)  # while callers move, somebody else renews it
    arm.renewed_by_others = True
    assert "renewed already" in run_script(script, server, 0)
    assert set(arm.stores[path]) == {"default", "default-next"} and arm.changes == 1
    arm = world(name, store, key, server)  # there is no such app
    arm.site += "-gone"
    assert "could not be found" in run_script(script, server, 1) and arm.changes == 0


def main():
    (WORK / "bin").mkdir()
    (WORK / "bin/az").write_text(f"#!/bin/sh\nexec {sys.executable} -S -E {HERE}/rotate_az.py \"$@\"\n")
    (WORK / "bin/assay").write_text(f'#!/bin/sh\nexec "{ASSAY}" "$@"\n')
    for tool in ("az", "assay"):
        (WORK / "bin" / tool).chmod(0o755)
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    calls = normal(server)
    other_keys(server)
    failing(server, calls, "--thorough" in sys.argv)
    recorded = (WORK / "az.calls").read_text()
    for key in MADE:
        assert key[:20] not in recorded, "a key in an argument"
    assert len(recorded.splitlines()) > 200


main()
