#!/bin/sh
# Debian packages that the integration and browser tests use. As root they are installed; otherwise the missing ones
# are named in one line and the tests that need them say so when they are left out.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || missing="$missing $2"; }
need mosquitto mosquitto
need /usr/sbin/mosquitto mosquitto
need mosquitto_sub mosquitto-clients
need pulseaudio pulseaudio
need parec pulseaudio-utils
need aplay alsa-utils
need espeak-ng espeak-ng
need chromium chromium
need ip iproute2
need icecast2 icecast2
need /sbin/mkfs.ext4 e2fsprogs
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1 || missing="$missing libasound2-plugins"
ls /usr/lib/*/libasound.so.2 >/dev/null 2>&1 || missing="$missing libasound2"
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
[ -n "$(printf %s "$missing" | tr -d ' ')" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: $missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Not root: left out the tests that need $missing"
fi
