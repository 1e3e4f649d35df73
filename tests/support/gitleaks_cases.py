#!/usr/bin/env python3
"""Makes files with cases of our own for each rule of a gitleaks config.

    gitleaks_cases.py CONFIG FOLDER [SEED [CASES]]

For each rule it makes texts that its regex matches, out of the regex itself, and puts them into
assignments, JSON, YAML, quotes, several to a line, at the end of a line and of the file; and beside
them near misses: a character short, another first letter, one letter repeated (low entropy), a
stopword of the rule within. What of these is a finding is not said here: gitleaks_compare.py asks
gitleaks. The same seed gives the same files. What is made has the form of vendors' secrets: into
folders that are thrown away.
"""

import random
import re
import string
import sys
import tomllib
from pathlib import Path
from re import _constants as op
from re import _parser as parser

PRINTABLE = [c for c in map(chr, range(32, 127))]
CLASSES = {
    op.CATEGORY_DIGIT: set(string.digits),
    op.CATEGORY_WORD: set(string.ascii_letters + string.digits + "_"),
    op.CATEGORY_SPACE: set(" \t"),
}
POSIX = {"[:alnum:]": "a-zA-Z0-9", "[:alpha:]": "a-zA-Z", "[:digit:]": "0-9", "[:xdigit:]": "0-9a-fA-F"}


# Of rules whose regexes span lines: texts that people write, `{n}` stands for n letters and digits.
# `{0}` is nothing, and keeps scanners from finding what stands here.
WRITTEN = {
    "curl-auth-header": [
        'curl -H "Authorization: Bearer {24}" https://example.org/a\n',
        "curl https://example.org -X POST \\\n  -H 'X-Api-Key: {16}' \\\n  -d @body\n",
        'curl --header "Authorization: Basic {20}==" https://example.org\n',
        'curl --header "Accept: {20}" https://example.org\n',
        "curly -H 'Authorization: {12}'\n",
    ],
    "curl-auth-user": [
        "curl -u user{4}:{12} https://example.org\n",
        'curl -s https://example.org --user "{6}:{12}"\n',
        "curl -s \\\n\\\n --us{0}er='{6}:{12}' https://example.org\n",
        "curl -u user: https://example.org\n",
        "curl -u $USER:{12}\n",
    ],
    "kubernetes-secret-yaml": [
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: one\ndata:\n  password: {20}==\n---\n",
        "data:\n  user: {16}\n  password: |\n    {20}\nkind: 'secret'\n---\n",
        "kind: ConfigMap\ndata:\n  password: {20}==\n---\n",
        "kind: Secret\ndata:\n  password: {{ .Values.password }}\n---\n",
    ],
    "private-key": [
        "-----BEGIN{0} RSA PRIVATE KEY-----\n{64}\n{64}\n-----END RSA PRIVATE KEY-----\n",
        "key: |\n  -----BEGIN{0} PGP PRIVATE KEY BLOCK-----\n  {64}\n  -----END PGP PRIVATE KEY BLOCK-----\n",
        "-----BEGIN{0} PRIVATE KEY-----{12}-----END PRIVATE KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\n{64}\n{64}\n-----END PUBLIC KEY-----\n",
    ],
}


def written(rng, text):
    letters = string.ascii_letters + string.digits
    return re.sub(
        r"(?<!\{)\{(\d+)\}",
        lambda m: "".join(rng.choice(letters) for _ in range(int(m[1]))),
        text,
    )


def readable(regex):
    """The regex in Python's syntax: flags in the middle become groups to the end of theirs."""
    for name, members in POSIX.items():
        regex = regex.replace(name, members)
    regex = regex.replace(r"\z", r"\Z")
    out, stack, i = [], [0], 0
    in_class = False
    while i < len(regex):
        c = regex[i]
        if c == "\\":
            out.append(regex[i : i + 2])
            i += 2
            continue
        if in_class:
            in_class = not (c == "]" and i > first)
        elif c == "[":
            in_class, first = True, i + (2 if regex[i + 1] == "^" else 1)
        elif regex.startswith("(?i)", i):
            out.append("(?i:")
            stack[-1] += 1
            i += 4
            continue
        elif c == "(":
            stack.append(0)
        elif c == ")":
            out.append(")" * stack.pop())
        out.append(c)
        i += 1
    out.append(")" * stack.pop())
    return "".join(out)


class Maker:
    """Texts that a regex matches."""

    def __init__(self, rng):
        self.rng = rng

    def make(self, regex):
        return self.all(parser.parse(readable(regex)), False)

    def all(self, items, fold):
        return "".join(self.one(item, fold) for item in items)

    def one(self, item, fold):
        code, value = item
        rng = self.rng
        if code is op.LITERAL:
            c = chr(value)
            return c.swapcase() if fold and rng.random() < 0.2 else c
        if code is op.NOT_LITERAL:
            return rng.choice([c for c in PRINTABLE if c != chr(value)])
        if code is op.ANY:
            return rng.choice(string.ascii_letters + string.digits)
        if code is op.IN:
            return rng.choice(self.members(value))
        if code is op.BRANCH:
            return self.all(rng.choice(value[1]), fold)
        if code is op.SUBPATTERN:
            _, add, remove, inner = value
            flags = (fold or bool(add & 2)) and not remove & 2
            return self.all(inner, flags)
        if code in (op.MAX_REPEAT, op.MIN_REPEAT):
            low, high, inner = value
            high = min(int(high) if high is not op.MAXREPEAT else low + 8, low + 8)
            return "".join(self.all(inner, fold) for _ in range(rng.randint(low, high)))
        return ""  # places: ^ $ \b

    def members(self, items):
        negated = items[0][0] is op.NEGATE
        chosen = set()
        for code, value in items:
            if code is op.LITERAL:
                chosen.add(chr(value))
            elif code is op.RANGE:
                chosen.update(map(chr, range(value[0], value[1] + 1)))
            elif code is op.CATEGORY and value in CLASSES:
                chosen |= CLASSES[value]
            elif code is op.CATEGORY:
                chosen.update(PRINTABLE)
        if negated:
            return [c for c in PRINTABLE if c not in chosen]
        plain = sorted(c for c in chosen if c.isprintable())
        return plain or sorted(chosen)


def contexts(rng, text):
    """Where it stands. Each a piece of a file that ends its line."""
    name = rng.choice(["value", "my_setting", "token", "API_KEY", "db.password"])
    return [
        f"{text}\n",
        f"{name} = {text}\n",
        f'{name}="{text}"\n',
        f"  '{name}': '{text}',\n",
        f'{{"{name}": "{text}", "other": 1}}\n',
        f"{name}: {text} # note\n",
        f"export {name.upper()}={text};\n",
        f"<add key='{name}' value='{text}'/>\n",
        f"first {text} second {text}\n",
        f"x{text}x\n",
        f"\u00e9\u00fc {text} \u20ac\r\n",
        f"line\n\n\t{text}\\n\n",
    ]


def misses(rng, text, stopwords):
    if len(text) > 4:
        yield text[:-1]
        yield text[: len(text) // 2] + text[len(text) // 2 + 1 :]
        yield rng.choice("zZ0") + text[1:]
        tail = len(text) // 2
        yield text[:tail] + text[tail] * (len(text) - tail)
    if stopwords:
        word = rng.choice(stopwords)
        at = max(0, len(text) - len(word) - 2)
        yield text[:at] + word + text[at + len(word) :]


def main():
    config, folder = Path(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    cases = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    rules = tomllib.loads(config.read_text())["rules"]
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    for rule in rules:
        rng = random.Random(f"{seed} {rule['id']}")
        maker = Maker(rng)
        stopwords = [w for a in rule.get("allowlists", []) for w in a.get("stopwords", [])]
        pieces = [f"# {' '.join(rule.get('keywords', []))}\n"]
        for _ in range(cases):
            text = maker.make(rule["regex"]) if "regex" in rule else "nothing"
            pieces += contexts(rng, text)
            for miss in misses(rng, text, stopwords):
                pieces.append(rng.choice(contexts(rng, miss)))
        pieces += [written(rng, text) for text in WRITTEN.get(rule["id"], []) for _ in range(cases)]
        made += len(pieces) - 1
        rng.shuffle(pieces)
        whole = "".join(pieces)
        if rng.random() < 0.5:
            whole = whole.rstrip("\n")
        name = {"nuget-config-password": "nuget.config", "freemius-secret-key": "a.php"}
        name |= {"pkcs12-file": "a.p12", "hashicorp-tf-password": "a.tf"}
        name |= {"kubernetes-secret-yaml": "a.yaml"}
        path = folder / rule["id"] / name.get(rule["id"], "cases.txt")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(whole.encode())
        if rule["id"] in WRITTEN:
            # By themselves too: what stands before them decides where their matches begin.
            for number, text in enumerate(WRITTEN[rule["id"]]):
                (path.parent / f"{number}-{path.name}").write_text(written(rng, text))
                made += 1
    print(f"{len(rules)} rules, {made} cases")


if __name__ == "__main__":
    main()
