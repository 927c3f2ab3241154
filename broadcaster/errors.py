"""Refusals a person can meet: a code and facts. Sentences are made of them at the edge (``broadcaster.refusals``).

LoaError
├── Invalid       422
├── NotAllowed    403
├── NotFound      404
├── Conflict      409
└── Unavailable   503
"""

from typing import Self

from broadcaster.refusals.reasons import Reason


class LoaError(Exception):
    """Something a person can act on.

    ``code`` is ``<noun>.<what>``, the same in every language; ``facts`` are what its sentence names. ``str(error)`` is
    both on one line, for logs. ``field`` names the input it belongs to (an API field, a form field, a setting), or is
    None.
    """

    def __init__(self, code: str, /, *, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.reason = Reason(code, **facts)
        self.field = field

    @classmethod
    def of(cls, reason: Reason, *, field: str | None = None) -> Self:
        """The refusal for a reason that is known already."""
        return cls(reason.code, field=field, **reason.facts)

    @property
    def code(self) -> str:
        return self.reason.code

    def __str__(self) -> str:
        return str(self.reason)


class Invalid(LoaError):
    """What was given cannot be accepted as it is (HTTP 422)."""


class NotAllowed(LoaError):
    """This person may not do this (HTTP 403)."""


class NotFound(LoaError):
    """There is no such thing (HTTP 404)."""


class Conflict(LoaError):
    """The thing changed, or is in a state that does not permit this (HTTP 409)."""


class Unavailable(LoaError):
    """A part of the house that is needed does not answer now (HTTP 503)."""
