"""The reading dictionary through the API."""

from typing import Annotated

from msgspec import Meta

from broadcaster.station.clips import dictionary, dictionary_changes
from broadcaster.station.schema import DictionaryEntry
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.api.requests import Request


class NewReading(Request, frozen=True, kw_only=True):
    """How something is said.

    unit: the commune or province whose dictionary it goes into.
    written: as it stands in announcements; reading: the words to be said, in letters.
    match_case: capitals must be the same; whole_word: it must stand alone.
    """

    unit: str
    written: Annotated[str, Meta(max_length=dictionary.LONGEST_WRITTEN)]
    reading: Annotated[str, Meta(max_length=dictionary.LONGEST_READING)]
    match_case: bool = False
    whole_word: bool = True


class Reading(Answer, frozen=True, kw_only=True):
    """One entry; the fields are those of NewReading."""

    id: str
    unit: str
    written: str
    reading: str
    match_case: bool
    whole_word: bool


class Readings(Answer, frozen=True, kw_only=True):
    """A page of entries."""

    items: list[Reading]
    page: int
    pages: int
    total: int


def listing(call: Call) -> Readings:
    found = dictionary.listing(call.s, query=call.query.get("q", ""), page=page_asked(call))
    items = [_told(each) for each in found.items]
    return Readings(items=items, page=found.page, pages=found.pages, total=found.total)


def add(call: Call) -> Reading:
    wanted: NewReading = call.body
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
    return _told(line)


def remove(call: Call) -> None:
    dictionary_changes.forget(call.s, entry_id=call.path["entry_id"], by=call.by, now_at=call.now_at)


def _told(line: DictionaryEntry) -> Reading:
    return Reading(
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
        summary="Từ điển đọc của xã.",
        act=listing,
        gives=Readings,
        query={"q": "Từ cần tìm.", "page": "Trang, từ 1."},
    ),
    Endpoint(
        method="POST",
        path="/dictionary",
        summary="Thêm cách đọc; tệp phát của bản nháp có chữ này được tạo lại.",
        act=add,
        takes=NewReading,
        gives=Reading,
        status=201,
    ),
    Endpoint(method="DELETE", path="/dictionary/{entry_id}", summary="Bỏ một cách đọc.", act=remove, status=204),
)
