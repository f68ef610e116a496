#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The build itself, run by ../build in a guest's root: build-inside.sh TREE FOLDER (see stage.sh).
set -euo pipefail
tree=$1
cd "$2"
kver=$(cd /lib/modules && echo *)
ko=usr/lib/modules/$kver/updates/nft_sysrq.ko

# Only lines of the compiler, modpost and objtool: Kbuild's own remarks also say "warning".
complaint='^[^ ]+:[0-9]+(:[0-9]+)?: (warning|note):|^WARNING: modpost|warning: objtool:'

module() {
	local left
	mkdir -p kernel
	# Links, not copies: nothing to keep in step, and make sees the sources' own times.
	cp -rsu --remove-destination "$tree/kernel/." kernel/
	find kernel -xtype l -delete
	if ! make -s -j"$(nproc)" -C "/lib/modules/$kver/build" "M=$PWD/kernel" W=1 modules \
		>module.log 2>&1; then
		cat module.log >&2
		echo "build: the module does not build for $kver, see above" >&2
		return 1
	fi
	if grep -qE "$complaint" module.log; then
		# An object that was complained about must not count as built next time.
		left=$(find kernel -name '*.o')
		# shellcheck disable=SC2086 # a list of names of our own making
		rm -f $left
		cat module.log >&2
		echo "build: the module builds for $kver only with warnings, see above" >&2
		return 1
	fi
}

# depmod here and not in the guest, where it would take seconds at each boot.
stage_module() {
	mkdir -p "stage/${ko%/*}"
	strip --strip-debug -o nft_sysrq.ko kernel/nft_sysrq.ko
	cmp -s nft_sysrq.ko "stage/$ko" && return
	mkdir -p "/${ko%/*}"
	cp nft_sysrq.ko "/$ko"
	depmod "$kver"
	cp "/usr/lib/modules/$kver"/modules.* "stage/usr/lib/modules/$kver/"
	cp nft_sysrq.ko "stage/$ko"
}

userspace() {
	# Debian's libdir; in a bare chroot meson takes the machine for another distribution.
	local options
	options="--prefix=/usr --libdir=lib/$(gcc -print-multiarch) -Dinitramfsdir=/usr/share/initramfs-tools"
	if [ ! -e user/build.ninja ] || [ "$(cat user.options 2>&1)" != "$options" ]; then
		rm -rf user
		# shellcheck disable=SC2086 # a list
		meson setup $options user "$tree" >user.log 2>&1 ||
			{ cat user.log >&2; echo "build: meson setup fails" >&2; return 1; }
		echo "$options" >user.options
	fi
	ninja -C user >user.log 2>&1 ||
		{ cat user.log >&2; echo "build: userspace does not build, see above" >&2; return 1; }
}

stage_userspace() {
	local d
	# Unchanged outputs, unchanged stage: installing anew would cost more than the check.
	[ -z "$(find user -newer user.installed -type f ! -name '.ninja_*' ! -path '*/meson-logs/*' \
		-print -quit 2>&1)" ] && return
	# What an earlier build installed and this one does not must go.
	find stage -mindepth 1 -maxdepth 1 ! -name usr -exec rm -rf {} +
	find stage/usr -mindepth 1 -maxdepth 1 ! -name lib -exec rm -rf {} + 2>/dev/null || true
	find stage/usr/lib -mindepth 1 -maxdepth 1 ! -name modules -exec rm -rf {} + 2>/dev/null || true
	meson install -C user --destdir "$PWD/stage" --no-rebuild --quiet >user.log 2>&1 ||
		{ cat user.log >&2; echo "build: meson install fails, see above" >&2; return 1; }
	# Not installed; only tests look there.
	install -D -t stage/usr/lib/nft-sysrq-tests user/sysrqctl/reach-live user/selftests/hostile.d/hostile-send \
		user/selftests/torture.d/torture-datagrams user/selftests/torture.d/torture-netlink
	for d in bin sbin lib lib64; do
		# The guest's /bin is a link to usr/bin: a folder laid over it would hide the system.
		[ ! -e "stage/$d" ] ||
			{ echo "build: something installs into /$d; it must be /usr/$d" >&2; return 1; }
	done
	touch user.installed
}

# The plugin once more, for cases/guest/nft-asan.sh.
stage_asan() {
	local so=stage/usr/lib/nft-sysrq-tests/nft-sysrq-asan.so
	[ ! -e $so ] || [ -n "$(find "$tree/nft-plugin" "$tree/libnftnl-ext" "$tree/kernel/uapi" -name '*.[ch]' \
		-newer $so -print -quit)" ] || return 0
	# shellcheck disable=SC2046 # a list of options
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address -fno-omit-frame-pointer -fPIC -shared \
		-fvisibility=hidden -Wl,--version-script="$tree/nft-plugin/nft-sysrq.map" -Wl,-z,nodelete -o $so \
		-I"$tree/kernel/uapi" -I"$tree/nft-plugin/src" -I"$tree"/libnftnl-ext/{include,src} \
		"$tree"/nft-plugin/src/*.c "$tree"/libnftnl-ext/src/*.c \
		$(pkg-config --cflags --libs libnftnl libmnl jansson) \
		-Wl,--no-as-needed -l:libnftables.so.1 -ldl -lpthread
}

module
stage_module
userspace
stage_userspace
stage_asan
