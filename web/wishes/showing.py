"""What the approver is shown of a wish: its words, and what would keep it from being met."""

from dataclasses import dataclass

from broadcaster.refusals.reasons import Reason
from broadcaster.station.programmes import wishes
from broadcaster.station.schema import Announcement, Slot
from broadcaster.station.vocabulary.wishes import WishKind
from web.shell.request_context import Context
from web.translations.languages import gettext as _
from web.wishes.words import wish_words


@dataclass(frozen=True, slots=True)
class ShownWish:
    """words: when it shall sound; press: what the button says; obstacle: why that would not happen now."""

    words: str
    press: str
    obstacle: Reason | None


def shown(c: Context, announcement: Announcement) -> ShownWish | None:
    """None when no time was asked for."""
    wish = announcement.wish
    if wish is None:
        return None
    slot = c.s.get(Slot, wish.slot_id) if wish.slot_id else None
    obstacle = wishes.obstacle(c.s, announcement, now_at=c.now_at)
    press = {
        WishKind.NOW: _("Duyệt và phát ngay"),
        WishKind.AT: _("Duyệt và hẹn %(words)s", words=wish_words(wish)),
        WishKind.SLOT: _("Duyệt và đưa vào khung giờ %(times)s", times=", ".join(wish.times)),
    }[wish.kind]
    if obstacle is not None:
        press = _("Duyệt, chưa phát")
    return ShownWish(wish_words(wish, slot.name if slot else ""), press, obstacle)
