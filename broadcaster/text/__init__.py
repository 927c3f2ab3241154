"""Written Vietnamese to spoken words. Pure: a text in, a script out; imports nothing of ours but itself."""

from broadcaster.text.dictionary import EMPTY, DictionaryError, Entry, ReadingDictionary
from broadcaster.text.reading import normalize, reading_version, spoken
from broadcaster.text.script import Doubt, Script, Sentence, Span, SpokenSpan

__all__ = [
    "EMPTY",
    "DictionaryError",
    "Doubt",
    "Entry",
    "ReadingDictionary",
    "Script",
    "Sentence",
    "Span",
    "SpokenSpan",
    "normalize",
    "reading_version",
    "spoken",
]
