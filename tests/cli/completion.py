"""Holds ./bash, ./zsh, ./fish and ./man (of assay completion) against what every --help says.

bash's function is run, word by word, in bash. The scripts of zsh and fish are read by small readers
of their quoting here, so that no shell need be installed; the man page is typeset by groff.
"""
import os
import pathlib
import re
import subprocess
import sys

PROBLEMS = []


def check(good, what):
    if not good:
        PROBLEMS.append(what)


def help_of(command):
    done = subprocess.run([os.environ["ASSAY"], *command.split(), "--help"], check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout


def walk(command=""):
    """{command: (flags, commands below)} for the command and all below it, as --help has them."""
    flags, below, section = set(), [], ""
    for line in help_of(command).split("\n"):
        if re.match(r"[A-Z].*:$", line):
            section = line
        option = re.match(r"  (-[^ ]+)", line)
        if option and section != "Examples:":
            flags.update(option[1].split(","))
        name = re.match(r"  ([a-z-]+) ", line)
        if name and section == "Subcommands:":
            below.append(name[1])
    tree = {command: (flags, below)}
    for name in below:
        tree |= walk(f"{command} {name}".strip())
    return tree


# What stands before the cursor, and what must be offered; of a value that is no path, nothing.
ROWS = [
    (["assay", "hook", "in"], {"install"}),
    (["assay", "hook", "install", "--pre-p"], {"--pre-push"}),
    (["assay", "hook", "install", "--pre-push", "--forc"], {"--force"}),
    (["assay", "scan", "--format", ""], {"text", "jsonl", "sarif", "github", "markdown"}),
    (["assay", "scan", "-f", "js"], {"jsonl"}),
    (["assay", "scan", "--format", "=", "sa"], {"sarif"}),
    (["assay", "scan", "--format", "="], {"text", "jsonl", "sarif", "github", "markdown"}),
    (["assay", "scan", "--color", "n"], {"never"}),
    (["assay", "scan", "--fail-on", ""], {"verified", "signature", "context", "never"}),
    (["assay", "git", "--sarif-profile", "a"], {"ado"}),
    (["assay", "report", "-f", "m"], {"markdown"}),
    (["assay", "rotate", "-f", ""], {"markdown", "json", "script"}),
    (["assay", "scan", "-o", "hook", "--no-ig"], {"--no-ignore"}),
    (["assay", "scan", "-o", "git", "--stag"], set()),
    (["assay", "scan", "hook", "--pre-c"], set()),
    (["assay", "scan", "--max-depth", "--st"], set()),
    (["assay", "scan", "--", "--st"], set()),
    (["assay", "scan", ""], set()),
    (["assay", "completion", "z"], {"zsh"}),
    (["assay", "inventory", "import", "--from", "k"], {"keyvault"}),
    (["assay", "rules", "show", ""], set()),
    (["assay", "a b", "$(touch hostile)", "--he"], {"--help"}),
    (["assay", "`touch hostile`", "-"], {"-h", "--help", "--version"}),
]


def offered(rows):
    """What bash offers after the words of each row."""
    script = "source ./bash\n"
    for words in rows:
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
        script += (f"COMP_WORDS=({quoted}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
                   "_assay; printf '%s ' \"${COMPREPLY[@]}\"; echo\n")
    done = subprocess.run(["bash", "-c", script], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    check(not done.stderr, f"bash: {done.stderr[:300]}")
    check("complete -o default -F _assay assay" in pathlib.Path("bash").read_text(),
          "bash: nothing is registered")
    return [set(line.split()) for line in done.stdout.split("\n")[:-1]]


def check_bash(tree):
    rows = [["assay", *command.split(), end] for command in tree for end in ("-", "")]
    wanted = [found for flags, below in tree.values() for found in (flags, set(below))]
    for words, want, got in zip(rows, wanted, offered(rows)):
        # `rules show` and the like offer their own first word instead: completion bash.
        check(want == got or (words == ["assay", "completion", ""] and "bash" in got),
              f"bash: after {words}: {sorted(got ^ want)}")
    for (words, want), got in zip(ROWS, offered([words for words, _ in ROWS])):
        check(want == got, f"bash: after {words}: {sorted(got)}, not {sorted(want)}")
    check(not pathlib.Path("hostile").exists(), "bash: it runs what is typed")


def words_of(line, fish):
    """A line's words as the shell reads them; braces and brackets stay. Fails on an open quote."""
    words, word, quote, at = [], None, False, 0
    while at < len(line):
        char = line[at]
        if fish and quote and char == "\\" and line[at + 1:at + 2] in ("\\", "'"):
            word += line[at + 1]
            at += 1
        elif char == "'":
            quote, word = not quote, word or ""
        elif not fish and not quote and char == "\\":
            at += 1
            word = (word or "") + line[at:at + 1]
        elif char == " " and not quote:
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + char
        at += 1
    check(not quote, f"an open quote: {line[:200]}")
    return words + [word] if word is not None else words


def check_fish(tree):
    found = {command: (set(), set()) for command in tree}
    for line in pathlib.Path("fish").read_text().split("\n"):
        if not line.startswith("complete -c assay -n"):
            continue
        words = words_of(line, True)
        condition = words[4].split()
        check(condition[0] == "__assay_at", f"fish: {line}")
        flags, below = found[" ".join(condition[1:])]
        takes = dict(zip(words[5:], words[6:]))
        flags |= {"--" + takes["-l"]} if "-l" in takes else set()
        flags |= {"-" + takes["-s"]} if "-s" in takes else set()
        if not {"-l", "-s"} & takes.keys() and "-a" in takes:
            below.update(takes["-a"].split())
        check("-d" in takes or "-l" not in takes, f"fish: no description: {line}")
    for command, (flags, below) in tree.items():
        check(found[command][0] == flags, f"fish: {command}: {found[command][0] ^ flags}")
        check(found[command][1] >= set(below), f"fish: {command}: {below}")


SPEC = re.compile(r"\*?(?:\([^()]*\))?(?:\{(?P<many>[^{}]+)\}|(?P<one>--?[a-zA-Z-]+[+=]?))"
                  r"\[(?:\\.|[^\[\]\\])+\](?::(?:\\.|[^:\\])+:(?: |_files|\([a-z0-9 -]+\)))?")


def check_zsh(tree):
    text = pathlib.Path("zsh").read_text()
    check(text.startswith("#compdef assay\n"), "zsh: no #compdef")
    functions = dict(re.findall(r"^(_assay\w*)\(\) \{\n(.*?)^\}$", text, re.M | re.S))
    for command, (flags, below) in tree.items():
        name = re.sub("[ -]", "_", f"_assay {command}".strip())
        body = functions.get(name, "")
        found = set()
        for line in body.replace(" \\\n", "\n").split("\n"):
            word = line.strip()
            if not re.match(r"'(\*|\([^)]*\))?'?\{?-|'\*?--", word) or word.startswith("'*:"):
                continue
            spec = words_of(word, False)
            match = SPEC.fullmatch(spec[0]) if len(spec) == 1 else None
            check(match, f"zsh: {name}: no spec: {word}")
            if match:
                found.update(flag.rstrip("+=") for flag in (match["many"] or match["one"]).split(","))
        check(found == flags, f"zsh: {command}: {found ^ flags}")
        for lower in below:
            call = re.sub("[ -]", "_", f"{name} {lower}")
            check(f" {lower}) {call} ;;" in body and call in functions, f"zsh: {command} {lower}")
    check(len(functions) == len(tree), "zsh: functions that no command has")


def check_man(tree):
    text = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou", "man"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    sections = re.split(r"\n {3}(?=assay )", text)
    for command, (flags, _) in tree.items():
        own = text if not command else next(
            (s for s in sections if re.match(rf"assay {command} ?(\[|COMMAND|[A-Z])", s)), "")
        for flag in flags:
            check(re.search(rf"(?<![\w-]){flag}(?![\w-])", own), f"man: {command}: {flag}")
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS"):
        check(f"\n{heading}\n" in text, f"man: no {heading}")
    check("Exit codes: 0 clean, 1 findings" in text, "man: no exit codes")


def main():
    tree = walk()
    assert len(tree) > 20 and "--format" in tree["scan"][0], "--help was not read"
    assert {"install", "pre-push"} <= set(tree["hook"][1])
    check_bash(tree)
    check_fish(tree)
    check_zsh(tree)
    check_man(tree)
    print(*PROBLEMS, sep="\n")
    sys.exit(1 if PROBLEMS else 0)


main()
