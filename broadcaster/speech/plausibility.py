"""Can this sound be that sentence? What may be known without understanding a word of it."""

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.engine import Speech

SHORTEST_SYLLABLE_MS = 90
LONGEST_SYLLABLE_MS = 1200
LONGEST_SILENCE_MS = 3000
FAINTEST_PEAK = 300
"""Of 32,767: below it there is nothing to hear."""


def implausible(speech: Speech, *, syllables: int) -> Reason | None:
    """None for sound about as long as so many syllables take, with something to hear in it; else what is wrong.

    Another language in place of ours is noticed where its length differs enough, and only then.
    """
    if speech.duration_ms < SHORTEST_SYLLABLE_MS * syllables:
        return Reason("online_answer.shorter")
    if speech.duration_ms > LONGEST_SYLLABLE_MS * syllables + LONGEST_SILENCE_MS:
        return Reason("online_answer.longer")
    if not len(speech.samples) or int(abs(speech.samples.astype(int)).max()) < FAINTEST_PEAK:
        return Reason("online_answer.silent")
    return None
