"""Where the link of a message leads: after signing in, to the very thing; and the script that shows messages in a
browser, which must stand at the root of the console."""

from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import NotFound
from broadcaster.station.matters import matters
from broadcaster.station.notices import history
from broadcaster.station.schema import Notice
from broadcaster.station.vocabulary.notices import NoticeKind
from web.matters import words as matter_words
from web.security.access import ANYBODY, SIGNED_IN, asks
from web.shell.request_context import Context, reading

blueprint = Blueprint("notices", __name__)

WORKER = Path(__file__).parent / "static" / "worker.js"


@blueprint.get("/notices/<notice_id>")
@asks(SIGNED_IN)
def follow(notice_id: str) -> AnyResponse:
    """To the thing the notice is about, for those it was sent to. Raises NotFound."""
    with reading() as c:
        return redirect(_address(c, history.concerns(c.s, notice_id, c.by)))


@blueprint.get("/notices-worker.js")
@asks(ANYBODY)
def worker() -> Response:
    answer = Response(WORKER.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _address(c: Context, notice: Notice) -> str:
    kind, _colon, name = notice.subject.partition(":")
    match kind:
        case "announcement":
            return url_for("announcements.show", announcement_id=name)
        case "emergency-order" if notice.kind is NoticeKind.SECOND_PERSON:
            return url_for("emergencies.show", _anchor=f"order-{name}")
        case "emergency-order":
            return url_for("emergency_stories.show", order_id=name)
        case "matter":
            return _matter(c, name)
        case "gauge-rule":
            return url_for("gauges.listing")
        case "matters":
            return url_for("matters.listing")
        case "feedback" if "feedback.show" in current_app.view_functions:
            return url_for("feedback.show", feedback_id=name)
        case "channels":
            return url_for("account_notices.show")
    return url_for("home.show")


def _matter(c: Context, matter_id: str) -> str:
    try:
        address, _words = matter_words.address(matters.get(c.s, matter_id))
    except NotFound:
        address = None
    return address or url_for("matters.listing")
