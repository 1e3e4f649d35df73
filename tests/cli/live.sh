# A finding is printed within 100 ms of its bytes, the writer holding the pipe open.
source "$(dirname "$0")/common.inc"
fill key.txt <<<'GET https://contoso.azurewebsites.net/api/Refund?code={key:function} 401'
mkfifo pipe
python3 - <<'P' || fail 'later than 100 ms, three times'
import os, select, subprocess, sys, time
line = open("key.txt", "rb").read()
limit = 5 if os.environ.get("SANITIZED") == "1" else 0.1
def delay(arguments, wanted):
    scan = subprocess.Popen([os.environ["ASSAY"], "scan", *arguments], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)
    end = os.open("pipe", os.O_WRONLY) if "pipe" in arguments else scan.stdin.fileno()
    os.write(end, b"a line before\n")
    time.sleep(0.7)
    began, seen = time.monotonic(), b""
    os.write(end, line)
    while wanted not in seen and select.select([scan.stdout], [], [], 5)[0]:
        seen += os.read(scan.stdout.fileno(), 65536)
    took = time.monotonic() - began
    os.close(end) if "pipe" in arguments else None
    scan.communicate()
    assert wanted in seen and scan.returncode == 1, (arguments, scan.returncode)
    return took
for arguments in (["-"], ["pipe"], ["-", "-f", "jsonl"], ["-", "-f", "github"], ["-", "-j", "1"]):
    wanted = b"AZF1002"
    times = []
    while len(times) < 3 and (not times or times[-1] > limit):
        times.append(delay(arguments, wanted))
    assert times[-1] <= limit, (arguments, times)
P
