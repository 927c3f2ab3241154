"""Backups through the API."""

from broadcaster.backups import acts
from web.api.endpoints import Call, Endpoint
from web.backups import bodies
from web.security.access import over_commune
from web.shell.services import services
from web.shell.telling import said


def overview(call: Call) -> bodies.Backups:
    found = acts.overview(call.s, services().config, by=call.by)
    state = found.state
    places = [
        bodies.BackupPlace(
            place=each.place,
            good_at=each.good_at,
            copies=each.copies,
            size_bytes=each.size_bytes,
            fault=said(each.fault) if each.fault else None,
        )
        for each in (state.places if state else ())
    ]
    return bodies.Backups(
        tried_at=state.tried_at if state else None,
        good_at=state.good_at if state else None,
        places=places,
        fault=said(state.fault) if state and state.fault else None,
        damaged=list(state.damaged) if state else [],
        key_code=found.key.code if found.key else None,
        waiting_code=found.waiting.code if found.waiting else None,
        ssh_key=found.ssh_key,
    )


def ask(call: Call) -> None:
    acts.ask(call.s, services().config, by=call.by, now_at=call.now_at)


def print_key(call: Call) -> bodies.PrintedKey:
    printed = acts.print_key(call.s, services().config, by=call.by, now_at=call.now_at)
    return bodies.PrintedKey(secret=printed.secret, code=printed.key.code)


def confirm_key(call: Call) -> None:
    acts.confirm_key(call.s, services().config, code=call.body.code, by=call.by, now_at=call.now_at)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/backups",
        summary="Sao lưu: bản tốt gần nhất ở từng nơi lưu, lỗi nếu có, khóa khôi phục đang dùng.",
        act=overview,
        access=over_commune("manage_people"),
        gives=bodies.Backups,
    ),
    Endpoint(
        method="POST",
        path="/backups",
        summary="Sao lưu ngay, trong vòng một phút.",
        act=ask,
        access=over_commune("manage_people"),
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/backups/key",
        summary="Tạo khóa khôi phục mới, chỉ hiện lần này; có hiệu lực khi được xác nhận.",
        act=print_key,
        access=over_commune("manage_people"),
        gives=bodies.PrintedKey,
    ),
    Endpoint(
        method="POST",
        path="/backups/key/confirm",
        summary="Xác nhận tờ giấy có khóa đã ở trong tay, bằng mã kiểm tra trên đó.",
        act=confirm_key,
        access=over_commune("manage_people"),
        takes=bodies.ConfirmKey,
        status=204,
    ),
)
