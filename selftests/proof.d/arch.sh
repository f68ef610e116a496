#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: arch.sh ARCH...
# Builds userspace for other architectures and runs its unit tests under emulation. Runs where their
# compilers and libraries are; see selftests/proof.
set -euo pipefail

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

cross_file() {
	local triplet=$2 compiler=$3 cpu=$4 endian=$5 emulator=$6
	cat >"$1" <<-END
	[binaries]
	c = '$compiler-gcc'
	ar = '$compiler-ar'
	strip = '$compiler-strip'
	pkg-config = 'pkg-config'
	exe_wrapper = '$emulator'
	[properties]
	pkg_config_libdir = ['/usr/lib/$triplet/pkgconfig', '/usr/share/pkgconfig']
	[host_machine]
	system = 'linux'
	cpu_family = '$cpu'
	cpu = '$cpu'
	endian = '$endian'
	END
}

status=0
for arch; do
	build=$(mktemp -d)
	case $arch in
	s390x) cross_file "$build/cross" s390x-linux-gnu s390x-linux-gnu s390x big qemu-s390x ;;
	i386) cross_file "$build/cross" i386-linux-gnu i686-linux-gnu x86 little qemu-i386 ;;
	*) echo "arch.sh: no architecture $arch: s390x (big-endian), i386 (32 bits)" >&2 && exit 2 ;;
	esac
	targets=()
	for test in letters limit keys mac program repeats verify window window-model window-threads wire; do
		targets+=("selftests/core/test-$test")
	done
	if ! { meson setup --cross-file "$build/cross" "$build/b" "$tree" &&
		ninja -C "$build/b" "${targets[@]}"; } >"$build/log" 2>&1; then
		tail -n 40 "$build/log"
		echo "$arch: does not build"
		status=1
		continue
	fi
	for target in "${targets[@]}"; do
		name=${target##*/test-}
		case $name in
		wire | mac) args=("$tree/selftests/vectors/vectors.json") ;;
		# Under emulation a few of its seeds do; all of them run elsewhere.
		window-model) args=(4) ;;
		*) args=() ;;
		esac
		case $arch in
		s390x) run=qemu-s390x ;;
		*) run=qemu-i386 ;;
		esac
		if timeout 300 "$run" "$build/b/$target" "${args[@]}" >"$build/out" 2>&1; then
			echo "$arch: $name: $(grep -c '^ok ' "$build/out") checks passed"
		else
			grep -v '^ok ' "$build/out" || true
			echo "$arch: $name: failed"
			status=1
		fi
	done
	rm -rf "$build"
done
exit "$status"
