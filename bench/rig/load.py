"""Something else to do for the machine while a bench measures."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

BURN = [sys.executable, "-c", "while True: pass"]


@contextmanager
def busy_cores() -> Iterator[int]:
    """Every core computes without end, at ordinary niceness whatever ours is; how many there are.

    Each in a session of its own, as a service beside the node has a group of its own. In the bench's session they would
    share one autogroup with the bench's sound server, whose niceness is high, and Linux 6.18 then leaves all else, its
    own threads for the network among them, without a turn for seconds (seen in ``/proc/*/schedstat``).
    """
    back = str(-os.getpriority(os.PRIO_PROCESS, 0))
    cores = os.cpu_count() or 1
    with ExitStack() as burning:
        for _ in range(cores):
            process = subprocess.Popen(["nice", "-n", back, *BURN], start_new_session=True)
            burning.callback(process.wait)
            burning.callback(process.kill)
        yield cores
