#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# inside.sh SCENARIO: inside a guest: a server with sshd, sysrqd, a key and our rule, then brought into
# trouble. Says "ready" before, "wedged" once it is in trouble; of some states it is the last thing that
# it can say. Nothing here lets go again: the guest is to be rebooted from outside.
set -eu

tools=/mnt/share
# Where the daemons live; the key and the rule are the kernel's.
root=/
# input, ingress or notrack: where the rule stands
hook=input
sshd_options=()

wedge() { insmod "$tools/wedge.ko" "$@"; }
hog() { "$tools/hog" "$@" & }
wedged() {
	echo "<5>wedged: $*" >/dev/kmsg
	echo "wedged $*"
}

# The processor that the network card's interrupt for incoming packets goes to, and another one.
card_irq() { sed -n 's/^ *\([0-9]*\):.*-input\.0$/\1/p' /proc/interrupts | head -n 1; }
card_cpu() { cat "/proc/irq/$(card_irq)/effective_affinity_list"; }
other_cpu() { echo $((1 - $(card_cpu))); }

# ---- What a server has ----------------------------------------------------------------------------

# As administrators have it: no panic but where a scenario is about one.
kernel() {
	sysctl -qw kernel.sysrq=1 kernel.panic=0 kernel.panic_on_oops=0 kernel.panic_on_warn=0 \
		kernel.panic_on_rcu_stall=0 vm.panic_on_oom=0
}

daemons() {
	install -d -m 755 "$root/run/sshd"
	install -d -m 700 "$root/root/.ssh"
	cp "$tools/login.pub" "$root/root/.ssh/authorized_keys"
	chroot "$root" /usr/sbin/sshd "${sshd_options[@]}"
	(umask 077 && cp "$tools/sysrqd.secret" "$root/etc/sysrqd.secret")
	chroot "$root" /usr/sbin/sysrqd
}

sysrq() {
	sysrqctl key set ops --file "$tools/ops.key"
	nft add table inet filter
	nft add chain inet filter input '{ type filter hook input priority filter; }'
	case $hook in
	input) nft add rule inet filter input udp dport 9 counter sysrq drop ;;
	ingress)
		nft add chain inet filter early '{ type filter hook ingress device eth0 priority 0; }'
		nft add rule inet filter early udp dport 9 counter sysrq drop
		;;
	notrack)
		nft add chain inet filter raw '{ type filter hook prerouting priority raw; }'
		nft add rule inet filter raw udp dport 9 notrack
		nft add rule inet filter input udp dport 9 counter sysrq drop
		;;
	esac
}

# ---- Scenarios: before_NAME before the rule is there, into_NAME ------------------------------------

into_healthy() { wedged "not at all"; }

into_stopped() {
	wedged "all of userland is stopped"
	kill -STOP -1
	kill -STOP $$
}

into_forkbomb() {
	sysctl -qw kernel.pid_max=600
	hog fork
	wedged "a fork bomb"
}

into_oom() {
	hog memory
	wedged "memory is eaten"
}

into_kmalloc() {
	wedge state=no-memory "text=$(cat /sys/module/nft_sysrq/sections/.text)" \
		"size=$(size -A "$(modinfo -n nft_sysrq)" | awk '$1 == ".text" { print $2 }')"
	wedged "our allocations fail"
	while sleep 1; do
		echo "failed $(cat /sys/module/wedge/parameters/failed)"
	done
}

# copy FILE...: into the small root, each with the libraries that it needs
copy() {
	for f in "$@"; do
		[ -e "$root$f" ] || cp -L --parents "$f" "$root"
		ldd "$f" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
			[ -e "$root$lib" ] || cp -L --parents "$lib" "$root"
		done
	done
}

# The daemons' root is a file system of its own, on the disk, behind device-mapper.
before_frozen() {
	modprobe dm_mod
	# Nobody runs udev here.
	export DM_DISABLE_UDEV=1
	dmsetup create root --table "0 $(blockdev --getsz /dev/vda) linear /dev/vda 0"
	mkfs.ext4 -q /dev/mapper/root
	root=/run/root
	mkdir $root
	mount /dev/mapper/root $root
	(cd $root && mkdir -p usr/bin usr/sbin usr/lib usr/lib64 etc/ssh root dev proc run tmp var/log &&
		ln -s usr/bin bin && ln -s usr/sbin sbin && ln -s usr/lib lib && ln -s usr/lib64 lib64)
	copy /bin/sh /bin/cat /usr/sbin/sshd /usr/sbin/sysrqd /etc/passwd /etc/shadow /etc/group \
		/etc/nsswitch.conf /etc/ssh/ssh_host_*
	for f in /usr/lib/openssh/sshd-session /usr/lib/openssh/sshd-auth; do
		[ ! -e $f ] || copy $f
	done
	sed -i 's,/bin/bash$,/bin/sh,' $root/etc/passwd
	: >$root/etc/ssh/sshd_config
	for d in dev proc run; do mount --rbind /$d $root/$d; done
	head -c 4M /dev/urandom >$root/tmp/big
	sshd_options=(-o UsePAM=no)
}

into_frozen() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	fsfreeze -f $root
	dmsetup suspend --nolockfs --noflush root
	chroot $root /bin/cat /tmp/big >/dev/null &
	sh -c "echo new >$root/tmp/new" &
	wedged "the root file system is frozen, its device suspended"
}

into_workqueues() {
	# More than any kernel runs of one workqueue on a processor (512 to 2048).
	sysctl -qw kernel.threads-max=20000 kernel.pid_max=32768
	wedge state=works count=2100
	wedged "the system's workqueue is full of works that wait"
}

into_spinning-works() {
	wedged "a worker spins on each processor"
	wedge state=spinning-works
}

into_deaf-cpu() {
	cpu=$(other_cpu)
	wedged "processor $cpu spins with interrupts off; the card's is $(card_cpu)"
	wedge state=irqs-off "cpu=$cpu"
}

into_deaf-card() {
	cpu=$(card_cpu)
	wedged "processor $cpu spins with interrupts off; it is the card's"
	wedge state=irqs-off "cpu=$cpu"
}

into_realtime() {
	sysctl -qw kernel.sched_rt_runtime_us=-1
	# From 6.12 on a server of its own gives ordinary tasks some time.
	for f in /sys/kernel/debug/sched/fair_server/cpu*/runtime; do
		[ ! -e "$f" ] || echo 0 >"$f"
	done
	wedged "real-time tasks take all"
	hog realtime
}

into_logflood() {
	sysctl -qw kernel.printk_devkmsg=on
	"$tools/hog" read >"$tools/kmsg" &
	wedge state=console us=87
	# Said first: the console would lose it.
	wedged "the log is flooded, and its console slow"
	hog log
	hog log
}

full_table() {
	nft add rule inet filter input ct state invalid counter
	sysctl -qw net.netfilter.nf_conntrack_max=64
	i=0
	while [ $i -lt 80 ]; do
		i=$((i + 1))
		conntrack -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport $((1000 + i)) --dport 80 \
			--state ESTABLISHED -u ASSURED,SEEN_REPLY -t 100000 >/dev/null 2>&1 || break
	done
	wedged "the table of connections is full: $(cat /proc/sys/net/netfilter/nf_conntrack_count)"
}

into_conntrack() { full_table; }
before_conntrack-notrack() { hook=notrack; }
into_conntrack-notrack() { full_table; }
before_conntrack-ingress() { hook=ingress; }
into_conntrack-ingress() { full_table; }

before_rules() {
	nft add table inet filter
	nft add chain inet filter input '{ type filter hook input priority filter; }'
	for part in 0 1 2 3 4 5 6 7 8 9; do
		awk -v part=$part 'BEGIN { for (i = 0; i < 10000; i++)
			printf "add rule inet filter input ip saddr 198.%d.%d.%d drop\n",
				18 + part % 2, i / 250 + 40 * int(part / 2), i % 250 }' >/tmp/rules
		/usr/sbin/nft -f /tmp/rules
	done
	rm /tmp/rules
}

into_rules() {
	handle=$(nft --echo --handle add rule inet filter input counter accept | sed -n 's/.*# handle //p' | tail -n 1)
	[ "$handle" -gt 100000 ]
	wedged "$handle rules"
}

# init's processor is that of the panic.
panic_on() {
	taskset -p "$((1 << $1))" 1 >/dev/null
	sleep 1
	wedged "init is killed on processor $1; the card's is $(card_cpu)"
	wedge state=kill-init
}

into_init() { panic_on "$(card_cpu)"; }
into_init-elsewhere() { panic_on "$(other_cpu)"; }

# ----------------------------------------------------------------------------------------------------

scenario=$1
kernel
if declare -F "before_$scenario" >/dev/null; then "before_$scenario"; fi
daemons
sysrq
echo "ready"
"into_$scenario"
# Whoever waits for this script's end is not to be told of one.
while :; do sleep 100; done
