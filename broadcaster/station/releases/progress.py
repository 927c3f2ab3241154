"""How far releases are: facts out of the database for the plan, and what follows from it back into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt.chunks import CHUNK_BYTES
from broadcaster.protocol.release import ReleaseReport, ReleaseWave, ReleaseWheel
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.audit import entries as audit
from broadcaster.station.releases import wheels
from broadcaster.station.releases.planning import RUNNING, STAGE_OF, NodeFacts, ReleaseFacts, ReleasePlan, plan
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node, NodeRelease, NodeState, ReleaseMember
from broadcaster.station.vocabulary.states import ReleaseStage


@dataclass(frozen=True, slots=True)
class Offer:
    """A release as one node is offered it.

    program, quiet_only: as in ``schema.NodeRelease``; not_before_at: when it was started.
    files: those its machine needs; wave: in which it gets them.
    """

    program: str
    files: tuple[ReleaseWheel, ...]
    not_before_at: datetime
    wave: ReleaseWave
    quiet_only: bool

    def clips(self, chunk_bytes: int = CHUNK_BYTES) -> tuple[ClipRef, ...]:
        """The files as they travel."""
        return tuple(
            ClipRef(sha256=each.sha256, size_bytes=each.size_bytes, chunk_bytes=chunk_bytes, duration_ms=0)
            for each in self.files
        )


def offers(s: Session) -> dict[str, Offer]:
    """By node: what it is to run and does not yet."""
    running = [each for each in _running(s) if not each.paused]
    if not running:
        return {}
    reports, found = machines(s), {}
    for release in running:
        files = files_of(release)
        for member in _members(s, release):
            report = reports.get(member.node_id)
            if report is None or member.confirmed_at is not None or member.failure or release.started_at is None:
                continue
            mine = wheels.for_machine(files, report)
            if mine:
                found[member.node_id] = Offer(
                    release.program, mine, release.started_at, member.wave, release.quiet_only
                )
    return found


def look(s: Session, *, now_at: datetime) -> bool:
    """Follow what the nodes say; whether anything moved."""
    moved = False
    for release in _running(s):
        nodes = facts(s, release)
        follows = plan(_facts(release), nodes, now_at=now_at)
        moved = _carry_out(s, release, follows, now_at) or moved
    if moved:
        changes.bump(s, "agendas")
        changes.bump(s, "nodes")
    return moved


def wants_look(s: Session, *, now_at: datetime) -> bool:
    """Whether ``look`` would change anything; reads only."""
    return any(plan(_facts(each), facts(s, each), now_at=now_at) != ReleasePlan() for each in _running(s))


def facts(s: Session, release: NodeRelease) -> list[NodeFacts]:
    """Of every node in service, by id."""
    given = {each.node_id: each for each in _members(s, release)}
    files = files_of(release)
    chosen = (
        select(Node.id, NodeState.software, NodeState.release)
        .outerjoin(NodeState, NodeState.node_id == Node.id)
        .where(Node.revoked_at.is_(None))
        .order_by(Node.id)
    )
    rows = s.execute(chosen).all()
    return [_node(node, software or "", said or {}, files, given.get(node)) for node, software, said in rows]


def machines(s: Session) -> dict[str, ReleaseReport]:
    """What each node that can be updated over the air says of itself."""
    chosen = (
        select(NodeState.node_id, NodeState.release)
        .join(Node, Node.id == NodeState.node_id)
        .where(Node.revoked_at.is_(None))
    )
    return {node: msgspec.convert(report, ReleaseReport) for node, report in s.execute(chosen) if report}


def files_of(release: NodeRelease) -> list[ReleaseWheel]:
    """Its files."""
    return [ReleaseWheel(**each) for each in release.wheels]


def members(s: Session, release: NodeRelease) -> list[ReleaseMember]:
    """The nodes that were given it, by wave and name."""
    order = list(ReleaseWave)
    return sorted(_members(s, release), key=lambda each: (order.index(each.wave), each.node.name, each.node_id))


def _running(s: Session) -> list[NodeRelease]:
    chosen = select(NodeRelease).where(NodeRelease.stage.in_(RUNNING)).order_by(NodeRelease.started_at, NodeRelease.id)
    return list(s.scalars(chosen))


def _members(s: Session, release: NodeRelease) -> Sequence[ReleaseMember]:
    chosen = select(ReleaseMember).where(ReleaseMember.release_id == release.id).order_by(ReleaseMember.node_id)
    return s.scalars(chosen).all()


def _facts(release: NodeRelease) -> ReleaseFacts:
    return ReleaseFacts(
        id=release.id,
        program=release.program,
        stage=release.stage,
        paused=release.paused,
        canaries=frozenset(release.canaries),
        hours=release.hours,
    )


def _node(
    node: str, software: str, said: dict[str, str], files: list[ReleaseWheel], member: ReleaseMember | None
) -> NodeFacts:
    report = msgspec.convert(said, ReleaseReport) if said else None
    return NodeFacts(
        node=node,
        software=software,
        state=report.state if report else "",
        program=report.program if report else "",
        failure=(report.failure or "") if report else "",
        able=report is not None and bool(wheels.for_machine(files, report)),
        wave=member.wave if member else None,
        confirmed_at=member.confirmed_at if member else None,
        failed=member.failure if member else "",
    )


def _carry_out(s: Session, release: NodeRelease, follows: ReleasePlan, now_at: datetime) -> bool:
    known = {each.node_id: each for each in _members(s, release)}
    for node in follows.confirmed:
        known[node].confirmed_at = now_at
    for node, code in follows.failed:
        known[node].failure = code
    for node in follows.join:
        s.add(ReleaseMember(release_id=release.id, node_id=node, wave=follows.wave, given_at=now_at, failure=""))
    if follows.failed:
        _stop(s, release, known[follows.failed[0][0]], now_at)
    elif follows.wave and release.stage is not STAGE_OF[follows.wave]:
        release.stage, release.wave_at = STAGE_OF[follows.wave], now_at
    s.flush()
    return follows != ReleasePlan()


def _stop(s: Session, release: NodeRelease, member: ReleaseMember, now_at: datetime) -> None:
    """Nobody else gets it; a person looks at it."""
    release.stage = ReleaseStage.STOPPED
    why = word("release_failure", member.failure)
    release.stop_reason = Reason("release.failed_on", node=member.node.name, why=why)
    details = {"program": release.program, "node": member.node_id, "failure": member.failure}
    audit.record(s, by=None, action="release.stopped", subject=f"release:{release.id}", now_at=now_at, details=details)
