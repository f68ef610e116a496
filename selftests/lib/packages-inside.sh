#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: packages-inside.sh build FOLDER [OPTION...] | life FOLDER [KERNEL-PACKAGE...]
# What becomes of our packages on a Debian that is forgotten afterwards; run in a guest's root by packages.sh.
#   build  makes FOLDER/old, by packaging/build OPTION..., and FOLDER/new, of this tree with a higher version
#   life   installs old, then KERNEL-PACKAGEs, upgrades to new, and purges; FOLDER/files.tar is what old brings
# Prints "check STATUS TEXT" for each check, and behind it, indented, what was said.
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive INITRD=No
what=$1 folder=$2
shift 2

# check TEXT COMMAND...
check() {
	local text=$1 status=0
	shift
	"$@" >/tmp/said 2>&1 || status=$?
	echo "check $status $text"
	[ "$status" = 0 ] || tail -n 40 /tmp/said | sed 's/^/    /'
}

get() { apt-get -q -y --no-install-recommends "$@"; }

# In a guest's root dpkg leaves out what lintian and man read. Packages that were fetched once are kept.
prepare() {
	rm -f /etc/dpkg/dpkg.cfg.d/99mmdebstrap
	echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe
	mkdir -p "$folder/archives/partial"
	cat >/etc/apt/apt.conf.d/kept <<-END
		Dir::Cache::archives "$folder/archives";
		APT::Keep-Downloaded-Packages "true";
		APT::Sandbox::User "root";
	END
	apt-get -q update
	# What unit tests expect of any machine.
	mount -t sysfs sysfs /sys
	echo "127.0.0.1 localhost" >/etc/hosts
}

# Both in the same folder: so the second finds in ccache what the first compiled.
build() {
	rm -rf "$folder"/{built,old,new}
	check "what builds packages is there" get install ccache
	export CCACHE_DIR=$folder/ccache
	check "built, and lintian has no errors and no warnings" packaging/build "$@" -o "$folder/built"
	mv "$folder/built" "$folder/old"
	mkdir /tmp/tree
	tar -c --exclude=./.git . | tar -C /tmp/tree -x
	sed -i "s/0\.1\.0/0.1.1/" /tmp/tree/{meson.build,kernel/dkms.conf,kernel/main.c}
	check "built once more, as a later version" /tmp/tree/packaging/build --no-tests --no-lintian -o "$folder/built"
	mv "$folder/built" "$folder/new"
}

# All but times, the sizes of folders, which are those of an overlay, and what apt, dpkg, DKMS, kernels and the
# linker's cache write about any package.
state() {
	find /boot /etc /opt /root /srv /usr /var -xdev \( -path /var/lib/dpkg -o -path /var/lib/apt -o \
		-path /var/cache -o -path /var/log -o -path "/var/lib/dkms/mok.*" -o -path /etc/ld.so.cache -o \
		-path "*/modules.*" -o -path "*/linux-*" -o -name "*$other" \) -prune -o \
		\( -type d -printf "%p %y %m %U:%G\n" -o -printf "%p %y %m %U:%G %s %l\n" \) | sort
}

version_of() { dpkg-deb -f "$(echo "$1"/sysrqctl_*.deb)" Version | sed 's/-.*//'; }

# module KERNEL VERSION: DKMS has installed it there, signed, and modprobe would find it for a rule.
module() {
	dkms status
	[[ $(dkms status -m nft-sysrq -v "$2" -k "$1") = *': installed'* ]] &&
		[ "$(modinfo -k "$1" -F version nft_sysrq)" = "$2" ] &&
		[[ $(modinfo -k "$1" -F vermagic nft_sysrq) = "$1 "* ]] &&
		[ -n "$(modinfo -k "$1" -F signer nft_sysrq)" ] &&
		[ "$(modprobe -S "$1" --resolve-alias nft-expr-sysrq)" = nft_sysrq ]
}

# passed_over KERNEL VERSION [CONFIG]: DKMS does not try that kernel, or one of that configuration.
passed_over() {
	local status=0 source=/tmp/source
	mkdir -p $source
	grep -v "^${3:-nothing}=" "/boot/config-$kernel" >$source/.config
	dkms build -m nft-sysrq -v "$2" -k "$1" --kernelsourcedir $source || status=$?
	[ "$status" = 77 ]
}

is_enabled() { [ "$(systemctl --root=/ is-enabled "$1.service")" = "$2" ]; }
wrapped() { grep -q ^plugin= /usr/sbin/nft && [ -x /usr/sbin/nft.distrib ] && nft --version; }
plain() { ! grep -q ^plugin= /usr/sbin/nft && [ ! -e /usr/sbin/nft.distrib ] && nft --version; }

# In a network namespace of its own nft reads the word; what the kernel of this machine says then is not asked.
knows() { ! unshare --net nft -c 'table inet t { chain c { sysrq; }; }' 2>&1 | grep 'syntax error'; }
library() {
	# shellcheck disable=SC2046 # a list of options
	gcc -o /tmp/rule-list /usr/share/doc/libnftnl-sysrq-dev/examples/rule-list.c \
		$(pkg-config --cflags --libs libnftnl-sysrq) && ldd /tmp/rule-list | grep 'libnftnl-sysrq.so.0 => /'
}
key_is_there() { [ "$(cat /etc/sysrq/keys.d/ops.key)" = "the administrator's" ]; }
mode() { [ "$(stat -c %a:%u:%g "$1")" = "$2" ]; }
none_of_ours() {
	! find /boot /etc /opt /root /srv /usr /var -xdev \( -path /etc/sysrq -o -path /var/cache \) -prune -o \
		-regextype egrep -iregex '.*/[^/]*(sysrqctl|(nft|nftnl|plugin)[-_]sysrq|sysrq-(arm|keys|initramfs)|nft.distrib)[^/]*' -print | grep .
}
# initramfs none | KEY: what is in it when nothing is chosen, or KEY is
initramfs() {
	local image=/tmp/initrd status=0
	rm -f $image
	if [ "$1" = none ]; then
		mkinitramfs -o $image "$kernel" && ! lsinitramfs $image | grep -E "bin/sysrqctl|keys\.d"
		return
	fi
	(umask 077 && sysrqctl key gen >/etc/sysrq/keys.d/ops.key && echo "KEYS=$1" >/etc/sysrq/initramfs.conf)
	mkinitramfs -o $image "$kernel" && [ "$(stat -c %a $image)" = 600 ] &&
		[ "$(lsinitramfs $image | grep -cE "^usr/bin/sysrqctl$|keys\.d/$1\.key$|dkms/nft_sysrq\.ko")" = 3 ] || status=1
	rm /etc/sysrq/keys.d/ops.key
	return $status
}
as_before() { state | diff /tmp/before -; }

packages=(sysrqctl sysrqctl-initramfs nft-plugin-sysrq nft-sysrq-dkms libnftnl-sysrq0 libnftnl-sysrq-dev)

# debs FOLDER: not those with debug symbols
debs() { for p in "${packages[@]}"; do echo "$1/${p}"_[0-9]*.deb; done; }

installed() {
	local first=$1 config
	# shellcheck disable=SC2046 # a list
	check "installed" get install $(debs "$folder/old")
	check "DKMS has built and signed the module for $kernel" module "$kernel" "$first"
	check "DKMS passes over a kernel that is too old" passed_over 5.10.0-46-amd64 "$first"
	for config in CONFIG_NF_TABLES CONFIG_MAGIC_SYSRQ CONFIG_CRYPTO_LIB_SHA256; do
		check "DKMS passes over a kernel without $config" passed_over 6.99.0 "$first" $config
	done
	check "sysrqctl is there" sh -c "sysrqctl --version | grep -F '$first'"
	check "nft is the one that knows sysrq, the other is beside it" wrapped
	check "it takes the word" knows
	check "a program is built with the library, and finds it" library
	check "keys are loaded at boot, if there are any" is_enabled sysrq-keys enabled
	check "nothing is armed" is_enabled sysrq-arm disabled
	check "what the initramfs has set up is given back" is_enabled sysrq-initramfs enabled
	check "and update-initramfs is run for it" grep update-initramfs /var/lib/dpkg/info/sysrqctl-initramfs.triggers
	check "an initramfs is made, without a key" initramfs none
	check "and with one that was chosen" initramfs ops
	check "none but root may look for keys" mode /etc/sysrq/keys.d 700:0:0
	check "systemd finds no fault with the units" sh -c \
		'! systemd-analyze --man=no verify sysrq-keys.service sysrq-arm.service sysrq-initramfs.service 2>&1 | grep -i "sysrq.*:"'
	dpkg -L "${packages[@]}" | sort -u | while read -r f; do [ -d "$f" ] || echo "$f"; done >/tmp/files
	tar -C / -cf "$folder/files.tar" -T /tmp/files /usr/sbin/nft /usr/sbin/nft.distrib "/usr/lib/modules/$kernel/updates" \
		"/usr/lib/modules/$kernel"/modules.* /etc/systemd/system 2>/dev/null
}

administered() {
	(umask 077 && echo "the administrator's" >/etc/sysrq/keys.d/ops.key)
	echo 'OPTIONS=--port 99' >/etc/default/sysrq-arm
	echo 'Host web1' >/etc/sysrq/sysrqctl.conf
	systemctl --root=/ -q disable sysrq-keys.service
	systemctl --root=/ -q enable sysrq-arm.service
}

upgraded() {
	local first=$1 second=$2
	# shellcheck disable=SC2046 # a list
	check "upgraded from $first to $second" get install $(debs "$folder/new")
	check "DKMS has built that module for $kernel" module "$kernel" "$second"
	check "of the old one nothing is left" sh -c "! dkms status | grep -F '$first' && [ ! -e /usr/src/nft-sysrq-$first ]"
	check "the key is there still" key_is_there
	check "what was disabled is so still" is_enabled sysrq-keys disabled
	check "what was enabled is so still" is_enabled sysrq-arm enabled
	check "nft is still the one that knows sysrq" wrapped
}

purged() {
	check "removed" get remove "${packages[@]}"
	check "nft is that of Debian again" plain
	check "keys and settings stay" sh -c 'cd /etc && cat sysrq/keys.d/ops.key default/sysrq-arm sysrq/sysrqctl.conf'
	check "purged" dpkg --purge "${packages[@]}"
	check "the key is there still" key_is_there
	check "settings are gone" sh -c '[ ! -e /etc/default/sysrq-arm ] && [ ! -e /etc/sysrq/sysrqctl.conf ] &&
		[ ! -e /etc/sysrq/initramfs.conf ]'
	check "no file of ours is left" none_of_ours
	rm /etc/sysrq/keys.d/ops.key
	check "the tool is installed once more, without a key" get install "$folder"/new/sysrqctl_*.deb
	check "and purged" dpkg --purge sysrqctl
	check "everything is as it was before" as_before
}

life() {
	local first second kernel other='no other'
	first=$(version_of "$folder/old") second=$(version_of "$folder/new")
	kernel=$(cd /lib/modules && echo *)
	[ $# = 0 ] || other=${1#linux-*-}
	check "what our packages need is there" get install dkms initramfs-tools iproute2 nftables openssl
	sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' /etc/initramfs-tools/initramfs.conf
	state >/tmp/before
	installed "$first"
	administered
	if [ $# -gt 0 ]; then
		check "another kernel comes: $*" get install "$@"
		check "DKMS has built the module for it" module "$other" "$first"
	fi
	upgraded "$first" "$second"
	purged
}

prepare >/dev/null
"$what" "$@"
