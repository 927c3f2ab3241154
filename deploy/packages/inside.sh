#!/bin/sh
# The life of both packages, inside the copy. Every step says its second; the first that fails ends it.
set -eu
began=$(date +%s)
say() { echo "[$(($(date +%s) - began)) s] $*"; }
fail() { echo "FAILED: $*" >&2; tail -n 20 /tmp/*.log >&2 2>/dev/null || true; exit 1; }
as_loa() { setpriv --reuid loa --regid loa --clear-groups "$@"; }
until_true() { # SECONDS COMMAND…
    last=$(($(date +%s) + $1)); shift
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt "$last" ] || return 1
        sleep 1
    done
}
start() {
    as_loa env LOA_CONFIG=/etc/loa/config.yaml /opt/loa-station/venv/bin/loa station >/tmp/station.log 2>&1 &
    station=$!
    as_loa env LOA_CONFIG=/etc/loa/config.yaml /opt/loa-station/venv/bin/loa web >/tmp/web.log 2>&1 &
    web=$!
}
# What ended by itself is a failure that is said, not one of "kill".
end() { # NAME PROCESS
    kill "$2" 2>/dev/null || fail "$1 has ended by itself"
    wait "$2" || true
}
stop() { end station "$station"; end console "$web"; }
healthy() {
    /usr/bin/python3 - <<'P'
import json, ssl, sys, urllib.request
context = ssl.create_default_context(cafile="/tmp/authority.crt")
answer = json.load(urllib.request.urlopen("https://127.0.0.1:8080/api/v1/health", context=context, timeout=5))
sys.exit(answer["status"] != "ok")
P
}

say "install both"
dpkg -i /packages/loa-station_1.0_*.deb /packages/loa-node_1.0_*.deb || fail "dpkg -i"
[ "$(stat -c %U:%a /var/lib/loa)" = loa:700 ] || fail "data folder"
[ "$(stat -c %a /etc/loa/config.yaml)" = 640 ] || fail "settings"
loa --version || fail "loa"
loa-node --help >/dev/null || fail "loa-node"
say "set up"
loa setup --commune "Côn Minh" --hamlets "Lủng Pảng" --administrator "Nông Thị Hoa" --approver "Hoàng Văn Sơn" \
    --approver-notices ntfy:https://ntfy.sh/chu-de-thu --address 127.0.0.2 </dev/null >/tmp/setup.log || fail "setup"
sed -i 's/127.0.0.1/0.0.0.0/' /var/lib/loa/settings.yaml
as_loa loa certificates export -o /tmp/authority.crt || fail "authority"
if loa setup </dev/null >/dev/null 2>&1; then fail "set up twice"; fi
say "start"
start
until_true 240 healthy || fail "the console does not answer over https"
say "healthy; a node comes by its code"
as_loa loa nodes add "Cụm loa Lủng Pảng" --unit "Lủng Pảng" --code >/tmp/code.log || fail "nodes add"
code=$(grep -o '[^ ]*:18831/[a-z2-7]*/[a-z2-7]*' /tmp/code.log | head -1)
until_true 60 loa-node enrol "$code" --output /tmp/node.json || fail "enrol"
/opt/loa-node/venv/bin/python -P -m speaker_node.releases.launcher --bundle /tmp/node.json --data /tmp/node --sound file \
    --trust-clock >/tmp/node.log 2>&1 &
node=$!
until_true 180 sh -c 'setpriv --reuid loa --regid loa --clear-groups loa nodes list | grep -q "đang kết nối"' || fail "node"
end node "$node"
say "install the node's unit"
loa-node install --bundle /tmp/node.json --root /tmp/pi >/dev/null || fail "node install"
grep -q "^ExecStart=/opt/loa-node/venv/bin/python -P -m speaker_node.releases.launcher --bundle" \
    /tmp/pi/etc/systemd/system/loa-node.service || fail "the node's unit names no launcher, or one version's environment"
systemctl --root=/ --quiet is-enabled loa-station || fail "unit not enabled"
stop
say "upgrade"
key=$(sha256sum /var/lib/loa/station.key)
echo "# mine" >>/etc/loa/config.yaml
dpkg -i /packages/loa-station_1.1_*.deb || fail "upgrade"
[ "$(readlink /opt/loa-station/venv)" = venv-1.1 ] || fail "the new environment is not in force"
[ ! -e /opt/loa-station/venv-1.0 ] || fail "the old environment stays"
[ "$key" = "$(sha256sum /var/lib/loa/station.key)" ] && grep -q "# mine" /etc/loa/config.yaml || fail "data or settings"
start
until_true 240 healthy || fail "after the upgrade"
as_loa loa nodes list | grep -q lung-pang || fail "nodes"
stop
dpkg-reconfigure loa-station || fail "configure again"
say "remove"
dpkg -r loa-station loa-node || fail "remove"
[ ! -e /opt/loa-station/venv-1.1 ] && [ ! -e /usr/bin/loa ] && [ -e /var/lib/loa/station.key ] || fail "removed wrongly"
say "purge keeps the data, and deletes it when told"
dpkg -i /packages/loa-station_1.1_*.deb >/dev/null || fail "install again"
dpkg --purge loa-station || fail "purge"
[ -e /var/lib/loa/station.key ] && [ -e /etc/loa/config.yaml ] || fail "purge took the data"
dpkg -i /packages/loa-station_1.1_*.deb >/dev/null || fail "install again"
touch /var/lib/loa/delete-on-purge
dpkg --purge loa-station loa-node || fail "purge"
[ ! -e /var/lib/loa ] && [ ! -e /etc/loa ] || fail "purge left the data"
say "all well"
