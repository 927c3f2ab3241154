"""Bảng: what is said now, in letters that are read from ten metres; no login, no cookie."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, current_app, make_response, request, url_for

from broadcaster.station.records import residents
from broadcaster.station.records.board import BoardLine, WallBoard, board
from broadcaster.station.rules import commune_rules
from web.residents.page_cache import render
from web.residents.pages import require_open
from web.security.access import ANYBODY, asks
from web.security.protection import limiter
from web.shell.services import services

blueprint = Blueprint("boards", __name__)
limiter.limit("6000/minute")(blueprint)

FRESH = timedelta(seconds=0.5)
"""So long a board is given from memory: however many hang in a commune, the database is asked twice a second."""
MOST = 64
WIDTHS = (14, 32, 70)
"""Characters up to which letters are that much larger."""


@dataclass(frozen=True, slots=True)
class MadeBoard:
    """unit_name, station_name: as shown; board: what it says; made_at: when."""

    unit_name: str
    station_name: str
    board: WallBoard
    made_at: datetime


@dataclass
class Boards:
    """The boards of one console, by unit."""

    made: OrderedDict[str, MadeBoard] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@blueprint.get("/bang/<unit_id>")
@asks(ANYBODY)
def show(unit_id: str) -> Response:
    made = _made(unit_id)
    page = render(
        "boards/board.html",
        unit_name=made.unit_name,
        station_name=made.station_name,
        board=made.board,
        feed=url_for(".feed", unit_id=unit_id),
        size=letter_size,
        reads_at=services().clock(),
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/bang/<unit_id>.json")
@asks(ANYBODY)
def feed(unit_id: str) -> Response:
    """The same for programs; the fields are in docs/boards.md. 304 for whoever has it already."""
    made = _made(unit_id)
    body = msgspec.json.encode(document(unit_id, made))
    answer = Response(body, mimetype="application/json")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:20])
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.make_conditional(request)
    return answer


def document(unit_id: str, made: MadeBoard) -> dict[str, Any]:
    """What a board says, in plain values that change only when it says something else."""
    return {
        "version": 1,
        "unit": {"id": unit_id, "name": made.unit_name},
        "station": made.station_name,
        "state": made.board.state,
        "now": [_line(each) for each in made.board.now],
        "next": [_line(each) for each in made.board.coming],
    }


def letter_size(text: str) -> str:
    """How large the letters are: xl, l, m or s; board.js does the same."""
    return next((size for most, size in zip(WIDTHS, ("xl", "l", "m"), strict=True) if len(text) <= most), "s")


def _line(line: BoardLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind.value,
        "title": line.title,
        "text": line.text,
        "start_at": line.start_at,
        "end_at": line.end_at,
    }


def _made(unit_id: str) -> MadeBoard:
    """Raises NotFound for no such unit, and while the commune has closed its pages."""
    boards: Boards = current_app.extensions.setdefault("loa_boards", Boards())
    now_at = services().clock()
    known = boards.made.get(unit_id)
    if known and timedelta(0) <= now_at - known.made_at < FRESH:
        return known
    with boards.lock, services().database.reading() as s:
        require_open(s)
        unit = residents.place(s, unit_id)
        name = commune_rules.read(s).station_name or services().config.station.name
        fresh = MadeBoard(unit.name, name, board(s, unit, now_at=now_at), now_at)
        boards.made[unit_id] = fresh
        boards.made.move_to_end(unit_id)
        while len(boards.made) > MOST:
            boards.made.popitem(last=False)
    return fresh
