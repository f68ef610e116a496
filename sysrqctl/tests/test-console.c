// SPDX-License-Identifier: GPL-2.0-only
/* send --console, as a user runs it: what hosts on the loopback print, and what others put in. */
#include <arpa/inet.h>
#include <jansson.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "duration.h"
#include "fake-server.h"
#include "test.h"

/* What is sent to the console's port, and from where, as soon as a host runs something. */
static struct {
	const char	*from;
	const char	*text;
	size_t		times;
} says[8];
static unsigned int nsays;
static int port;
static bool endless;
static pthread_t thread;

static int socket_at(const char *address, int at, struct sockaddr_storage *sa, socklen_t *len)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(at) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(at) };
	bool six = strchr(address, ':');
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	check(fd >= 0);
	check(inet_pton(six ? AF_INET6 : AF_INET, address,
			six ? (void *)&in6.sin6_addr : &in.sin_addr) == 1);
	*len = six ? sizeof(in6) : sizeof(in);
	memcpy(sa, six ? (void *)&in6 : &in, *len);
	return fd;
}

/* A port that was free a moment ago. */
static int free_port(void)
{
	struct sockaddr_storage sa;
	socklen_t len;
	int fd = socket_at("::", 0, &sa, &len), found;

	check(!bind(fd, (struct sockaddr *)&sa, len));
	check(!getsockname(fd, (struct sockaddr *)&sa, &len));
	found = ntohs(((struct sockaddr_in6 *)&sa)->sin6_port);
	close(fd);
	return found;
}

static void say(const char *from, const char *text, size_t times)
{
	struct sockaddr_storage sa, to;
	socklen_t len;
	int fd = socket_at(from, 0, &sa, &len);

	check(!bind(fd, (struct sockaddr *)&sa, len));
	close(socket_at(strchr(from, ':') ? "::1" : "127.0.0.1", port, &to, &len));
	/* No quicker than a tool that is no root's takes it. */
	while (times--) {
		sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, len);
		usleep(times % 16 ? 0 : 2000);
	}
	close(fd);
}

static void *print_all(void *arg)
{
	unsigned int i;

	while (!srv.host.runs && !srv.stop)
		usleep(1000);
	for (i = 0; i < nsays && srv.host.runs; i++)
		say(says[i].from, says[i].text, says[i].times);
	while (endless && !srv.stop)
		say(says[0].from, says[0].text, 1);
	return arg;
}

static void prints(const char *from, const char *text, size_t times)
{
	says[nsays].from = from;
	says[nsays].text = text;
	says[nsays++].times = times;
}

/* Run "send OPTIONS REST" with a console at @at. */
static void call(struct run *r, const char *at, const char *options, const char *rest)
{
	char text[1024];

	port = free_port();
	server_start("web1");
	srv.host.sysrq_forbids = "c";
	server_go();
	check(!pthread_create(&thread, NULL, print_all, NULL));
	snprintf(text, sizeof(text), "send --key %s --port %d --console %s:%d "
		 "--console-wait 300ms %s %s", server_key, srv.port, at, port, options, rest);
	run(r, NULL, text);
	server_stop();
	pthread_join(thread, NULL);
	nsays = 0;
}

static void test_shown(void)
{
	struct run r;

	prints("127.0.0.1", "[   49.361310] sysrq: Show Blocked State\n", 1);
	prints("127.0.0.1", "5.10,6,7,49361311,-,ncfrag=0/10;task:", 1);
	prints("127.0.0.1", "5.10,6,7,49361311,-,ncfrag=5/10;dd \\\n", 1);
	prints("127.0.0.1", "\x1b[2J\xe2\x80\xae" "end\tof it\n", 1);
	prints("127.0.0.1", "half", 1);
	call(&r, "127.0.0.1", "", "127.0.0.1 w");
	check(r.status == 0 && srv.host.runs == 1 && !r.err[0]);
	check_has(r.out, "ops@127.0.0.1: show blocked tasks accepted; handed to the kernel now\n");
	check_has(r.out, "| [   49.361310] sysrq: Show Blocked State\n"
		  "| [   49.361311] task:dd \\\n| \\x1b[2J\\xe2\\x80\\xaeend\tof it\n| half\n");
}

/* Over IPv6, at every address; IPv4 comes to the same socket. */
static void test_families(void)
{
	struct run r;

	prints("::1", "six\n", 1);
	call(&r, "[::1]", "", "::1 w");
	check(r.status == 0 && !r.err[0]);
	check_has(r.out, "| six\n");
	prints("::1", "six\n", 1);
	prints("127.0.0.1", "four\n", 1);
	call(&r, "any", "", "127.0.0.1,::1 w");
	check(r.status == 0 && !r.err[0]);
	check_has(r.out, "::1| six\n");
	check_has(r.out, "127.0.0.1| four\n");
	check_has(r.out, "2 hosts: 2 accepted\n");
}

static void test_others(void)
{
	struct run r;

	prints("127.0.0.9", "ops@127.0.0.1: forged\n", 3);
	prints("127.0.0.1", "ours\n", 1);
	call(&r, "127.0.0.1", "", "127.0.0.1 w");
	check(r.status == 0);
	check(!strstr(r.out, "forged"));
	check_has(r.out, "| ours\n");
	check(!strcmp(r.err, "sysrqctl send: --console: 3 datagrams of others are left out, "
			     "the first from 127.0.0.9\n"));
}

static void test_silent(void)
{
	struct run r;

	call(&r, "127.0.0.1", "", "127.0.0.1 w");
	check(r.status == 0);
	check_has(r.err, "sysrqctl send: --console: nothing came from 127.0.0.1: does netconsole "
		  "there send to port ");
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* It waits for the last command, and for b no longer; for nothing, where nothing runs. */
static void test_time(void)
{
	double start = now_s();
	struct run r;

	call(&r, "127.0.0.1", "", "127.0.0.1 s +1500ms w");
	check(r.status == 0 && now_s() - start > 1.8);
	start = now_s();
	call(&r, "127.0.0.1", "", "127.0.0.1 s +500ms b");
	check(r.status == 0 && now_s() - start > 0.8 && now_s() - start < 5);
	start = now_s();
	call(&r, "127.0.0.1", "--timeout 200ms --strict --console-wait 10m", "127.0.0.1:1 w");
	check(r.status == 3 && now_s() - start < 5 && !r.err[0]);
	start = now_s();
	call(&r, "127.0.0.1", "--console-wait 10m", "127.0.0.1 c");
	check(r.status == 1 && now_s() - start < 5 && !r.err[0]);
}

/* An interrupt ends it, and nothing is lost of what is known. */
static void test_interrupt(void)
{
	const char *tool = run_binary;
	double start = now_s();
	char text[1024];
	struct run r;

	port = free_port();
	server_start("web1");
	server_go();
	snprintf(text, sizeof(text), "--preserve-status -s INT 2 %s send --key %s --port %d "
		 "--console 127.0.0.1:%d --console-wait 10m --json 127.0.0.1 +20s w", tool,
		 server_key, srv.port, port);
	run_binary = "/usr/bin/timeout";
	run(&r, NULL, text);
	run_binary = tool;
	server_stop();
	check(r.status == 0 && now_s() - start > 1.9 && now_s() - start < 10);
	check_has(r.err, "sysrqctl send: --console: listens until ");
	check_has(r.out, "\"outcome\":\"ok\"");
}

/* A host that prints without end: lines are bounded. */
static void test_flood(void)
{
	static char many[1000];
	struct run r;

	memset(many, '\n', sizeof(many) - 1);
	prints("127.0.0.1", many, 400);
	call(&r, "127.0.0.1", "--console-wait 3s", "127.0.0.1 w");
	check(r.status == 0);
	check_has(r.err, "sysrqctl send: --console: too much came; the rest is left out, from "
		  "127.0.0.1\n");
}

/* One that goes on and on: time is bounded. */
static void test_endless(void)
{
	double start = now_s();
	struct run r;

	endless = true;
	prints("127.0.0.1", "more\n", 1);
	call(&r, "127.0.0.1", "--console-wait 100ms", "127.0.0.1 w");
	endless = false;
	check(r.status == 0 && now_s() - start > 1.9 && now_s() - start < 10);
}

static void test_json(void)
{
	json_t *o, *console, *line;
	struct run r;

	prints("127.0.0.1", "plain \x1b\n", 1);
	prints("127.0.0.1", "30,7,99,-;extended\n", 1);
	call(&r, "127.0.0.1", "--json", "127.0.0.1 w");
	check(r.status == 0);
	o = json_loads(r.out, 0, NULL);
	check(o && !strcmp(json_string_value(json_object_get(o, "outcome")), "ok"));
	console = json_object_get(o, "console");
	check(json_is_false(json_object_get(console, "more")));
	check(json_array_size(json_object_get(console, "lines")) == 2);
	line = json_array_get(json_object_get(console, "lines"), 0);
	check(!strcmp(json_string_value(json_object_get(line, "text")), "plain \\x1b"));
	check(json_is_null(json_object_get(line, "level")));
	check(json_is_null(json_object_get(line, "us")));
	line = json_array_get(json_object_get(console, "lines"), 1);
	check(!strcmp(json_string_value(json_object_get(line, "text")), "extended"));
	check(json_integer_value(json_object_get(line, "level")) == 6);
	check(json_integer_value(json_object_get(line, "seq")) == 7);
	check(json_integer_value(json_object_get(line, "us")) == 99);
	json_decref(o);

	/* Without the option there is no such field; of several hosts the summary comes last. */
	server_call(&r, NULL, "web1", "send", "--json 127.0.0.1 w");
	check(!strstr(r.out, "\"console\""));
	call(&r, "any", "--json", "127.0.0.1,::1 w");
	check_has(r.out, "\"console\":{\"lines\":[],\"more\":false}}\n{\"summary\":{\"hosts\":2,");
}

/* Nothing goes out where it cannot listen. */
static void test_refused(void)
{
	struct sockaddr_storage sa;
	char text[1024], many[700];
	socklen_t len;
	struct run r;
	size_t i, n;
	int fd;

	server_start("web1");
	server_go();
	port = free_port();
	fd = socket_at("127.0.0.1", port, &sa, &len);
	check(!bind(fd, (struct sockaddr *)&sa, len));
	snprintf(text, sizeof(text), "send --key %s --port %d --console 127.0.0.1:%d 127.0.0.1 b",
		 server_key, srv.port, port);
	run(&r, NULL, text);
	check(r.status == EXIT_USAGE && !r.out[0]);
	snprintf(many, sizeof(many), "sysrqctl send: nothing was sent: --console: another program, "
		 "such as rsyslog, has port %d of 127.0.0.1: ", port);
	check(!strncmp(r.err, many, strlen(many)));
	snprintf(text, sizeof(text), "send --key %s --port %d --console any:%d 127.0.0.1 b",
		 server_key, srv.port, port);
	run(&r, NULL, text);
	check(r.status == EXIT_USAGE);
	check_has(r.err, "another program");
	close(fd);
	snprintf(text, sizeof(text), "send --key %s --console 192.0.2.1 127.0.0.1 b", server_key);
	run(&r, NULL, text);
	check(r.status == EXIT_USAGE);
	check_has(r.err, "nothing was sent: --console: 192.0.2.1 is no address of this machine\n");
	for (i = 0, n = 0; i < 65; i++)
		n += snprintf(many + n, sizeof(many) - n, "%sh%zu", i ? "," : "", i);
	snprintf(text, sizeof(text), "send --key %s --console any %s b", server_key, many);
	run(&r, NULL, text);
	check(r.status == EXIT_USAGE);
	check_has(r.err, "--console is for 64 hosts at most, but there are 65\n");
	run(&r, NULL, "send --console web1 127.0.0.1 b");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "--console 'web1': neither an address nor 'any'");
	run(&r, NULL, "send --console-wait 3s 127.0.0.1 b");
	check(r.status == EXIT_USAGE);
	run(&r, NULL, "send --console any --console-wait 11m 127.0.0.1 b");
	check(r.status == EXIT_USAGE);
	run(&r, NULL, "probe --console any 127.0.0.1");
	check(r.status == EXIT_USAGE);
	server_stop();
	check(!srv.host.datagrams);
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	test_shown();
	test_families();
	test_others();
	test_silent();
	test_time();
	test_interrupt();
	test_flood();
	test_endless();
	test_json();
	test_refused();
	server_end();
	return 0;
}
