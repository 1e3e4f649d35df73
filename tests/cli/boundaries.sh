# A key over any boundary of 64 KiB is found, whatever the sizes of the writes.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'{key:master}'
python3 - <<'P' || fail 'missed a key over a boundary'
import json, os, subprocess
key = open("key.txt", "rb").read().strip()
block, stream, wanted = 64 << 10, bytearray(), []
for i in range(1, 241):  # byte i % 60 - 2 of the key is the first of a block
    at = i * block - (i % 60 - 2)
    stream += (b"no key stands in this line\n" * 3000)[: at - len(stream)]
    wanted.append(at)
    stream += key
stream += b"\n"
open("file.log", "wb").write(stream)
def found(out):
    return [json.loads(line)["location"]["byte_offset"] for line in out.splitlines()[:-1]]
scan = [os.environ["ASSAY"], "scan", "-f", "jsonl"]
for size in (block - 1, block, block + 1, 1 << 20, len(stream)):
    run = subprocess.Popen([*scan, "-"], stdin=subprocess.PIPE, stdout=open("out", "wb"))
    for at in range(0, len(stream), size):
        run.stdin.write(stream[at : at + size])
        run.stdin.flush()
    run.stdin.close()
    assert run.wait() == 1 and found(open("out").read()) == wanted, ("stream", size)
for threads in "14":  # the file is cut into parts
    run = subprocess.run([*scan, "-j", threads, "file.log"], stdout=subprocess.PIPE)
    assert run.returncode == 1 and found(run.stdout) == wanted, ("file", threads)
P
