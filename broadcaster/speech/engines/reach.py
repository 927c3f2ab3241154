"""Is a server there at all? Answered within a limit, name look-up included."""

import socket
import threading
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


def reachable(url: str, *, timeout_seconds: float) -> bool:
    """True when a TCP connection to the host of ``url`` stands within ``timeout_seconds``.

    A name look-up cannot be given a limit, so it is asked in a thread of its own that is left behind when it hangs.
    """
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443))
    reached = threading.Event()
    finished = threading.Event()

    def connect() -> None:
        try:
            with socket.create_connection(address, timeout=timeout_seconds):
                reached.set()
        except OSError:
            pass
        finally:
            finished.set()

    threading.Thread(target=connect, name="speech-reach", daemon=True).start()
    finished.wait(timeout_seconds)
    return reached.is_set()
