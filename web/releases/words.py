"""Releases in words: where one stands, and how far each node is with it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from broadcaster.protocol.release import ReleaseState, ReleaseWave
from broadcaster.refusals.reasons import word
from broadcaster.station.nodes import nodes
from broadcaster.station.releases import progress
from broadcaster.station.releases.wheels import for_machine
from broadcaster.station.schema import NodeRelease, NodeState, ReleaseMember
from broadcaster.station.vocabulary.states import ReleaseStage
from web.shell.telling import said
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

STAGES = {
    ReleaseStage.UPLOADED: (_l("chờ người khác phát hành"), "wait"),
    ReleaseStage.CANARY: (_l("cụm loa thử trước"), "warn"),
    ReleaseStage.TENTH: (_l("một phần mười số cụm"), "warn"),
    ReleaseStage.ALL: (_l("tất cả cụm loa"), "good"),
    ReleaseStage.STOPPED: (_l("đã dừng vì lỗi"), "bad"),
    ReleaseStage.WITHDRAWN: (_l("đã rút"), "wait"),
}
WAVES = {
    ReleaseWave.CANARY: _l("thử trước"),
    ReleaseWave.TENTH: _l("một phần mười"),
    ReleaseWave.ALL: _l("tất cả"),
}
FAR = {
    ReleaseState.IDLE: _l("chờ nhận lệnh"),
    ReleaseState.FETCHING: _l("đang tải"),
    ReleaseState.WAITING: _l("đã tải, chờ lúc không có lượt phát"),
    ReleaseState.TRIAL: _l("đang chạy thử"),
    ReleaseState.FAILED: _l("không chạy được"),
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """node, name: which; wave: in words; software: what it runs; state: how far it is; tone: of that."""

    node: str
    name: str
    wave: str
    software: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class VersionCount:
    """software: what so many nodes run; empty when they never said; able: those that can be updated over the air."""

    software: str
    count: int
    able: int


def lines(s: Session, release: NodeRelease) -> list[MemberLine]:
    """One for each node that was given it."""
    return [_line(s.get(NodeState, each.node_id), each) for each in progress.members(s, release)]


def versions(s: Session) -> list[VersionCount]:
    """What the nodes in service run, the most frequent first."""
    able = progress.machines(s)
    found: dict[str, list[str]] = {}
    for node in nodes.listing(s):
        state = s.get(NodeState, node.id)
        found.setdefault(state.software if state else "", []).append(node.id)
    counted = [VersionCount(name, len(ids), sum(each in able for each in ids)) for name, ids in found.items()]
    return sorted(counted, key=lambda each: (-each.count, each.software))


def candidates(s: Session, release: NodeRelease) -> list[tuple[str, str]]:
    """Nodes that may try it first: id and name."""
    files = progress.files_of(release)
    able = {node for node, report in progress.machines(s).items() if for_machine(files, report)}
    return [(node.id, node.name) for node in nodes.listing(s) if node.id in able]


def _line(state: NodeState | None, member: ReleaseMember) -> MemberLine:
    software = state.software if state else ""
    far, tone = _far(state, member)
    return MemberLine(member.node_id, member.node.name, str(WAVES[member.wave]), software, far, tone)


def _far(state: NodeState | None, member: ReleaseMember) -> tuple[str, str]:
    if member.failure:
        return said(word("release_failure", member.failure)), "bad"
    if member.confirmed_at is not None:
        return _("đang chạy tốt"), "good"
    report = state.release if state else {}
    return str(FAR[ReleaseState(report.get("state", "idle"))]), "wait"
