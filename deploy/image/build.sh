#!/bin/sh
# A card image of a node: Raspberry Pi OS Lite (64 bit, 12 or 13) with the node's package, a root that is only read, and a
# partition for data. As root, with losetup, parted, mkfs.ext4, and qemu-user-static where this machine is no arm64:
#   sh deploy/image/build.sh raspios-lite-arm64.img build/packages/loa-node_0.2.0_arm64.deb node.img
# Then: write node.img to cards (rpi-imager, dd), and on each card's FAT partition copy loa-mau.txt to loa.txt and fill it in.
set -eu
[ $# = 3 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "run it as root" >&2; exit 1; }
base=$1 package=$2 image=$3
here=$(dirname "$0")
data_megabytes=${DATA_MEGABYTES:-1024}

cp --sparse=always "$base" "$image"
# Room for the package, then the partition for data behind the root.
truncate -s "+$((data_megabytes + 512))M" "$image"
end=$(parted -ms "$image" unit MiB print | awk -F: '$1 == 2 { sub("MiB", "", $3); print int($3) + 512 }')
parted -s "$image" resizepart 2 "${end}MiB" mkpart primary ext4 "${end}MiB" 100%
loop=$(losetup --show --find --partscan "$image")
root=$(mktemp -d)
trap 'umount -R "$root" 2>/dev/null || true; losetup -d "$loop"; rmdir "$root"' EXIT
e2fsck -fy "${loop}p2" >/dev/null || true
resize2fs "${loop}p2" >/dev/null
mkfs.ext4 -q -L loa-data -E lazy_itable_init=0 "${loop}p3"
mount "${loop}p2" "$root"
mkdir -p "$root/boot/firmware"
mount "${loop}p1" "$root/boot/firmware"
for each in dev proc sys; do mount --rbind "/$each" "$root/$each"; done

cp "$package" "$root/tmp/loa-node.deb"
cp /etc/resolv.conf "$root/tmp/resolv.conf"
mount --bind "$root/tmp/resolv.conf" "$root/etc/resolv.conf" 2>/dev/null || true
chroot "$root" apt-get update -qq
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /tmp/loa-node.deb \
    chrony network-manager modemmanager iw rfkill
umount "$root/etc/resolv.conf" 2>/dev/null || true
rm -f "$root/tmp/loa-node.deb" "$root/tmp/resolv.conf"

# The node's unit as “loa node install” would write it; the identity comes at the first boot.
chroot "$root" /opt/loa-node/venv/bin/python -c '
from speaker_node.setup.installation import LAUNCHER, STICK_RULE, UNIT, GROUPS, USER, unit_text
from importlib.resources import files
from pathlib import Path
import subprocess
Path("/", UNIT).write_text(unit_text(f"/opt/loa-node/venv/bin/python {LAUNCHER}").replace(
    "[Service]", "ConditionPathExists=/var/lib/loa-node/bundle.json\n\n[Service]", 1), "utf-8")
Path("/", STICK_RULE).write_text((files("speaker_node.setup") / "loa-stick.rules").read_text("utf-8").format(user=USER), "utf-8")
for group in GROUPS:
    subprocess.run(["groupadd", "--system", "--force", group], check=True)
'
cp "$here/loa-first-boot.service" "$root/etc/systemd/system/"
cp "$here/loa-mau.txt" "$root/boot/firmware/"
chroot "$root" systemctl --quiet enable loa-node.service loa-first-boot.service
# Nothing writes the root after this: what has to change lies on the data partition, what may be forgotten in memory.
# The data partition is no “noexec”: newer programs come over the air, and their compiled libraries are loaded from it.
mkdir -p "$root/var/lib/loa-node"
sed -i -E 's|^(\S+\s+/\s+ext4\s+)\S+|\1ro,noatime|' "$root/etc/fstab"
cat >>"$root/etc/fstab" <<'F'
LABEL=loa-data  /var/lib/loa-node  ext4  rw,noatime,nodev,nosuid,data=journal,commit=15  0  2
/var/lib/loa-node/network  /etc/NetworkManager/system-connections  none  bind,x-systemd.requires-mounts-for=/var/lib/loa-node  0  0
/var/lib/loa-node/chrony   /var/lib/chrony  none  bind,x-systemd.requires-mounts-for=/var/lib/loa-node  0  0
tmpfs  /tmp              tmpfs  nosuid,nodev,size=64M  0  0
tmpfs  /var/tmp          tmpfs  nosuid,nodev,size=16M  0  0
tmpfs  /var/log          tmpfs  nosuid,nodev,size=32M  0  0
tmpfs  /var/lib/NetworkManager  tmpfs  nosuid,nodev,size=4M  0  0
F
data=$(mktemp -d)
mount "${loop}p3" "$data"
install -d -m 700 "$data/network"
install -d -m 750 "$data/chrony"
chown "$(chroot "$root" id -u _chrony):$(chroot "$root" id -g _chrony)" "$data/chrony"
chown "$(chroot "$root" id -u loa):$(chroot "$root" id -g loa)" "$data"
chmod 755 "$data"
umount "$data"
rmdir "$data"
# The first boot must not grow the root over the data.
sed -i -E 's| init=\S*||; s| quiet||' "$root/boot/firmware/cmdline.txt"
: >"$root/etc/machine-id"
echo "$image"
