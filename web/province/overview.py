"""Toàn tỉnh: every announcement at every commune, and the wall of silent nodes."""

from flask import Blueprint, render_template

from broadcaster.station.province import communes, figures, items
from web.security.access import READING, asks
from web.shell.request_context import reading
from web.shell.words import OFFER

blueprint = Blueprint("province_overview", __name__, url_prefix="/province")
COLUMNS = 12
"""Announcements side by side."""


@blueprint.get("")
@asks(READING)
def matrix() -> str:
    return _matrix("province/matrix.html")


@blueprint.get("/table")
@asks(READING)
def table() -> str:
    """The part of the page that moves."""
    return _matrix("province/matrix_table.html")


@blueprint.get("/wall")
@asks(READING)
def wall() -> str:
    with reading() as c:
        return render_template(
            "province/wall.html",
            rows=figures.wall(c.s, now_at=c.now_at),
            joined=sum(each.joined_at is not None for each in communes.listing(c.s)),
        )


def _matrix(template: str) -> str:
    with reading() as c:
        found = items.listing(c.s, most=COLUMNS)
        sent = [each for each in found if each.released_at is not None]
        return render_template(
            template,
            waiting=[each for each in found if each.released_at is None],
            items=sent,
            rows=figures.matrix(c.s, sent),
            stands={state: (each.tone, each.label) for state, each in OFFER.items()},
        )
