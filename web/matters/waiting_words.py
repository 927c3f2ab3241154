"""Sentences of what waits for another person."""

from collections.abc import Callable
from typing import Any

from broadcaster.refusals.reasons import word
from web.shell.telling import said
from web.translations.languages import gettext as _


def _release(details: dict[str, Any]) -> str:
    what = said(word("waiting", details["subject"].partition(":")[2]))
    return _("Chờ người khác duyệt: %(what)s (%(count)s).", what=what, count=details["count"])


def _role(details: dict[str, Any]) -> str:
    return _("Quyền duyệt của %(person)s chờ người quản trị thứ hai đồng ý.", person=details["name"])


WAITING: dict[str, Callable[[dict[str, Any]], str]] = {"release_waits": _release, "role_waits": _role}
