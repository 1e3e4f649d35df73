"""Flips bits of a small repository's files, one at a time, and scans after each."""
import os
import pathlib
import random
import sys

from repo import SANITIZED, Repo, make_keys, scan, text_with

NAMES = ("chain", "head", "message", "tag", "name", "gone")
FEWER = 10 if SANITIZED else 1
SEED = 20251102


def small(folder, keys):
    """About 40 objects: two chains of deltas, keys in blobs, a message, a tag and a name."""
    repo = Repo(folder)
    lines = [f"{number} {number * 7919 % 10007} some text to copy\n" for number in range(60)]
    for number in range(8):
        lines[number] = f"changed {number} {number * 31337 % 1009}\n"
        key = f"code={keys['chain'].text}\n" if number in (2, 3) else ""
        files = {"a.txt": "".join(lines) + key, "src/b.txt": key + "".join(reversed(lines))}
        if number == 4:
            files["gone.txt"] = text_with(keys["gone"])
        if number == 6:
            files["gone.txt"] = None
        text = f"message {keys['message'].text}" if number == 5 else None
        repo.commit(f"change {number}", files, message=text)
    repo.commit("last", {"head.txt": text_with(keys["head"]),
                         f"src/{keys['name'].text}": "nothing\n"})
    repo.git("tag", "-a", "-F", "-", "v1", stdin=f"Tag\n\n{keys['tag'].text}\n")
    repo.forget()
    (repo.git_folder / "ORIG_HEAD").unlink(missing_ok=True)
    repo.pack("-a", "-d", "-f", "--depth=50", "--window=20")
    repo.git("pack-refs", "--all")
    return repo


def flip(path, repo, count, home, used=True):
    """Each bit once, and back again. Returns what went wrong. Of a file that is used, some flips
    must be noticed."""
    before = scan(repo.folder, home=home)
    assert before.code == 1 and len(before.findings) >= len(NAMES), "not all is found to begin with"
    whole, draw, wrong, noticed = path.read_bytes(), random.Random(SEED), [], 0
    path.chmod(0o644)
    for bit in sorted(draw.sample(range(8 * len(whole)), count // FEWER)):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            after = scan(repo.folder, within=60 if SANITIZED else 10, mebibytes=2048, home=home)
        except Exception as error:  # a signal, a time-out, a report that is no JSON
            wrong.append(f"{path.suffix} byte {bit // 8} bit {bit % 8}: {error}")
            continue
        told = after.code == 2 and (after.diagnostics or after.err.startswith("assay: "))
        noticed += bool(told)
        if not told and (after.findings != before.findings or after.code != before.code):
            wrong.append(f"{path.suffix} byte {bit // 8} bit {bit % 8}: exit code {after.code}, "
                         f"{len(after.findings)} findings, nothing said")
    path.write_bytes(whole)
    assert noticed or not used, f"{path.suffix}: no flip was noticed"
    again = scan(repo.folder, home=home)
    assert again.findings == before.findings, f"not restored: {again.code} {again.err}"
    print(f"{path.suffix or path.name}: {count // FEWER} bits, {noticed} told", file=sys.stderr)
    return wrong


def main():
    keys, top = make_keys(NAMES), pathlib.Path.cwd()
    repo = small(top / "repo", keys)
    pack, = repo.packs()
    objects = repo.git("count-objects", "-v")
    assert "count: 0" in objects and "packs: 1" in objects, objects
    deltas = repo.git("verify-pack", "-v", str(pack)).count("chain length")
    assert deltas >= 5, "no chains"
    if "--build" in sys.argv:
        print(objects, os.path.getsize(pack))
        return
    wrong = flip(pack, repo, 1000, top) + flip(pack.with_suffix(".idx"), repo, 200, top)
    # What git makes to be quick is no more to be trusted.
    repo.git("multi-pack-index", "write")
    repo.git("commit-graph", "write", "--reachable")
    wrong += flip(repo.objects / "pack/multi-pack-index", repo, 50, top, False)
    wrong += flip(repo.objects / "info/commit-graph", repo, 50, top, False)
    loose = Repo(top / "loose")
    loose.commit("leak", {"a.txt": "".join(text_with(key) for key in keys.values())})
    oid = loose.git("rev-parse", "HEAD:a.txt")
    wrong += flip(loose.objects / oid[:2] / oid[2:], loose, 100, top)
    if wrong:
        raise SystemExit("\n".join(wrong[:20]) + f"\n{len(wrong)} flips went wrong")


main()
