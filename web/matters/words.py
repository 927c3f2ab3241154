"""The sentence of each kind of matter, how loud it is, and where to deal with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from broadcaster.refusals.reasons import decode
from broadcaster.station.schema import Matter
from web.matters import gauge_words
from web.matters.level_words import LEVELS
from web.matters.relay_words import RELAYS
from web.matters.waiting_words import WAITING
from web.shell.logins import current_visitor
from web.shell.telling import said
from web.shell.times import moment, stored_moment
from web.translations.languages import gettext as _
from web.translations.languages import later as _l
from web.translations.languages import ngettext

_LOUD = (
    "date_missed",
    "audit_broken",
    "station_clock",
    "node_clock",
    "second_station",
    "backup_old",
    "alert_waiting",
    "live_silent",
)
_LISTS = {
    "relay-source": ("relays.listing", _l("Xem nguồn tiếp sóng")),
    "alert": ("alerts.listing", _l("Xem cảnh báo")),
    "gauge": ("gauges.listing", _l("Mở trang Trạm đo")),
    "gauge-rule": ("gauges.listing", _l("Mở trang Trạm đo")),
    "alert-source": ("alerts.listing", _l("Xem cảnh báo")),
    "offer": ("offers.listing", _l("Xem bản tin cấp trên")),
    "upper-level": ("offers.listing", _l("Xem bản tin cấp trên")),
    "voice": ("voices.listing", _l("Mở trang Giọng đọc")),
    "release": ("releases.listing", _l("Xem bản cập nhật")),
    "waiting": ("approvals.queue", _l("Mở trang Duyệt")),
    "approver": ("people.listing", _l("Mở trang Người dùng")),
}
"""Where matters of a kind of subject are dealt with, and the words on the link."""
OLD = timedelta(hours=24)
"""What lasts so long becomes louder."""


def sentence(matter: Matter) -> str:
    """What is the matter, in the asker's language."""
    details = matter.details | {"subject": matter.subject}
    said = _SENTENCES[matter.kind](details) if matter.kind in _SENTENCES else matter.kind
    if matter.times > 1:
        said += " " + ngettext("Đã %(num)d lần.", "Đã %(num)d lần.", matter.times)
    if matter.over_at is not None and matter.kind in ("pole_silent", "pole_trouble"):
        said += " " + _("Nay đã hết, từ %(moment)s.", moment=moment(matter.over_at))
    return said


def tone(matter: Matter, now_at: datetime) -> str:
    """bad, warn or wait."""
    if matter.over_at is not None:
        return "wait"
    unheard = matter.kind == "broadcast_failed" and not matter.details.get("played")
    old = now_at - matter.began_at >= OLD
    return "bad" if unheard or old or matter.kind in _LOUD else "warn"


def address(matter: Matter) -> tuple[str | None, str]:
    """Where to deal with it, and the words on the link there."""
    kind, _colon, name = matter.subject.partition(":")
    if matter.kind == "residents_complain":
        return url_for("feedback.listing", node=name), _("Xem phản ánh")
    if kind == "node":
        return url_for("nodes.show", node_id=name), _("Xem cụm loa")
    if kind == "broadcast":
        return url_for("broadcasts.show", broadcast_id=name), _("Xem lượt phát")
    if kind == "live":
        return url_for("microphone.session", session_id=name), _("Xem buổi phát")
    if kind == "occurrence":
        return url_for("slots.show", slot_id=matter.details["slot"]), _("Xem khung giờ")
    if kind == "announcement":
        return url_for("announcements.show", announcement_id=name), _("Xem lý do")
    if kind in _LISTS:
        endpoint, words = _LISTS[kind]
        return url_for(endpoint), str(words)
    visitor = current_visitor()
    if kind == "backup" and visitor is not None and visitor.governs("manage_people"):
        return url_for("backups.show"), _("Mở trang Sao lưu")
    if kind == "audit" and visitor is not None and visitor.governs("manage_people"):
        return url_for("audit.listing"), _("Xem sổ kiểm tra")
    return None, ""


def node_of(matter: Matter) -> str | None:
    """Id of the node it is about."""
    kind, _colon, name = matter.subject.partition(":")
    return name if kind == "node" else None


def _silent(details: dict[str, Any]) -> str:
    return _("%(node)s mất liên lạc từ %(moment)s.", node=details["name"], moment=stored_moment(details["seen_at"]))


def _trouble(details: dict[str, Any]) -> str:
    return _("%(node)s: %(reasons)s", node=details["name"], reasons=said([decode(each) for each in details["reasons"]]))


def _failed(details: dict[str, Any]) -> str:
    return _(
        "“%(title)s” lúc %(moment)s: %(played)s/%(nodes)s cụm loa phát đủ.",
        title=details["title"],
        moment=stored_moment(details["start_at"]),
        played=details["played"],
        nodes=details["nodes"] if "nodes" in details else details["poles"],  # rows written by version 0.1
    )


def _missed(details: dict[str, Any]) -> str:
    return _(
        "Khung giờ “%(name)s” lúc %(moment)s bị lỡ. %(reason)s",
        name=details["name"],
        moment=stored_moment(details["start_at"]),
        reason=said(decode(details["reason"])),
    )


def _clip(details: dict[str, Any]) -> str:
    return _("Chưa tạo được tệp phát cho “%(title)s”.", title=details["title"])


def _broken(details: dict[str, Any]) -> str:
    return _(
        "Sổ kiểm tra có chỗ đã bị sửa: %(problem)s Hãy giữ nguyên máy chủ và báo cấp trên.",
        problem=said(decode(details["problem"])),
    )


def _alert(details: dict[str, Any]) -> str:
    if details["drill"]:
        return _("%(source)s gửi thông báo diễn tập: %(title)s. Đang chờ người ra lệnh.", **_of(details))
    return _("%(source)s cảnh báo: %(title)s. Đang chờ người ra lệnh.", **_of(details))


def _of(details: dict[str, Any]) -> dict[str, str]:
    return {"source": details["source"], "title": details["title"]}


def _source(details: dict[str, Any]) -> str:
    return _("Nguồn cảnh báo %(name)s: %(reason)s", name=details["name"], reason=said(decode(details["reason"])))


def _conduct(details: dict[str, Any]) -> str:
    sentence = {
        "unknown": _("biên nhận về lượt phát mà đài không biết"),
        "excess": _("tin gửi quá nhiều nên bị bỏ qua"),
        "unfit": _("tin không lưu được"),
    }
    counts = ", ".join(f"{details[kind]} {words}" for kind, words in sentence.items() if details.get(kind))
    return _(
        "%(node)s: %(counts)s. Thẻ có thể đã bị lấy cắp hoặc hỏng; hãy kiểm tra cụm loa, cấp lại hoặc thu hồi.",
        node=details["name"],
        counts=counts,
    )


def _reason(details: dict[str, Any]) -> str:
    return said(decode(details["reason"]))


def _backup_failed(details: dict[str, Any]) -> str:
    return _("Chưa sao lưu được: %(reasons)s", reasons=said([decode(each) for each in details["reasons"]]))


def _backup_old(details: dict[str, Any]) -> str:
    stated = _("Bản sao lưu tốt gần nhất: %(moment)s.", moment=stored_moment(details["good_at"]))
    return " ".join([stated, *(said(decode(each)) for each in details["reasons"])])


def _backup_damaged(details: dict[str, Any]) -> str:
    return ngettext(
        "%(num)d tệp của đài bị hỏng trên đĩa: %(names)s. Bản tốt trong bản sao lưu được giữ lại.",
        "%(num)d tệp của đài bị hỏng trên đĩa: %(names)s. Bản tốt trong bản sao lưu được giữ lại.",
        details["count"],
        names=", ".join(details["names"]),
    )


def _backup_none(_details: dict[str, Any]) -> str:
    return _("Đài chưa có nơi sao lưu thứ hai: mất máy là mất tất cả. Mở trang Sao lưu để xem cách làm.")


def _complaint(details: dict[str, Any]) -> str:
    return ngettext(
        "%(num)d người dân báo không nghe được %(node)s, từ %(moment)s.",
        "%(num)d người dân báo không nghe được %(node)s, từ %(moment)s.",
        details["residents"],
        node=details["name"],
        moment=stored_moment(details["since_at"]),
    )


def _degraded(_details: dict[str, Any]) -> str:
    return _("Đài đang có trục trặc lâu hơn một phút; trang chủ nói rõ việc gì.")


def _resting(details: dict[str, Any]) -> str:
    reason = said(decode(details["reason"])) if details["reason"] else ""
    return _("Không gửi được thông báo cho %(person)s (%(kind)s). %(reason)s", **(details | {"reason": reason})).strip()


def _voice(details: dict[str, Any]) -> str:
    return _(
        "Giọng “%(name)s” đang được chọn mà không đọc được: %(reason)s Bản tin mới sẽ do giọng dự phòng đọc.",
        name=details["name"],
        reason=said(decode(details["reason"])),
    )


def _release(details: dict[str, Any]) -> str:
    return _(
        "Bản cập nhật cụm loa %(program)s đã dừng lại. %(reason)s",
        program=details["program"],
        reason=said(decode(details["reason"])),
    )


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "pole_silent": _silent,
    "pole_trouble": _trouble,
    "broadcast_failed": _failed,
    "date_missed": _missed,
    "clip_failed": _clip,
    "audit_broken": _broken,
    "node_conduct": _conduct,
    "node_clock": _trouble,
    "station_clock": _reason,
    "backup_failed": _backup_failed,
    "backup_old": _backup_old,
    "backup_damaged": _backup_damaged,
    "backup_none": _backup_none,
    "alert_waiting": _alert,
    "alert_source_silent": _source,
    **LEVELS,
    "gauge_silent": gauge_words.silent,
    "gauge_untested": gauge_words.untested,
    "second_station": _reason,
    "residents_complain": _complaint,
    "station_degraded": _degraded,
    "notice_resting": _resting,
    "voice_gone": _voice,
    "release_stopped": _release,
    **RELAYS,
    **WAITING,
}
