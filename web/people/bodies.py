"""What programs send and are answered about people."""

from typing import Annotated

from msgspec import Meta

from web.api.bodies import Answer, Instant, Request


class RoleIn(Request, frozen=True, kw_only=True):
    """unit: its id; role: officer, approver, administrator, technician or viewer; holds in every unit below."""

    unit: str
    role: str


class NewPerson(Request, frozen=True, kw_only=True):
    """Somebody new; the answer has a link with which they set a password of their own."""

    username: str
    full_name: str
    roles: Annotated[list[RoleIn], Meta(max_length=50)]


class NewRoles(Request, frozen=True, kw_only=True):
    """All roles of a person; those left out end."""

    roles: Annotated[list[RoleIn], Meta(max_length=50)]


class NewState(Request, frozen=True, kw_only=True):
    """disabled: true locks the account and ends its logins; false opens it again."""

    disabled: bool


class PersonAnswer(Answer, frozen=True, kw_only=True):
    """A login. second_factor: whether signing in asks for a code, too."""

    id: str
    username: str
    full_name: str
    disabled: bool
    second_factor: bool
    roles: list[dict[str, str]]


class Invited(Answer, frozen=True, kw_only=True):
    """link: opens once, before ``valid_until_at``, a page to set a password; shown in this answer alone."""

    person: PersonAnswer
    link: str
    valid_until_at: Instant
