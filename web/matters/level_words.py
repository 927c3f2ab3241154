"""The sentences of matters that levels above leave."""

from collections.abc import Callable
from typing import Any

from broadcaster.refusals.reasons import decode
from web.shell.telling import said
from web.translations.languages import gettext as _


def _offer(details: dict[str, Any]) -> str:
    return _(
        "%(name)s gửi bản tin ưu tiên “%(title)s”, chờ xã quyết định.", name=details["name"], title=details["title"]
    )


def _upper_level(details: dict[str, Any]) -> str:
    return _("Cấp trên %(name)s: %(reason)s", name=details["name"], reason=said(decode(details["reason"])))


def _went_back(details: dict[str, Any]) -> str:
    return _(
        "Cấp trên %(name)s đã được khôi phục từ bản sao cũ. Không bản tin nào bị phát hai lần.", name=details["name"]
    )


LEVELS: dict[str, Callable[[dict[str, Any]], str]] = {
    "offer_waiting": _offer,
    "upper_level_silent": _upper_level,
    "upper_level_went_back": _went_back,
}
