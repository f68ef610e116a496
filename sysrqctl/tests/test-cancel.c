// SPDX-License-Identifier: GPL-2.0-only
/* cancel, as a user runs it, against fake hosts on the loopback. */
#include <jansson.h>
#include <time.h>

#include "duration.h"
#include "fake-server.h"
#include "test.h"

static void pend(void)
{
	static const struct nft_sysrq_step steps[] = { { 's', 133 }, { 'b', 0 } };
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	memcpy(srv.host.pending, steps, sizeof(steps));
	srv.host.pending_n = 2;
	srv.host.pending_nonce = 1;
	srv.host.pending_since = now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void others(void)
{
	pend();
	srv.host.status = NFT_SYSRQ_ST_OTHERS;
}

static void mute(void)
{
	pend();
	srv.mute = true;
}

static void one_way(void)
{
	pend();
	srv.mute = true;
	srv.deaf_to_probes = true;
}

static void pend_long(void)
{
	static const struct nft_sysrq_step steps[] = {
		{ 0, 133 }, { 's', 50 }, { 'u', 50 }, { 'b', 0 }
	};

	pend();
	memcpy(srv.host.pending, steps, sizeof(steps));
	srv.host.pending_n = 4;
}

/* probe says what a cancel would stop. */
static void test_pending(void)
{
	json_t *o, *p;
	struct run r;

	server_call(&r, pend, "web1", "probe", "127.0.0.1");
	check(r.status == 0);
	check_has(r.out, "; a program is pending: reboot in 59.");
	server_call(&r, pend_long, "web1", "probe", "127.0.0.1");
	check_has(r.out, "; a program is pending: sync in 59.");
	check_has(r.out, " s, remount read-only in 1 min 4 s, reboot in 1 min 9 s, perhaps more\n");
	server_call(&r, pend, "web1", "probe", "--json 127.0.0.1");
	o = json_loads(r.out, 0, NULL);
	p = json_object_get(o, "pending");
	check(!strcmp(json_string_value(json_object_get(p, "nonce")), "00000001"));
	check(json_integer_value(json_object_get(p, "fires_ms")) > 50000);
	check(json_array_size(json_object_get(p, "steps")) == 1);
	check(json_is_true(json_object_get(p, "whole")));
	json_decref(o);
	server_call(&r, NULL, "web1", "probe", "--json 127.0.0.1");
	check(!strstr(r.out, "pending"));
}

/* A program for later says how to stop it: by what it was sent with. */
static void test_after(void)
{
	char text[256];
	struct run r;

	server_call(&r, NULL, "web1", "send", "--after 5m 127.0.0.1 sb");
	check(r.status == 0 && srv.host.pending_n == 2 && srv.host.pending[0].letter == 's');
	snprintf(text, sizeof(text), "ops@127.0.0.1: sync, reboot accepted; restarts in 5 min 1 s; "
		 "'sysrqctl cancel --key %s 127.0.0.1:%d' stops it\n", server_key, srv.port);
	check(!strcmp(r.out, text) && !r.err[0]);
	server_call(&r, NULL, "web1", "send", "--after 12s ::1 s");
	check_has(r.out, "::1: sync accepted; handed to the kernel in 12.0 s; 'sysrqctl cancel ");
	snprintf(text, sizeof(text), " [::1]:%d' stops it\n", srv.port);
	check_has(r.out, text);
	server_call(&r, NULL, "web1", "send", "--after 2500ms 127.0.0.1 b");
	check(!strcmp(r.out, "ops@127.0.0.1: reboot accepted; restarts in 2.5 s\n"));
	server_call(&r, NULL, "web1", "send", "--after 50ms 127.0.0.1 b");
	check(r.status == 0);
	check_has(r.err, "waits are sent as the next longer ones");
	server_call(&r, NULL, "web1", "probe", "--after 1h 127.0.0.1 b");
	check(r.status == 0 && !srv.host.runs);
	check_has(r.out, "reboot would be accepted; comes after 1 h 0 min\n");
}

int main(int argc, char **argv)
{
	struct run r;

	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();

	server_call(&r, pend, "web1", "cancel", "127.0.0.1");
	check(r.status == 0 && srv.host.cancels == 1);
	check(!strcmp(r.out, "ops@127.0.0.1: cancelled\n") && !r.err[0]);

	server_call(&r, NULL, "web1", "cancel", "127.0.0.1");
	check(r.status == 0 && !srv.host.cancels);
	check(!strcmp(r.out, "ops@127.0.0.1: nothing was pending\n"));
	server_call(&r, NULL, "web1", "cancel", "--json 127.0.0.1");
	check(r.status == 0);
	check_has(r.out, "\"outcome\":\"ok\",\"status\":\"nothing\"");

	server_call(&r, others, "web1", "cancel", "127.0.0.1");
	check(r.status == 1 && !srv.host.cancels);
	check(!strcmp(r.out, "ops@127.0.0.1: refused: another key's program is pending, "
			     "and this key does not allow all of its commands\n"));

	server_call(&r, mute, "web1", "cancel", "--timeout 300ms --strict 127.0.0.1");
	check(r.status == 3 && !srv.host.cancels);
	check_has(r.out, "no answer in 0.3 s: nothing was sent but probes (--strict)\n");

	server_call(&r, one_way, "web1", "cancel",
		    "--timeout 400ms --blind --identity web1 127.0.0.1");
	check(r.status == 3 && srv.host.cancels == 1);
	check_has(r.out, "sent blind");
	check_has(r.out, "; it may still cancel until ");

	test_pending();
	test_after();
	server_end();
	return 0;
}
