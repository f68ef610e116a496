#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The build of a kernel, run by lib/kernel.sh in a guest's root: kernel-inside.sh FOLDER SOURCE FRAGMENT...
# SOURCE is the name of Debian's package, or a pattern; FOLDER/out is what goes into the root.
set -euo pipefail
shopt -s nullglob
fragments=$PWD/selftests/kernels
folder=$1
# shellcheck disable=SC2206 # a pattern
archives=(/usr/src/$2.tar.xz)
shift 2
[ ${#archives[@]} = 1 ] || { echo "kernel: not one archive of sources, but: ${archives[*]}" >&2; exit 1; }
mkdir "$folder/src" "$folder/out"
tar xf "${archives[0]}" -C "$folder/src" --strip-components=1
cd "$folder/src"

(cd "$fragments" && cat "$@") >../wanted
configure() {
	make -s KCONFIG_ALLCONFIG=../wanted allnoconfig >../configure.log 2>&1 || { cat ../configure.log >&2; exit 1; }
	# The last one counts; what depends on what is not there vanishes without a word.
	awk -F= '/^CONFIG_/ { want[$1] = $2 } END { for (c in want) print c "=" want[c] }' ../wanted |
		while read -r line; do
			grep -qxF -e "$line" -e "# ${line%=n} is not set" .config || { [[ $line == *=n ]] &&
				! grep -q "^${line%=n}=" .config; } || echo "$line"
		done >../missing
	[ ! -s ../missing ] || { echo "kernel: this one does not have:" >&2; cat ../missing >&2; exit 1; }
}

build() {
	make -s -j"$(nproc)" bzImage modules >../build.log 2>&1 || { tail -n 60 ../build.log >&2; exit 1; }
}

# What modules of others are built with, and no more.
install_devel() {
	local kver=$1 to=$folder/out/usr/src/linux-$1
	find . -type f \( -name '*.o' -o -name '*.a' -o -name '*.cmd' -o -name 'vmlinux*' -o -name '*.bin' \) \
		! -path './scripts/*' ! -path './tools/*' -delete
	find . -type f -name '*.[cS]' ! -path './scripts/*' ! -path './tools/*' -delete
	rm -rf Documentation samples drivers/gpu sound arch/x86/boot/compressed
	find arch -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -rf {} +
	mkdir -p "${to%/*}"
	cd .. && mv src "$to"
	rm -f "out/usr/lib/modules/$kver/build" "out/usr/lib/modules/$kver/source"
	ln -s "/usr/src/linux-$kver" "out/usr/lib/modules/$kver/build"
}

configure
build
kver=$(make -s kernelrelease)
mkdir -p "$folder/out/boot"
cp arch/x86/boot/bzImage "$folder/out/boot/vmlinuz-$kver"
cp .config "$folder/out/boot/config-$kver"
cp System.map "$folder/out/boot/System.map-$kver"
make -s INSTALL_MOD_PATH="$folder/out/usr" DEPMOD=true modules_install >../install.log 2>&1 || { cat ../install.log >&2; exit 1; }
install_devel "$kver"
depmod -b "$folder/out/usr" "$kver" 2>/dev/null || depmod -b "$folder/out" "$kver"
chown -R 0:0 "$folder/out"
