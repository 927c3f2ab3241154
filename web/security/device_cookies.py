"""The cookie by which a browser is known again: a random token, signed, so that no stranger can make one up. It opens
nothing by itself."""

from flask import Response, after_this_request, current_app, request
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer

NAME = "loa_device"
YEAR_SECONDS = 31_536_000


def token() -> str | None:
    """The token of this browser; None where there is none, or one that we did not sign."""
    try:
        found = _signer().loads(request.cookies.get(NAME, ""))
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def give(device: str) -> None:
    """Have the answer to this request carry the token."""

    @after_this_request
    def write(response: Response) -> Response:
        response.set_cookie(
            NAME,
            str(_signer().dumps(device)),
            max_age=YEAR_SECONDS,
            httponly=True,
            path=str(current_app.config["SESSION_COOKIE_PATH"]),
            samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
        return response


def known_or_address() -> str:
    """Whose tries are counted together: one known browser's, else all from one address."""
    found = token()
    return f"device {found}" if found else get_remote_address()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="loa-device")
