"""What is chosen on the form of an emergency order."""

from flask import request

from broadcaster.errors import Invalid
from broadcaster.station.emergencies import guards
from web.forms.parsing import whole_number
from web.translations.languages import gettext as _


def repetition() -> tuple[int | None, int]:
    """Every so many minutes, None when it sounds once; for how many in all."""
    every = request.form.get("every_minutes", "")
    if not every:
        return None, guards.LASTING_MINUTES
    lasting = request.form.get("for_minutes", "")
    return whole_number(every, field="every_minutes"), whole_number(lasting, field="for_minutes")


def repeats() -> list[tuple[str, str]]:
    once = [("", _("Không, phát một lần"))]
    return once + [(str(each), _("Mỗi %(every)s phút", every=each)) for each in (2, 3, 5, 10, 15, 30)]


def lasting() -> list[tuple[str, str]]:
    return [("30", _("30 phút")), *((str(60 * each), _("%(hours)s giờ", hours=each)) for each in (1, 2, 4, 6, 12))]


def meant_as_drill() -> bool:
    """What the person says it is; nothing is chosen beforehand. Raises Invalid when nothing was chosen."""
    meant = request.form.get("meant")
    if meant not in ("real", "drill"):
        raise Invalid("emergency.real_or_drill", field="meant")
    return meant == "drill"
