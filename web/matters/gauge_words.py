"""The sentences of matters about gauges."""

from typing import Any

from web.shell.times import stored_moment
from web.translations.languages import gettext as _


def silent(details: dict[str, Any]) -> str:
    heard_at = details["heard_at"]
    since = stored_moment(heard_at)
    return _("Trạm đo %(gauge)s không gửi số đo từ %(moment)s.", gauge=details["name"], moment=since)


def untested(details: dict[str, Any]) -> str:
    return _(
        "Quy tắc “%(rule)s” của trạm đo %(gauge)s được tự phát mà đã hơn một tháng chưa cụm loa nào phát thử.",
        rule=details["name"],
        gauge=details["gauge"],
    )
