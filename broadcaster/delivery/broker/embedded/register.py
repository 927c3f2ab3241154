"""The accounts and rules of one embedded broker."""

from collections.abc import Callable, Iterable

from amqtt.contexts import Action  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.rights import may_read, may_write
from broadcaster.station.nodes.credentials import verify_password


class Register:
    """Read in the broker's thread, replaced from any."""

    def __init__(self, station: str, own: Credential) -> None:
        self._station = station
        self._own = own
        self._hashes = {own.username: own.password_hash}
        self._owners: dict[str, str] = {}

    def replace(self, credentials: Iterable[Credential]) -> None:
        self._hashes = {each.username: each.password_hash for each in (*credentials, self._own)}

    def admits(self, session: Session) -> bool:
        """Right password, and nothing of another's: neither a will on its topic nor its stored session, which the
        broker itself checks neither."""
        username = session.username or ""
        known = self._hashes.get(username)
        if known is None or not verify_password(session.password or "", known):
            return False
        if session.will_topic and not may_write(self._station, username, session.will_topic):
            return False
        return bool(session.clean_session) or self._owners.setdefault(session.client_id or "", username) == username

    def permits(self, username: str, topic: str, action: Action) -> bool:
        if username not in self._hashes:
            return False
        rule: Callable[[str, str, str], bool] = may_write if action is Action.PUBLISH else may_read
        return rule(self._station, username, topic)
