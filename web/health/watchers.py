"""Who may read the figures: programs at given addresses, or with the token."""

import hmac
from ipaddress import ip_address, ip_network

from flask import request

from broadcaster.config import MetricsSettings
from web.shell.services import services


def let_in(settings: MetricsSettings) -> bool:
    """Whether this request comes from one of them. What a proxy passes on has the proxy's address: unless the
    configuration knows the proxy, only the token counts."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if settings.token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), settings.token.encode())
    if "X-Forwarded-For" in request.headers and not services().config.web.trusted_proxies:
        return False
    return _is_allowed(request.remote_addr or "", settings.allow)


def _is_allowed(address: str, allowed: tuple[str, ...]) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if mapped := getattr(found, "ipv4_mapped", None):
        found = mapped
    return any(found in ip_network(each, strict=False) for each in allowed)
