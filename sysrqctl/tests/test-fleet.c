// SPDX-License-Identifier: GPL-2.0-only
/* Many hosts at once, as a user asks for them: files of hosts, the summary, too few sockets. */
#include <sys/resource.h>
#include <unistd.h>

#include <jansson.h>

#include "command.h"
#include "fake-server.h"
#include "test.h"

static char path[64];

static void fleet(struct run *r, const char *input, const char *rest)
{
	char text[1024];

	server_start("web1");
	server_go();
	snprintf(text, sizeof(text), "%s --key %s --port %d", rest, server_key, srv.port);
	run(r, input, text);
	server_stop();
}

static void with_file(struct run *r, const char *rest)
{
	char text[512];

	snprintf(text, sizeof(text), "send --strict --hosts-file %s %s", path, rest);
	fleet(r, NULL, text);
}

static unsigned int lines_of(const char *text)
{
	unsigned int n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

static void test_file(void)
{
	char part[256];
	struct run r;

	write_file(path, "127.0.0.1\n127.0.0.2 # two\n\n# none\n127.0.0.3:1\n", 0644);
	with_file(&r, "--timeout 300ms s");
	check(r.status == EXIT_NO_ANSWER && srv.host.runs == 2 && lines_of(r.out) == 4);
	check_has(r.out, "ops@127.0.0.1: sync accepted; handed to the kernel now\n");
	check_has(r.out, "ops@127.0.0.2: sync accepted; handed to the kernel now\n");
	check_has(r.out, "ops@127.0.0.3: no answer in 0.3 s");
	check_has(r.out, "\n3 hosts: 2 accepted, 1 no answer (127.0.0.3)\n");
	check(!r.err[0]);

	with_file(&r, "--timeout 300ms --host 127.0.0.9,127.0.0.10 su");
	check(srv.host.runs == 4 && lines_of(r.out) == 6);
	check_has(r.out, "\n5 hosts: 4 accepted, 1 no answer (127.0.0.3)\n");

	fleet(&r, "127.0.0.4\n127.0.0.5\n", "send --hosts-file - --parallel 1 s");
	check(r.status == EXIT_OK && srv.host.runs == 2);
	check_has(r.out, "ops@127.0.0.4: sync accepted; handed to the kernel now\n"
		  "ops@127.0.0.5: sync accepted; handed to the kernel now\n"
		  "2 hosts: 2 accepted\n");
	/* What is to stop it can be copied as it stands. */
	fleet(&r, "127.0.0.4\n", "send --hosts-file - --config none --after 5m b");
	snprintf(part, sizeof(part), "'sysrqctl cancel --config none --key %s 127.0.0.4:%d' stops it",
		 server_key, srv.port);
	check_has(r.out, part);
	fleet(&r, "127.0.0.4\n", "send --hosts-file - s");
	check(r.status == EXIT_OK && lines_of(r.out) == 1);
}

/* Nothing is sent where anything is wrong. */
static void bad(const char *text, const char *rest, const char *part)
{
	struct run r;

	write_file(path, text, 0644);
	with_file(&r, rest);
	check(r.status == EXIT_USAGE && !r.out[0] && !srv.host.datagrams);
	check_has(r.err, part);
}

static void test_bad(void)
{
	char part[256];

	bad("127.0.0.1\n", "", "needs COMMANDS");
	bad("127.0.0.1\nweb1\n", "web1 sub", "'web1' is a host; with --hosts-file there is no HOST");
	bad("127.0.0.1\nweb1\n", "WEB1 sub", "'WEB1' is a host");
	bad("127.0.0.1\n", "s!", "'!' is no SysRq letter");
	bad("127.0.0.1\n", "--host 127.0.0.1 s", "is named twice: by the command line and ");
	snprintf(part, sizeof(part), "by the command line and %s:1", path);
	bad("127.0.0.1\n", "--host 127.0.0.1 s", part);
	snprintf(part, sizeof(part), "by %s:1 and %s:2", path, path);
	bad("127.0.0.1\n127.0.0.1\n", "s", part);
	snprintf(part, sizeof(part), "%s:2: host '::g': not an IPv6 address", path);
	bad("127.0.0.1\n::g\n", "s", part);
}

static void forbid(void)
{
	srv.host.sysrq_forbids = "s";
}

static void test_summary(void)
{
	json_t *o, *s;
	struct run r;
	char *last;

	server_call(&r, forbid, "web1", "send", "--strict --timeout 300ms "
		    "127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.5,127.0.0.6,127.0.0.7,"
		    "127.0.0.8:1 s");
	check(r.status == EXIT_NO_ANSWER);
	check_has(r.out, "\n8 hosts: 0 accepted, 7 refused (127.0.0.1, 127.0.0.2, 127.0.0.3, "
		  "127.0.0.4, 127.0.0.5 and 2 more), 1 no answer (127.0.0.8)\n");
	server_call(&r, forbid, "web1", "send", "127.0.0.1,127.0.0.2 s");
	check(r.status == EXIT_REFUSED);

	server_call(&r, forbid, "web1", "send", "--json --strict --timeout 300ms "
		    "127.0.0.1,127.0.0.2:1 s");
	check(r.status == EXIT_NO_ANSWER && lines_of(r.out) == 3);
	last = strstr(r.out, "{\"summary\"");
	check(last);
	o = json_loads(last, 0, NULL);
	s = json_object_get(o, "summary");
	check(json_integer_value(json_object_get(s, "hosts")) == 2);
	check(json_integer_value(json_object_get(s, "ok")) == 0);
	check(json_integer_value(json_object_get(s, "refused")) == 1);
	check(json_integer_value(json_object_get(s, "no_answer")) == 1);
	check(json_is_real(json_object_get(s, "seconds")));
	check(!strcmp(json_string_value(json_array_get(json_object_get(s, "refused_hosts"), 0)),
		      "127.0.0.1"));
	check(!strcmp(json_string_value(json_array_get(json_object_get(s, "no_answer_hosts"), 0)),
		      "127.0.0.2"));
	json_decref(o);
}

/* Names that nobody has hold nobody up, and are all told of. */
static void test_names(void)
{
	char text[8192];
	struct run r;
	size_t n = 0;
	int i;

	for (i = 0; i < 200; i++) {
		if (i % 50 == 0)
			n += sprintf(text + n, "n%d.invalid\n", i);
		n += sprintf(text + n, "127.0.1.%d\n", i + 1);
	}
	fleet(&r, text, "probe --hosts-file - --parallel 3");
	check(r.status == EXIT_NO_ANSWER && lines_of(r.out) == 205);
	check_has(r.out, "\n204 hosts: 200 answered, 4 no answer (n0.invalid, n50.invalid, "
		  "n100.invalid, n150.invalid)\n");
}

/* Far fewer sockets than hosts: fewer at once, but every host has its turn. */
static void test_few_sockets(void)
{
	struct rlimit lim = { 90, 90 };
	char text[8192];
	struct run r;
	size_t n = 0;
	int i;

	for (i = 0; i < 250; i++)
		n += sprintf(text + n, "127.0.1.%d\n", i + 1);
	check(!setrlimit(RLIMIT_NOFILE, &lim));
	fleet(&r, text, "probe --timeout 10s --hosts-file -");
	check(r.status == EXIT_OK);
	check_has(r.out, "\n250 hosts: 250 answered\n");
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	snprintf(path, sizeof(path), "%s/hosts", server_dir);
	test_file();
	test_bad();
	test_summary();
	test_names();
	test_few_sockets();
	unlink(path);
	server_end();
	return 0;
}
