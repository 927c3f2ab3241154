"""The sentences of matters about gauges."""

from datetime import datetime
from typing import Any

from web.shell.times import moment
from web.translations.languages import gettext as _


def silent(details: dict[str, Any]) -> str:
    heard_at = details["heard_at"]
    since = moment(datetime.fromisoformat(heard_at)) if heard_at else _("chưa bao giờ")
    return _("Trạm đo %(gauge)s không gửi số đo từ %(moment)s.", gauge=details["name"], moment=since)


def untested(details: dict[str, Any]) -> str:
    return _(
        "Quy tắc “%(rule)s” của trạm đo %(gauge)s được tự phát mà đã hơn một tháng chưa phát thử.",
        rule=details["name"],
        gauge=details["gauge"],
    )
