# A writer that never pauses for long (as little as 8 ms) does not keep a finding waiting.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function} 401'
python3 - <<'P' || fail 'the finding waited for the writer to pause'
import os, select, subprocess, time
limit = 5 if os.environ.get("SANITIZED") == "1" else 0.5
scan = subprocess.Popen([os.environ["ASSAY"], "scan", "-", "-f", "jsonl"], stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE)
pipe = scan.stdin.fileno()
os.write(pipe, open("key.txt", "rb").read())
began, seen = time.monotonic(), b""
while b"AZF1002" not in seen and time.monotonic() - began < limit:
    os.write(pipe, b"2026-11-22 GET /health 200 in 3 ms ....\n")
    if select.select([scan.stdout], [], [], 0.008)[0]:
        seen += os.read(scan.stdout.fileno(), 65536)
scan.communicate()
assert b"AZF1002" in seen, "nothing after %.1f s" % limit
assert scan.returncode == 1
P
