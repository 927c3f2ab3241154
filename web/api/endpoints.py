"""One table says what the API is: routes, bodies, answers; the views and the OpenAPI document are both made from it."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.schema import Person
from web.access.guard import require
from web.api.callers import caller, first_of_minute
from web.security.access import Reach, Rule, asks
from web.serving.urgency import is_order, is_urgent
from web.shell.services import services


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the API.

    s: the open database session; saved as a whole when the endpoint returns.
    by: whose token it is.
    now_at: when.
    path: the variable parts of the address.
    query: what stands behind the question mark.
    body: the decoded body, of the endpoint's ``takes``.
    """

    s: Session
    by: Person
    now_at: datetime
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One line of the API.

    method, path: as in OpenAPI, variables in braces.
    access: who may call it; ANYBODY answers without a token, and ``act`` then gets no Call.
    summary: what it does, one sentence in Vietnamese.
    act: does it; gets the Call, gives the answer's body or a whole Response.
    takes: type of the body; None for none.
    receives: takes in a body that is not JSON, before the database is opened, so that no slow sender holds it.
    receives_media: what ``receives`` takes, for the document.
    gives: type of the answer.
    status: of an answer that went well.
    query: name and meaning of each parameter behind the question mark.
    media: type of the answer's bytes.
    """

    method: str
    path: str
    access: Rule
    summary: str
    act: Callable[..., Any]
    takes: Any = None
    receives: Callable[[], Any] | None = None
    receives_media: str = "audio/*"
    gives: Any = None
    status: int = 200
    query: dict[str, str] = field(default_factory=dict)
    media: str = "application/json"

    @property
    def public(self) -> bool:
        """Whether it answers without a token."""
        return self.access.reach is Reach.ANYBODY

    @property
    def name(self) -> str:
        """``post_announcements_submit``, ``get_announcements_one``"""
        words = re.findall(r"[a-z0-9_]+", re.sub(r"\{.*?\}", "", self.path))
        return "_".join([self.method.lower(), *words, *(["one"] if self.path.endswith("}") else [])])

    @property
    def variables(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return re.sub(r"\{(\w+)\}", r"<\1>", self.path)


def register(blueprint: Blueprint, endpoints: Iterable[Endpoint]) -> None:
    for endpoint in endpoints:
        blueprint.add_url_rule(endpoint.rule, endpoint.name, _view(endpoint), methods=[endpoint.method])


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    @asks(endpoint.access)
    def view(**path: str) -> Response:
        if endpoint.public:
            return _answer(endpoint.act(), endpoint)
        _ask(endpoint.access, path)
        body = endpoint.receives() if endpoint.receives else _body(endpoint.takes) if endpoint.takes else None
        with _session(endpoint) as s:
            call = Call(
                s=s, by=caller(s), now_at=services().clock(), path=path, query=request.args.to_dict(), body=body
            )
            answer = endpoint.act(call)
        return _answer(answer, endpoint)

    return view


def _ask(rule: Rule, path: dict[str, str]) -> None:
    """Before the body is looked at: who may not do it is not told what is wrong with what was sent."""
    with services().database.reading(urgent=is_urgent()) as s:
        require(s, caller(s), rule, path)


@contextmanager
def _session(endpoint: Endpoint) -> Iterator[Session]:
    database = services().database
    only_reads = endpoint.method == "GET" and not first_of_minute()
    with database.reading(urgent=is_urgent()) if only_reads else database.session(urgent=is_order()) as s:
        yield s


def _answer(answer: Any, endpoint: Endpoint) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        nothing = Response(status=204)
        del nothing.headers["Content-Type"]
        return nothing
    return Response(msgspec.json.encode(answer), endpoint.status, mimetype="application/json")


def _body(kind: Any) -> Any:
    return decoded(request.get_data(), kind)


def decoded(payload: bytes, kind: Any) -> Any:
    """A body as a value. Raises Invalid naming the field."""
    try:
        return msgspec.json.decode(payload or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("api.not_json") from None


def _named(message: str) -> Invalid:
    """msgspec's words as a sentence and a field."""
    quoted = re.search(r"field `(\w+)`", message)
    where = re.search(r" - at `\$\.?([\w.\[\]]*)", message)
    path = where.group(1) if where else ""
    if quoted:
        name = ".".join(part for part in (path, quoted.group(1)) if part)
        if "missing" in message:
            return Invalid("api.field_missing", field=name, name=name)
        return Invalid("api.field_unknown", field=name, name=name)
    return Invalid("api.field_wrong", field=path or None, name=path, cause=message.partition(" - at ")[0])
