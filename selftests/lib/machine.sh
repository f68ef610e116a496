# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2054,SC2154 # QEMU's commas; vm's variables
# The machine that vm asks QEMU for, all but what supervise.py adds: the console and the ports.

# folder ID PATH OPTIONS: a folder of this machine, for the guest to mount by 9p.
machine_folder() {
	qemu+=(-fsdev "local,id=$1,path=${2//,/,,},security_model=passthrough,multidevs=remap$3")
	qemu+=(-device virtio-9p-pci,fsdev="$1",mount_tag="$1")
}

machine_disk() {
	local file=$1
	if [[ $file == *:* ]]; then
		file=${file%:*}
		[ -e "$file" ] || truncate -s "${1##*:}" "$file" || die 2 "cannot make disk image $file"
	fi
	[ -f "$file" ] || die 2 "no disk image $file; FILE:SIZE makes one"
	qemu+=(-drive if=none,id=disk,format=raw,file="${file//,/,,}")
	qemu+=(-device virtio-blk-pci,drive=disk)
}

# notests: the crypto library's self-tests would take a third of the boot; they are not ours.
# tsc=reliable: an emulated clock looks skewed when this machine is busy, and its stand-in is slow.
# net.ifnames=0: for whoever runs a udev there, the card stays eth0.
machine_parameters() {
	printf '%s ' console=ttyS0 loglevel=7 panic=-1 panic_on_warn=1 oops=panic \
		cryptomgr.notests tsc=reliable net.ifnames=0
}

# An emulated processor has this machine's TSC; what the guest would measure on a busy machine is nonsense.
machine_tsc() {
	local khz
	khz=$(python3 -B "$selftests/lib/tsc.py") || return 0
	[ -z "$khz" ] || append+=" tsc_early_khz=$khz"
}

# machine EMULATOR INITRAMFS: sets qemu. EMULATOR is the root with QEMU, which runs from there without
# a chroot, as it needs folders of this machine.
machine() {
	qemu=("$1/lib64/ld-linux-x86-64.so.2" --library-path "$1/usr/lib/x86_64-linux-gnu")
	qemu+=("$1/usr/bin/qemu-system-x86_64" -L "$1/usr/share/qemu" -L "$1/usr/share/seabios")
	# q35: its interrupts need no ACPI links, which older kernels enable at 0.1 s each.
	qemu+=(-nodefaults -no-user-config -display none -machine q35 -m "$mem")
	if [ -n "$icount" ]; then
		qemu+=(-accel tcg,thread=single -icount shift=0,sleep=off -smp "${cpus:-1}")
	elif grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then
		qemu+=(-accel kvm -smp "${cpus:-2}")
	else
		qemu+=(-accel tcg,thread="$thread" -smp "${cpus:-2}")
		machine_tsc
	fi
	qemu+=(-cpu max -kernel "$vmlinux" -initrd "$2")
	qemu+=(-append "$(machine_parameters)$append")
	qemu+=(-netdev user,id=net"$net" -device virtio-net-pci,netdev=net,romfile=)
	machine_folder root "$guest_dir/root" ,readonly=on
	machine_folder src "$tree" ,readonly=on
	[ -z "$share" ] || machine_folder share "$share" ''
	[ -z "$disk" ] || machine_disk "$disk"
	[ -z "$plugin" ] || qemu+=(-plugin "$plugin")
}
