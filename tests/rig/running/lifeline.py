"""Nothing outlives the run that started it: no bench that is killed, no pass of the tests leaves processes behind.

``hold()`` marks the environment, which every process started later inherits, and starts a watcher that ends whoever
carries the mark once this process is gone, however it went: a pipe closes even when its holder is killed. A process
group would miss who has a session of its own, PR_SET_PDEATHSIG ends with the thread that started somebody.

As a program: ``python tests/rig/running/lifeline.py SECONDS COMMAND…`` runs a command; exit code 124 at its limit.
"""

import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MARK = "LIFELINES_OF_RUNS"
"""Environment variable with the marks of every run above, separated by spaces."""
PATIENCE_SECONDS = 20.0
OVERTIME = 124
PR_SET_PDEATHSIG = 1


def hold(*, scratch: bool = False) -> str:
    """From here on, what this process starts ends with it; its mark. With ``scratch``, temporary files too."""
    mark = secrets.token_hex(8)
    folder = _scratch(mark) if scratch else ""
    reader, writer = os.pipe()
    os.register_at_fork(after_in_child=lambda: os.close(writer))
    subprocess.Popen(
        [sys.executable, "-S", "-E", __file__, "watch", mark, folder], stdin=reader, start_new_session=True
    )
    os.close(reader)
    os.environ[MARK] = f"{os.environ.get(MARK, '')} {mark}".strip()
    return mark


def marked(mark: str) -> list[int]:
    """Who runs in this run, without the one that holds it."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _carries(entry, mark)]


def end(mark: str) -> None:
    """Kill whoever runs in this run, and whom they start meanwhile."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := marked(mark)) and time.monotonic() < until:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:  # ended meanwhile, or is somebody else's
                continue
        time.sleep(0.05)


def _scratch(mark: str) -> str:
    """A folder for temporary files; other accounts of ours may pass through it, as PostgreSQL's does."""
    folder = Path(tempfile.gettempdir()) / f"loa-run-{mark}"
    folder.mkdir(mode=0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return str(folder)


def _carries(process: Path, mark: str) -> bool:
    """Whether the mark stands in that variable itself: the name of a scratch folder has it too, also the watcher's."""
    try:
        environment = (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
    marks = next((each for each in environment if each.startswith(f"{MARK}=".encode())), b"")
    return mark.encode() in marks


def _watch(mark: str, folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end(mark)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _run(limit_seconds: float, command: list[str]) -> int:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # whoever stops the shell stops us
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    mark = hold()
    process = subprocess.Popen(command)
    try:
        return process.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        print(f"stopped: it took longer than {limit_seconds:g} s", file=sys.stderr)
        return OVERTIME
    except KeyboardInterrupt:
        process.wait(PATIENCE_SECONDS)  # it was told too, and may have something to say
        return 128 + signal.SIGINT
    finally:
        if left := [pid for pid in marked(mark) if pid != process.pid]:
            print(f"still running at the end, and stopped: {', '.join(map(_name, left))}", file=sys.stderr)
        end(mark)


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        words = []
    return " ".join(words[:6]).strip()[:120] or str(pid)


if __name__ == "__main__":
    if sys.argv[1] == "watch":
        _watch(*sys.argv[2:4])
    else:
        sys.exit(_run(float(sys.argv[1]), sys.argv[2:]))
