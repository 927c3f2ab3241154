"""The residents' pages through the API: open or closed, and where they are."""

from flask import url_for

from broadcaster.station.records import residents
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import UnitKind
from web.api.endpoints import Call, Endpoint
from web.residents import bodies
from web.residents.pages import absolute
from web.security.access import READING, over_commune


def show(call: Call) -> bodies.PublicPage:
    hamlets = [unit.id for unit in units.tree(call.s) if unit.kind is UnitKind.HAMLET]
    return bodies.PublicPage(
        open=residents.is_open(call.s),
        commune=absolute(url_for("residents.commune")),
        feed=absolute(url_for("residents.commune_feed")),
        hamlets={each: absolute(url_for("residents.hamlet", unit_id=each)) for each in hamlets},
    )


def switch(call: Call) -> bodies.PublicPage:
    residents.switch(call.s, on=call.body.open, by=call.by, now_at=call.now_at)
    return show(call)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/public-page",
        access=READING,
        summary="Trang cho bà con: đang mở hay đóng, và các địa chỉ.",
        act=show,
        gives=bodies.PublicPage,
    ),
    Endpoint(
        method="PUT",
        path="/public-page",
        access=over_commune("manage_people"),
        summary="Mở hoặc đóng trang cho bà con; chỉ người quản trị.",
        act=switch,
        takes=bodies.PublicPageChoice,
        gives=bodies.PublicPage,
    ),
)
