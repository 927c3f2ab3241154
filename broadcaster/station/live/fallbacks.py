"""The sentences that nodes say while nothing comes of a microphone or a relay: made beforehand, held by every node."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.station.agendas import live_items
from broadcaster.station.clips import station_clips
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.rows import changes, settings

SENTENCES = {
    live_items.FALLBACK: "Buổi nói trực tiếp đang bị mất tiếng. Xin bà con chờ trong giây lát.",
    live_items.RELAY_FALLBACK: "Chương trình tiếp sóng đang bị gián đoạn. Xin bà con chờ trong giây lát.",
}
"""The words of each, by the setting that names its clip. Nobody types them, so nobody approves them."""


def bring_up_to_date(s: Session, *, now_at: datetime) -> None:
    """Ask for what is not made yet, as the chosen voice says it now; what is made is what nodes hold from now on. Until
    a new one is made the old one stays."""
    for name, words in SENTENCES.items():
        saying = StationWords(words)
        made, error = station_clips.standing(s, saying)
        if made is None and error is None and not station_clips.is_asked(s, saying):
            station_clips.want(s, saying, now_at=now_at)
            changes.bump(s, "jobs")
        if made is not None and settings.read(s, name, "") != made.sha256:
            settings.write(s, name, made.sha256)
            changes.bump(s, "agendas")
            changes.bump(s, "slots")
