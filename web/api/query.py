"""What a program puts behind the question mark of an address, as values. Refused by the name of the parameter."""

from broadcaster.errors import Invalid
from web.api.endpoints import Call

LAST_PAGE = 1_000_000


def page_asked(call: Call) -> int:
    """The page of a list, from 1; the first when none is asked for."""
    text = call.query.get("page", "1")
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PAGE:
        raise Invalid("api.page_malformed", field="page")
    return int(text)


def days_asked(call: Call, *, usual: int, most: int) -> int:
    """How many days, from 1 to ``most``; ``usual`` when nothing is said."""
    text = call.query.get("days", str(usual))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise Invalid("api.days_out_of_range", field="days", most=most)
    return int(text)
