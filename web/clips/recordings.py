"""What an officer is told about the recording a clip was made from: how long it claims to be, and how long it is."""

from dataclasses import dataclass

from broadcaster.audio.recording.found import Found
from broadcaster.station.schema import Clip
from web.shell.times import length as duration
from web.translations.languages import gettext as _

_MOST_DIFFERENCE_MS = 1_000
_MOST_DIFFERENCE = 0.05
"""Part of the length, by which header and sound may differ without a word; padding makes up less."""
_WORTH_A_WORD = 0.02
"""Part of a file that is broken, from which on somebody may hear it."""

_OVERDRIVEN = 0.05
"""Part of the audible samples at the top, from which on speech sounds torn."""
_LONG_GAP_MS = 10_000


@dataclass(frozen=True, slots=True)
class Remark:
    """tone: of the notice; sentence: what it says."""

    tone: str
    sentence: str


def found_in(clip: Clip) -> Found | None:
    """None when a voice spoke, or when the clip is from before this was kept."""
    return Found(**clip.recorded) if clip.recorded else None


def lengths(clip: Clip) -> str:
    """The length the file states, the real one and that of the clip, in one line; empty without a recording."""
    found = found_in(clip)
    if found is None:
        return ""
    stated = _("tệp không ghi độ dài") if found.stated_ms is None else _stated(found.stated_ms)
    real, after = duration(found.decoded_ms), duration(clip.duration_ms)
    return f"{stated} · {_('giải nén được %(length)s', length=real)} · {_('tệp phát %(length)s', length=after)}"


def remarks(clip: Clip) -> list[Remark]:
    """What is unusual about it."""
    found = found_in(clip)
    return [] if found is None else [*_about_length(found), *_about_content(found), *_about_sound(found)]


def _stated(stated_ms: int) -> str:
    return _("tệp ghi dài %(length)s", length=duration(stated_ms))


def _about_length(found: Found) -> list[Remark]:
    stated_ms, real_ms = found.stated_ms, found.decoded_ms
    if stated_ms is None or abs(stated_ms - real_ms) <= max(_MOST_DIFFERENCE_MS, _MOST_DIFFERENCE * real_ms):
        return []
    lengths = {"stated": duration(stated_ms), "real": duration(real_ms)}
    if real_ms > stated_ms:
        return [Remark("info", _("Tệp ghi dài %(stated)s nhưng thật ra dài %(real)s; loa phát trọn.", **lengths))]
    words = _(
        "Tệp ghi dài %(stated)s nhưng chỉ có %(real)s tiếng, có thể bị cắt khi chép. Hãy nghe đến hết.", **lengths
    )
    return [Remark("warn", words)]


def _about_content(found: Found) -> list[Remark]:
    remarks = []
    if found.broken_packets > _WORTH_A_WORD * found.packets:
        remarks.append(Remark("warn", _("Tệp có chỗ hỏng, đã bỏ qua. Hãy nghe đến hết trước khi gửi.")))
    if found.recordings > 1:
        remarks.append(
            Remark("info", _("Tệp gồm %(count)s bản ghi nối nhau; loa phát tất cả.", count=found.recordings))
        )
    if found.tracks > 1:
        remarks.append(
            Remark("info", _("Tệp có %(count)s phần tiếng; loa phát một phần. Hãy nghe lại.", count=found.tracks))
        )
    return remarks


def _about_sound(found: Found) -> list[Remark]:
    remarks = []
    if found.overdriven > _OVERDRIVEN:
        words = _("Tiếng thu bị vỡ vì quá to. Hãy nghe lại; nếu rè, hãy thu lại và để máy xa miệng hơn.")
        remarks.append(Remark("warn", words))
    if found.longest_gap_ms > _LONG_GAP_MS:
        gap = duration(found.longest_gap_ms)
        remarks.append(Remark("warn", _("Giữa bản ghi có %(gap)s không có tiếng; loa sẽ im chừng ấy.", gap=gap)))
    return remarks
