#!/bin/sh
# Installs, starts, upgrades, removes and purges the packages in a copy of this machine's file system that is thrown away
# (an overlay in namespaces of its own): nothing of it reaches the machine. Needs root, overlay mounts and python3-venv.
set -eu
cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
if [ "$(id -u)" != 0 ] || ! /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || ! command -v dpkg-deb unshare >/dev/null; then
    echo "SKIPPED: the packages are tried only as root on Debian with python3-venv" >&2
    exit 0
fi
work=$(mktemp -d)
# A namespace that has just ended may hold its mounts for a moment more: that is no failure of what was tried.
let_go() { # MOUNT…
    for mount; do
        tries=20
        until ! mountpoint -q "$mount" || umount -q "$mount" 2>/dev/null; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || { umount -l "$mount" 2>/dev/null || true; break; }
            sleep 0.5
        done
    done
}
trap 'let_go "$work/root" "$work/layers"; rm -rf "$work"' EXIT
build() { "$python" deploy/packages/build.py "$@" 2>"$work/build.log" || { tail -n 20 "$work/build.log" >&2; exit 1; }; }
version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
arch=$(dpkg --print-architecture)
echo "building for Python $version"
build --arch "$arch" --python "$version" --version 1.0 --output "$work/first"
build --arch "$arch" --python "$version" --version 1.1 --part station --output "$work/second"

# Deep inside, so that the upper layer lies on no overlay itself.
mkdir "$work/layers" && mount -t tmpfs -o size=3G tmpfs "$work/layers"
mkdir "$work/layers/upper" "$work/layers/work" "$work/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layers/upper,workdir=$work/layers/work" "$work/root"
mkdir -p "$work/root/packages"
cp "$work"/first/*.deb "$work"/second/*.deb "$work/root/packages/"
cp deploy/packages/inside.sh "$work/root/packages/"
rm -rf "$work/first" "$work/second"
code=0
unshare --mount --net --pid --fork --kill-child sh -c '
    mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/run" && mount -t tmpfs tmpfs "$1/tmp" && mount --bind /dev "$1/dev"
    ip link set lo up
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh /packages/inside.sh
' sh "$work/root" || code=$?
exit $code
