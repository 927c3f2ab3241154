"""Newer programs for the nodes: taken in by one person, started by another, looked after by the station."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.protocol.release import ReleaseFailure, ReleaseWheel, version_key
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.releases import wheels
from broadcaster.station.releases.planning import STAGE_OF
from broadcaster.station.releases.progress import files_of, machines, members
from broadcaster.station.releases.steps import ReleaseStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node, NodeRelease, Person
from broadcaster.station.vocabulary.states import ReleaseStage

MOST_FILES = 64
PASSING = frozenset({ReleaseFailure.NO_ROOM, ReleaseFailure.NOT_WRITTEN, ReleaseFailure.DAMAGED})
"""What a node itself tries again."""
LONGEST_HOURS = 14 * 24


def add(
    s: Session, *, files: Sequence[ReleaseWheel], quiet_only: bool = False, by: Person, now_at: datetime
) -> NodeRelease:
    """A release of these files, as ``wheels.keep`` took them in; nobody gets it yet.

    Raises NotAllowed, Invalid, Conflict.
    """
    require(s, by, Permission.MANAGE_NODES, None)
    if not 0 < len(files) <= MOST_FILES:
        raise Invalid("release.files_count", field="files", most=MOST_FILES)
    program = wheels.program_of(files)
    if not 2 <= len(version_key(program)) <= 4 or any(not part.isdecimal() for part in program.split(".")):
        raise Invalid("release.version_odd", field="files", program=program)
    if s.scalar(select(NodeRelease.id).where(NodeRelease.program == program)) is not None:
        raise Conflict("release.known", field="files", program=program)
    unique = {each.sha256: each for each in files}
    release = NodeRelease(
        program=program,
        wheels=[msgspec.to_builtins(each) for each in unique.values()],
        uploaded_by_id=by.id,
        uploaded_at=now_at,
        quiet_only=quiet_only,
        stage=ReleaseStage.UPLOADED,
    )
    s.add(release)
    s.flush()
    _note(s, release, "release.uploaded", by=by, now_at=now_at, files=[each.name for each in unique.values()])
    return release


def start(
    s: Session, *, release: NodeRelease, canaries: Sequence[str], hours: int, by: Person, now_at: datetime
) -> None:
    """Give it to the first nodes; the others follow by themselves. A release before it ends with this.

    Raises NotAllowed for whoever uploaded it, Conflict, Invalid.
    """
    require_step(s, ReleaseStep.START, release, by)
    chosen = list(dict.fromkeys(canaries))
    if not chosen:
        raise Invalid("release.no_canary", field="canaries")
    if not 0 <= hours <= LONGEST_HOURS:
        raise Invalid("release.hours_odd", field="hours", most=LONGEST_HOURS)
    able = {node for node, report in machines(s).items() if wheels.for_machine(files_of(release), report)}
    for node_id in chosen:
        node = s.get(Node, node_id)
        if node is None or node.revoked_at is not None:
            raise Invalid("node.not_found", field="canaries", node=node_id)
        if node_id not in able:
            raise Invalid("release.canary_unable", field="canaries", node=node.name)
    _end_others(s, release, by=by, now_at=now_at)
    release.canaries, release.hours = chosen, hours
    release.started_by_id, release.started_at = by.id, now_at
    release.stage, release.wave_at, release.paused = ReleaseStage.CANARY, now_at, False
    _note(s, release, "release.started", by=by, now_at=now_at, canaries=chosen, hours=hours)


def pause(s: Session, *, release: NodeRelease, by: Person, now_at: datetime) -> None:
    """Nobody is given it until somebody resumes; who tries it just now goes on. Raises NotAllowed, Conflict."""
    require_step(s, ReleaseStep.PAUSE, release, by)
    release.paused = True
    _note(s, release, "release.paused", by=by, now_at=now_at)


def resume(s: Session, *, release: NodeRelease, by: Person, now_at: datetime) -> None:
    """Go on. Nodes that failed for a reason of their own are offered it again; the others are left out.

    Raises NotAllowed, Conflict.
    """
    require_step(s, ReleaseStep.RESUME, release, by)
    if release.stage is ReleaseStage.STOPPED:
        given = members(s, release)
        release.stage = max((STAGE_OF[each.wave] for each in given), key=list(ReleaseStage).index)
        release.stop_reason, release.wave_at = None, now_at
        for each in given:
            each.failure = "" if each.failure in PASSING else each.failure
    release.paused = False
    _note(s, release, "release.resumed", by=by, now_at=now_at)


def withdraw(s: Session, *, release: NodeRelease, by: Person, now_at: datetime) -> None:
    """For good: nobody else gets it; who runs it goes on. Raises NotAllowed, Conflict."""
    require_step(s, ReleaseStep.WITHDRAW, release, by)
    release.stage, release.paused = ReleaseStage.WITHDRAWN, False
    _note(s, release, "release.withdrawn", by=by, now_at=now_at)


def get(s: Session, release_id: str) -> NodeRelease:
    """Raises NotFound."""
    release = s.get(NodeRelease, release_id)
    if release is None:
        raise NotFound("release.not_found", field="release")
    return release


def find(s: Session, program: str) -> NodeRelease:
    """The release of this version. Raises NotFound."""
    release = s.scalar(select(NodeRelease).where(NodeRelease.program == program))
    if release is None:
        raise NotFound("release.not_found", field="release")
    return release


def listing(s: Session) -> list[NodeRelease]:
    """The newest first."""
    return list(s.scalars(select(NodeRelease).order_by(NodeRelease.uploaded_at.desc(), NodeRelease.id)))


def in_use(s: Session) -> set[str]:
    """Hashes of the files of every release that may still be given to a node."""
    over = [ReleaseStage.WITHDRAWN]
    found = s.scalars(select(NodeRelease.wheels).where(NodeRelease.stage.not_in(over)))
    return {ReleaseWheel(**each).sha256 for rows in found for each in rows}


def _end_others(s: Session, release: NodeRelease, *, by: Person, now_at: datetime) -> None:
    for other in listing(s):
        if other.id != release.id and other.stage not in (ReleaseStage.UPLOADED, ReleaseStage.WITHDRAWN):
            other.stage, other.paused = ReleaseStage.WITHDRAWN, False
            _note(s, other, "release.withdrawn", by=by, now_at=now_at)


def _note(s: Session, release: NodeRelease, action: str, *, by: Person, now_at: datetime, **more: object) -> None:
    details = {"program": release.program, **more}
    audit.record(s, by=by, action=action, subject=f"release:{release.id}", now_at=now_at, details=details)
    changes.bump(s, "agendas")
    changes.bump(s, "nodes")
