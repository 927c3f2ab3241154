"""The voices through the API."""

from flask import request

from broadcaster.speech.packs import incoming
from broadcaster.station.clips import voice_acts, voice_changes, voice_choices
from broadcaster.station.rows import voice_states
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, over_commune
from web.shell.services import services
from web.shell.telling import said
from web.voices import bodies, words


def show(call: Call) -> bodies.StationVoices:
    state, choices = voice_states.read(call.s), voice_choices.read(call.s)
    known = [
        bodies.KnownVoice(
            voice=each.written,
            label=words.label(each),
            engine=each.engine,
            region=each.region,
            sex=each.sex,
            online=each.online,
            usd_per_million=each.usd_per_million,
            trouble=said(each.trouble) if each.trouble else None,
        )
        for each in state.voices
    ]
    return bodies.StationVoices(voices=known, choices=_answer_of(choices), order=list(state.order))


def choose(call: Call) -> bodies.StationVoices:
    body = call.body
    chosen = voice_choices.VoiceChoices(
        routine=body.routine, priority=body.priority, emergency=body.emergency, hamlets=body.hamlets
    )
    voice_changes.choose(call.s, chosen=chosen, by=call.by, now_at=call.now_at)
    return show(call)


def set_key(call: Call) -> None:
    voice_acts.set_key(
        call.s,
        provider=voice_acts.provider_of(call.path["provider"]),
        values={name: getattr(call.body, name) for name in bodies.VoiceKey.__struct_fields__},
        data_dir=services().config.data_dir,
        by=call.by,
        now_at=call.now_at,
    )


def receive_pack() -> str:
    """The file, laid down for the station; its name."""
    name = request.args.get("name", "")
    incoming.lay_down(request.stream, name=name, voices_dir=services().config.data_dir / "voices")
    return name


def add_pack(call: Call) -> None:
    voice_acts.pack_sent(call.s, name=call.body, by=call.by, now_at=call.now_at)


def remove_pack(call: Call) -> None:
    folder = services().config.data_dir
    voice_acts.remove_pack(call.s, pack_id=call.path["pack_id"], data_dir=folder, by=call.by, now_at=call.now_at)


def _answer_of(choices: voice_choices.VoiceChoices) -> bodies.VoiceChoices:
    return bodies.VoiceChoices(
        routine=choices.routine,
        priority=choices.priority,
        emergency=choices.emergency,
        hamlets=dict(choices.hamlets),
    )


_MANAGING = over_commune("manage_people")
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/voices",
        access=READING,
        summary="Các giọng đọc của đài và giọng đã chọn theo loại bản tin, theo thôn.",
        act=show,
        gives=bodies.StationVoices,
    ),
    Endpoint(
        method="PUT",
        path="/voices",
        access=_MANAGING,
        summary="Chọn giọng đọc; chỉ bản nháp được đọc lại. Chỉ người quản trị.",
        act=choose,
        takes=bodies.VoiceChoices,
        gives=bodies.StationVoices,
    ),
    Endpoint(
        method="PUT",
        path="/voices/keys/{provider}",
        access=_MANAGING,
        summary="Lưu hoặc bỏ khóa của nhà cung cấp giọng đọc (fpt, viettel, vbee, google, azure).",
        act=set_key,
        takes=bodies.VoiceKey,
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/voices/packs",
        access=_MANAGING,
        summary="Thân yêu cầu là gói giọng (.zip, .tar); đài kiểm tra rồi mới dùng.",
        act=add_pack,
        receives=receive_pack,
        status=204,
        query={"name": "Tên tệp."},
    ),
    Endpoint(
        method="DELETE",
        path="/voices/packs/{pack_id}",
        access=_MANAGING,
        summary="Bỏ một gói giọng.",
        act=remove_pack,
        status=204,
    ),
)
