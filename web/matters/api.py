"""What somebody has to deal with, and whether the nodes are ready, through the API."""

from broadcaster.errors import Invalid
from broadcaster.station.matters import matters, readiness, remedies
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Matter as Row
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.matters import bodies
from web.matters import words as matter_words
from web.security.access import READING, Kind, over
from web.shell.telling import said


def listing(call: Call) -> list[bodies.Matter]:
    state = call.query.get("state", "open")
    if state not in ("open", "dealt"):
        raise Invalid("matter.state_unknown", field="state")
    return [_answer_of(each) for each in matters.listing(call.s, dealt=state == "dealt", page=page_asked(call)).items]


def deal(call: Call) -> bodies.Matter:
    matter = matters.get(call.s, call.path["matter_id"])
    matters.deal(call.s, matter=matter, by=call.by, now_at=call.now_at, note=call.body.note)
    call.s.flush()
    call.s.refresh(matter)
    return _answer_of(matter)


def soon(call: Call) -> list[bodies.Readiness]:
    return [_readiness(each) for each in readiness.soon(call.s, now_at=call.now_at)]


def resend(call: Call) -> None:
    node = nodes.get(call.s, call.path["node_id"])
    remedies.resend(call.s, node=node, by=call.by, now_at=call.now_at)


def louder(call: Call) -> None:
    node = nodes.get(call.s, call.path["node_id"])
    remedies.louder(call.s, node=node, by=call.by, now_at=call.now_at, at=call.body.at)


def _answer_of(row: Row) -> bodies.Matter:
    return bodies.Matter(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        sentence=matter_words.sentence(row),
        began_at=row.began_at,
        times=row.times,
        over_at=row.over_at,
        dealt_at=row.dealt_at,
        dealt_by=row.dealt_by.full_name if row.dealt_by else None,
        note=row.note,
    )


def _readiness(found: readiness.Readiness) -> bodies.Readiness:
    nodes = [
        bodies.ReadyNode(
            node=each.node.id,
            name=each.node.name,
            obstacles=[bodies.Obstacle(kind=one.kind, sentence=said(one.reason)) for one in each.obstacles],
        )
        for each in found.nodes
    ]
    return bodies.Readiness(
        start_at=found.start_at,
        title=found.title,
        broadcasts=list(found.broadcasts),
        ready=found.ready,
        nodes=nodes,
        sources=[said(each) for each in found.sources],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/matters",
        access=READING,
        summary="Việc cần chú ý, mới nhất trước.",
        act=listing,
        gives=list[bodies.Matter],
        query={"state": "open (chưa ai xử lý) hoặc dealt.", "page": "Trang, từ 1."},
    ),
    Endpoint(
        method="POST",
        path="/matters/{matter_id}/deal",
        access=over(Kind.MATTER, "broadcast", "manage_nodes"),
        summary="Ghi rằng việc này đã được xử lý.",
        act=deal,
        takes=bodies.Deal,
        gives=bodies.Matter,
    ),
    Endpoint(
        method="GET",
        path="/readiness",
        access=READING,
        summary="Cụm loa nào sẵn sàng cho những gì phát trong mười phút tới.",
        act=soon,
        gives=list[bodies.Readiness],
    ),
    Endpoint(
        method="POST",
        path="/nodes/{node_id}/resend",
        access=over(Kind.NODE, "broadcast", "manage_nodes"),
        summary="Gửi lại lịch và tệp cho một cụm loa.",
        act=resend,
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/nodes/{node_id}/louder",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Cho một cụm loa phát to lên.",
        act=louder,
        takes=bodies.Louder,
        status=204,
    ),
)
