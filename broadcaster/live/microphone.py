"""One microphone on air: its pieces become the session's sound."""

from datetime import datetime, timedelta

from broadcaster.live import pieces
from broadcaster.live.on_air import SessionOnAir, Surroundings, Treatment
from broadcaster.live.pieces import PieceKind
from broadcaster.live.sound_reader import SoundReader
from broadcaster.station.schema import LiveSessionRow

LOST = timedelta(seconds=60)
"""Without sound for so long the speaker is gone."""
DRAIN = timedelta(seconds=1.5)
"""After the press that ends it, pieces on their way are waited for."""


class SpeakerMicrophone(SessionOnAir):
    """What a browser sends, piece by piece."""

    def __init__(self, around: Surroundings, row: LiveSessionRow, *, parts_ms: int) -> None:
        """Raises OpusMissing or OSError."""
        super().__init__(around, row, Treatment(parts_ms=parts_ms))
        self._reader = SoundReader()

    @property
    def _drain(self) -> timedelta:
        return DRAIN

    def _take(self) -> None:
        for piece in pieces.take(self._around.data_dir, self.id):
            samples = self._reader.samples(piece)
            if samples:
                self._feed(samples, at_ms=None if piece.kind is PieceKind.SLICE else piece.at_ms)

    def _why_over(self, now_at: datetime) -> str | None:
        if not self._session.is_open:
            return "longest"
        return "lost" if now_at - self._last_at > LOST else None

    def _close(self) -> None:
        self._take()
        super()._close()

    def _release(self) -> None:
        self._reader.close()
