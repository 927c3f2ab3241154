"""What this machine is called: asked of its kernel, of no other machine."""

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path


def own_names() -> frozenset[str]:
    """What this machine calls itself, and the addresses of its interfaces; asks no other machine."""
    name = socket.gethostname().lower()
    names = {name, f"{name}.local", f"{name.partition('.')[0]}.local"}
    return frozenset(names | set(_addresses()))


def outward_address() -> str:
    """An address of this machine in its network, IPv4 before IPv6; the loopback address where there is none."""
    addresses = [ip_address(each) for each in _addresses()]
    outward = [each for each in addresses if not (each.is_loopback or each.is_link_local)]
    found = sorted(outward, key=lambda each: (each.version, int(each)))
    return str(found[0]) if found else "127.0.0.1"


def address_of(name: str) -> str | None:
    """An IP address in its one spelling; None for a name that is none."""
    try:
        return str(ip_address(name.partition("%")[0]))
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Whether only this machine reaches it. An empty name and 0.0.0.0 stand for every interface."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = address_of(name)
    return address is not None and ip_address(address).is_loopback


def _addresses() -> Iterable[str]:
    """Of every interface, as Linux lists them; nothing elsewhere."""
    for before, line in pairwise(_lines("/proc/net/fib_trie")):
        if line.endswith("host LOCAL"):
            yield before.split()[-1]
    for line in _lines("/proc/net/if_inet6"):
        yield str(ip_address(bytes.fromhex(line.split()[0])))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
