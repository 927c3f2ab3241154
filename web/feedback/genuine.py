"""Whether a form without a login was sent from our own page, by a person, lately.

There is no cookie to ride on, so nobody can be made to act in somebody's name; what is kept out are other sites that
let their visitors send, and programs that fill in every field of every form they find.
"""

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import current_app, request

from broadcaster.errors import Invalid, NotAllowed

LEAST_SECONDS, MOST_SECONDS = 2, 43_200
"""Between showing the form and sending it: no person is quicker; after half a day it is shown again."""
TRAP = "website"
"""A field no person sees."""


def stamp(about: str, *, now_seconds: int) -> str:
    """What the form carries: when it was shown, sealed for what it is about."""
    return f"{now_seconds}.{_seal(about, now_seconds)}"


def require(about: str, *, now_seconds: int) -> None:
    """Raises NotAllowed for what no person sent from our page, Invalid for a form that is to be sent once more."""
    _require_same_origin()
    if request.form.get(TRAP):
        raise NotAllowed("feedback.not_sent_by_a_person")
    shown, _, seal = request.form.get("stamp", "").partition(".")
    if not shown.isascii() or not shown.isdecimal() or len(shown) > 12:
        raise Invalid("feedback.form_too_old", field="stamp")
    age = now_seconds - int(shown)
    if not hmac.compare_digest(seal.encode(), _seal(about, int(shown)).encode()) or age > MOST_SECONDS:
        raise Invalid("feedback.form_too_old", field="stamp")
    if age < LEAST_SECONDS:
        raise Invalid("feedback.too_quick", field="stamp")


def sender() -> str:
    """A mark of address and browser that tells residents apart and leads back to none of them."""
    about = f"{request.remote_addr}|{request.user_agent.string[:300]}"
    return _digest("sender", about)[:32]


def _require_same_origin() -> None:
    """By what browsers of the last years say; an older one says nothing and is believed."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        raise NotAllowed("feedback.from_another_site")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("feedback.from_another_site")


def _seal(about: str, shown_seconds: int) -> str:
    return _digest("form", f"{about}|{shown_seconds}")[:32]


def _digest(purpose: str, about: str) -> str:
    key = hashlib.sha256(f"feedback {purpose} {current_app.secret_key!s}".encode()).digest()
    return hmac.new(key, about.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
