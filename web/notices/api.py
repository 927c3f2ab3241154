"""One's own channels and messages, through the API."""

from flask import request

from broadcaster.errors import Invalid
from broadcaster.refusals.sentences import LANGUAGES
from broadcaster.station.notices import channels, history
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.schema import NoticeChannel, NoticeSending
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.notices import bodies
from web.notices.pages import wanted_kind
from web.notices.sealer import sealer
from web.security.access import SIGNED_IN
from web.shell.telling import said


def listing(call: Call) -> list[bodies.NoticeChannel]:
    return [_channel(each) for each in channels.listing(call.s, call.by)]


def add(call: Call) -> bodies.NoticeChannel:
    body: bodies.ChannelWish = call.body
    language = body.language if body.language in LANGUAGES else LANGUAGES[0]
    wanted = NewChannel(kind=wanted_kind(body.kind), typed=body.target, base_url=request.host_url, language=language)
    made, secret = channels.add(call.s, wanted, by=call.by, sealer=sealer(), now_at=call.now_at)
    return _channel(made, secret=secret or None)


def confirm(call: Call) -> bodies.NoticeChannel:
    channel = _mine(call)
    if not channels.confirm(call.s, channel, call.body.code, by=call.by, sealer=sealer(), now_at=call.now_at):
        call.s.commit()  # the wrong code counts
        raise Invalid("notice.code_wrong", field="code")
    return _channel(channel)


def send_code(call: Call) -> None:
    channels.send_code(call.s, _mine(call), sealer=sealer(), now_at=call.now_at)


def test(call: Call) -> None:
    channels.test(call.s, _mine(call), now_at=call.now_at)


def remove(call: Call) -> None:
    channels.remove(call.s, _mine(call), by=call.by, now_at=call.now_at)


def sendings(call: Call) -> list[bodies.NoticeSending]:
    return [_sending(each) for each in history.listing(call.s, call.by, page=page_asked(call)).items]


def again(call: Call) -> bodies.NoticeSending:
    found = history.get(call.s, call.path["sending_id"], person=call.by)
    history.send_again(call.s, found, now_at=call.now_at)
    return _sending(found)


def _mine(call: Call) -> NoticeChannel:
    return channels.get(call.s, call.path["channel_id"], person=call.by)


def _channel(row: NoticeChannel, *, secret: str | None = None) -> bodies.NoticeChannel:
    return bodies.NoticeChannel(
        id=row.id,
        kind=row.kind.value,
        label=row.label,
        created_at=row.created_at,
        paired_at=row.paired_at,
        rests_until_at=row.rests_until_at,
        trouble=row.trouble.code if row.trouble else None,
        secret=secret,
    )


def _sending(row: NoticeSending) -> bodies.NoticeSending:
    return bodies.NoticeSending(
        id=row.id,
        notice=row.notice_id,
        kind=row.notice.kind.value,
        title=said(row.notice.title),
        channel=row.channel_id,
        state=row.state.value,
        attempts=row.attempts,
        made_at=row.made_at,
        ended_at=row.ended_at,
        reason=row.reason.code if row.reason else None,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/notice-channels",
        access=SIGNED_IN,
        summary="Kênh nhận thông báo của tôi.",
        act=listing,
        gives=list[bodies.NoticeChannel],
    ),
    Endpoint(
        method="POST",
        path="/notice-channels",
        access=SIGNED_IN,
        summary="Thêm một kênh; mã ghép được gửi tới kênh đó.",
        act=add,
        takes=bodies.ChannelWish,
        gives=bodies.NoticeChannel,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/notice-channels/{channel_id}/confirm",
        access=SIGNED_IN,
        summary="Ghép kênh bằng mã đã đến trong kênh.",
        act=confirm,
        takes=bodies.ChannelCode,
        gives=bodies.NoticeChannel,
    ),
    Endpoint(
        method="POST",
        path="/notice-channels/{channel_id}/code",
        access=SIGNED_IN,
        summary="Gửi mã ghép khác.",
        act=send_code,
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/notice-channels/{channel_id}/test",
        access=SIGNED_IN,
        summary="Gửi một tin thử.",
        act=test,
        status=204,
    ),
    Endpoint(
        method="DELETE",
        path="/notice-channels/{channel_id}",
        access=SIGNED_IN,
        summary="Bỏ một kênh; địa chỉ của nó được quên đi.",
        act=remove,
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/notice-sendings",
        access=SIGNED_IN,
        summary="Các tin đã gửi cho tôi, mới nhất trước.",
        act=sendings,
        gives=list[bodies.NoticeSending],
        query={"page": "Trang, từ 1."},
    ),
    Endpoint(
        method="POST",
        path="/notice-sendings/{sending_id}/again",
        access=SIGNED_IN,
        summary="Gửi lại một tin.",
        act=again,
        gives=bodies.NoticeSending,
    ),
)
