// SPDX-License-Identifier: GPL-2.0-only
/* doctor HOST as a user meets it: against a host that is sound, or is not, or is not there. */
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "fake-server.h"
#include "test.h"

static struct run r;

static void forget(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/sysrqctl/epochs", server_dir);
	unlink(path);
}

static void call(void (*prepare)(void), const char *rest)
{
	server_call(&r, prepare, "web1", "doctor", rest);
}

static void has(const char *part)
{
	check_has(r.out, part);
}

static void test_sound(void)
{
	char text[128];

	forget();
	call(NULL, "127.0.0.1");
	check(!r.status && !r.err[0]);
	snprintf(text, sizeof(text), "ok       address: 127.0.0.1, UDP port %d: answers\n", srv.port);
	has(text);
	check(!strstr(r.out, " is 127.0.0.1"));
	has("ok       key: ops (");
	has(") is the host's\n");
	has("ok       time: there and back ");
	has(" ms in the middle, of 5\n");
	/* 0.1 s, or as well as a busy machine can tell. */
	has("ok       clock: the host's is ours to ");
	has("note     blind: nothing was remembered of the host; from now on, for this boot of it\n");
	has("ok       letters: sub (sync, remount read-only, reboot) would be accepted\n");
	has("ok       letters: t (show tasks) would be accepted\n");
	has("ok       pending: nothing\n");
	check(!srv.host.runs && !srv.host.cancels);

	/* It has been heard now. That was another boot, but who could know? */
	snprintf(text, sizeof(text), "--identity web1 127.0.0.1:%d", srv.port);
	call(NULL, "--json localhost");
	check(!r.status);
	has("{\"grade\":\"ok\",\"topic\":\"address\",\"message\":\"localhost is ");
	check(!strstr(r.out, "\"grade\":\"problem\""));
	/* Only findings, each an object. */
	check(r.out[0] == '{' && !strcmp(r.out + strlen(r.out) - 2, "}\n"));
}

/* Remembered: by the host that answered before, at the same port. */
static void test_remembered(void)
{
	char text[256];

	forget();
	server_start("web1");
	server_go();
	snprintf(text, sizeof(text), "doctor --key %s --port %d 127.0.0.1", server_key, srv.port);
	run(&r, NULL, text);
	has("note     blind: nothing was remembered");
	run(&r, NULL, text);
	has("ok       blind: for the boot of the host that answered on ");
	server_stop();
}

static void with_mask(void)
{
	srv.host.mask = 16;
	srv.host.sysrq_forbids = "ubt";
	srv.host.wall = false;
	srv.host.wall_off = 3600 * NS_PER_S;
}

static void with_key(void)
{
	srv.host.key_forbids = "b";
	srv.host.wall_off = -3600 * NS_PER_S;
}

static void is_expired(void)
{
	srv.host.status = NFT_SYSRQ_ST_EXPIRED;
}

static void test_unsound(void)
{
	call(with_mask, "127.0.0.1");
	check(!r.status);
	has("note     clock: the host's is 1 h 0 min ahead: that matters only to requests by the wall clock, "
	    "which the key forbids\n           timedatectl set-ntp true");
	has("note     blind: not by the wall clock, as the key forbids it: nothing after a restart of the "
	    "host\n           sysrqctl key set ops --wall-clock    # on 127.0.0.1, if ");
	has("warning  letters: sub (sync, remount read-only, reboot) would be refused: kernel.sysrq=16 does "
	    "not allow 'u' (remount read-only), 'b' (reboot)\n"
	    "           sysctl kernel.sysrq=176    # on 127.0.0.1, and in /etc/sysctl.d there\n");
	has("note     letters: t (show tasks) would be refused: ");
	has("           sysctl kernel.sysrq=24    # on 127.0.0.1");
	call(with_key, "127.0.0.1");
	has("warning  clock: the host's is 1 h 0 min behind: more than the usual tolerance, 60 s; requests by "
	    "the wall clock are stale\n");
	has("would be refused: key does not allow 'b' (reboot)\n"
	    "           sysrqctl key set ops --allow LETTERS    # on 127.0.0.1\n");
	call(is_expired, "127.0.0.1");
	check(r.status == 1);
	has("problem  key: ops (");
	has("           sysrqctl key set ops --expires +90d    # on 127.0.0.1\n");
}

static void with_program(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	srv.host.pending[0] = (struct nft_sysrq_step){ 0, 200 };
	srv.host.pending[1] = (struct nft_sysrq_step){ 'b', 0 };
	srv.host.pending_n = 2;
	srv.host.pending_nonce = 7;
	srv.host.pending_since = now.tv_sec * NS_PER_S;
}

static void test_pending(void)
{
	char text[256];

	call(with_program, "127.0.0.1");
	check(!r.status);
	has("note     pending: a program, whose next command ");
	snprintf(text, sizeof(text), "           sysrqctl cancel --key %s --port %d 127.0.0.1\n", server_key,
		 srv.port);
	has(text);
	check(!srv.host.cancels);
}

static void is_mute(void)
{
	srv.mute = true;
}

static void has_other_key(void)
{
	struct exchange_clock now = { 0 };
	u8 other[NFT_SYSRQ_KEY_LEN] = { 1 };

	fake_host_end(&srv.host);
	fake_host_begin(&srv.host, other, "web1", &now);
}

static void test_silent(void)
{
	char text[256];

	call(is_mute, "--timeout 400ms 127.0.0.1");
	check(r.status == 1 && !r.err[0]);
	snprintf(text, sizeof(text), "problem  address: 127.0.0.1, UDP port %d: no answer in 0.4 s\n", srv.port);
	has(text);
	has("note     way: 1. the host is down, or not there\n           ping -c 3 127.0.0.1\n");
	snprintf(text, sizeof(text), "           tcpdump -ni any udp port %d    # on 127.0.0.1\n", srv.port);
	has(text);
	has("note     way: 3. the host has no rule that takes the request, or not this key, ");
	has("           sysrqctl doctor      # on 127.0.0.1\n");
	has("note     way: 4. ");
	has("           sysrqctl doctor --icmp --key ");
	call(has_other_key, "--timeout 400ms 127.0.0.1");
	check(r.status == 1);
	has("or not this key, ");
	/* Its last port is nobody's now. */
	snprintf(text, sizeof(text), "doctor --key %s --timeout 2s --port %d 127.0.0.1", server_key, srv.port);
	run(&r, NULL, text);
	check(r.status == 1);
	snprintf(text, sizeof(text), "problem  address: 127.0.0.1, UDP port %d: port closed, says the host itself\n",
		 srv.port);
	has(text);
	has("note     way: the host is up and reached; the host has no rule ");
	snprintf(text, sizeof(text), "doctor --key %s --timeout 2s --port %d ::1", server_key, srv.port);
	run(&r, NULL, text);
	has(": port closed, says the host itself\n");
	snprintf(text, sizeof(text), "doctor --key %s no.such.invalid", server_key);
	run(&r, NULL, text);
	check(r.status == 1);
	has("problem  address: no.such.invalid has none: ");
}

/* One of two addresses is enough, but that the other is none is told. */
static void test_addresses(void)
{
	char path[128], text[512];

	snprintf(path, sizeof(path), "%s/config", server_dir);
	server_start("web1");
	snprintf(text, sizeof(text), "Host web1\n  Address 127.0.0.1 ::1\n  Port %d\n  Key %s\n"
		 "  Sequence tidy s +1s u\n  Sequence show w\n", srv.port, server_key);
	write_file(path, text, 0600);
	srv.host.lacks = "w";
	server_go();
	snprintf(text, sizeof(text), "doctor --config %s web1", path);
	run(&r, NULL, text);
	check(!r.status && !r.err[0]);
	has("ok       address: web1 is 127.0.0.1, ::1\n");
	has("ok       address: 127.0.0.1, UDP port ");
	has("ok       address: ::1, UDP port ");
	has("ok       letters: the sequence tidy would be accepted\n");
	has("warning  letters: the sequence show would be refused: kernel has no handler for 'w'");
	has("    # leaves that out\n");
	snprintf(text, sizeof(text), "Host web1\n  Address 127.0.0.1 203.0.113.1\n  Port %d\n  Key %s\n"
		 "  Timeout 500ms\n", srv.port, server_key);
	write_file(path, text, 0600);
	snprintf(text, sizeof(text), "doctor --config %s web1", path);
	run(&r, NULL, text);
	check(!r.status);
	has("ok       address: 127.0.0.1, UDP port ");
	/* By whether this machine has a way to anywhere. */
	check((strstr(r.out, "warning  address: 203.0.113.1, UDP port ") &&
	       strstr(r.out, "           tracepath -n 203.0.113.1\n")) ||
	      strstr(r.out, "note     address: another of web1 cannot be sent to from here: "));
	server_stop();
	unlink(path);
}

static void test_usage(void)
{
	char text[256];

	run(&r, NULL, "doctor --port 9");
	check(r.status == 2);
	check_has(r.err, "--port goes only with HOST");
	run(&r, NULL, "doctor a b");
	check(r.status == 2);
	check_has(r.err, "takes one HOST, not 2");
	snprintf(text, sizeof(text), "doctor --key %s a,b", server_key);
	run(&r, NULL, text);
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, "takes one HOST, not 2");
	run(&r, NULL, "doctor --key /no/such/file 127.0.0.1");
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, "/no/such/file: No such file");
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	test_sound();
	test_remembered();
	test_unsound();
	test_pending();
	test_silent();
	test_addresses();
	test_usage();
	server_end();
	return 0;
}
