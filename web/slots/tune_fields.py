"""The part of a slot's form that chooses music of the commune's own."""

from broadcaster.station.clips import tunes
from broadcaster.station.programmes.slots import TUNES
from broadcaster.station.schema import Tune
from web.shell.request_context import Context
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

LABELS = {
    "opening_tune_id": _l("Nhạc hiệu mở đầu"),
    "bed_id": _l("Nhạc nền dưới lời chào, lời kết"),
    "filler_id": _l("Nhạc đệm giữa các bản tin"),
    "ending_tune_id": _l("Nhạc kết"),
}


def fields(c: Context) -> list[tuple[str, object, list[tuple[str, str]]]]:
    """For each field its name, its label, and the music to choose from; empty while the commune has none."""
    known = tunes.listing(c.s)
    if not known:
        return []
    return [
        (name, label, [("", _("Không")), *((tune.id, _named(tune)) for tune in known if tune.kind is TUNES[name])])
        for name, label in LABELS.items()
    ]


def _named(tune: Tune) -> str:
    return tune.name if tune.approved_at else _("%(name)s (chờ duyệt)", name=tune.name)
