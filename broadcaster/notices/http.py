"""HTTP through the one way outside: no redirects, no proxies of the environment, answers of bounded length and time."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from broadcaster.notices import outside

MOST_BYTES = 65_536
AGENT = "loa-lang"


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> Any:
        return outside.connect(self.host, self.port or 80)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> Any:
        return outside.connect(self.host, self.port or 443)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class OutsideSession(requests.Session):
    """What libraries of others are given to send with."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(max_retries=0))

    def request(self, method: str, url: str | bytes, **more: Any) -> requests.Response:  # type: ignore[override]
        """One request; what is answered is noted at the attempt. Raises RequestException."""
        attempt = outside.current()
        more |= {"allow_redirects": False, "stream": True, "timeout": attempt.left_seconds, "verify": True}
        headers = {"Accept-Encoding": "identity"} | {"User-Agent": AGENT} | dict(more.pop("headers", None) or {})
        answer = super().request(method, url, headers=headers, **more)
        try:
            body = answer.raw.read(MOST_BYTES, decode_content=True)
        except (HTTPError, OSError) as error:
            raise requests.ConnectionError("cut off while answering") from error
        finally:
            answer.close()
        if attempt.is_over:  # a head that was cut off reads like a whole one
            raise requests.Timeout("the attempt took too long")
        answer._content = body
        attempt.status, attempt.body = answer.status_code, body
        attempt.media = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        attempt.retry_after = answer.headers.get("Retry-After", "")
        return answer


def post(url: str, **more: Any) -> requests.Response:
    """The same as ``requests.post``, by that way. Raises RequestException."""
    more.pop("verify", None)
    more.pop("allow_redirects", None)
    with OutsideSession() as session:
        return session.post(url, **more)
