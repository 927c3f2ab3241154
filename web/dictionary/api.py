"""The reading dictionary through the API."""

from broadcaster.station.clips import dictionary, dictionary_changes
from broadcaster.station.schema import DictionaryEntry
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.dictionary import bodies
from web.security.access import READING, Kind, over, over_named


def listing(call: Call) -> bodies.Readings:
    found = dictionary.listing(call.s, query=call.query.get("q", ""), page=page_asked(call))
    items = [_answer_of(each) for each in found.items]
    return bodies.Readings(items=items, page=found.page, pages=found.pages, total=found.total)


def add(call: Call) -> bodies.Reading:
    wanted: bodies.NewReading = call.body
    line = dictionary_changes.teach(
        call.s,
        unit_id=wanted.unit,
        written=wanted.written,
        reading=wanted.reading,
        match_case=wanted.match_case,
        whole_word=wanted.whole_word,
        by=call.by,
        now_at=call.now_at,
    )
    return _answer_of(line)


def remove(call: Call) -> None:
    dictionary_changes.forget(call.s, entry_id=call.path["entry_id"], by=call.by, now_at=call.now_at)


def _answer_of(line: DictionaryEntry) -> bodies.Reading:
    return bodies.Reading(
        id=line.id,
        unit=line.unit_id,
        written=line.written,
        reading=line.reading,
        match_case=line.match_case,
        whole_word=line.whole_word,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/dictionary",
        access=READING,
        summary="Từ điển đọc của xã.",
        act=listing,
        gives=bodies.Readings,
        query={"q": "Từ cần tìm.", "page": "Trang, từ 1."},
    ),
    Endpoint(
        method="POST",
        path="/dictionary",
        access=over_named("write"),
        summary="Thêm cách đọc; tệp phát của bản nháp có chữ này được tạo lại.",
        act=add,
        takes=bodies.NewReading,
        gives=bodies.Reading,
        status=201,
    ),
    Endpoint(
        method="DELETE",
        path="/dictionary/{entry_id}",
        access=over(Kind.READING, "write"),
        summary="Bỏ một cách đọc.",
        act=remove,
        status=204,
    ),
)
