"""Which requests are orders that sound or silence: by path, before anything of them is read."""

from flask import request

URGENT = ("/emergency", "/api/v1/emergency-orders", "/api/v1/stop-orders")
"""How the paths of all begin that have to do with emergencies."""
_NO_ORDERS = ("/review", "/drill", "/book")
"""How those of them end that can wait: reviews, and making ready texts."""
SIGN_IN = "/login"


def is_urgent() -> bool:
    """Whether the request has to do with emergencies: it also sees what was ordered while the database was locked."""
    return request.path.startswith(URGENT)


def is_order() -> bool:
    """Whether the request must be carried out although somebody holds the database locked. Signing in is part of it."""
    return request.path == SIGN_IN or (is_urgent() and not request.path.endswith(_NO_ORDERS))
