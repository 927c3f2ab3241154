"""Decisions about announcements through the API."""

import msgspec

from broadcaster.station.announcements import announcements, approvals, differences
from broadcaster.station.programmes import wishes
from web.announcements import bodies as announcements_bodies
from web.announcements.api import announcement_of, answer_of
from web.api.endpoints import Call, Endpoint
from web.approvals import bodies
from web.security.access import READING, Kind, over
from web.shell.services import services
from web.shell.telling import said
from web.wishes import bodies as wish_bodies


def submit(call: Call) -> announcements_bodies.Announcement:
    announcement = announcement_of(call)
    asked: wish_bodies.Submission = call.body
    wish = asked.wish.value(services().today) if asked.wish else None
    wishes.submit(call.s, announcement=announcement, wish=wish, by=call.by, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def approve(call: Call) -> bodies.Approved:
    announcement = announcement_of(call)
    seal = call.body.content_hash
    outcome = wishes.approve(
        call.s,
        announcement=announcement,
        content_hash=seal,
        by=call.by,
        now_at=call.now_at,
        timing=services().config.schedule,
    )
    answer = msgspec.structs.asdict(answer_of(call.s, announcement, call.by))
    return bodies.Approved(**answer, outcome=_outcome(outcome))


def _outcome(outcome: wishes.Outcome) -> wish_bodies.Outcome:
    return wish_bodies.Outcome(
        broadcast=outcome.broadcast.id if outcome.broadcast else None,
        slot_item=outcome.item.id if outcome.item else None,
        obstacle=said(outcome.obstacle) if outcome.obstacle else None,
        obstacle_code=outcome.obstacle.code if outcome.obstacle else None,
    )


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
        access=READING,
        summary="Những gì đã đổi từ lần duyệt hoặc trả lại gần nhất.",
        act=changed,
        gives=bodies.Difference,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/submit",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Gửi duyệt và hẹn giờ phát; giờ hẹn được duyệt cùng nội dung.",
        act=submit,
        takes=wish_bodies.Submission,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/approve",
        access=over(Kind.ANNOUNCEMENT, "approve"),
        summary="Duyệt, phát hoặc đưa vào khung giờ như đã hẹn; không ai tự duyệt bản tin của mình.",
        act=approve,
        takes=bodies.Approval,
        gives=bodies.Approved,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/return",
        access=over(Kind.ANNOUNCEMENT, "approve"),
        summary="Trả lại để sửa, kèm lời nhắn.",
        act=send_back,
        takes=bodies.Comment,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/reject",
        access=over(Kind.ANNOUNCEMENT, "approve"),
        summary="Từ chối, kèm lý do.",
        act=reject,
        takes=bodies.Comment,
        gives=announcements_bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/withdraw",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Rút bản tin đã duyệt.",
        act=withdraw,
        gives=announcements_bodies.Announcement,
    ),
)
