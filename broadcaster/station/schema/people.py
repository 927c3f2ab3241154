"""Who may act, and the proofs of who they are that we hold: never a secret itself, always its hash."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.columns.base import Base, new_id, word
from broadcaster.station.schema.units import Unit
from broadcaster.station.vocabulary.states import Role


class Person(Base):
    """Somebody with a login.

    username: what is typed at login; NFC, lower case.
    password_hash: argon2id.
    totp_secret: base32, when the second factor is on.
    totp_step: the last code taken from the telephone; it and older ones are taken no more.
    failed_logins: wrong passwords since the last right one.
    locked_until_at: no password is tried before this, but from a known device.
    deputy_id: who is called when this person does not act on what is urgent; None for nobody.
    limited_to: names of the only permissions that count while a program acts for the person; never stored.
    """

    __tablename__ = "people"
    __allow_unmapped__ = True

    limited_to: frozenset[str] | None = None

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column()
    disabled_at: Mapped[datetime | None] = mapped_column()
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column()
    deputy_id: Mapped[str | None] = mapped_column(String(32))

    memberships: Mapped[list["Membership"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Membership.unit_id, Membership.role"
    )


class Membership(Base):
    """One role of one person in one unit and all below it.

    awaiting_since_at: without effect since then, until a second administrator confirms it or, where there is none, a
        day has passed; only the approver's role ever waits.
    given_by_id, given_at: the administrator who gave it, or last made it possible to sign in as the person; None at the
        machine's own terminal.
    """

    __tablename__ = "memberships"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role), primary_key=True)
    awaiting_since_at: Mapped[datetime | None] = mapped_column()
    given_by_id: Mapped[str | None] = mapped_column(String(32))
    given_at: Mapped[datetime | None] = mapped_column()

    unit: Mapped[Unit] = relationship(lazy="joined")


class LoginSession(Base):
    """A browser that is logged in.

    token_hash: sha256 of the cookie's token, hex.
    seen_at: last request, to the minute.
    client: what the browser says it is.
    """

    __tablename__ = "login_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    client: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="joined")


class KnownDevice(Base):
    """A browser in which a person has signed in with every proof: what strangers try elsewhere does not lock it out.

    token_hash: sha256 of the cookie's token, hex.
    failed_logins, locked_until_at: as of the person, for wrong proofs from this browser.
    """

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("person_id", "token_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column()


class ApiToken(Base):
    """A program's key to the API, with the rights of one person.

    name: what it is for.
    token_hash: sha256 of the token, hex.
    scopes: names of the permissions it may use; None, of tokens before there were scopes, is all the person has.
    used_at: last use, to the minute.
    """

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()

    person: Mapped[Person] = relationship(lazy="joined")


class RecoveryCode(Base):
    """A code on paper that stands for the telephone once."""

    __tablename__ = "recovery_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column()


class Invitation(Base):
    """A link with which a person sets a password of their own, once.

    token_hash: sha256 of the link's token, hex.
    is_reset: for a login that was there before.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    is_reset: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
