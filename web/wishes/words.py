"""A wish as people read it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from broadcaster.station.vocabulary import wishes
from broadcaster.station.vocabulary.wishes import Wish, WishKind
from web.shell.times import day, moment
from web.shell.words import WEEKDAYS
from web.translations.languages import gettext as _


def wish_words(wish: Wish | Mapping[str, Any] | None, slot: str = "") -> str:
    """``17:00 (Tin chiều), từ Thứ Hai, 30/11/2026 đến hết Thứ Sáu, 04/12/2026``; ``slot`` is the slot's name."""
    if wish is None:
        return _("chưa hẹn giờ")
    if not isinstance(wish, Wish):
        wish = wishes.read(wish)
    if wish.kind is WishKind.NOW:
        return _("ngay khi được duyệt")
    if wish.kind is WishKind.AT:
        return moment(wish.at)
    times = ", ".join(wish.times)
    place = (
        _("khung giờ %(times)s (%(name)s)", times=times, name=slot) if slot else _("khung giờ %(times)s", times=times)
    )
    said = _("%(place)s, %(days)s", place=place, days=_days(wish))
    if not wish.weekdays:
        return said
    return _("%(said)s, chỉ %(weekdays)s", said=said, weekdays=", ".join(str(WEEKDAYS[at]) for at in wish.weekdays))


def _days(wish: Wish) -> str:
    first, last = _on(wish.first_on), _on(wish.last_on)
    if wish.once:
        return _("một lần, %(day)s", day=first)
    if wish.last_on is None:
        return _("từ %(first)s cho đến khi lấy ra", first=first)
    return _("từ %(first)s đến hết %(last)s", first=first, last=last)


def _on(value: date | None) -> str:
    return day(value) if value else _("hôm nay")


def outcome_words(kind: WishKind | None) -> str:
    """What the approver's press did."""
    if kind is WishKind.NOW:
        return _("Đã duyệt và ra lệnh phát ngay.")
    if kind is WishKind.AT:
        return _("Đã duyệt và hẹn giờ phát.")
    if kind is WishKind.SLOT:
        return _("Đã duyệt và đưa vào khung giờ.")
    return _("Đã duyệt. Bản tin có thể phát ngay hoặc đưa vào khung giờ.")
