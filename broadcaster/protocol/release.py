"""A new program for nodes: what the station signs about it, which wheels fit which machine, and how far a node is.

The order is a JWS of its own inside the agenda (:func:`sign_release`); the wheels travel as clips do, piece by piece.
"""

import re
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message, decode
from broadcaster.protocol.errors import WronglyAddressed
from broadcaster.protocol.signing import Audience, sign, verify
from broadcaster.protocol.values import Code, Instant, Sha256, StationId

TYPE = "loa-release+jws"
OLDEST_GLIBC = {"1": (2, 5), "2010": (2, 12), "2014": (2, 17)}
"""What the older names ``manylinux1``, ``manylinux2010`` and ``manylinux2014`` stand for (PEP 600)."""
_WHEEL = re.compile(
    r"^(?P<name>[A-Za-z0-9_.]+)-(?P<version>[A-Za-z0-9_.!+]+)(?:-\d[^-]*)?"
    r"-(?P<python>[a-z0-9_.]+)-(?P<abi>[a-z0-9_.]+)-(?P<platform>[a-z0-9_.]+)\.whl\Z"
)
_LINUX = re.compile(
    r"^(?:manylinux_(?P<major>\d+)_(?P<minor>\d+)|manylinux(?P<old>1|2010|2014)|linux)_(?P<machine>.+)\Z"
)

Program = Annotated[str, Meta(pattern=r"^[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}\Z")]
"""A version of the node's program: two to four numbers with points between them."""
WheelName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.!+-]{1,150}\.whl\Z")]
"""Name of a wheel's file (PEP 427)."""


class ReleaseWave(StrEnum):
    """In which of the three waves a node gets a release: chosen nodes, every tenth, all."""

    CANARY = "canary"
    TENTH = "tenth"
    ALL = "all"


class ReleaseState(StrEnum):
    """How far a node is with the program it was offered. IDLE: nothing to do; what it runs is confirmed."""

    IDLE = "idle"
    FETCHING = "fetching"
    WAITING = "waiting"
    """All is there; it waits for a time without broadcasts."""
    TRIAL = "trial"
    FAILED = "failed"


class ReleaseFailure(StrEnum):
    """Why a node does not run a program it was offered."""

    UNSIGNED = "release_unsigned"
    FOREIGN = "release_foreign"
    MALFORMED = "release_malformed"
    DOWNGRADE = "release_downgrade"
    TOO_FAR = "release_too_far"
    """It wants a newer program to start from."""
    UNFIT = "release_unfit"
    """A wheel is for another machine or another Python."""
    DAMAGED = "release_damaged"
    """A wheel is not the one that was signed, or no wheel at all."""
    NO_ROOM = "release_no_room"
    NOT_WRITTEN = "release_not_written"
    """The card refused."""
    CRASHED_AT_IMPORT = "release_crashed_at_import"
    RESTARTED = "release_restarted"
    """It ended, or the power did, more often than a trial allows."""
    CRASHED_LATER = "release_crashed_later"
    """It ended again and again after it had been confirmed."""
    WRONG_VERSION = "release_wrong_version"
    """It calls itself otherwise than the order does."""
    NO_AGENDA = "release_no_agenda"
    NO_SOUND = "release_no_sound"
    NO_LINK = "release_no_link"
    NO_RECEIPTS = "release_no_receipts"


class ReleaseWheel(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a release.

    name: of the file; says for which Python and machine it is.
    sha256: hash of all its bytes; its name as a clip.
    size_bytes: length.
    """

    name: WheelName
    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=1, le=64 * 1024 * 1024)]


class Release(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A program a node shall run from now on.

    station: who says so.
    program: its version; higher than the one that runs.
    oldest: a node below this version cannot take it; empty for none.
    wheels: the files this node needs.
    not_before_at: the node goes on with the old program until then.
    wave: in which the node gets it.
    quiet_only: fetch and install in the commune's quiet hours alone.
    """

    station: StationId
    program: Program
    oldest: Program | None = None
    wheels: Annotated[tuple[ReleaseWheel, ...], Meta(min_length=1, max_length=64)]
    not_before_at: Instant
    wave: ReleaseWave = ReleaseWave.ALL
    quiet_only: bool = False


class ReleaseReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a node that can be updated says of it; older nodes, and those started by hand, say nothing.

    python: version of its Python, ``3.11``.
    machine: as the kernel names it, ``aarch64``.
    glibc: version of its C library, ``2.36``.
    program: the version offered, or the last one that failed; empty for none.
    state: how far it is.
    failure: a ``ReleaseFailure``, or one of a newer node; None while nothing failed.
    """

    python: Annotated[str, Meta(max_length=20)] = ""
    machine: Annotated[str, Meta(max_length=40)] = ""
    glibc: Annotated[str, Meta(max_length=20)] = ""
    program: Annotated[str, Meta(max_length=40)] = ""
    state: ReleaseState = ReleaseState.IDLE
    failure: Code | None = None


def sign_release(release: Release, seed: bytes) -> str:
    """The order as it stands in an agenda."""
    return sign(release, seed, TYPE).decode()


def open_release(token: str, audience: Audience) -> Release:
    """The order, if this node's station signed it. Raises Oversized, Unsigned, Malformed or WronglyAddressed."""
    release = decode(Release, verify(token.encode(), audience.key, kind=TYPE))
    if release.station != audience.station:
        raise WronglyAddressed(f"release of {release.station}", field="station")
    return release


def version_key(text: str) -> tuple[int, ...]:
    """By which versions are compared: their numbers; () for what is none, such as ``source``."""
    head = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(number) for number in head[0].split(".")) if head else ()


def is_newer(one: str, other: str) -> bool:
    """Whether the first version is higher; missing numbers count as 0, what is no version lies below all."""
    left, right = version_key(one), version_key(other)
    length = max(len(left), len(right))
    return bool(left) and (not right or left + (0,) * (length - len(left)) > right + (0,) * (length - len(right)))


def is_wheel(name: str) -> bool:
    """Whether a file's name is a wheel's."""
    return _WHEEL.match(name) is not None


def wheel_version(name: str) -> tuple[str, str]:
    """Name of the distribution, in small letters with ``-``, and its version; both empty when it is no wheel."""
    found = _WHEEL.match(name)
    return (found["name"].lower().replace("_", "-"), found["version"]) if found else ("", "")


def fits(name: str, report: ReleaseReport) -> bool:
    """Whether a wheel of this name runs on such a machine."""
    found = _WHEEL.match(name)
    if not found:
        return False
    pythons, abis, platforms = (found[part].split(".") for part in ("python", "abi", "platform"))
    return any(_fits_python(python, abi, report.python) for python in pythons for abi in abis) and any(
        _fits_platform(each, report) for each in platforms
    )


def _fits_python(python: str, abi: str, ours: str) -> bool:
    major, minor = (*version_key(ours), 0, 0)[:2]
    if abi == "none":
        return python in (f"py{major}", f"py{major}{minor}", f"cp{major}{minor}")
    if abi == "abi3":
        oldest = re.fullmatch(rf"cp{major}(\d+)", python)
        return oldest is not None and int(oldest[1]) <= minor
    return python == abi == f"cp{major}{minor}"


def _fits_platform(platform: str, report: ReleaseReport) -> bool:
    if platform == "any":
        return True
    found = _LINUX.match(platform)
    if not found or found["machine"] != report.machine:
        return False
    wanted = OLDEST_GLIBC.get(found["old"] or "", (int(found["major"] or 0), int(found["minor"] or 0)))
    return wanted <= version_key(report.glibc)[:2]
