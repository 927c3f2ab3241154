"""Whether a text was typed with the input method switched off, and which words of it."""

import re
import unicodedata
from collections.abc import Callable

from broadcaster.text.language.lexicon import readings
from broadcaster.text.language.syllables import is_bare_syllable, is_syllable
from broadcaster.text.pastes.typed_keys import VIQR_TONES, from_telex, from_viqr, from_vni_keys
from broadcaster.text.pastes.values import Edit

_WORD = re.compile(r"(?<![\w@./#-])[^\W\d_]{2,9}(?![\w@/]|\.\w)")
_TELEX = re.compile(r"dd|aa|ee|oo|[aou]w|w[aou]|[a-zà-ỹ][sfrxjw]", re.IGNORECASE)
_SHAPE = re.compile(r"dd|aa|ee|oo|[aou]\w?w|^w|[bcdghklmnprstvx]w")
_SURE_SHAPE = re.compile(r"dd|uw|uow|\w[ae]{2}\w+|\w*w\w*[sfrxj]$")
_VNI_WORD = re.compile(r"(?<![\w.,/@-])[a-zA-Z]+(?:\d[a-zA-Z]*){1,5}(?![\w.,/@-]\w)")
_VIQR_WORD = re.compile(
    r"(?<![\w@./])[A-Za-z](?:[A-Za-z]|[\^(+*](?=['`?~.\sA-Za-z,;:!]|$)|['`?~.](?=[A-Za-z])|['`~])*[?.]?"
)
_VIQR_SHAPE = re.compile(r"[aeoAEO]\^|[aA]\(|[ouOU][+*]|[dD][dD]")
_DOUBLED_O = re.compile(r"^(?:b|c|g|k|l|m|r|s|t|x)oo(?:ng|c)$")
_MARKED = re.compile("[\u00c0-\u00ff\u0102-\u01b0\u1ea0-\u1ef9]")
_FEWEST_SURE, _FEWEST_WEAK, _FEWEST_VNI, _FEWEST_VIQR = 1, 3, 3, 2


def telex_edits(text: str) -> list[Edit]:
    """Words that are no Vietnamese as they stand and are when their Telex keys are carried out.

    A word is sure by itself with two keys (``ddieenj``) or with keys beside marks (``đieenj``); one key alone
    (``room``, ``has``) counts only where the text is Vietnamese and holds sure ones or several.
    """
    if not _TELEX.search(text):
        return []
    sure: list[Edit] = []
    weak: list[Edit] = []
    doubled: list[Edit] = []
    native = total = 0
    for found in _WORD.finditer(text):
        word = found.group()
        total += 1
        now = _telex_word(word)
        if not now:
            native += is_syllable(word.lower()) or is_bare_syllable(word.lower())
            if _DOUBLED_O.match(word.lower()):
                doubled.append(Edit(found.start(), found.end(), _cased(from_telex(word.lower()) or word, word)))
            continue
        edit = Edit(found.start(), found.end(), _cased(now, word))
        (sure if _is_sure(word.lower(), now) else weak).append(edit)
    others = total - len(sure) - len(weak)
    if native < 0.6 * others or (not sure and len(weak) < _FEWEST_WEAK):
        return []
    if len(sure) < _FEWEST_SURE and len(weak) < 0.3 * total:
        return []
    # "soong" may be meant (xoong, boong); among several unconverted words it is "sông".
    return sorted(sure + weak + (doubled if len(sure) > 1 else []), key=lambda edit: edit.start)


def _telex_word(word: str) -> str:
    low = word.lower()
    if is_syllable(low) and not (re.search("oo", low) and not _DOUBLED_O.match(low)):
        return ""
    if (
        low in _FOREIGN
        or (word.isupper() and len(word) <= 4)
        or (low.isascii() and is_bare_syllable(low) and "oo" not in low)
    ):
        return ""
    now = from_telex(low)
    return now if now and now != low else ""


_FOREIGN = frozenset(word.lower() for word in readings("foreign"))


def _is_sure(word: str, now: str) -> bool:
    if not word.isascii():
        return True
    keys = len(_SHAPE.findall(word)) + bool(re.search(r"[sfrxj](?:c|ch|m|n|ng|nh|p|t)?$", word) and _has_tone(now))
    return keys >= 2 or bool(re.search(r"^dd|uw", word))


def _has_tone(word: str) -> bool:

    return any(mark in "\u0300\u0301\u0303\u0309\u0323" for mark in unicodedata.normalize("NFD", word))


def vni_key_edits(text: str) -> list[Edit]:
    """Words with figures inside that VNI keys make Vietnamese, when there are several and no marks beside them."""
    found = [(word, now) for word in _VNI_WORD.finditer(text) if (now := from_vni_keys(word.group().lower()))]
    inner = sum(bool(re.search(r"\d[a-z]", word.group())) for word, _ in found)
    if len(found) < _FEWEST_VNI or inner < 2 or len(_MARKED.findall(text)) > len(found):
        return []
    return [Edit(word.start(), word.end(), _cased(now, word.group())) for word, now in found]


def viqr_edits(text: str) -> list[Edit]:
    """Words of a text in VIQR; a stop or a question mark at a word's end is punctuation unless the sentence goes on."""
    if len(_VIQR_SHAPE.findall(text)) < _FEWEST_VIQR:
        return []
    edits = [edit for found in _VIQR_WORD.finditer(text) if (edit := _viqr_word(text, found))]
    sure = sum(bool(_VIQR_SHAPE.search(text[edit.start : edit.end])) for edit in edits)
    return edits if sure >= _FEWEST_VIQR and len(_MARKED.findall(text)) <= sure else []


def _viqr_word(text: str, found: re.Match[str]) -> Edit | None:
    word = found.group()
    if word[-1] in "?." and not _goes_on(text, found.end()):
        word = word[:-1]
    now = from_viqr(word.lower())
    if not now or (not any(mark in word for mark in ("^", "(", "+", "*", *VIQR_TONES)) and "dd" not in word.lower()):
        return None
    return Edit(found.start(), found.start() + len(word), _cased(now, word))


def _goes_on(text: str, at: int) -> bool:
    return bool(re.match(r"[ \t]*[a-z]|[,;:!.?]", text[at : at + 4]))


def _cased(now: str, word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return now.upper()
    return now[:1].upper() + now[1:] if word[:1].isupper() else now


Finder = Callable[[str], list[Edit]]
