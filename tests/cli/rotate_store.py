#!/usr/bin/env python3
"""Stands in for az and kubectl where keys are kept outside of App Service; the state is a file."""
import base64
import json
import os
import pathlib
import re
import sys

STATE = pathlib.Path(os.environ["STORE"])
words = [os.path.basename(os.environ["TOOL"])] + sys.argv[1:]
state = json.loads(STATE.read_text())
state["calls"].append(words)
keys, split = state["keys"], next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
command = " ".join(words[:split])
given = {words[i].lstrip("-"): words[i + 1] for i in range(split, len(words) - 1, 2)}
template = next((word for word in words if word.startswith("go-template=")), "")
code = 0


def put(name, value):
    state["changes"] += 1
    assert value and value == value.strip(), "a line break in a value"
    keys[name] = value


def out(text):
    if given.get("o") != "none":
        print(text)


if state.get("fail") == len(state["calls"]):
    code = 1
elif command in ("az account show", "az functionapp show", "kubectl config current-context"):
    out("id")
elif command.endswith(" restart") or command.startswith("kubectl rollout restart"):
    state["live"], state["restarts"] = dict(keys), state["restarts"] + 1
elif command in ("az functionapp keys list", "az containerapp function keys list"):
    print(json.dumps(state["live"]))
elif command in ("az keyvault secret list", "az containerapp secret list"):
    print("\n".join(keys))
elif command in ("az keyvault secret show", "az containerapp secret show"):
    print(keys[given.get("name") if "vault-name" in given else given["secret-name"]])
elif command == "az keyvault secret set":
    put(given["name"], open(given["file"]).read())
    out("https://vault/secrets/x")
elif command == "az keyvault secret delete":
    state["changes"] += 1
    del keys[given["name"]]
elif command == "az containerapp show":
    print("\n".join("\t".join(mount) for mount in state["mounts"]) if "volumes" in given["query"] else "id")
elif command == "az containerapp secret set":
    assert given["secrets"] == "@-", "a value in an argument"
    put(*sys.stdin.read().rstrip("\n").split("=", 1))
elif command == "az containerapp secret remove":
    assert given["secret-names"] not in [mount[0] for mount in state["mounts"]], "in use"
    state["changes"] += 1
    del keys[given["secret-names"]]
elif command.startswith("kubectl patch secret"):
    if "json" in words:
        state["changes"] += 1
        del keys[json.loads(given["p"])[0]["path"][len("/data/"):]]
    else:
        for name, value in json.load(open(given["patch-file"]))["data"].items():
            put(name, base64.b64decode(value, validate=True).decode())
elif command.startswith("kubectl get secret"):
    if "range $name" in template:
        print("\n".join(keys))
    elif "index .data" in template:
        print(base64.b64encode(keys[re.search('data "([^"]*)"', template)[1]].encode()).decode(), end="")
    else:
        print("\n".join(keys.values()) if template else "secret/x")
else:
    sys.stderr.write(f"unknown: {words}\n")
    code = 2
STATE.write_text(json.dumps(state))
sys.exit(code)
