"""Decisions about announcements through the API."""

from broadcaster.station.announcements import announcements, approvals, differences
from web.announcements import bodies as announcements_bodies
from web.announcements.api import announcement_of, answer_of
from web.api.endpoints import Call, Endpoint
from web.approvals import bodies


def submit(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    approvals.submit(call.s, announcement=announcement, by=call.by, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def approve(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    seal = call.body.content_hash
    approvals.approve(call.s, announcement=announcement, content_hash=seal, by=call.by, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def send_back(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    approvals.send_back(
        call.s, announcement=announcement, by=call.by, now_at=call.now_at, comment=call.body.comment.strip()
    )
    return answer_of(call.s, announcement, call.by)


def reject(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    approvals.reject(
        call.s, announcement=announcement, by=call.by, now_at=call.now_at, comment=call.body.comment.strip()
    )
    return answer_of(call.s, announcement, call.by)


def withdraw(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    announcements.withdraw(call.s, announcement=announcement, by=call.by, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def changed(call: Call) -> bodies.Difference:
    found = differences.since_last_decision(call.s, announcement_of(call))
    if found is None:
        return bodies.Difference()
    return bodies.Difference(
        action=str(found.decision.action),
        decided_by=found.decision.by.username,
        decided_at=found.decision.at,
        comment=found.decision.comment,
        text=[bodies.ChangedWords(change=str(each.change), words=each.words) for each in found.text],
        facts={name: bodies.Fact(before=before, now=now) for name, (before, now) in found.facts.items()},
    )


_ONE = "/announcements/{announcement_id}"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_ONE + "/changes",
        summary="Những gì đã đổi từ lần duyệt hoặc trả lại gần nhất.",
        act=changed,
        gives=bodies.Difference,
    ),
    Endpoint(
        method="POST", path=_ONE + "/submit", summary="Gửi duyệt.", act=submit, gives=announcements_bodies.Announcement
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/approve",
        summary="Duyệt; không ai tự duyệt bản tin của mình.",
        act=approve,
        takes=bodies.Approval,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/return",
        summary="Trả lại để sửa, kèm lời nhắn.",
        act=send_back,
        takes=bodies.Comment,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/reject",
        summary="Từ chối, kèm lý do.",
        act=reject,
        takes=bodies.Comment,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/withdraw",
        summary="Rút bản tin đã duyệt.",
        act=withdraw,
        gives=announcements_bodies.Announcement,
    ),
)
