"""Warnings of others through the API; a source pushes with its own token."""

from flask import request

from broadcaster.cap.reading import MOST_BYTES
from broadcaster.errors import Invalid
from broadcaster.station.alerts import allowances, allowing, intake, lists, papers, sources
from broadcaster.station.alerts.steps import allowance_steps, source_steps
from broadcaster.station.schema import AlertAllowance, AlertSource, ReceivedAlert
from broadcaster.text.papers import LONGEST_LETTERS, announcement, read_pasted
from broadcaster.text.warnings import warning_in
from web.alerts import bodies
from web.api.callers import bearer_token
from web.api.endpoints import Call, Endpoint
from web.security.access import ANYBODY, over_commune
from web.shell.failures import TokenRefused
from web.shell.services import services


def listing(call: Call) -> list[bodies.Source]:
    return [_source(call, each) for each in sources.listing(call.s)]


def add(call: Call) -> bodies.Source:
    wanted: bodies.NewSource = call.body
    made, token = sources.add(
        call.s, name=wanted.name, url=wanted.url, certificate=wanted.certificate, by=call.by, now_at=call.now_at
    )
    return _source(call, made, token)


def close(call: Call) -> None:
    sources.close(call.s, source=sources.get(call.s, call.path["source_id"]), by=call.by, now_at=call.now_at)


def allow(call: Call) -> bodies.Allowance:
    source = sources.get(call.s, call.path["source_id"])
    return _allowance(call, allowing.ask(call.s, source=source, drill=call.body.drill, by=call.by, now_at=call.now_at))


def confirm(call: Call) -> bodies.Allowance:
    found = allowances.get(call.s, call.path["allowance_id"])
    allowing.confirm(call.s, allowance=found, by=call.by, now_at=call.now_at)
    call.s.flush()
    call.s.refresh(found)
    return _allowance(call, found)


def end(call: Call) -> None:
    found = allowances.get(call.s, call.path["allowance_id"])
    allowing.end(call.s, allowance=found, by=call.by, now_at=call.now_at)


def received(call: Call) -> list[bodies.Received]:
    return [_received(each) for each in lists.received(call.s)]


def take_paper(call: Call) -> bodies.Received:
    """A warning as a paper: prepared, or with the reason why not."""
    wanted: bodies.PastedPaper = call.body
    if len(wanted.text) > LONGEST_LETTERS:
        raise Invalid("paper.too_long", letters=len(wanted.text), most=LONGEST_LETTERS, field="text")
    today = services().today
    paper = read_pasted(wanted.text, leave=wanted.leave, today=today).paper
    warning = warning_in(paper, today=today)
    if warning is None:
        raise Invalid("paper.no_warning", field="text")
    words = announcement(paper, bring_back=wanted.bring_back, leave_out=wanted.leave_out)
    return _received(papers.take(call.s, papers.PastedWarning(paper, warning, words), by=call.by, now_at=call.now_at))


def push() -> bodies.Received:
    """The message in the body, of the source whose token it came with."""
    token, document = bearer_token(), request.stream.read(MOST_BYTES + 1)
    with services().database.session() as s:
        source = sources.of_token(s, token)
        if source is None:
            raise TokenRefused("alert.token_unknown")
        answer = _received(intake.take(s, source=source, document=document, now_at=services().clock()))
    if len(document) > MOST_BYTES:  # it stands among what was refused by now
        raise Invalid("cap.too_large", most=MOST_BYTES)
    return answer


def _source(call: Call, source: AlertSource, token: str | None = None) -> bodies.Source:
    return bodies.Source(
        id=source.id,
        name=source.name,
        url=source.url,
        asked_at=source.asked_at,
        trouble=source.trouble.code if source.trouble else None,
        allowances=[_allowance(call, each) for each in allowances.listing(call.s, source)],
        steps=sorted(source_steps(call.s, source, call.by)),
        token=token,
    )


def _allowance(call: Call, found: AlertAllowance) -> bodies.Allowance:
    return bodies.Allowance(
        id=found.id,
        drill=found.drill,
        asked_by=found.asked_by.username,
        confirmed_by=found.confirmed_by.username if found.confirmed_by else None,
        confirmed_at=found.confirmed_at,
        steps=sorted(allowance_steps(call.s, found, call.by)),
    )


def _received(row: ReceivedAlert) -> bodies.Received:
    return bodies.Received(
        id=row.id,
        source=row.source.name,
        identifier=row.identifier,
        title=row.title,
        drill=row.drill,
        outcome=row.outcome.value,
        reason=row.reason.code if row.reason else None,
        zones=row.zones,
        received_at=row.received_at,
        expires_at=row.expires_at,
        announcement_id=row.announcement_id,
        follows_id=row.follows_id,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/alert-sources",
        summary="Nguồn cảnh báo.",
        act=listing,
        access=over_commune("emergency"),
        gives=list[bodies.Source],
    ),
    Endpoint(
        method="POST",
        path="/alert-sources",
        summary="Thêm nguồn cảnh báo; mã để đẩy chỉ trả lời một lần này.",
        act=add,
        access=over_commune("manage_people"),
        takes=bodies.NewSource,
        gives=bodies.Source,
        status=201,
    ),
    Endpoint(
        method="DELETE",
        path="/alert-sources/{source_id}",
        summary="Bỏ một nguồn cảnh báo.",
        act=close,
        access=over_commune("manage_people"),
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/alert-sources/{source_id}/allowances",
        summary="Đề nghị cho cảnh báo khẩn cấp của nguồn này tự phát; cần một người khác đồng ý.",
        act=allow,
        access=over_commune("approve"),
        takes=bodies.AllowanceWish,
        gives=bodies.Allowance,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/alert-allowances/{allowance_id}/confirm",
        summary="Người thứ hai đồng ý cho tự phát.",
        act=confirm,
        access=over_commune("approve"),
        gives=bodies.Allowance,
    ),
    Endpoint(
        method="DELETE",
        path="/alert-allowances/{allowance_id}",
        summary="Thôi cho tự phát.",
        act=end,
        access=over_commune("emergency"),
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/alerts",
        summary="Cảnh báo đã nhận, mới nhất trước.",
        act=received,
        access=over_commune("emergency"),
        gives=list[bodies.Received],
    ),
    Endpoint(
        method="POST",
        path="/alerts/papers",
        summary="Bản tin thiên tai dán từ văn bản: soạn sẵn lệnh phát, chờ người ra lệnh.",
        act=take_paper,
        access=over_commune("write"),
        takes=bodies.PastedPaper,
        gives=bodies.Received,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/alerts/push",
        summary="Nơi gửi đẩy một cảnh báo CAP 1.2 có chữ ký, với mã của nguồn.",
        act=push,
        access=ANYBODY,
        gives=bodies.Received,
    ),
)
