"""When something goes wrong: one sentence that says what to do, and everything the person typed."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed, NotFound, Unavailable
from web.security.protection import CSRFError
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
HIDDEN = {"csrf_token", "password", "password_again"}
"""Fields that are never shown back."""


def status_of(error: LoaError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def explained(error: DBAPIError) -> LoaError:
    """What an officer can do about a database that refuses."""
    if isinstance(error, DataError):
        return Invalid("Trong dữ liệu gửi lên có ký tự không lưu được. Hãy gõ lại bằng chữ thường dùng.")
    if "full" in str(error.orig).lower() or "space" in str(error.orig).lower():
        return Unavailable("Máy chủ đã hết chỗ trống nên chưa lưu được. Hãy báo kỹ thuật viên dọn ổ đĩa rồi thử lại.")
    return Unavailable("Cơ sở dữ liệu đang bận hoặc chưa sẵn sàng nên chưa lưu được. Hãy đợi vài giây rồi thử lại.")


def new_incident(error: BaseException) -> str:
    """Log what happened under a number the officer can read to a technician."""
    incident = secrets.token_hex(4)
    log.error("incident %s at %s %s", incident, request.method, request.path, exc_info=error)
    return incident


def failure_page(status: int, *, title: str, message: str, field: str | None = None, **more: Any) -> Response:
    """The answer in the asker's own language: a page for people, ``{"field", "message"}`` for programs."""
    if request.path.startswith("/api/"):
        return make_response(jsonify(field=field, message=message, **more), status)
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
    return [(name, text) for name, text in form if name not in HIDDEN and len(text.strip()) > 20]


def _back() -> str:
    return request.path if request.method == "GET" else (request.referrer or "/")


def _on_loa_error(error: LoaError) -> Response:
    titles = {403: _("Bạn không được làm việc này"), 404: _("Không tìm thấy"), 503: _("Tạm thời chưa làm được")}
    status = status_of(error)
    title = titles.get(status, _("Chưa làm được"))
    answer = failure_page(status, title=title, message=str(error), field=error.field)
    if isinstance(error, TokenRefused):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _on_database_error(error: DBAPIError) -> Response:
    new_incident(error)
    return _on_loa_error(explained(error))


def _on_csrf_error(_error: CSRFError) -> Response:
    message = _("Trang đã mở quá lâu nên máy chủ không nhận ra bạn nữa. Hãy tải lại trang rồi bấm lại nút vừa bấm.")
    return failure_page(400, title=_("Hãy tải lại trang"), message=message)


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    messages = {
        404: (_("Không tìm thấy trang"), _("Địa chỉ này không có trang nào. Hãy chọn lại từ thực đơn.")),
        405: (_("Không mở được theo cách này"), _("Hãy quay lại trang trước và bấm nút trên trang đó.")),
        413: (_("Nội dung quá lớn"), _("Nội dung gửi lên quá lớn. Hãy rút ngắn rồi gửi lại.")),
        429: (_("Thử quá nhiều lần"), _("Bạn đã thử quá nhiều lần. Hãy đợi một phút rồi thử lại.")),
    }
    title, message = messages.get(error.code, (_("Chưa làm được"), _("Yêu cầu không hợp lệ. Hãy quay lại và thử lại.")))
    return failure_page(error.code, title=title, message=message)


def _on_surprise(error: Exception) -> Response:
    incident = new_incident(error)
    message = _(
        "Máy chủ gặp lỗi ngoài dự kiến. Những gì đã lưu vẫn còn nguyên. "
        "Hãy thử lại; nếu vẫn lỗi, báo kỹ thuật viên mã dưới đây."
    )
    return failure_page(500, title=_("Có lỗi ngoài dự kiến"), message=message, incident=incident)


def init_app(app: Flask) -> None:
    app.register_error_handler(LoaError, _on_loa_error)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_surprise)
