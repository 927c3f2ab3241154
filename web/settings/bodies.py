"""What programs send and are answered about the commune's settings."""

from web.api.bodies import Answer, Minutes, Request


class Settings(Request, Answer, frozen=True, kw_only=True):
    """All of them, none left out.

    station_name, contact_phone: as pages show them.
    quiet_hours: pairs of minutes after local midnight in which only emergencies sound.
    monthly_megabytes: data budget of every node; 0 is no limit.
    default_volume_percent: of nodes added from now on; default_cap_minutes: proposed for new slots.
    greeting_opening, closing_words: of programmes; empty takes the station's own.
    second_factor_required, second_factor_approvers: administrators, approvers must have a second factor.
    """

    station_name: str
    contact_phone: str
    quiet_hours: tuple[Minutes, ...]
    monthly_megabytes: int
    default_volume_percent: int
    default_cap_minutes: int
    greeting_opening: str
    closing_words: str
    second_factor_required: bool
    second_factor_approvers: bool = False
