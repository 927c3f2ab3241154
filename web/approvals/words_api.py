"""What the station says itself and somebody typed, through the API."""

from broadcaster.station.clips import dictionary
from broadcaster.station.units import spoken_words
from web.api.endpoints import Call, Endpoint
from web.approvals import bodies
from web.security.access import READING, Kind, over, over_commune


def listing(call: Call) -> bodies.UnreleasedSpeech:
    return bodies.UnreleasedSpeech(
        words=[
            bodies.UnreleasedWords(name=each.name, wanted=each.wanted, spoken=each.spoken)
            for each in spoken_words.unreleased(call.s)
        ],
        readings=[
            bodies.UnreleasedReading(
                id=line.id,
                unit=line.unit_id,
                written=line.written,
                reading=None if line.removed_at else line.reading,
                spoken=line.released["reading"] if line.released else None,
            )
            for line in dictionary.waiting(call.s)
        ],
    )


def release(call: Call) -> bodies.UnreleasedSpeech:
    spoken_words.release(call.s, name=call.path["name"], wanted=call.body.wanted, by=call.by, now_at=call.now_at)
    return listing(call)


def release_reading(call: Call) -> bodies.UnreleasedSpeech:
    entry_id, shown = call.path["entry_id"], call.body.reading or ""
    dictionary.release(call.s, entry_id=entry_id, reading=shown, by=call.by, now_at=call.now_at)
    return listing(call)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/spoken-words",
        access=READING,
        summary="Lời đài tự đọc đang chờ duyệt: lời chào, câu kết, tên xã, cách đọc.",
        act=listing,
        gives=bodies.UnreleasedSpeech,
    ),
    Endpoint(
        method="POST",
        path="/spoken-words/{name}/release",
        access=over_commune("approve"),
        summary="Duyệt một lời; người đã sửa lời đó không duyệt được.",
        act=release,
        takes=bodies.ReleasedWords,
        gives=bodies.UnreleasedSpeech,
    ),
    Endpoint(
        method="POST",
        path="/dictionary/{entry_id}/release",
        access=over(Kind.READING, "approve"),
        summary="Duyệt một cách đọc cho lời đài tự đọc, hoặc việc bỏ nó.",
        act=release_reading,
        takes=bodies.ReleasedReading,
        gives=bodies.UnreleasedSpeech,
    ),
)
