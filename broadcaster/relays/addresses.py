"""Which addresses may be asked for sound. Pure: names are resolved elsewhere, and every answer is checked here."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from broadcaster.errors import Invalid
from broadcaster.relays.troubles import StreamTrouble

LONGEST = 400
_IPv4_IN_IPv6 = (ip_network("64:ff9b::/96"), ip_network("::/96"))


def checked(url: str, *, field: str = "addresses") -> str:
    """An address of http or https, without a name and password in it. Raises Invalid."""
    if not is_stream_address(url):
        raise Invalid("relay.address_malformed", field=field, address=url[:80])
    return url


def is_stream_address(url: str) -> bool:
    """Whether it is of http or https, names a host, and says nothing secret."""
    if len(url) > LONGEST or not url.isascii() or any(each <= " " or each == "\x7f" or each in "\\<>" for each in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.username is None
        and parts.password is None
        and port != 0
    )


def may_be_asked(address: str, private_networks: Sequence[str]) -> bool:
    """Whether this IP address is of the open internet, or of a network that the configuration lists."""
    try:
        found = _plain(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(found in ip_network(network, strict=False) for network in private_networks):
        return True
    return found.is_global and not found.is_multicast


def redirected(url: str, target: str) -> str:
    """Where a redirect at ``url`` leads: its server answers for it, as it would have for the sound itself.

    Raises StreamTrouble unless it is an address of http or https.
    """
    found = urljoin(url, target.strip())
    if not target or not is_stream_address(found):
        raise StreamTrouble("relay.leads_nowhere", host=host_of(url))
    return found


def led_to(url: str, target: str, *, hosts: Sequence[str]) -> str:
    """Where a playlist at ``url`` leads: on its own host, or on one of ``hosts``. Raises StreamTrouble."""
    found = redirected(url, target)
    here, there = host_of(url), host_of(found)
    if there != here and not any(_matches(there, host) for host in hosts):
        raise StreamTrouble("relay.leads_elsewhere", host=here, elsewhere=there)
    return found


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _matches(host: str, allowed: str) -> bool:
    allowed = allowed.lower()
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside one of IPv6, where that is what would be reached."""
    if isinstance(address, IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and any(address in network for network in _IPv4_IN_IPv6) and int(address) > 1:
        inside = IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address
