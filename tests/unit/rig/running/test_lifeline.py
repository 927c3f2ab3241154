"""What is started for a run ends with it, however the run ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rig.processes import name

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[4]
STARTS_ONE_IN_A_SESSION_OF_ITS_OWN = """
import signal, subprocess, sys, tempfile, {imported}
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background is deaf to it
{held}
one = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(one.pid, tempfile.gettempdir(), flush=True)
one.wait()
"""


def ends(pid: int) -> bool:
    until = time.monotonic() + 30
    while name(pid) == "sleep" and time.monotonic() < until:
        time.sleep(0.05)
    return name(pid) != "sleep"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_bench_that_is_stopped_leaves_neither_processes_nor_files(how: signal.Signals) -> None:
    script = STARTS_ONE_IN_A_SESSION_OF_ITS_OWN.format(imported="bench", held="")
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as measuring:
        assert measuring.stdout
        sleeper, scratch = measuring.stdout.readline().split()
        assert Path(scratch).is_dir()
        measuring.send_signal(how)
    assert ends(int(sleeper))
    until = time.monotonic() + 30
    while Path(scratch).exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(scratch).exists()


def test_a_run_within_a_run_ends_by_itself_and_leaves_the_outer_one_alone() -> None:
    inner = STARTS_ONE_IN_A_SESSION_OF_ITS_OWN.format(
        imported="tests.rig.running.lifeline as lifeline", held="lifeline.hold()"
    )
    script = "import bench, subprocess, sys; other = subprocess.Popen(['sleep', '600']); print(other.pid, flush=True)\n"
    script += f"subprocess.Popen([sys.executable, '-c', {inner!r}]); other.wait()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as measuring:
        assert measuring.stdout
        outer = int(measuring.stdout.readline())
        sleeper = int(measuring.stdout.readline().split()[0])
        parent = int(Path(f"/proc/{sleeper}/stat").read_text().rpartition(")")[2].split()[1])
        subprocess.run(["kill", "-9", str(parent)], check=True)
        assert ends(sleeper)
        assert name(outer) == "sleep"
        measuring.kill()
    assert ends(outer)


def run(*command: str, limit_seconds: float = 60) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "tests/rig/running/lifeline.py", str(limit_seconds), *command]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_pass_that_never_ends_is_stopped_and_says_so() -> None:
    stopped = run("sleep", "600", limit_seconds=0.3)
    assert stopped.returncode == 124
    assert "it took longer than 0.3 s" in stopped.stderr


def test_a_pass_hands_on_its_exit_code_and_names_what_it_left_behind() -> None:
    assert run("sh", "-c", "exit 3").returncode == 3
    left = run("sh", "-c", "setsid sleep 601 > /dev/null 2>&1 & sleep 0.5")
    assert left.returncode == 0
    assert "still running at the end, and stopped: sleep 601" in left.stderr
