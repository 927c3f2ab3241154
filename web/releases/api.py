"""Newer programs for the nodes through the API."""

from flask import request

from broadcaster.protocol.release import ReleaseWheel
from broadcaster.station.releases import progress, releases, steps, wheels
from broadcaster.station.releases.wheels import SentFile
from broadcaster.station.schema import NodeRelease
from web.api.endpoints import Call, Endpoint
from web.releases import bodies
from web.security.access import READING, over_commune
from web.shell.services import services
from web.shell.telling import said


def listing(call: Call) -> list[bodies.NodeProgram]:
    return [_answer_of(call, each) for each in releases.listing(call.s)]


def receive() -> list[ReleaseWheel]:
    """The files, stored: one as the body itself, or several as a form's ``files``."""
    data_dir = services().config.data_dir
    sent = [SentFile(each.filename or "", each.stream) for each in request.files.getlist("files")]
    return [wheels.keep(data_dir, each) for each in sent or [SentFile(request.args.get("name", ""), request.stream)]]


def add(call: Call) -> bodies.NodeProgram:
    quiet_only = call.query.get("quiet_only") == "true"
    made = releases.add(call.s, files=call.body, quiet_only=quiet_only, by=call.by, now_at=call.now_at)
    return _answer_of(call, made)


def start(call: Call) -> bodies.NodeProgram:
    release, body = releases.get(call.s, call.path["release_id"]), call.body
    releases.start(call.s, release=release, canaries=body.canaries, hours=body.hours, by=call.by, now_at=call.now_at)
    return _answer_of(call, release)


def pause(call: Call) -> bodies.NodeProgram:
    release = releases.get(call.s, call.path["release_id"])
    releases.pause(call.s, release=release, by=call.by, now_at=call.now_at)
    return _answer_of(call, release)


def resume(call: Call) -> bodies.NodeProgram:
    release = releases.get(call.s, call.path["release_id"])
    releases.resume(call.s, release=release, by=call.by, now_at=call.now_at)
    return _answer_of(call, release)


def withdraw(call: Call) -> bodies.NodeProgram:
    release = releases.get(call.s, call.path["release_id"])
    releases.withdraw(call.s, release=release, by=call.by, now_at=call.now_at)
    return _answer_of(call, release)


def _answer_of(call: Call, release: NodeRelease) -> bodies.NodeProgram:
    members = [
        bodies.ReleaseNode(
            node=each.node_id,
            wave=each.wave,
            given_at=each.given_at,
            confirmed_at=each.confirmed_at,
            failure=each.failure or None,
        )
        for each in progress.members(call.s, release)
    ]
    return bodies.NodeProgram(
        id=release.id,
        program=release.program,
        stage=release.stage,
        paused=release.paused,
        quiet_only=release.quiet_only,
        files=[each.name for each in progress.files_of(release)],
        uploaded_by=release.uploaded_by_id,
        uploaded_at=release.uploaded_at,
        started_by=release.started_by_id,
        started_at=release.started_at,
        hours=release.hours,
        stopped=said(release.stop_reason) if release.stop_reason else None,
        nodes=members,
        steps=sorted(steps.steps(call.s, release, call.by)),
    )


_MANAGING = over_commune("manage_nodes")
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/releases",
        access=READING,
        summary="Các bản cập nhật cụm loa và từng cụm đã tới đâu.",
        act=listing,
        gives=list[bodies.NodeProgram],
    ),
    Endpoint(
        method="POST",
        path="/releases",
        access=_MANAGING,
        summary="Thân yêu cầu là tệp .whl, hoặc biểu mẫu có nhiều tệp files; chưa cụm loa nào nhận.",
        act=add,
        receives=receive,
        receives_media="application/octet-stream",
        gives=bodies.NodeProgram,
        status=201,
        query={"name": "Tên tệp .whl.", "quiet_only": "true: chỉ tải và cài trong giờ yên lặng."},
    ),
    Endpoint(
        method="POST",
        path="/releases/{release_id}/start",
        access=_MANAGING,
        summary="Phát hành cho các cụm loa thử trước; phải là người khác với người tải lên.",
        act=start,
        takes=bodies.StartRelease,
        gives=bodies.NodeProgram,
    ),
    Endpoint(
        method="POST",
        path="/releases/{release_id}/pause",
        access=_MANAGING,
        summary="Tạm dừng: không giao cho cụm loa nào nữa.",
        act=pause,
        gives=bodies.NodeProgram,
    ),
    Endpoint(
        method="POST",
        path="/releases/{release_id}/resume",
        access=_MANAGING,
        summary="Đi tiếp sau khi tạm dừng hoặc dừng vì lỗi; phải là người khác với người tải lên.",
        act=resume,
        gives=bodies.NodeProgram,
    ),
    Endpoint(
        method="POST",
        path="/releases/{release_id}/withdraw",
        access=_MANAGING,
        summary="Rút bản cập nhật; cụm loa nào đã chạy vẫn chạy tiếp.",
        act=withdraw,
        gives=bodies.NodeProgram,
    ),
)
