# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # selftests: common.sh
# What a guest boots: the unpacked kernel, and a small initramfs that finds its root. Both are made
# once for a guest and kept beside its root.

boot_modules=(virtio_pci virtio_console virtio_net virtio_blk 9pnet_virtio 9p overlay)

# The kernel's ELF image, taken out of the bzImage: QEMU enters it by PVH, and no guest unpacks it,
# which costs seconds under TCG. Fields: Documentation/arch/x86/boot.rst. A kernel of our own (lib/kernel.sh,
# the only ones with lz4) stays a bzImage: what is entered by PVH runs C before KASAN has its shadow.
kernel_unpack() {
	local image=$1 out=$2 sects offset length unpack
	field() { od -An -v -t "u$2" -j "$1" -N "$2" "$image" | tr -d ' '; }
	sects=$(field 0x1f1 1)
	offset=$(((sects + 1) * 512 + $(field 0x248 4)))
	length=$(field 0x24c 4)
	case $(od -An -t x1 -j "$offset" -N 4 "$image" | tr -d ' ') in
	fd377a58) unpack=xz ;;
	28b52ffd) unpack=zstd ;;
	02214c18) cp "$image" "$out" && return ;;
	*) die 126 "$image: neither xz, zstd nor lz4 inside; how is this kernel compressed?" ;;
	esac
	# The payload's last four bytes are its size, no part of the stream.
	dd if="$image" bs=64K iflag=skip_bytes,count_bytes skip="$offset" count="$((length - 4))" \
		status=none | "$unpack" -dc >"$out"
}

# initramfs_make ROOT KVER FILE
initramfs_make() {
	local root=$1 kver=$2 out=$3 work mods m path deps
	mods=$root/usr/lib/modules/$kver
	work=$(mktemp -d "$out.XXXXXX")
	mkdir -p "$work"/{bin,mod,proc,sys,dev,lower,rw,root}
	cp "$(command -v busybox)" "$work/bin/busybox"
	for m in cat cp insmod mkdir mount mv switch_root usleep; do
		ln -s busybox "$work/bin/$m"
	done
	cp "$selftests/lib/init" "$work/init"
	# Empty where all is built in.
	: >"$work/mod/order"
	for m in "${boot_modules[@]}"; do
		# No line: built in. A line names what it needs, the deepest last.
		deps=$(grep -E "/$m\.ko[.a-z]*:" "$mods/modules.dep") || continue
		for path in $(printf '%s\n' "$deps" | tr -d : | tr ' ' '\n' | tac); do
			m=${path##*/}
			m=${m%%.ko*}
			[ ! -e "$work/mod/$m.ko" ] || continue
			case $path in
			*.xz) xz -dc "$mods/$path" ;;
			*.zst) zstd -dqc "$mods/$path" ;;
			*) cat "$mods/$path" ;;
			esac >"$work/mod/$m.ko"
			echo "$m" >>"$work/mod/order"
		done
	done
	# Not compressed: unpacking it in the guest would cost more than it saves.
	(cd "$work" && find . | cpio --quiet -o -H newc -R 0:0) >"$out.new"
	rm -rf "$work"
	mv "$out.new" "$out"
}

# boot_files FOLDER: sets vmlinux, initramfs and kver; under the guest's shared lock.
boot_files() {
	local dir=$1 hash
	# shellcheck disable=SC2034 # for the caller
	kver=$(cd "$dir/root/usr/lib/modules" && echo *)
	hash=$(cat "$selftests/lib/init" "$selftests/lib/initramfs.sh" | sha256sum | cut -c1-12)
	vmlinux=$dir/vmlinux-$kver
	initramfs=$dir/initramfs-$hash
	[ -e "$vmlinux" ] && [ -e "$initramfs" ] && return
	exec {boot_lock_fd}>"$dir/.boot.lock"
	flock -x "$boot_lock_fd"
	if [ ! -e "$vmlinux" ]; then
		kernel_unpack "$dir/root/boot/vmlinuz-$kver" "$vmlinux.new"
		mv "$vmlinux.new" "$vmlinux"
	fi
	if [ ! -e "$initramfs" ]; then
		rm -f "$dir"/initramfs-*
		initramfs_make "$dir/root" "$kver" "$initramfs"
	fi
	exec {boot_lock_fd}>&-
}
