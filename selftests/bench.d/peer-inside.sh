#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The build itself, run by peer.sh in a guest's root: peer-inside.sh FOLDER
set -euo pipefail
cd "$1"
kver=$(cd /lib/modules && echo *)
apt-get -qq update
apt-get -qq -o APT::Sandbox::User=root download xtables-addons-dkms
dpkg-deb -x xtables-addons-dkms_*.deb source
mkdir module
cp source/usr/src/xtables-addons-*/extensions/{xt_SYSRQ.c,compat_*} module/
# Alone, with no word of what else there is: it needs nothing of that.
echo 'obj-m := xt_SYSRQ.o' >module/Kbuild
make -s -C "/lib/modules/$kver/build" "M=$PWD/module" modules
mv module/xt_SYSRQ.ko .
