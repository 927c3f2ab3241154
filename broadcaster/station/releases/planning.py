"""Which node gets a release now, and whether it goes on. Pure: everything is given, nothing is asked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.protocol.release import ReleaseState, ReleaseWave, is_newer
from broadcaster.station.vocabulary.states import ReleaseStage

TENTH = 10
STAGE_OF = {
    ReleaseWave.CANARY: ReleaseStage.CANARY,
    ReleaseWave.TENTH: ReleaseStage.TENTH,
    ReleaseWave.ALL: ReleaseStage.ALL,
}
_NEXT = {ReleaseWave.CANARY: ReleaseWave.TENTH, ReleaseWave.TENTH: ReleaseWave.ALL}
RUNNING = frozenset(STAGE_OF.values())


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """id, program, stage, paused, canaries, hours: as in ``schema.NodeRelease``."""

    id: str
    program: str
    stage: ReleaseStage
    paused: bool
    canaries: frozenset[str]
    hours: int


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """One node in service.

    node: its id.
    software: what it last said it runs.
    state, program, failure: of its release report; empty when it makes none.
    able: it can be updated over the air, and the release has all its files for it.
    wave, confirmed_at, failed: as in ``schema.ReleaseMember``; wave is None for a node that is no member yet.
    """

    node: str
    software: str
    state: str = ""
    program: str = ""
    failure: str = ""
    able: bool = True
    wave: ReleaseWave | None = None
    confirmed_at: datetime | None = None
    failed: str = ""


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What follows.

    confirmed: nodes that run it, and did not when it was last looked.
    failed: nodes that say they cannot, each with the code; the first of them stops the release.
    wave, join: the nodes that get it from now on, and in which wave.
    """

    confirmed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    wave: ReleaseWave | None = None
    join: tuple[str, ...] = ()


def plan(release: ReleaseFacts, nodes: Sequence[NodeFacts], *, now_at: datetime) -> ReleasePlan:
    """Members are looked at also while it rests; nobody joins then, nor after a failure."""
    members = [node for node in nodes if node.wave is not None]
    failed = tuple((node.node, code) for node in members if (code := _failure(release, node)))
    confirmed = tuple(node.node for node in members if node.confirmed_at is None and _runs(release, node))
    noted = ReleasePlan(confirmed=confirmed, failed=failed)
    if release.stage not in RUNNING or release.paused or failed:
        return noted
    wave = _wave(release, members, now_at)
    join = tuple(_joining(release, nodes, wave))
    if not join and STAGE_OF[wave] is release.stage:
        return noted
    return ReleasePlan(confirmed, failed, wave, join)


def _wave(release: ReleaseFacts, members: Sequence[NodeFacts], now_at: datetime) -> ReleaseWave:
    """The next one once all of this one run it for long enough; who failed before a person let it go on is left out."""
    wave = next(wave for wave, stage in STAGE_OF.items() if stage is release.stage)
    waits = [node for node in members if not node.failed]
    long = timedelta(hours=release.hours)
    settled = all(node.confirmed_at is not None and now_at - node.confirmed_at >= long for node in waits)
    return _NEXT.get(wave, wave) if waits and settled else wave


def _runs(release: ReleaseFacts, node: NodeFacts) -> bool:
    """It says that it runs it, or a newer one, and is done with the trial."""
    old = is_newer(release.program, node.software)
    return bool(node.software) and not old and node.state in ("", ReleaseState.IDLE)


def _failure(release: ReleaseFacts, node: NodeFacts) -> str:
    mine = node.state == ReleaseState.FAILED and node.program in (release.program, "")
    known = not mine or node.failed or _runs(release, node)
    return "" if known else node.failure or "release_not_written"


def _joining(release: ReleaseFacts, nodes: Sequence[NodeFacts], wave: ReleaseWave) -> list[str]:
    free = [node.node for node in nodes if node.wave is None and node.able and not _runs(release, node)]
    if wave is ReleaseWave.CANARY:
        return [node for node in free if node in release.canaries]
    if wave is ReleaseWave.ALL:
        return free
    if release.stage is ReleaseStage.TENTH:
        return []
    # A mixed order, always the same for one release: not the first hamlet every time, nor another choice every look.
    mixed = sorted(free, key=lambda node: hashlib.sha256(f"{release.id} {node}".encode()).digest())
    return mixed[: -(-len(nodes) // TENTH)]
