"""What EMQX 5 must be told: passwords as PBKDF2 for its built-in database, the rules, and a listener with TLS."""

import json
from collections.abc import Mapping

from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.station.nodes.credentials import hash_password, lasting_salt, pbkdf2_parts

_LISTENER = """\
# EMQX 5 for Loa Làng, station {station}.
listeners.ssl.default {{
  bind = "0.0.0.0:8883"
  ssl_options {{
    cacertfile = "/etc/emqx/certs/ca.pem"
    certfile = "/etc/emqx/certs/cert.pem"
    keyfile = "/etc/emqx/certs/key.pem"
    verify = verify_none
  }}
}}
mqtt {{ max_packet_size = "400KB", retain_available = true, use_username_as_clientid = false }}
retainer {{ enable = true, backend {{ type = built_in_database, storage_type = disc }} }}
"""
_STATIC = """\
authentication = [{{
  mechanism = password_based
  backend = built_in_database
  user_id_type = username
  password_hash_algorithm {{ name = pbkdf2, mac_fun = sha512, iterations = {iterations}, dk_length = 64 }}
}}]  # then import loa-{station}.json: POST /api/v5/authentication/password_based:built_in_database/import_users
authorization {{
  no_match = deny
  sources = [{{ type = file, enable = true, path = "/etc/emqx/loa-{station}.acl" }}]
}}
"""
_HOOK = """\
authentication = [{{
  mechanism = password_based
  backend = http
  method = post
  url = "{url}/emqx/authentication"
  body {{ username = "${{username}}", password = "${{password}}" }}
  headers {{ "content-type" = "application/json" }}
}}]
authorization {{
  no_match = deny
  cache {{ enable = false }}
  sources = [{{
    type = http
    method = post
    url = "{url}/emqx/authorization"
    body {{ username = "${{username}}", topic = "${{topic}}", action = "${{action}}" }}
    headers {{ "content-type" = "application/json" }}
  }}]
}}
"""
ITERATIONS = 101


def files(tenancy: Tenancy, nodes: Mapping[str, Credential], *, password: str, hook_url: str) -> dict[str, str]:
    """By name. With ``hook_url`` EMQX asks the station; else its database and a file hold all."""
    listener = _LISTENER.format(station=tenancy.station)
    if hook_url:
        return {"emqx.conf": listener + _HOOK.format(url=hook_url)}
    hashes = {name: each.password_hash for name, each in nodes.items() if is_exportable(each)}
    if password:
        hashes[tenancy.user] = hash_password(password, salt=lasting_salt(password))
    users = [_user(name, mark) for name, mark in sorted(hashes.items())]
    rules = [_rule(tenancy, name) for name in sorted(hashes)]
    return {
        "emqx.conf": listener + _STATIC.format(station=tenancy.station, iterations=ITERATIONS),
        f"loa-{tenancy.station}.json": json.dumps(users, indent=1) + "\n",
        f"loa-{tenancy.station}.acl": "".join([*rules, "{deny, all}.\n"]),
    }


def is_exportable(credential: Credential) -> bool:
    """Whether EMQX can take the hash over: it wants a salt of letters."""
    iterations, salt, _ = pbkdf2_parts(credential.password_hash)
    return salt.isascii() and salt.decode("ascii").isprintable() and iterations == ITERATIONS


def _user(name: str, password_hash: str) -> dict[str, object]:
    _, salt, key = pbkdf2_parts(password_hash)
    return {"user_id": name, "password_hash": key.hex(), "salt": salt.decode("ascii"), "is_superuser": False}


def _rule(tenancy: Tenancy, name: str) -> str:
    who = f"{{username, {json.dumps(name)}}}"
    reads, writes = json.dumps(tenancy.reads(name)), json.dumps(tenancy.writes(name))
    return f"{{allow, {who}, subscribe, {reads}}}.\n{{allow, {who}, publish, {writes}}}.\n"
