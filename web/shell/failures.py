"""When something goes wrong: one sentence that says what to do, and everything the person typed."""

import logging
import re
import secrets
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed, NotFound, Unavailable
from broadcaster.refusals.reasons import Reason
from web.security.protection import CSRFError
from web.shell.telling import said
from web.translations.languages import gettext as _

log = logging.getLogger("web")


class TokenRefused(NotAllowed):
    """No API token, or one that is unknown, expired or revoked (HTTP 401)."""


STATUS: dict[type[LoaError], int] = {
    TokenRefused: 401,
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
}
PROGRAMS = ("/api/", "/exchange/")
"""Where programs ask, who read no pages."""
HIDDEN = {"csrf_token", "password", "password_again", "key", "draft", "next", "follows", "content_hash", "revision"}
"""Fields that are never shown back: secrets, and what our own pages put into hidden fields."""
_MADE = re.compile(r"[0-9a-f]{24,}|[A-Za-z0-9_.:-]*[0-9a-f]{24,}")
"""An id, a hash or a key: nobody types those."""


def status_of(error: LoaError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def explained(error: DBAPIError) -> LoaError:
    """What an officer can do about a database that refuses."""
    if isinstance(error, DataError):
        return Invalid("database.unstorable_characters")
    if "full" in str(error.orig).lower() or "space" in str(error.orig).lower():
        return Unavailable("database.disk_full")
    return Unavailable("database.busy")


def new_incident(error: BaseException) -> str:
    """Log what happened under a number the officer can read to a technician."""
    incident = secrets.token_hex(4)
    log.error("incident %s at %s %s", incident, request.method, request.path, exc_info=error)
    return incident


def failure_page(status: int, reason: Reason, *, title: str, field: str | None = None, **more: Any) -> Response:
    """The answer in the asker's own language: a page for people, ``{"code", "field", "message"}`` for programs."""
    message = said(reason)
    if request.path.startswith(PROGRAMS):
        return make_response(jsonify(code=reason.code, field=field, message=message, **more), status)
    page = render_template(
        "shell/failure.html", status=status, title=title, message=message, typed=typed(), back=_back(), **more
    )
    return make_response(page, status)


def typed() -> list[tuple[str, str]]:
    """What was sent, so that no error page makes anybody write it twice."""
    if request.method != "POST":
        return []
    try:
        form = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    return [(name, text) for name, text in form if name not in HIDDEN and _is_typed(text)]


def _is_typed(text: str) -> bool:
    return len(text.strip()) > 20 and not _MADE.fullmatch(text.strip())


def _back() -> str:
    return request.script_root + request.path if request.method == "GET" else (request.referrer or "/")


def _on_loa_error(error: LoaError) -> Response:
    titles = {403: _("Bạn không được làm việc này"), 404: _("Không tìm thấy"), 503: _("Tạm thời chưa làm được")}
    status = status_of(error)
    title = titles.get(status, _("Chưa làm được"))
    answer = failure_page(status, error.reason, title=title, field=error.field)
    if isinstance(error, TokenRefused):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _on_database_error(error: DBAPIError) -> Response:
    new_incident(error)
    return _on_loa_error(explained(error))


def _on_csrf_error(_error: CSRFError) -> Response:
    return failure_page(400, Reason("page.expired"), title=_("Hãy tải lại trang"))


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    stated = {
        404: (_("Không tìm thấy trang"), Reason("page.not_found")),
        405: (_("Không mở được theo cách này"), Reason("page.wrong_method")),
        413: (_("Nội dung quá lớn"), Reason("page.too_large")),
        429: (_("Thử quá nhiều lần"), Reason("page.too_many_requests")),
    }
    title, reason = stated.get(error.code, (_("Chưa làm được"), Reason("page.bad_request")))
    return failure_page(error.code, reason, title=title)


def _on_surprise(error: Exception) -> Response:
    incident = new_incident(error)
    return failure_page(500, Reason("page.fault"), title=_("Có lỗi ngoài dự kiến"), incident=incident)


def init_app(app: Flask) -> None:
    app.register_error_handler(LoaError, _on_loa_error)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_surprise)
