#!/usr/bin/env python3
"""The shapes of a gitleaks config's rules: what of a regex and of the fields beside it decides how
it is looked for and judged, without the words it looks for.

    gitleaks_shapes.py CONFIG     prints each shape with the number of its rules, and one of them

A shape is a list of traits:

    begin, end     what stands at the ends of a match: \\b, ^, $, \\z, a literal, a class, a class
                   that is optional, repeated without an end (+) or between two counts ({}), or lazy
    open, bounded  whether something in it repeats without an end
    groups         none, one, more (2)
    flags          (?i) for all of it, from the middle on or for a part; (?-i:…), (?s:…) for a part
    lazy, branch   whether there is a lazy repetition, an alternative
    keywords       none, one, more (2); "elsewhere": one of them does not stand in the regex so
    entropy, path, secretGroup, allowlists with the fields of each
"""

import collections
import re
import sys
import tomllib
from pathlib import Path
from re import _constants as op
from re import _parser as parser

from gitleaks_cases import readable

PLACES = {
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
    op.AT_BEGINNING: "^",
    op.AT_END: "$",
    op.AT_END_STRING: r"\z",
}
UNREAD = "a regex that Python cannot read"
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


def parts(items):
    """All of the tree, one after another."""
    for code, value in items:
        yield code, value
        if code is op.BRANCH:
            for branch in value[1]:
                yield from parts(branch)
        elif code is op.SUBPATTERN:
            yield from parts(value[3])
        elif code in REPEATS:
            yield from parts(value[2])


def edge(items, last):
    """What may stand at the begin or end of a match."""
    if len(items) == 0:
        return {"nothing"}
    code, value = items[-1 if last else 0]
    if code is op.AT:
        return {PLACES.get(value, "place")}
    if code is op.SUBPATTERN:
        return edge(value[3], last)
    if code is op.BRANCH:
        return set().union(*(edge(branch, last) for branch in value[1]))
    if code in REPEATS:
        low, high, _ = value
        many = "+" if high is op.MAXREPEAT else "{}" if low != high else ""
        lazy = "lazy " if code is op.MIN_REPEAT else ""
        return {lazy + "class" + (" optional" if low == 0 else many)}
    return {"literal" if code is op.LITERAL else "class"}


def flags(regex):
    written = {
        "(?i)": regex.startswith("(?i)"),
        "(?i) within": "(?i)" in regex[1:],
        "(?i:…)": "(?i:" in regex,
        "(?-i:…)": "(?-i:" in regex,
        "(?s:…)": "(?s:" in regex,
    }
    return [name for name, there in written.items() if there]


def of_regex(regex):
    tree = parser.parse(readable(regex))
    nodes = list(parts(tree))
    for name, last in (("begin", False), ("end", True)):
        yield f"{name} {' '.join(sorted(edge(tree, last)))}"
    is_open = any(code in REPEATS and value[1] is op.MAXREPEAT for code, value in nodes)
    yield "open" if is_open else "bounded"
    yield f"groups {min(tree.state.groups - 1, 2)}"
    yield from flags(regex)
    if any(code is op.MIN_REPEAT for code, _ in nodes):
        yield "lazy"
    if any(code is op.BRANCH for code, _ in nodes):
        yield "branch"


def traits(rule):
    regex, keywords = rule.get("regex"), rule.get("keywords", [])
    if regex is not None:
        yield from of_regex(regex)
        plain = regex.lower().replace("\\", "")
        elsewhere = any(keyword.lower() not in plain for keyword in keywords)
        yield f"keywords {min(len(keywords), 2)}" + (" elsewhere" if elsewhere else "")
    for field in ("secretGroup", "entropy", "path"):
        if field in rule:
            yield field
    for allowlist in rule.get("allowlists", []):
        fields = sorted(set(allowlist) - {"description"})
        written = (f"{f}={allowlist[f]}" if isinstance(allowlist[f], str) else f for f in fields)
        yield f"allowlist {' '.join(written)}"


def shapes(config):
    """{shape: ids of its rules} of the text of a config."""
    found = collections.defaultdict(list)
    for rule in tomllib.loads(config)["rules"]:
        try:
            found[", ".join(traits(rule))].append(rule["id"])
        except re.error:
            found[UNREAD].append(rule["id"])
    return found


def main():
    found = shapes(Path(sys.argv[1]).read_text())
    for shape, ids in sorted(found.items(), key=lambda one: (-len(one[1]), one[0])):
        print(f"{len(ids)} {ids[0]}: {shape}")
    print(f"{len(found)} shapes of {sum(map(len, found.values()))} rules")


if __name__ == "__main__":
    main()
