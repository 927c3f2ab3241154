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
    overdriven: part of the audible samples that were cut off at the top; 0 for clips from before this was looked for.
    longest_gap_ms: the longest stretch between two sounds in which nobody is heard.
    """

    container: str
    codec: str
    stated_ms: int | None
    decoded_ms: int
    recordings: int
    tracks: int
    packets: int
    broken_packets: int
    overdriven: float = 0.0
    longest_gap_ms: int = 0
