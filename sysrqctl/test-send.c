// SPDX-License-Identifier: GPL-2.0-only
/* send and probe, as a user runs them, against fake hosts on the loopback. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "duration.h"
#include "fake-host.h"
#include "keyfile.h"
#include "test-run.h"
#include "test.h"

/* What answers at a port. */
static struct server {
	struct fake_host	host;
	int			fd;
	int			port;
	bool			mute;
	bool			deaf_to_probes;
	volatile bool		stop;
	pthread_t		thread;
} srv;

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char keypath[64];
static u8 material[NFT_SYSRQ_KEY_LEN];

static struct exchange_clock clocks(void)
{
	struct timespec boot, real;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &real);
	return (struct exchange_clock){
		.boot = boot.tv_sec * NS_PER_S + boot.tv_nsec,
		.real = real.tv_sec * NS_PER_S + real.tv_nsec,
	};
}

/* From the address that was asked: what came with the request goes back with the reply. */
static void serve_one(void)
{
	struct nft_sysrq_dgram d, reply;
	struct sockaddr_storage from;
	char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec iov = { &d, sizeof(d) };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	struct exchange_clock now;

	if (recvmsg(srv.fd, &msg, 0) != sizeof(d))
		return;
	now = clocks();
	if (srv.deaf_to_probes && d.type == NFT_SYSRQ_PROBE)
		return;
	if (!fake_host_take(&srv.host, &d, &reply, &now) || srv.mute)
		return;
	iov.iov_base = &reply;
	sendmsg(srv.fd, &msg, 0);
}

static void *serve(void *arg)
{
	struct pollfd p = { .fd = srv.fd, .events = POLLIN };

	while (!srv.stop)
		if (poll(&p, 1, 20) == 1)
			serve_one();
	return arg;
}

/* Listens at IPv4 and IPv6. */
static void start(const char *identity)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = in6addr_any };
	struct exchange_clock now = clocks();
	socklen_t len = sizeof(addr);
	int no = 0, yes = 1;

	memset(&srv, 0, sizeof(srv));
	fake_host_begin(&srv.host, material, identity, &now);
	srv.fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	check(srv.fd >= 0);
	setsockopt(srv.fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	setsockopt(srv.fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof(yes));
	check(!bind(srv.fd, (struct sockaddr *)&addr, len));
	check(!getsockname(srv.fd, (struct sockaddr *)&addr, &len));
	srv.port = ntohs(addr.sin6_port);
}

static void go(void)
{
	check(!pthread_create(&srv.thread, NULL, serve, NULL));
}

static void stop(void)
{
	srv.stop = true;
	pthread_join(srv.thread, NULL);
	close(srv.fd);
	fake_host_end(&srv.host);
}

/* One call against the host, whose traits @prepare sets. */
static void call(struct run *r, void (*prepare)(void), const char *identity,
		 const char *command, const char *rest)
{
	char text[1024];

	start(identity);
	if (prepare)
		prepare();
	go();
	snprintf(text, sizeof(text), "%s --key %s --port %d %s", command, keypath, srv.port,
		 rest);
	run(r, NULL, text);
	stop();
}

static void make_key(void)
{
	struct keyfile *key;
	char why[512];
	struct run r;

	check(mkdtemp(dir));
	snprintf(keypath, sizeof(keypath), "%s/ops.key", dir);
	run_to_file(&r, keypath, O_TRUNC, "key gen");
	check(!r.status);
	key = keyfile_read(keypath, why, sizeof(why));
	check(key);
	check(!strcmp(key->name, "ops"));
	memcpy(material, key->material, sizeof(material));
	keyfile_free(key);
}

static void test_accepted(void)
{
	struct run r;

	call(&r, NULL, "web1", "send", "127.0.0.1 s +200ms u +2s b");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@127.0.0.1: sync, remount read-only, reboot accepted; "
			     "restarts in 2.2 s\n"));
	check(!r.err[0] && srv.host.runs == 1);

	call(&r, NULL, "web1", "send", "::1 s");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@::1: sync accepted; handed to the kernel now\n"));

	call(&r, NULL, "web1", "send", "[::1] su");
	check(r.status == 0);
	check(!strcmp(r.out, "ops@::1: sync, remount read-only accepted; "
			     "the last is handed to the kernel in 1.0 s\n"));

	call(&r, NULL, "web1", "send", "localhost b");
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

	call(&r, forbid, "web1", "send", "127.0.0.1 sccbyt");
	check(r.status == 1 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: refused: kernel.sysrq=438 does not allow "
		      "'c' (crash), 't' (show tasks); key does not allow 'b' (reboot); "
		      "kernel has no handler for 'y' (show global registers)\n"));
	call(&r, forbid, "web1", "probe", "127.0.0.1 c");
	check(r.status == 1);
	check_has(r.out, "would be refused: kernel.sysrq=438 does not allow 'c' (crash)\n");
	call(&r, expire, "web1", "send", "127.0.0.1 s");
	check(r.status == 1);
	check_has(r.out, "refused: the key has expired\n");
}

static void no_wall(void)
{
	srv.host.wall = false;
	srv.host.wall_off = -3600 * NS_PER_S;
}

static void test_probe(void)
{
	struct run r;

	call(&r, NULL, "web1", "probe", "127.0.0.1");
	check(r.status == 0);
	check_has(r.out, "ops@127.0.0.1: answers in ");
	check_has(r.out, " ms; up 1 d 0 h, kernel.sysrq=438\n");
	call(&r, no_wall, "web1", "probe", "127.0.0.1");
	check(r.status == 0);
	check_has(r.out, ", clock 1 h 0 min behind, kernel.sysrq=438; "
		  "key forbids requests by the wall clock (blind ones)\n");
	call(&r, NULL, "web1", "probe", "127.0.0.1 sub");
	check(r.status == 0 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: sync, remount read-only, reboot "
			     "would be accepted\n"));
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

	call(&r, mute, "web1", "send", "--timeout 400ms --strict 127.0.0.1 b");
	check(r.status == 3 && !srv.host.runs);
	check(!strcmp(r.out, "ops@127.0.0.1: no answer in 0.4 s: nothing was sent but probes "
			     "(--strict)\n"));
	call(&r, mute, "web1", "probe", "--timeout 300ms 127.0.0.1");
	check(r.status == 3);
	check(!strcmp(r.out, "ops@127.0.0.1: no answer in 0.3 s\n"));
	call(&r, mute, "web1", "send", "--timeout 400ms --blind --identity web1 127.0.0.1 b");
	check(r.status == 3 && srv.host.runs == 1);
	check_has(r.out, "no answer in 0.4 s: the request was also sent blind; "
		  "it may still run until ");
	call(&r, mute, "web2", "send", "--timeout 400ms --blind --identity web1 127.0.0.1 b");
	check(r.status == 3 && !srv.host.runs);
	call(&r, deaf, "localhost", "send", "--timeout 1s --blind LocalHost s");
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

	call(&r, behind, "localhost", "send", "--timeout 400ms --blind localhost s");
	check(r.status == 3 && !srv.host.runs);
	check_has(r.out, "sent blind, by a clock that leads the host's by 360");
	check_has(r.out, " s: not sent again, and may run when the host's clock gets there");
	call(&r, behind, "localhost", "send", "--json --timeout 400ms --blind localhost s");
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
		 keypath);
	run(&r, NULL, text);
	check(r.status == 3);
	check_has(r.out, "(--strict); port 1 is closed: the rule is missing there, "
		  "or the request was refused silently\n");
	snprintf(text, sizeof(text), "probe --key %s nobody.invalid", keypath);
	run(&r, NULL, text);
	check(r.status == 3);
	check_has(r.out, "ops@nobody.invalid: nothing was sent: ");
}

static void test_json(void)
{
	json_t *o, *steps;
	struct run r;

	call(&r, forbid, "web1", "send", "--json 127.0.0.1 sc");
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

	call(&r, mute, "web1", "send", "--json --timeout 200ms --strict 127.0.0.1 sc");
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

	start("web1");
	go();
	len = snprintf(text, sizeof(text), "probe --key %s --timeout 10s --port %d 127.0.1.1",
		       keypath, srv.port);
	for (i = 2; i < 250; i++)
		len += snprintf(text + len, sizeof(text) - len, ",127.0.1.%d", i);
	run(&r, NULL, text);
	stop();
	check(r.status == 0);
	for (p = r.out; (p = strchr(p, '\n')); p++)
		lines++;
	check(lines == 249);
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	make_key();
	test_accepted();
	test_refused();
	test_probe();
	test_silent();
	test_clocks();
	test_nobody();
	test_json();
	test_many();
	unlink(keypath);
	rmdir(dir);
	return 0;
}
