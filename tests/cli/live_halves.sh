# A key that arrives in two halves, at any cut, is found once, where it stands.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'{key:function}'
python3 - <<'P' || fail 'missed a key in halves'
import json, os, subprocess, time
key = open("key.txt", "rb").read().strip()
scan = subprocess.Popen([os.environ["ASSAY"], "scan", "-", "-f", "jsonl"], stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE)
wanted, at = [], 0
def put(data):
    global at
    os.write(scan.stdin.fileno(), data)
    at += len(data)
    time.sleep(0.02)  # so that the halves are two reads
for cut in range(1, len(key) + 1):
    put(b"log line\n?code=")
    wanted.append(at)
    put(key[:cut])
    put(key[cut:] + b"\n")
out = scan.communicate()[0].decode().splitlines()
found = [json.loads(line)["location"]["byte_offset"] for line in out[:-1]]
assert found == wanted, (len(found), len(wanted))
assert scan.returncode == 1
P
