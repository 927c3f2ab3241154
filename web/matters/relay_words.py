"""Sentences of relays and of what is on air live."""

from collections.abc import Callable
from typing import Any

from broadcaster.refusals.reasons import decode
from web.shell.telling import said
from web.shell.times import stored_moment
from web.translations.languages import gettext as _


def _relay_source(details: dict[str, Any]) -> str:
    return _("Nguồn tiếp sóng %(name)s: %(reason)s", name=details["name"], reason=said(decode(details["reason"])))


def _relay_failed(details: dict[str, Any]) -> str:
    return _(
        "“%(title)s” không thu được lúc %(moment)s: %(reason)s Khung giờ chỉ phát các bản tin.",
        title=details["title"],
        moment=stored_moment(details["begin_at"]),
        reason=said(decode(details["reason"])),
    )


def _relay_cut(details: dict[str, Any]) -> str:
    if "heard_seconds" not in details:
        return _(
            "“%(title)s” lúc %(moment)s phải bỏ một nguồn, chuyển sang nguồn kế tiếp: %(reason)s",
            title=details["title"],
            moment=stored_moment(details["begin_at"]),
            reason=said(decode(details["reason"])),
        )
    return _(
        "“%(title)s” lúc %(moment)s bị ngắt, thu được %(heard)s/%(asked)s giây: %(reason)s",
        title=details["title"],
        moment=stored_moment(details["begin_at"]),
        heard=details["heard_seconds"],
        asked=details["asked_seconds"],
        reason=said(decode(details["reason"])),
    )


def _relay_clipped(details: dict[str, Any]) -> str:
    return _(
        "“%(title)s” lúc %(moment)s: tiếng từ nguồn quá to nên bị vỡ. Hãy báo đài nguồn, hoặc đổi nguồn.",
        title=details["title"],
        moment=stored_moment(details["begin_at"]),
    )


def _relay_given_up(details: dict[str, Any]) -> str:
    return _(
        "“%(title)s” kết thúc sớm lúc %(moment)s vì không nguồn nào còn tiếng. Các bản tin của xã vẫn phát đúng giờ.",
        title=details["title"],
        moment=stored_moment(details["ended_at"]),
    )


def _live_silent(details: dict[str, Any]) -> str:
    said_of = {
        "microphone": _("“%(title)s” đang mất tiếng từ %(moment)s: đài không nhận được tiếng của người nói."),
        "relay": _("“%(title)s” đang mất tiếng từ %(moment)s: không nguồn nào có tiếng. Đài vẫn đang thử lại."),
    }
    return said_of[details["kind"]] % {"title": details["title"], "moment": stored_moment(details["since_at"])}


RELAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "relay_source_silent": _relay_source,
    "relay_failed": _relay_failed,
    "relay_cut": _relay_cut,
    "relay_given_up": _relay_given_up,
    "relay_clipped": _relay_clipped,
    "live_silent": _live_silent,
}
