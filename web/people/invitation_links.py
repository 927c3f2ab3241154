"""The page that shows an invitation's link, once."""

from datetime import datetime

import segno
from flask import render_template, url_for
from markupsafe import Markup

from broadcaster.station.people.invitations import LIFE
from broadcaster.station.schema import Person
from web.shell.hosts import opens_only_here
from web.shell.services import services


def address_of(token: str) -> str:
    """The link: at the address residents know where one is configured, else where this request came in."""
    public = services().config.web.public_url.rstrip("/")
    if public:
        return public + url_for("invitations.show", token=token)
    return url_for("invitations.show", token=token, _external=True)


def invitation_page(person: Person, token: str, *, now_at: datetime) -> str:
    """The link as text and as QR."""
    link = address_of(token)
    drawing = segno.make_qr(link).svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
    return render_template(
        "people/invited.html",
        person=person,
        address=link,
        drawing=Markup(drawing),  # noqa: S704 - made by segno of a link of our own
        until_at=now_at + LIFE,
        unreachable=opens_only_here(link),
    )
