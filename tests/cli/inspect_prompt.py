"""Types a key at the prompt of `assay inspect` on a terminal: it is not shown, and afterwards, also
after Ctrl-C, the terminal shows again what is typed."""
import fcntl
import os
import pty
import sys
import termios

assay, path = sys.argv[1:]
key = open(path, "rb").read().strip()


def until(fd, text):
    seen = b""
    while text not in seen:
        seen += os.read(fd, 4096)
    return seen


for typed in (key + b"\n\n", b"\x03"):
    leader, follower = pty.openpty()
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(follower, fd)
        os.execv(assay, [assay, "inspect"])
    shown = until(leader, b"ends): ")
    assert not termios.tcgetattr(follower)[3] & termios.ECHO, "the terminal shows what is typed"
    os.write(leader, typed)
    if typed != b"\x03":
        shown += until(leader, b"Fingerprint:")
    _, status = os.waitpid(child, 0)
    assert termios.tcgetattr(follower)[3] & termios.ECHO, "the terminal stays silent"
    if typed == b"\x03":
        assert os.WIFSIGNALED(status), status
    else:
        assert os.waitstatus_to_exitcode(status) == 0, status
        assert key not in shown and key[:20] not in shown, "the key was shown"
    os.close(leader)
    os.close(follower)
