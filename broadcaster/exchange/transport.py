"""HTTP with one upper level: the certificate authority it stated is trusted beside the public ones, and every answer
has limits of bytes and of seconds."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning

from broadcaster.certificates.machine_names import is_loopback
from broadcaster.errors import Conflict, Invalid, LoaError, NotFound, Unavailable

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 8.0, 20.0, 60.0
MOST_BYTES = 8_000_000
BLOCK_BYTES = 65_536


class Transport:
    """One connection that stays open between questions; used by one thread at a time.

    ``url``: where the exchange is, without ``/exchange/1``; ``authority_pem``: to be trusted beside the public ones;
    ``token``: shown with every question.
    """

    def __init__(self, url: str, *, authority_pem: str = "", token: str = "", unchecked: bool = False) -> None:
        """``unchecked``: for the one question whose answer is checked by a fingerprint. Raises Invalid for clear text
        beyond this machine."""
        self._host = urlsplit(url).hostname or url
        if urlsplit(url).scheme != "https" and not is_loopback(self._host):
            raise Invalid("exchange.clear_text", field="code", host=self._host)
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "loa-lang"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.verify = not unchecked
        if unchecked:
            urllib3.disable_warnings(InsecureRequestWarning)  # the answer proves itself by the code's fingerprint
        if authority_pem:
            self._session.mount("https://", _Pinned(authority_pem))

    def get(
        self, path: str, query: Mapping[str, str | int] | None = None, *, read_seconds: float = READ_SECONDS
    ) -> bytes:
        """Raises LoaError."""
        with self._asked("GET", path, params=query, read_seconds=read_seconds) as answer:
            return self._whole(answer, ends=time.monotonic() + read_seconds + WHOLE_SECONDS)

    def post(self, path: str, body: bytes) -> bytes:
        """Raises LoaError."""
        with self._asked("POST", path, data=body) as answer:
            return self._whole(answer, ends=time.monotonic() + WHOLE_SECONDS)

    @contextmanager
    def download(self, path: str, *, from_byte: int) -> Iterator[tuple[bool, Iterator[bytes]]]:
        """Whether the answer goes on at ``from_byte``, and its blocks. Raises LoaError."""
        headers = {"Range": f"bytes={from_byte}-"} if from_byte else {}
        with self._asked("GET", path, headers=headers | {"Accept-Encoding": "identity"}) as answer:
            yield answer.status_code == 206, self._blocks(answer)

    def close(self) -> None:
        self._session.close()

    @contextmanager
    def _asked(
        self, method: str, path: str, *, read_seconds: float = READ_SECONDS, **more: Any
    ) -> Iterator[requests.Response]:
        try:
            with self._session.request(
                method,
                self._url + path,
                timeout=(CONNECT_SECONDS, read_seconds),
                verify=self._session.verify,  # said here, too: else REQUESTS_CA_BUNDLE goes before it
                stream=True,
                allow_redirects=False,
                **more,
            ) as answer:
                if answer.status_code not in (200, 206):
                    raise self._refusal(answer)
                yield answer
        except requests.exceptions.SSLError as error:
            raise Unavailable("exchange.other_certificate", host=self._host) from error
        except (requests.RequestException, OSError) as error:
            raise Unavailable("exchange.unreachable", host=self._host) from error

    def _refusal(self, answer: requests.Response) -> LoaError:
        known: dict[int, LoaError] = {
            401: Conflict("exchange.token_refused", host=self._host),
            404: NotFound("exchange.not_there", host=self._host),
            409: Conflict("exchange.code_of_another", host=self._host),
        }
        return known.get(answer.status_code) or Unavailable(
            "exchange.refuses", host=self._host, status=answer.status_code
        )

    def _whole(self, answer: requests.Response, *, ends: float) -> bytes:
        body = b""
        for block in self._blocks(answer):
            body += block
            if len(body) > MOST_BYTES or time.monotonic() > ends:
                raise Unavailable("exchange.unreachable", host=self._host)
        return body

    def _blocks(self, answer: requests.Response) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(BLOCK_BYTES)
        except (requests.RequestException, OSError) as error:
            raise Unavailable("exchange.unreachable", host=self._host) from error


class _Pinned(HTTPAdapter):
    def __init__(self, authority_pem: str) -> None:
        self._context = ssl.create_default_context()
        self._context.load_verify_locations(cadata=authority_pem)
        super().__init__()

    def init_poolmanager(self, *parts: Any, **named: Any) -> None:
        super().init_poolmanager(*parts, ssl_context=self._context, **named)
