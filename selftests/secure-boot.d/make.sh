#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: make.sh MODULE FOLDER
# In a guest's root: what secure-boot boots. OVMF comes with a platform key that nobody keeps secret; it stands for
# the one that an administrator enrols. FOLDER gets the firmware, the kernel and three modules.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
module=$1
kver=$(cd /lib/modules && echo *)
sign=$(echo /usr/src/linux-headers-"$kver"/scripts/sign-file)
cd "$2"

{ apt-get -q -o APT::Sandbox::User=root update && apt-get -q -y --no-install-recommends \
	-o APT::Sandbox::User=root install ovmf sbsigntool openssl; } >apt.log 2>&1 || { cat apt.log && exit 1; }
cp /usr/share/OVMF/OVMF_CODE_4M.secboot.fd code.fd
cp /usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd vars.fd

cp /usr/share/ovmf/PkKek-1-snakeoil.pem trusted.pem
openssl rsa -passin pass:snakeoil -in /usr/share/ovmf/PkKek-1-snakeoil.key -out trusted.key 2>/dev/null
openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=nobody knows it/" -keyout strange.key \
	-out strange.pem 2>/dev/null
sbsign --key trusted.key --cert trusted.pem --output vmlinuz "/boot/vmlinuz-$kver" 2>/dev/null
for key in trusted strange; do
	"$sign" sha256 $key.key $key.pem "$module" $key.ko
done
cp "$module" unsigned.ko
# One bit of the text is another than when it was signed.
python3 - <<-'END'
	data = bytearray(open("trusted.ko", "rb").read())
	data[data.index(b"nft-expr-sysrq")] ^= 1
	open("changed.ko", "wb").write(data)
END
