"""What a Mosquitto of the province must be told: passwords in its own form, the rules, and a listener with TLS."""

from collections.abc import Mapping

from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.station.nodes.credentials import hash_password, lasting_salt

_CONFIGURATION = """\
# Mosquitto for Loa Làng, station {station}. Several stations: a name prefix each (broker.node_prefix) and one file of
# passwords and one of rules, put together; or a listener each, with per_listener_settings true.
listener 8883
cafile /etc/mosquitto/tls/ca.pem
certfile /etc/mosquitto/tls/cert.pem
keyfile /etc/mosquitto/tls/key.pem
allow_anonymous false
{accounts}
persistence true
autosave_on_changes true
autosave_interval 2000
persistent_client_expiration 1d
max_packet_size 400000
message_size_limit 400000
max_inflight_messages 20
max_queued_messages 10000
max_queued_bytes 80000000
"""
_STATIC = """\
password_file /etc/mosquitto/loa-{station}.passwords
acl_file /etc/mosquitto/loa-{station}.acl"""
_HOOK = """\
auth_plugin /usr/lib/mosquitto-go-auth/go-auth.so
auth_opt_backends http
auth_opt_cache false
auth_opt_http_host {host}
auth_opt_http_port {port}
auth_opt_http_getuser_uri {path}/mosquitto/user
auth_opt_http_superuser_uri {path}/mosquitto/superuser
auth_opt_http_aclcheck_uri {path}/mosquitto/acl
auth_opt_http_params_mode form
auth_opt_http_response_mode status"""


def files(tenancy: Tenancy, nodes: Mapping[str, Credential], *, password: str, hook_url: str) -> dict[str, str]:
    """By name. With ``hook_url`` the plugin mosquitto-go-auth asks the station; else the files hold all."""
    if hook_url:
        address, _, path = hook_url.removeprefix("http://").partition("/")
        host, _, port = address.rpartition(":")
        accounts = _HOOK.format(host=host, port=port, path=f"/{path}" if path else "")
        return {"mosquitto.conf": _CONFIGURATION.format(station=tenancy.station, accounts=accounts)}
    accounts = _STATIC.format(station=tenancy.station)
    hashes = {name: each.password_hash for name, each in nodes.items()}
    if password:
        hashes[tenancy.user] = hash_password(password, salt=lasting_salt(password))
    return {
        "mosquitto.conf": _CONFIGURATION.format(station=tenancy.station, accounts=accounts),
        f"loa-{tenancy.station}.passwords": "".join(f"{name}:{mark}\n" for name, mark in sorted(hashes.items())),
        f"loa-{tenancy.station}.acl": "\n".join(_rules(tenancy, name) for name in sorted(hashes)),
    }


def _rules(tenancy: Tenancy, name: str) -> str:
    lines = [f"user {name}"]
    lines += [f"topic read {each}" for each in tenancy.reads(name)]
    lines += [f"topic write {each}" for each in tenancy.writes(name)]
    return "\n".join(lines) + "\n"
