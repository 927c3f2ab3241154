"""The part of the form that says whose announcement it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.station.schema import Announcement


@dataclass(frozen=True, slots=True)
class OriginForm:
    """The fields as they stand on the screen.

    origin: commune, province or central; empty when the form did not ask.
    document_number, class_reason: as typed.
    sent_class: the class it came in; empty for the commune's own, and for what is not saved yet.
    """

    origin: str = "commune"
    document_number: str = ""
    class_reason: str = ""
    sent_class: str = ""

    def values(self) -> dict[str, str]:
        """Arguments of ``announcements.create`` and ``edit``; none when the form did not ask."""
        if not self.origin:
            return {}
        return {
            "origin": self.origin,
            "document_number": self.document_number,
            "class_reason": self.class_reason,
        }


def from_form(form: Mapping[str, str]) -> OriginForm:
    return OriginForm(
        origin=form.get("origin", ""),
        document_number=form.get("document_number", ""),
        class_reason=form.get("class_reason", ""),
        sent_class=form.get("sent_class", ""),
    )


def from_announcement(announcement: Announcement) -> OriginForm:
    return OriginForm(
        announcement.origin.value,
        announcement.document_number or "",
        announcement.class_reason or "",
        announcement.sent_class.value if announcement.sent_class else "",
    )
