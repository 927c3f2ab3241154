"""What is chosen on the form of an emergency order."""

from flask import request

from broadcaster.errors import Invalid
from web.forms.parsing import whole_number
from web.translations.languages import gettext as _


def repetition() -> dict[str, int]:
    """Nothing when it sounds once."""
    every = request.form.get("every_minutes", "")
    if not every:
        return {}
    lasting = request.form.get("for_minutes", "")
    return {
        "every_minutes": whole_number(every, field="every_minutes"),
        "for_minutes": whole_number(lasting, field="for_minutes"),
    }


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
