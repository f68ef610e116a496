// SPDX-License-Identifier: GPL-2.0-only
/* For tests: a fake host behind a port of this machine, and the tool run against it. */
#include "fake-server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "keyfile.h"
#include "test.h"

char server_dir[] = "/tmp/sysrqctl-test-XXXXXX";
char server_key[64];
struct server srv;

static u8 material[NFT_SYSRQ_KEY_LEN];

/* The real ones. */
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

/** server_start - a host that listens at IPv4 and IPv6, and has been up for a day */
void server_start(const char *identity)
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

/** server_go - from now on it answers */
void server_go(void)
{
	check(!pthread_create(&srv.thread, NULL, serve, NULL));
}

/** server_stop - and is no more; its state stays to be looked at */
void server_stop(void)
{
	srv.stop = true;
	pthread_join(srv.thread, NULL);
	close(srv.fd);
	fake_host_end(&srv.host);
}

/** server_call - run the tool once against a host whose traits @prepare sets */
void server_call(struct run *r, void (*prepare)(void), const char *identity,
		 const char *command, const char *rest)
{
	char text[1024];

	server_start(identity);
	if (prepare)
		prepare();
	server_go();
	snprintf(text, sizeof(text), "%s --key %s --port %d %s", command, server_key, srv.port,
		 rest);
	run(r, NULL, text);
	server_stop();
}

/** server_begin - a folder with a key; what the tool remembers goes there, too */
void server_begin(void)
{
	struct keyfile *key;
	char why[512];
	struct run r;

	check(mkdtemp(server_dir));
	check(!setenv("XDG_STATE_HOME", server_dir, 1));
	check(!setenv("XDG_CONFIG_HOME", server_dir, 1));
	unsetenv("STATE_DIRECTORY");
	snprintf(server_key, sizeof(server_key), "%s/ops.key", server_dir);
	run_to_file(&r, server_key, O_TRUNC, "key gen");
	check(!r.status);
	key = keyfile_read(server_key, why, sizeof(why));
	check(key);
	check(!strcmp(key->name, "ops"));
	memcpy(material, key->material, sizeof(material));
	keyfile_free(key);
}

/** server_end - take the folder away */
void server_end(void)
{
	char text[128];

	snprintf(text, sizeof(text), "rm -r %s", server_dir);
	check(!system(text));
}
