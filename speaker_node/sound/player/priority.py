"""The thread that feeds the device goes first when the board is busy."""

import os

ROUND_ROBIN = 5
NICE = -11


def raise_priority() -> bool:
    """Raise the calling thread's priority as far as the system allows; False when it allows nothing."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(ROUND_ROBIN))
        return True
    except OSError:
        return _nicer()


def _nicer() -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
    except OSError:
        return False
    return True
