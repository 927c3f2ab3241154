"""The console of one of several stations below a path of one HTTPS address: ``https://loa.example.vn/con-minh/``."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def under(app: "WSGIApplication", prefix: str) -> "WSGIApplication":
    """Links, static files and cookies of what the proxy passes on under ``prefix`` begin with it.

    The proxy takes the prefix off the path and says so in X-Forwarded-Prefix. No other value is believed, whoever sends
    it: a stranger's would stand in pages that are kept for others. Call it only where a proxy is trusted.
    """

    def prefixed(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_X_FORWARDED_PREFIX", "").rpartition(",")[2].strip().rstrip("/") == prefix:
            environ["SCRIPT_NAME"] = prefix
        return app(environ, start)

    return prefixed
