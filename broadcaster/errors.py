"""Errors a person can meet: subject, fact, remedy."""


class LoaError(Exception):
    """Something a person can act on.

    ``str(error)`` is one Vietnamese sentence that names the subject, the fact and what to do.
    ``field`` names the input it belongs to (an API field, a form field, a setting), or is None.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


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
