# The peak stays under 64 MiB for a stream of 1 GB, under 128 MiB for a folder.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'code={key:function}'
mkdir tree
truncate -s 300M tree/sparse.bin
for i in {1..2000}; do echo "$i" >"tree/$i.txt"; done
python3 - <<'P' || fail 'takes too much memory'
import os, subprocess
sanitized = os.environ["SANITIZED"] == "1"
key, size = open("key.txt", "rb").read(), (20 if sanitized else 1000) << 20
line = b"2025-11-02T08:51:02Z GET https://contoso.azurewebsites.net/api/Refund?id=4711 200\n"
def peak(arguments, chunk):
    scan = subprocess.Popen([os.environ["ASSAY"], "scan", "-f", "jsonl", *arguments],
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for _ in range(size // len(chunk) if chunk else 0):
        scan.stdin.write(chunk)
    scan.stdin.close()
    _, status, usage = os.wait4(scan.pid, 0)
    scan.returncode = os.waitstatus_to_exitcode(status)
    return scan.returncode, usage.ru_maxrss >> 10
for arguments, chunk, code, limit in (
    (["-"], line * 12000 + key, 1, 64),
    (["-"], b"x" * (1 << 20), 0, 64),  # one line
    (["-j", "4", "tree"], b"", 0, 128),
):
    got, mib = peak(arguments, chunk)
    assert got == code and (mib < limit or sanitized), (arguments, got, mib)
P
