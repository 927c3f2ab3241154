"""An English page says nothing in Vietnamese but what people typed: every page and answer, over a furnished commune."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, String, select

from broadcaster.payments.banks import banks
from broadcaster.station.announcements.patterns import patterns
from broadcaster.station.announcements.patterns.blanks import blanks, dotted
from broadcaster.station.programmes.greetings import CLOSING
from broadcaster.station.schema.columns.base import Base
from tests.unit.web.access.furnished import WHOLE
from tests.unit.web.access.test_matrix import Furnished, Visit, stocked
from tests.unit.web.commune import Commune
from web.access.matrix import Route, routes

__all__ = ["stocked"]
pytestmark = pytest.mark.integration

VIETNAMESE = re.compile(r"[^<>\n]*[ăâđêôơưàảãạằẳẵặắầẩẫấậèẻẽẹềểễếệìỉĩịòỏõọồổỗốộờởỡớợùủũụừửữứựỳỷỹỵáéíóúý][^<>\n]*", re.I)
NAMES = ("Loa Làng", "Tiếng Việt", "đồng", "Đài truyền thanh xã")
"""The program, the language in itself, the currency, and what a station is called before it is given a name."""
EXAMPLES = (
    "Đây là Đài truyền thanh xã",
    "nhà văn hóa",
    "174/CĐ-TTg",
    "[địa điểm], [ngày họp: ngày]",
    "[giờ họp: giờ]",
    "[mức thu: tiền]",
)
"""What is typed in Vietnamese whatever the page speaks."""
_BLANK = re.compile(r"\[[^\]]+\]")
"""A blank of a pattern, whose kinds are Vietnamese words."""
DATA = {"value", "href", "action", "src", "content", "name", "id"}
"""Attributes that nobody reads."""
READERS = ("approver-xa", "administrator-xa")


@pytest.mark.limit(240)
@pytest.mark.parametrize("reader", READERS)
def test_no_english_page_holds_a_vietnamese_sentence_of_ours(app: Flask, stocked: Furnished, reader: str) -> None:
    visit = EnglishVisit(app, stocked, reader)
    found = []
    for route in routes(app):
        if route.method == "GET" and not route.endpoint.startswith("api."):
            asked = replace(route, path=route.path + "?lang=en") if _is_public(route) else route
            answer = visit.call(asked, WHOLE)
            if answer.mimetype == "text/html":
                found += [f"{route.path}: {each}" for each in visit.vietnamese(answer.get_data(as_text=True))]
    assert "\n".join(dict.fromkeys(found)) == ""


def _is_public(route: Route) -> bool:
    """The residents' pages know no cookie."""
    return route.endpoint.startswith(("residents.", "resident_feedback.", "boards."))


class EnglishVisit(Visit):
    """A visit of somebody who chose English."""

    def _arrive(self) -> tuple[FlaskClient, dict[str, str]]:
        browser, header = super()._arrive()
        with browser.session_transaction() as cookie:
            cookie["language"] = "en"
        known = {*EXAMPLES, *NAMES} | _typed(
            Commune(self._app, self._app.extensions["loa"].database, self._stocked.folder)
        )
        self._known = sorted(known, key=len, reverse=True)
        return browser, header

    def vietnamese(self, page: str) -> Iterator[str]:
        """What stands in Vietnamese on a page, or a part of one, beside what people typed."""
        reader = _Reader()
        reader.feed(page)
        for words in filter(VIETNAMESE.search, reader.read):
            rest = _BLANK.sub(" ", words)
            for known in self._known:
                rest = rest.replace(known, " ")
            yield from (found.strip()[:120] for found in VIETNAMESE.findall(rest))


class _Reader(HTMLParser):
    """What a person reads of a page: texts, and attributes that are shown or spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag if tag in ("script", "style") else ""
        self.read += [value for name, value in attrs if value and name not in DATA]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.read.append(" ".join(data.split()))


def _typed(commune: Commune) -> set[str]:
    """Every text in the database and of the shipped patterns, the names of banks; and their parts."""
    found: set[str] = set()
    with commune.database.reading() as s:
        for table in Base.metadata.sorted_tables:
            columns = [each for each in table.columns if isinstance(each.type, String | JSON)]
            for row in s.execute(select(*columns)) if columns else ():
                for value in row:
                    found |= set(_texts(value))
    for each in patterns.shipped():
        found |= {each.title, dotted(each.title), each.text, *(blank.name for blank in blanks(each.title + each.text))}
    found |= {name for bank in banks().values() for name in (bank.short, bank.name)} | {CLOSING}
    parts = {part.strip() for text in found for part in re.split(r"[\n;]|(?<=[.!?])\s", text)}
    return {" ".join(each.split()) for each in found | parts if VIETNAMESE.search(each)}


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)
