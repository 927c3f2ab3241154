"""The commune's own music through the API: the file is the body itself."""

from flask import request

from broadcaster.errors import Invalid
from broadcaster.station.announcements import recordings
from broadcaster.station.clips import steps, tunes
from broadcaster.station.schema import Clip, Tune
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, over_commune
from web.shell.services import services
from web.shell.telling import said
from web.tunes import bodies


def listing(call: Call) -> list[bodies.Tune]:
    return [_answer_of(call, each) for each in tunes.listing(call.s)]


def receive() -> recordings.UploadedRecording:
    """The file, stored."""
    config = services().config
    return recordings.keep(
        request.stream,
        name=request.args.get("name", ""),
        clips_dir=config.clips_dir,
        most_megabytes=config.audio.largest_upload_megabytes,
    )


def add(call: Call) -> bodies.Tune:
    kind = call.query.get("kind") or ""
    if not kind:
        raise Invalid("tune.kind_unknown", field="kind")
    name = call.query.get("name") or call.body.name
    sha256 = call.body.sha256
    made = tunes.add(call.s, kind=kind, name=name, recording_sha256=sha256, by=call.by, now_at=call.now_at)
    return _answer_of(call, made)


def approve(call: Call) -> bodies.Tune:
    tune = tunes.get(call.s, call.path["tune_id"])
    tunes.approve(call.s, tune=tune, clip_sha256=call.body.clip, by=call.by, now_at=call.now_at)
    return _answer_of(call, tune)


def remove(call: Call) -> None:
    tunes.remove(call.s, tune=tunes.get(call.s, call.path["tune_id"]), by=call.by, now_at=call.now_at)


def _answer_of(call: Call, tune: Tune) -> bodies.Tune:
    clip = call.s.get(Clip, tune.clip_sha256) if tune.clip_sha256 else None
    return bodies.Tune(
        id=tune.id,
        kind=tune.kind,
        name=tune.name,
        clip=tune.clip_sha256,
        duration_ms=clip.duration_ms if clip else None,
        error=said(tune.error) if tune.error else None,
        added_by=tune.added_by_id,
        added_at=tune.added_at,
        approved_by=tune.approved_by_id,
        approved_at=tune.approved_at,
        steps=sorted(steps.steps(call.s, tune, call.by)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/tunes",
        access=READING,
        summary="Nhạc của đài: nhạc hiệu, nhạc kết, nhạc nền, nhạc đệm.",
        act=listing,
        gives=list[bodies.Tune],
    ),
    Endpoint(
        method="POST",
        path="/tunes",
        access=over_commune("write"),
        summary="Thân yêu cầu là tệp nhạc; được đưa về độ lớn của đài, rồi chờ người khác nghe và duyệt.",
        act=add,
        receives=receive,
        gives=bodies.Tune,
        status=201,
        query={"kind": "opening, ending, bed hoặc filler.", "name": "Tên bản nhạc."},
    ),
    Endpoint(
        method="POST",
        path="/tunes/{tune_id}/approve",
        access=over_commune("approve"),
        summary="Duyệt bản nhạc đã nghe; người tải lên không duyệt được.",
        act=approve,
        takes=bodies.HeardTune,
        gives=bodies.Tune,
    ),
    Endpoint(
        method="DELETE",
        path="/tunes/{tune_id}",
        access=over_commune("write"),
        summary="Bỏ một bản nhạc.",
        act=remove,
        status=204,
    ),
)
