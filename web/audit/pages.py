"""Sổ kiểm tra: who did what, and whether anybody tampered with the book."""

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid
from broadcaster.station.audit import trail as audit_trail
from broadcaster.station.audit.trail import AuditQuery
from broadcaster.station.people import people
from web.audit.words import KINDS, about, act, actor, detail_lines
from web.forms import parsing
from web.forms.query_arguments import asked_page, asked_words
from web.security.access import asks, over_commune
from web.security.protection import limiter
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
@asks(over_commune("manage_people"))
def listing() -> str:
    wanted, error = _asked()
    with reading() as c:
        return render_template(
            "audit/list.html",
            found=audit_trail.listing(c.s, wanted, page=asked_page()),
            wanted=wanted,
            kinds=KINDS,
            act=act,
            actor=actor,
            about=about,
            detail_lines=detail_lines,
            everyone=people.listing(c.s),
            finding=audit_trail.last_finding(c.s),
            error=error,
        )


@blueprint.post("/check")
@limiter.limit("6/minute")
@asks(over_commune("manage_people"))
def check() -> Response:
    """The whole chain, now: read without keeping anybody from writing, then noted."""
    with reading() as c:
        finding = audit_trail.look_over(c.s, now_at=c.now_at)
    with changing() as c:
        audit_trail.note(c.s, finding)
    if finding.problems:
        flash(_("Sổ kiểm tra có chỗ đã bị sửa. Hãy giữ nguyên máy chủ và báo cấp trên."), "bad")
    else:
        flash(_("Sổ kiểm tra còn nguyên vẹn."), "good")
    return redirect(url_for(".listing"))


def _asked() -> tuple[AuditQuery, Invalid | None]:
    args = request.args
    plain = AuditQuery(asked_words(), asked_words("kind"), asked_words("person"))
    try:
        first_on = parsing.day(args.get("from", ""), field="from")
        last_on = parsing.day(args.get("to", ""), field="to")
    except Invalid as error:
        return plain, error
    zone = services().timezone
    from_at = datetime.combine(first_on, time(), zone) if first_on else None
    until_at = datetime.combine(last_on + timedelta(days=1), time(), zone) if last_on else None
    return AuditQuery(plain.query, plain.kind, plain.person_id, from_at, until_at), None
