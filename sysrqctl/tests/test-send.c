// SPDX-License-Identifier: GPL-2.0-only
/* send and probe, as a user runs them, against fake hosts on the loopback. */
#include <jansson.h>

#include "command.h"
#include "duration.h"
#include "fake-server.h"
#include "test.h"

static void test_accepted(void)
{
	struct run r;

	server_call(&r, NULL, "web1", "send", "127.0.0.1 s +200ms u +2s b");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@127.0.0.1: sync, remount read-only, reboot accepted; "
			     "restarts in 2.2 s\n"));
	check(!r.err[0] && srv.host.runs == 1);

	server_call(&r, NULL, "web1", "send", "::1 s");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@::1: sync accepted; handed to the kernel now\n"));

	server_call(&r, NULL, "web1", "send", "[::1] su");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@::1: sync, remount read-only accepted; "
			     "the last is handed to the kernel in 1.0 s\n"));

	server_call(&r, NULL, "web1", "send", "localhost b");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@localhost: reboot accepted; restarts now\n"));
	check(srv.host.runs == 1);
}

static void forbid(void)
{
	srv.host.sysrq_forbids = "ct";
	srv.host.key_forbids = "b";
	srv.host.lacks = "y";
}

static void expire(void)
{
	srv.host.status = NFT_SYSRQ_ST_EXPIRED;
}

static void test_refused(void)
{
	struct run r;

	server_call(&r, forbid, "web1", "send", "127.0.0.1 sc c b yt");
	check(r.status == 1 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: refused: kernel.sysrq=438 does not allow "
		      "'c' (crash), 't' (show tasks); key does not allow 'b' (reboot); "
		      "kernel has no handler for 'y' (show global registers)\n"));
	server_call(&r, forbid, "web1", "probe", "127.0.0.1 c");
	check(r.status == 1);
	check_has(r.out, "would be refused: kernel.sysrq=438 does not allow 'c' (crash)\n");
	server_call(&r, expire, "web1", "send", "127.0.0.1 s");
	check(r.status == 1);
	check_has(r.out, "refused: the key has expired\n");
}

static void forbid_all(void)
{
	srv.host.sysrq_forbids = "ei";
}

static void test_partial(void)
{
	json_t *o, *step;
	struct run r;

	server_call(&r, forbid, "web1", "send", "--partial 127.0.0.1 sc ub");
	check(r.status == 1 && srv.host.runs == 1);
	check(!strcmp(r.out, "ops@127.0.0.1: sync, remount read-only accepted; the last is handed "
		      "to the kernel in 2.0 s; left out: kernel.sysrq=438 does not allow "
		      "'c' (crash); key does not allow 'b' (reboot)\n"));
	server_call(&r, forbid_all, "web1", "send", "--partial 127.0.0.1 e i");
	check(r.status == 1 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: refused: kernel.sysrq=438 does not allow "
		      "'e' (terminate all processes), 'i' (kill all processes)\n"));
	server_call(&r, forbid, "web1", "send", "--partial 127.0.0.1 su");
	check(r.status == 0 && srv.host.runs == 1 && !strstr(r.out, "left out"));

	server_call(&r, forbid, "web1", "send", "--json --partial 127.0.0.1 sc");
	check(r.status == 1);
	o = json_loads(r.out, 0, NULL);
	check(!strcmp(json_string_value(json_object_get(o, "outcome")), "partial"));
	check(!strcmp(json_string_value(json_object_get(o, "status")), "ok"));
	check(json_is_true(json_object_get(o, "left_out")));
	step = json_array_get(json_object_get(o, "steps"), 1);
	check(!strcmp(json_string_value(json_object_get(step, "letter")), "c"));
	check(!strcmp(json_string_value(json_object_get(step, "reason")), "kernel.sysrq"));
	json_decref(o);
}

static void no_wall(void)
{
	srv.host.wall = false;
	srv.host.wall_off = -3600 * NS_PER_S;
}

static void test_probe(void)
{
	struct run r;

	server_call(&r, NULL, "web1", "probe", "127.0.0.1");
	check(r.status == 0);
	check_has(r.out, "ops@127.0.0.1: answers in ");
	check_has(r.out, " ms; up 1 d 0 h, kernel.sysrq=438\n");
	server_call(&r, no_wall, "web1", "probe", "127.0.0.1");
	check(r.status == 0);
	check_has(r.out, ", clock 1 h 0 min behind, kernel.sysrq=438; "
		  "key forbids requests by the wall clock (blind ones)\n");
	server_call(&r, NULL, "web1", "probe", "127.0.0.1 sub");
	check(r.status == 0 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: sync, remount read-only, reboot "
			     "would be accepted; the last comes after 2.0 s\n"));
	server_call(&r, NULL, "web1", "probe", "127.0.0.1 reisub");
	check(r.status == 0 && !srv.host.runs);
	check_has(r.out, "terminate all processes, kill all processes, sync, remount read-only, "
		  "reboot would be accepted; the last comes after 23.0 s\n");
}

static void mute(void)
{
	srv.mute = true;
}

static void deaf(void)
{
	srv.deaf_to_probes = true;
}

static void test_silent(void)
{
	struct run r;

	server_call(&r, mute, "web1", "send", "--timeout 400ms --strict 127.0.0.1 b");
	check(r.status == 3 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: no answer in 0.4 s: nothing was sent but probes "
			     "(--strict)\n"));
	server_call(&r, mute, "web1", "probe", "--timeout 300ms 127.0.0.1");
	check(r.status == 3);
	check(!strcmp(r.out, "ops@127.0.0.1: no answer in 0.3 s\n"));
	server_call(&r, mute, "web1", "send", "--timeout 400ms --blind --identity web1 127.0.0.1 b");
	check(r.status == 3 && srv.host.runs == 1);
	check_has(r.out, "no answer in 0.4 s: the request was also sent blind, by the wall clock; "
		  "it may still run until ");
	server_call(&r, mute, "web2", "send", "--timeout 400ms --blind --identity web1 127.0.0.1 b");
	check(r.status == 3 && !srv.host.runs);
	server_call(&r, deaf, "localhost", "send", "--timeout 1s --blind LocalHost s");
	check(r.status == 0 && srv.host.runs == 1);
	check(!strcmp(r.out, "ops@LocalHost: sync accepted; handed to the kernel now\n"));
}

static void behind(void)
{
	srv.deaf_to_probes = true;
	srv.host.wall_off = -3600 * NS_PER_S;
}

static void test_clocks(void)
{
	struct run r;

	server_call(&r, behind, "localhost", "send", "--timeout 400ms --blind localhost s");
	check(r.status == 3 && !srv.host.runs);
	check_has(r.out, "sent blind, by a clock that leads the host's by 360");
	check_has(r.out, " s: not sent again, and may run when the host's clock gets there");
	server_call(&r, behind, "localhost", "send", "--json --timeout 400ms --blind localhost s");
	check(r.status == 3);
	check_has(r.out, "\"outcome\":\"clocks\"");
	check_has(r.out, "\"runs_until_s\":1");
}

/* A port where nobody listens, and a name that nobody has. */
static void test_nobody(void)
{
	char text[256];
	struct run r;

	snprintf(text, sizeof(text), "send --key %s --timeout 300ms --strict 127.0.0.1:1 b",
		 server_key);
	run(&r, NULL, text);
	check(r.status == 3);
	check_has(r.out, "(--strict); port 1 is closed: the rule is missing there, "
		  "or the request was refused silently\n");
	snprintf(text, sizeof(text), "probe --key %s nobody.invalid", server_key);
	run(&r, NULL, text);
	check(r.status == 3);
	check_has(r.out, "ops@nobody.invalid: nothing was sent: ");
}

static void test_json(void)
{
	json_t *o, *steps;
	struct run r;

	server_call(&r, forbid, "web1", "send", "--json 127.0.0.1 sc");
	check(r.status == 1 && strchr(r.out, '\n') == r.out + strlen(r.out) - 1);
	o = json_loads(r.out, 0, NULL);
	check(o);
	check(!strcmp(json_string_value(json_object_get(o, "host")), "127.0.0.1"));
	check(!strcmp(json_string_value(json_object_get(o, "address")), "127.0.0.1"));
	check(!strcmp(json_string_value(json_object_get(o, "outcome")), "refused"));
	check(!strcmp(json_string_value(json_object_get(o, "status")), "refused"));
	check(json_integer_value(json_object_get(o, "mask")) == 438);
	check(json_is_real(json_object_get(o, "rtt_ms")));
	steps = json_object_get(o, "steps");
	check(json_array_size(steps) == 2);
	check(!strcmp(json_string_value(json_object_get(json_array_get(steps, 0), "reason")),
		      "ok"));
	check(!strcmp(json_string_value(json_object_get(json_array_get(steps, 1), "reason")),
		      "kernel.sysrq"));
	json_decref(o);

	server_call(&r, mute, "web1", "send", "--json --timeout 200ms --strict 127.0.0.1 sc");
	check(r.status == 3);
	o = json_loads(r.out, 0, NULL);
	check(o);
	check(!strcmp(json_string_value(json_object_get(o, "outcome")), "no-answer"));
	check(json_is_null(json_object_get(o, "status")));
	check(json_is_null(json_object_get(o, "runs_until_s")));
	json_decref(o);
}

/* Many addresses of one host: each is a host of its own to the sender. */
static void test_many(void)
{
	static char text[65536];
	size_t len;
	struct run r;
	int i, lines = 0;
	char *p;

	server_start("web1");
	server_go();
	len = snprintf(text, sizeof(text), "probe --key %s --timeout 10s --port %d 127.0.1.1",
		       server_key, srv.port);
	for (i = 2; i < 250; i++)
		len += snprintf(text + len, sizeof(text) - len, ",127.0.1.%d", i);
	run(&r, NULL, text);
	server_stop();
	check(r.status == 0);
	for (p = r.out; (p = strchr(p, '\n')); p++)
		lines++;
	check(lines == 250);
	check_has(r.out, "\n249 hosts: 249 answered\n");
}

/* What has run but cannot be told is no usage error, after which nothing was changed. */
static void test_untold(void)
{
	char command[256];
	struct run r;

	server_start("web1");
	server_go();
	snprintf(command, sizeof(command), "send --key %s --port %d 127.0.0.1 s", server_key,
		 srv.port);
	run_to_file(&r, "/dev/full", 0, command);
	server_stop();
	check(r.status == EXIT_NO_ANSWER && srv.host.runs == 1);
	check(!strcmp(r.err, "sysrqctl: cannot write to standard output\n"));
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	test_accepted();
	test_refused();
	test_partial();
	test_probe();
	test_silent();
	test_clocks();
	test_nobody();
	test_json();
	test_many();
	test_untold();
	server_end();
	return 0;
}
