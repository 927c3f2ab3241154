"""What somebody should deal with, loudest first: a part that stands still, a node that is gone, work that waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from broadcaster.station import schema
from broadcaster.station.announcements.announcements import written_by
from broadcaster.station.copies import second_copy
from broadcaster.station.emergencies import order_records, releasing, stories
from broadcaster.station.feedback import inbox
from broadcaster.station.matters import matters as noted
from broadcaster.station.nodes import nodes
from broadcaster.station.people import roles
from broadcaster.station.rows import heartbeats
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Heartbeat
from broadcaster.station.vocabulary.states import AnnouncementState
from scheduler import collisions
from web.matters import hindrances
from web.matters import words as matter_words
from web.shell.request_context import Context
from web.shell.telling import said
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

SILENT_AFTER = timedelta(seconds=60)
"""A part of the station that gave no sign of life for so long stands still."""

CLOCK = "clock_unvouched"
DAMAGED = "database_damaged"
SHOWN_ABOVE = (CLOCK, second_copy.HINDRANCE)
SHOWN_LIVE = (second_copy.HINDRANCE, "station_degraded")
"""Kinds of recorded matters that stand among the others as they are just now."""
LOUDEST = ("station_clock",)
"""Kinds of recorded matters that come before all others."""


@dataclass(frozen=True, slots=True)
class MatterView:
    """One thing to deal with.

    tone: bad, warn or wait; how loud.
    text: what is the matter and what to do.
    address: where to deal with it; None when it is not in the console.
    action: words on the link there.
    row: of the database, when it stays until somebody deals with it.
    keeper: of the node it is about, with a telephone number; None for none.
    """

    tone: str
    text: str
    address: str | None = None
    action: str = ""
    row: schema.Matter | None = None
    keeper: schema.Node | None = None


def matters(c: Context) -> list[MatterView]:
    found = [
        *loudest(c),
        *_silence(c),
        *_alarms(c),
        *_orders(c),
        *_collisions(c),
        *_parts(c),
        *_recorded(c),
        *_returned(c),
        *_unreleased(c),
        *_feedback(c),
    ]
    return sorted(found, key=lambda matter: ("bad", "warn", "wait").index(matter.tone))


def loudest(c: Context) -> list[MatterView]:
    """What makes everything else doubtful that the console says; shown above all and with the nodes."""
    return [*_clock(c), *_second_copy(c), *(recorded(c, row) for row in noted.waiting(c.s) if row.kind in LOUDEST)]


def silent(heartbeat: Heartbeat | None, now_at: datetime) -> bool:
    return heartbeat is None or now_at - heartbeat.at > SILENT_AFTER


def disconnected(publisher: Heartbeat | None) -> bool:
    return publisher is not None and publisher.detail.get("connected") is False


def _clock(c: Context) -> Iterator[MatterView]:
    """Before all else: whatever else the page says was counted by this clock."""
    publisher = heartbeats.read(c.s).get("publisher")
    if publisher is not None and CLOCK in publisher.detail.get("hindrances", ()):
        yield from (MatterView("bad", sentence) for sentence in hindrances.sentences([CLOCK]))


def _second_copy(c: Context) -> Iterator[MatterView]:
    """Two machines that say they are this station: what this one shows may not be what the nodes do."""
    reason = second_copy.reason(c.s)
    if reason is not None:
        may = roles.may(c.s, c.by, "manage_people", None)
        address = url_for("settings.take_over_page") if may else None
        yield MatterView("bad", said(reason), address, _("Tiếp quản"))


def _silence(c: Context) -> Iterator[MatterView]:
    order = stop_all.in_force(c.s)
    if order is not None:
        text = _("Đang có lệnh dừng toàn bộ, do %(name)s ra: mọi cụm loa im lặng.", name=order.ordered_by.full_name)
        yield MatterView("bad", text, _emergencies(c), _("Mở trang khẩn cấp"))


def _alarms(c: Context) -> Iterator[MatterView]:
    if stop_all.in_force(c.s) is not None:
        return  # while everything is silent, nothing else is said
    for story in stories.going_on(c.s, now_at=c.now_at):
        title, every = story.order.announcement.title, story.order.every_minutes
        if story.order.drill:
            text = _("Diễn tập “%(title)s” đang lặp lại mỗi %(every)s phút.", title=title, every=every)
        else:
            text = _("Báo động “%(title)s” đang lặp lại mỗi %(every)s phút.", title=title, every=every)
        address = url_for("emergency_stories.show", order_id=story.order.id)
        yield MatterView("wait" if story.order.drill else "bad", text, address, _("Xem diễn biến"))


def _orders(c: Context) -> Iterator[MatterView]:
    for order in order_records.open_orders(c.s, now_at=c.now_at):
        if order.broadcast_id is None:
            text = _("Lệnh khẩn cấp “%(title)s” đang chờ người thứ hai xác nhận.", title=order.announcement.title)
        else:
            text = _("Lệnh khẩn cấp “%(title)s” chờ người khác xem lại.", title=order.announcement.title)
        tone = "bad" if order.broadcast_id is None and not order.drill else "wait"
        yield MatterView(tone, text, _emergencies(c), _("Mở trang khẩn cấp"))


def _unreleased(c: Context) -> Iterator[MatterView]:
    """The red button is empty: said to those who can fill it, once there are nodes to sound it."""
    if not any(roles.may_somewhere(c.by, each) for each in ("approve", "write")) or not nodes.listing(c.s):
        return
    count = len(releasing.unreleased_kinds(c.s))
    if count:
        text = ngettext(
            "%(num)d loại cảnh báo khẩn cấp chưa có lời đã duyệt.",
            "%(num)d loại cảnh báo khẩn cấp chưa có lời đã duyệt.",
            count,
        )
        yield MatterView("warn", text, url_for("emergency_book.show"), _("Nghe và duyệt"))


def _collisions(c: Context) -> Iterator[MatterView]:
    if not roles.may_somewhere(c.by, "schedule"):
        return
    for each in collisions.collisions(c.s, now_at=c.now_at):
        if not each.decided:
            titles = ", ".join(f"“{one.title}”" for one in each.broadcasts)
            text = _("Bản tin ưu tiên trùng giờ: %(titles)s. Hãy chọn bản nào phát trước.", titles=titles)
            yield MatterView("warn", text, url_for("collisions.listing"), _("Chọn thứ tự"))


def _emergencies(c: Context) -> str | None:
    """The page for those who may open it."""
    return url_for("emergencies.show") if roles.may_somewhere(c.by, "emergency") else None


def _parts(c: Context) -> Iterator[MatterView]:
    beats = heartbeats.read(c.s)
    if silent(beats.get("station"), c.now_at):
        yield MatterView(
            "bad",
            _(
                "Đài (chương trình nền) không hoạt động: lịch phát và tệp phát mới đang đứng yên. "
                "Báo kỹ thuật viên khởi động lại."
            ),
        )
        return
    if silent(beats.get("publisher"), c.now_at) or disconnected(beats.get("publisher")):
        yield MatterView(
            "bad",
            _(
                "Mất kết nối với máy chủ tin nhắn (MQTT): lệnh mới chưa đến được cụm loa. "
                "Lịch đã gửi trước đó vẫn phát bình thường. Báo kỹ thuật viên."
            ),
        )
    seen = [name for name in hindrances.seen() if name not in SHOWN_ABOVE]
    for name in seen:
        tone = "bad" if name == DAMAGED else "warn"
        yield from (MatterView(tone, sentence) for sentence in hindrances.sentences([name]))
    if silent(beats.get("renderer"), c.now_at):
        yield MatterView("warn", _("Bộ tạo tệp phát không hoạt động: bản tin mới chưa có tiếng. Báo kỹ thuật viên."))


def _recorded(c: Context) -> Iterator[MatterView]:
    return (recorded(c, row) for row in noted.waiting(c.s) if row.kind not in (*LOUDEST, *SHOWN_LIVE))


def recorded(c: Context, row: schema.Matter) -> MatterView:
    """One that stays until somebody says that it is dealt with."""
    address, action = matter_words.address(row)
    node_id = matter_words.node_of(row)
    node = c.s.get(schema.Node, node_id) if node_id else None
    keeper = node if node and node.keeper_phone else None
    return MatterView(matter_words.tone(row, c.now_at), matter_words.sentence(row), address, action, row, keeper)


def _returned(c: Context) -> Iterator[MatterView]:
    for announcement in written_by(c.s, c.by, state=AnnouncementState.RETURNED, most=5):
        yield MatterView(
            "wait",
            _("Bản tin “%(title)s” được trả lại để sửa.", title=announcement.title),
            url_for("announcements.show", announcement_id=announcement.id),
            _("Mở bản tin"),
        )


def _feedback(c: Context) -> Iterator[MatterView]:
    count = inbox.new_count(c.s, c.by)
    if count:
        text = ngettext(
            "%(num)d phản ánh của bà con chưa ai xử lý.", "%(num)d phản ánh của bà con chưa ai xử lý.", count
        )
        yield MatterView("wait", text, url_for("feedback.listing", state="new"), _("Xem phản ánh"))


def waiting_sentence(count: int) -> str:
    return ngettext("%(num)d bản tin đang chờ duyệt", "%(num)d bản tin đang chờ duyệt", count)
