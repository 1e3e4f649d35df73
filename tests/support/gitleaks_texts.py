"""Makes the files of tests/data/gitleaks/*.cases. No value stands there: a value is made of a hash
of its place, so it is the same everywhere.

    % CONFIG [git]    the config that it is for; git: each file is a commit
    @ FOLDER/FILE     here a file begins
    + TEMPLATE        lines in which it stands as people write it, and near misses of it
    = TEMPLATE        a line
    . TEMPLATE        the same without an end of line
    * AT STEP N       the file's lines above once more, behind words up to byte AT, and so on each
                      STEP bytes, N times in all
    ! REASON: WHO RULE LINE:COLUMN+SIZE   only WHO (gitleaks or assay) finds it in this file; the
                      reason is a row of docs/gitleaks.md under "Not the same"

In templates stand \\n \\r \\t \\\\ \\xFF (a byte) \\uFFFF \\U0001FFFF, and

    {low:N} {UP:N} {an:N} {az:N} {AZ:N} {dig:N} {hex:N} {HEX:N} {B32:N}   N characters
    {w:N}             N bytes of short words
    {fill:N}          N bytes of lines of words
    {times:N:TEXT}    the text N times
    {base64:TEXT} {percent:TEXT}   what is within, encoded
"""

import base64
import collections
import hashlib
import re
import string

ALPHABETS = {
    "low": string.ascii_lowercase + string.digits,
    "UP": string.ascii_uppercase + string.digits,
    "an": string.ascii_letters + string.digits,
    "az": string.ascii_lowercase,
    "AZ": string.ascii_uppercase,
    "dig": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "B32": string.ascii_uppercase + "234567",
}
ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))")
ENCODED = re.compile(r"\{(base64|percent):(.*?)\}(?!\})")
VALUE = re.compile(r"\{(%s|w|fill|times):(\d+)(?::([^}]*))?\}" % "|".join(ALPHABETS))
WORDS = ["an", "old", "mill", "by", "the", "river", "turns", "its", "wheel"]

Difference = collections.namedtuple("Difference", "reason who finding")
# One of the files: its bytes, and (begin, end) of the lines that hold near misses.
Text = collections.namedtuple("Text", "data misses differences")


def characters(place, alphabet, count):
    out, block = "", 0
    while len(out) < count:
        hashed = hashlib.sha256(f"{place} {block}".encode()).digest()
        out += "".join(alphabet[byte % len(alphabet)] for byte in hashed)
        block += 1
    return out[:count]


def words(count, end):
    line = " ".join(WORDS) + end
    text = line * (count // len(line) + 1)
    return text[: count - 1] + end if count else ""


def filled(template, place):
    """The template with its values; "{" that begins none of them stays."""
    number = 0

    def value(match):
        nonlocal number
        number += 1
        kind, count, text = match[1], int(match[2]), match[3]
        if kind == "times":
            return text * count
        if kind in ("w", "fill"):
            return words(count, " " if kind == "w" else "\n")
        return characters(f"{place} {number}", ALPHABETS[kind], count)

    def encoded(match):
        text = match[2]
        if match[1] == "base64":
            return base64.b64encode(text.encode()).decode()
        return "".join(f"%{byte:02X}" for byte in text.encode())

    return ENCODED.sub(encoded, VALUE.sub(value, template))


def escaped(text):
    """Bytes of a text with escapes."""
    out, last = b"", 0
    for match in ESCAPE.finditer(text):
        out += text[last : match.start()].encode()
        last = match.end()
        if match[1]:
            out += bytes([int(match[1], 16)])
        elif match[4]:
            out += {"n": b"\n", "r": b"\r", "t": b"\t"}.get(match[4], match[4].encode())
        else:
            out += chr(int(match[2] or match[3], 16)).encode()
    return out + text[last:].encode()


def contexts(text):
    return [
        b"%s\n" % text,
        b"value = %s\n" % text,
        b'my_setting="%s"\n' % text,
        b"  'API_KEY': '%s',\n" % text,
        b'{"id": "%s", "other": 1}\n' % text,
        b"db.name: %s # note\n" % text,
        b"export NAME=%s;\n" % text,
        b"<add name='a' value='%s'/>\n" % text,
        b"first %s second %s\n" % (text, text),
        b"x%sx\n" % text,
        b"\xc3\xa9\xc3\xbc %s \xe2\x82\xac\r\n" % text,
        b"line\n\n\t%s\\n\n" % text,
    ]


def misses_of(data):
    """A character short, at the end and within; another first letter; one letter repeated."""
    text = data.decode()
    half = len(text) // 2
    for miss in (text[:-1], text[:half] + text[half + 1 :], "Z" + text[1:]):
        yield miss.encode()
    yield (text[:half] + text[half] * (len(text) - half)).encode()


def difference(template):
    reason, finding = template.rsplit(": ", 1)
    who, finding = finding.split(" ", 1)
    if who not in ("gitleaks", "assay"):
        raise ValueError(f"{who} is none of gitleaks and assay")
    return Difference(reason, who, finding)


def append(text, kind, template, place):
    data, misses, _ = text
    filled_in = escaped(filled(template, " ".join(map(str, place))))
    if kind != "+":
        data += filled_in + (b"\n" if kind == "=" else b"")
        return
    data += b"".join(contexts(filled_in))
    for turn, miss in enumerate(misses_of(filled_in)):
        begin = len(data)
        data += contexts(miss)[(place[1] + turn) % 9]
        misses.append((begin, len(data)))


def repeat(text, lines, path, numbers):
    first, step, count = map(int, numbers)
    for turn in range(count):
        text.data.extend(words(first + turn * step - len(text.data), "\n").encode())
        for at, (kind, template) in enumerate(lines, 1):
            append(text, kind, template, (path, at, turn))


def made(cases):
    """(what stands behind %, {path: Text}) of the text of a file of cases."""
    head, texts, path, lines = None, {}, None, []
    for line in cases.splitlines():
        kind, template = line[:1], line[2:]
        if kind == "%":
            head = template.split()
        elif kind == "@":
            path, lines = template, []
            if path in texts:
                raise ValueError(f"{path} is there twice")
            texts[path] = Text(bytearray(), [], [])
        elif kind == "!":
            texts[path].differences.append(difference(template))
        elif kind == "*":
            repeat(texts[path], lines, path, template.split())
        elif kind and kind in "+=.":
            lines.append((kind, template))
            append(texts[path], kind, template, (path, len(lines)))
        elif kind not in ("", "#"):
            raise ValueError(f"a line begins with {kind}, none of % @ + = . * ! #")
    return head, texts
