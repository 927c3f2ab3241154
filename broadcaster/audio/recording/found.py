"""What was found in a file, and why one cannot be used: what passes from the bounded process to the house."""

from dataclasses import dataclass

Facts = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A recording that was read to its end.

    container, codec: as FFmpeg names them; of the first recording, where several are joined.
    stated_ms: the length its header states; None when it states none.
    decoded_ms: how long the sound really is.
    recordings: how many lay joined in the file.
    tracks: of sound, in the first recording; one of them was taken.
    packets, broken_packets: how many packets there were, and how many of them could not be decoded.
    """

    container: str
    codec: str
    stated_ms: int | None
    decoded_ms: int
    recordings: int
    tracks: int
    packets: int
    broken_packets: int
