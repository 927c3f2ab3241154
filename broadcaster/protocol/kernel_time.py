"""What the kernel thinks of its own clock: adjtimex through ctypes, the boot id, and a battery clock."""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_UNSYNCHRONISED = 0x0040
_TIME_ERROR = 5
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RTC = Path("/sys/class/rtc")


class _Timeval(ctypes.Structure):
    _fields_ = (("tv_sec", ctypes.c_long), ("tv_usec", ctypes.c_long))


class _Timex(ctypes.Structure):
    """``struct timex`` of sys/timex.h, padded as the C library pads it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", _Timeval),
        ("tick", ctypes.c_long),
        ("ppsfreq", ctypes.c_long),
        ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int),
        ("stabil", ctypes.c_long),
        ("jitcnt", ctypes.c_long),
        ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long),
        ("stbcnt", ctypes.c_long),
        ("tai", ctypes.c_int),
        ("padding", ctypes.c_int * 11),
    )


@dataclass(frozen=True, slots=True)
class KernelTime:
    """One look at the kernel's clock discipline.

    synced: an NTP daemon holds it now.
    error_seconds: the kernel's bound of its error.
    """

    synced: bool
    error_seconds: float


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def look() -> KernelTime:
    """Ask the kernel; a kernel that does not answer counts as unsynced."""
    timex = _Timex()
    code = _library().adjtimex(ctypes.byref(timex))
    if code < 0:
        return KernelTime(synced=False, error_seconds=float("inf"))
    synced = code != _TIME_ERROR and not timex.status & _UNSYNCHRONISED
    return KernelTime(synced=synced, error_seconds=timex.maxerror / 1e6)


@cache
def boot_id() -> str:
    """Changes with every boot of the machine; the monotonic clock starts anew with it."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def has_battery_clock() -> bool:
    """The kernel took the time from a battery-backed clock when it started."""
    return any(_reads_one(clock / "hctosys") for clock in _RTC.glob("rtc*"))


def _reads_one(path: Path) -> bool:
    try:
        return path.read_text().strip() == "1"
    except OSError:
        return False
