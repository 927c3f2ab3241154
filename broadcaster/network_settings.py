"""Settings of what listens (broker, enrolment, console, encryption) and of what calls people; ``config`` reads them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]
Encryption = Literal["auto", "always", "never"]
HostName = Annotated[str, Meta(pattern=r"^(\*\.)?[^\s/?#@*:,]+\Z|^[0-9a-fA-F:]+\Z")]


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """The MQTT broker.

    kind: ``auto`` takes Mosquitto when it is installed, else the embedded one; ``external`` connects elsewhere.
    host, port: where it listens (0 picks a free port at the first start and keeps it).
    public_host: the name nodes reach it by; empty means ``host``.
    username, password: of the station at an external broker; generated for our own.
    encryption: ``auto`` speaks TLS whenever it listens beyond this machine, ``always`` also on it, ``never`` nowhere.
    plain_port: a further port in clear text, for nodes enrolled before theirs was encrypted; 0: none.
    node_prefix: put before the nodes' names at an external broker that several stations share, such as ``con-minh.``;
        never changed later.
    tls_ca_file: certificate authority of an external broker, PEM; empty for a plain connection.
    in_flight: how many QoS 1 messages travel unacknowledged.
    connect_seconds: how long one attempt to connect may take.
    hook_host, hook_port: where an external broker asks this station who may come in and do what; 0 is nowhere.
    hook_token: part of the address it asks at; needed unless it asks from this machine.
    management: of which kind the programs' interface of an external broker is, by which nodes are cut off.
    management_url, management_username, management_password: where it is, and an account that may administer it.
    """

    kind: Literal["auto", "mosquitto", "embedded", "external"] = "auto"
    host: str = "127.0.0.1"
    port: Port = 18830
    public_host: str = ""
    encryption: Encryption = "auto"
    plain_port: Port = 0
    username: str = ""
    password: str = ""
    node_prefix: Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]{0,47}\.)?\Z")] = ""
    tls_ca_file: str = ""
    in_flight: Annotated[int, Meta(ge=1, le=1000)] = 20
    connect_seconds: Seconds = 30.0
    hook_host: str = "127.0.0.1"
    hook_port: Port = 0
    hook_token: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_-]{16,128})?\Z")] = ""
    management: Literal["none", "rabbitmq", "emqx"] = "none"
    management_url: str = ""
    management_username: str = ""
    management_password: str = ""


@dataclass(frozen=True, kw_only=True)
class EnrolmentSettings:
    """port: where new nodes fetch their bundle with a one-time code, on the broker's address; 0 offers no codes."""

    port: Port = 18831


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """The console.

    host, port: where it listens; this machine only unless told otherwise.
    encryption: as for the broker; ``auto`` also speaks TLS when ``tls.certificate`` is set.
    secure_cookies: True behind a proxy that speaks HTTPS; a console that speaks it itself needs no telling.
    trusted_proxies: how many reverse proxies stand in front and set X-Forwarded-*.
    path_prefix: below which path the proxy shows this console, such as /con-minh; it takes it off and says so in
        X-Forwarded-Prefix. Cookies are kept to it.
    session_hours: a login ends after so many hours without use.
    threads: requests served at once; live pages hold one each.
    public_url: how residents' phones reach it, such as https://loa.conminh.vn, printed as QR codes; empty takes the
        address the browser used.
    allowed_hosts: further names the console is reached by; ``*.conminh.vn`` means every name below
        it. This machine's own names and addresses, ``host`` and that of ``public_url`` are always among them.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    encryption: Encryption = "auto"
    secure_cookies: bool = False
    trusted_proxies: Annotated[int, Meta(ge=0, le=5)] = 0
    path_prefix: Annotated[str, Meta(pattern=r"^(/[a-z0-9][a-z0-9-]{0,47})?\Z")] = ""
    session_hours: Annotated[int, Meta(ge=1, le=720)] = 12
    threads: Annotated[int, Meta(ge=4, le=256)] = 32
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^\s/?#]+/?)?\Z")] = ""
    allowed_hosts: tuple[HostName, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TlsSettings:
    """Encryption of what listens beyond this machine.

    certificate, key: of the console, PEM files of an operator, the certificate with its chain; empty: one by the
        station's own authority.
    names: further names and addresses in the station's own certificate.
    plain_listeners: ``allowed`` lets broker and console speak clear text beyond this machine where they are told to.
    """

    certificate: str = ""
    key: str = ""
    names: tuple[HostName, ...] = ()
    plain_listeners: Literal["refused", "allowed"] = "refused"


_NoticeNetwork = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f.:]+(/\d{1,3})?\Z")]
_NoticeAddress = Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+\Z")]
_NoticePort = Annotated[int, Meta(ge=1, le=65535)]


@dataclass(frozen=True, kw_only=True)
class NoticeSettings:
    """Channels are offered to people as far as they are set up here; ntfy, webhooks and browsers always are.

    allow: private addresses and networks, such as 192.168.1.0/24, that people's channels may lead to; else none.
    attempt_seconds: longest time one message may take.
    zalo_bot_token, telegram_bot_token: of the commune's bots; empty: not offered.
    zalo_address, telegram_address: where the services answer.
    zalo_oa_app_id, zalo_oa_secret, zalo_oa_refresh_token: of the commune's official account; the first two are those of
        its application, the third is given once and renewed by the station itself.
    zalo_oa_address, zalo_oauth_address: where the official account's services answer.
    ntfy_address: the server that is proposed.
    smtp_host: of outgoing mail; empty: e-mail is not offered. smtp_from: whose name stands on it.
    push_contact: whom operators of push services may write to.
    """

    allow: tuple[_NoticeNetwork, ...] = ()
    attempt_seconds: Annotated[float, Meta(ge=1, le=45)] = 15.0
    zalo_bot_token: Annotated[str, Meta(pattern=r"^([0-9]+:[A-Za-z0-9_-]+)?\Z")] = ""
    zalo_address: _NoticeAddress = "https://bot-api.zaloplatforms.com"
    zalo_oa_app_id: str = ""
    zalo_oa_secret: str = ""
    zalo_oa_refresh_token: str = ""
    zalo_oa_address: _NoticeAddress = "https://openapi.zalo.me"
    zalo_oauth_address: _NoticeAddress = "https://oauth.zaloapp.com"
    telegram_bot_token: Annotated[str, Meta(pattern=r"^([0-9]+:[A-Za-z0-9_-]+)?\Z")] = ""
    telegram_address: _NoticeAddress = "https://api.telegram.org"
    ntfy_address: _NoticeAddress = "https://ntfy.sh"
    smtp_host: Annotated[str, Meta(pattern=r"^[^\s/@]*\Z")] = ""
    smtp_port: _NoticePort = 587
    smtp_security: Literal["starttls", "ssl", "insecure"] = "starttls"
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_from: Annotated[str, Meta(pattern=r"^([^\s@<>]+@[^\s@<>]+)?\Z")] = ""
    push_contact: Annotated[str, Meta(pattern=r"^(mailto:[^\s]+@[^\s]+|https://[^\s]+)\Z")] = (
        "mailto:loa@localhost.invalid"
    )

    @property
    def offered(self) -> tuple[str, ...]:
        """The kinds of channels that are set up, as people may choose them."""
        ready = {
            "web_push": True,
            "zalo": bool(self.zalo_bot_token),
            "zalo_oa": bool(self.zalo_oa_app_id and self.zalo_oa_secret and self.zalo_oa_refresh_token),
            "telegram": bool(self.telegram_bot_token),
            "email": bool(self.smtp_host and (self.smtp_from or self.smtp_username)),
            "ntfy": True,
            "webhook": True,
        }
        return tuple(kind for kind, there in ready.items() if there)
