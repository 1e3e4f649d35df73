#!/usr/bin/env python3
"""Stands in for az: records its arguments, and speaks to the ARM server of rotate_script.py.

Only what rotation scripts call is here. What it does not know ends it with code 2.
"""
import json
import os
import socket
import sys

API = "2023-01-01"


def fail(text, code=1):
    sys.stderr.write("ERROR: " + text + "\n")
    sys.exit(code)


def call(method, path, body=None):
    """One request; plain sockets, since this starts a hundred times."""
    data = json.dumps(body).encode() if body is not None else b""
    separator = "&" if "?" in path else "?"
    head = f"{method} {path}{separator}api-version={API} HTTP/1.0\r\nContent-Length: {len(data)}\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", int(os.environ["ARM_PORT"])), timeout=20) as link:
            link.sendall(head.encode() + data)
            answer = b""
            while piece := link.recv(65536):
                answer += piece
    except OSError as error:
        fail(f"connection failed: {type(error).__name__}")
    if not answer:
        fail("Connection aborted: the other side closed it without an answer")
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    content = json.loads(body) if body else None
    if status not in (200, 201, 204):
        error = content["error"]
        fail(f"({error['code']}) {error['message']}")
    return content


def options(words):
    found, at = {}, 0
    while at < len(words):
        if not words[at].startswith("-") or at + 1 == len(words):
            fail(f"unrecognized arguments: {words[at]}", 2)
        value = words[at + 1]
        if value.startswith("@"):  # as az does: a file, or standard input
            value = sys.stdin.read() if value == "@-" else open(value[1:]).read()
        found[words[at].lstrip("-")] = value
        at += 2
    return found


def site(given):
    path = (f"/subscriptions/{given['subscription']}/resourceGroups/{given['g']}"
            f"/providers/Microsoft.Web/sites/{given['n']}")
    return path + (f"/slots/{given['slot']}" if "slot" in given else "")


def show(value, given):
    """The few JMESPath queries that scripts use; -o tsv."""
    if given.get("o") == "none":
        return
    if given.get("o") == "json":
        print(json.dumps(value, indent=2))
        return
    query = given["query"]
    if query.startswith("keys("):
        name = query[5:-1]
        value = list(value if name == "@" else value[name])
    elif query.startswith("["):
        value = [value[name.strip()] for name in query[1:-1].split(",")]
        print("\t".join(value))
        return
    else:
        parts = query.split('"')[0].strip(".")
        for part in [one for one in parts.split(".") if one] + query.split('"')[1:2]:
            value = (value or {}).get(part)
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            print(one)


def main():
    words = sys.argv[1:]
    with open(os.environ["AZ_CALLS"], "a") as calls:
        calls.write(json.dumps(words) + "\n")
    split = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    command, given = " ".join(words[:split]), options(words[split:])
    if command == "account show":
        return show({"tenantId": "t-1", "id": given["subscription"], "name": "prod"}, given)
    if command == "monitor app-insights query":
        assert "ago(" in given["analytics-query"] and given["offset"]
        return print("calls  resultCode")
    if command.startswith("eventgrid event-subscription "):
        path = f"{given['source-resource-id']}/providers/Microsoft.EventGrid/eventSubscriptions/{given['name']}"
        if command.endswith(" update"):
            return show(call("PATCH", path, {"destination": {"endpointUrl": given["endpoint"]}}), given)
        return show(call("GET", path), given)
    if command == "functionapp show":
        return show(call("GET", site(given)), given)
    if command.startswith("functionapp function keys "):
        keys, one = f"{site(given)}/functions/{given['function-name']}", "keys"
        listed = f"{keys}/listkeys"
    elif command.startswith("functionapp keys "):
        keys, one = f"{site(given)}/host/default", given.get("key-type")
        listed = f"{keys}/listkeys"
    else:
        fail(f"'{command}' is misspelled or not recognized by the system.", 2)
    verb = command.rsplit(" ", 1)[1]
    if verb == "list":
        return show(call("POST", listed), given)
    path = f"{keys}/{one}/{given['key-name']}"
    if verb == "delete":
        return show(call("DELETE", path), given)
    assert verb == "set" and "key-value" not in given, "a value in an argument"
    return show(call("PUT", path, {"name": given["key-name"]}), given)


main()
