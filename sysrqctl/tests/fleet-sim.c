// SPDX-License-Identifier: GPL-2.0-only
/*
 * For selftests/cases/host/fleet: thousands of hosts in one process, on the
 * loopback, in a network namespace of their own.
 *
 *	fleet-sim KEYFILE PORT HOSTS DEAD LOSS
 *
 * Host number i is at 127.1.0.0 + i. Each has its own epoch, clock and window.
 * Every DEADth host is dead; LOSS per cent of the datagrams are lost each way, by
 * a rule and not by chance. It says "ready", and when standard input ends what
 * became of the hosts, as JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fake-host.h"
#include "keyfile.h"
#include "member.h"
#include "test.h"

#define FIRST		0x7f010000U
#define BUFFER		(64 << 20)

/**
 * struct sim - all hosts
 * @hosts: the hosts
 * @came: datagrams to each, lost or not
 * @left: datagrams from each, lost or not
 * @n: how many hosts
 * @dead: every so many of them is
 * @loss: per cent
 * @fd: the socket of them all
 * @lost: datagrams, each way
 * @dropped: datagrams that found the socket's buffer full
 */
static struct sim {
	struct fake_host *hosts;
	unsigned int	*came;
	unsigned int	*left;
	unsigned int	n;
	unsigned int	dead;
	unsigned int	loss;
	int		fd;
	unsigned long	lost[2];
	u32		dropped;
} sim;

/* The same datagrams of the same host are lost in each run. */
static bool is_lost(unsigned int i, unsigned int way, unsigned int count)
{
	u32 x = i * 2654435761U + way * 40503U + count * 2246822519U;

	x ^= x >> 15;
	x *= 2246822519U;
	x ^= x >> 13;
	x *= 3266489917U;
	x ^= x >> 16;
	if (x % 100 >= sim.loss)
		return false;
	sim.lost[way]++;
	return true;
}

static bool is_dead(unsigned int i)
{
	return i % sim.dead == sim.dead / 2;
}

/* The address that was asked, and how many datagrams were dropped before. */
static u32 read_control(struct msghdr *msg)
{
	struct in_pktinfo info = { 0 };
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
			memcpy(&info, CMSG_DATA(c), sizeof(info));
		else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
			memcpy(&sim.dropped, CMSG_DATA(c), sizeof(sim.dropped));
	}
	return ntohl(info.ipi_addr.s_addr);
}

static void answer(const struct nft_sysrq_dgram *reply, struct sockaddr_in *to, u32 from)
{
	union {
		char		buf[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr	align;
	} control = { 0 };
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(from) };
	struct iovec iov = { (void *)reply, sizeof(*reply) };
	struct msghdr msg = {
		.msg_name = to, .msg_namelen = sizeof(*to), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.buf, .msg_controllen = sizeof(control.buf),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	sendmsg(sim.fd, &msg, 0);
}

static bool serve_one(void)
{
	struct nft_sysrq_dgram d, reply;
	struct sockaddr_in from;
	char control[256];
	struct iovec iov = { &d, sizeof(d) };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t size = recvmsg(sim.fd, &msg, MSG_DONTWAIT);
	struct exchange_clock now;
	u32 to, i;

	if (size < 0)
		return false;
	to = read_control(&msg);
	i = to - FIRST;
	if (size != sizeof(d) || i >= sim.n || is_lost(i, 0, sim.came[i]++) || is_dead(i))
		return true;
	clocks_read(&now);
	if (fake_host_take(&sim.hosts[i], &d, &reply, &now) && !is_lost(i, 1, sim.left[i]++))
		answer(&reply, &from, to);
	return true;
}

static void open_socket(int port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };
	int yes = 1, size = BUFFER;

	sim.fd = socket(AF_INET, SOCK_DGRAM, 0);
	check(sim.fd >= 0);
	check(!setsockopt(sim.fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
	check(!setsockopt(sim.fd, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof(yes)));
	check(!setsockopt(sim.fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof(yes)));
	check(!bind(sim.fd, (struct sockaddr *)&addr, sizeof(addr)));
}

static void begin_hosts(const struct keyfile *key)
{
	struct exchange_clock now;
	unsigned int i;

	sim.hosts = calloc(sim.n, sizeof(*sim.hosts));
	sim.came = calloc(sim.n, sizeof(*sim.came));
	sim.left = calloc(sim.n, sizeof(*sim.left));
	check(sim.hosts && sim.came && sim.left);
	clocks_read(&now);
	for (i = 0; i < sim.n; i++)
		fake_host_begin(&sim.hosts[i], key->material, "sim", &now);
}

static void report(void)
{
	unsigned int never = 0, once = 0, more = 0, dead_ran = 0, cancelled = 0, i;
	unsigned long datagrams = 0;
	struct rusage u;

	for (i = 0; i < sim.n; i++) {
		datagrams += sim.came[i];
		cancelled += sim.hosts[i].cancels == 1;
		if (is_dead(i))
			dead_ran += sim.hosts[i].runs;
		else if (!sim.hosts[i].runs)
			never++;
		else if (sim.hosts[i].runs == 1)
			once++;
		else
			more++;
	}
	getrusage(RUSAGE_SELF, &u);
	printf("{\"never\": %u, \"once\": %u, \"more\": %u, \"dead_ran\": %u, "
	       "\"cancelled\": %u, \"datagrams\": %lu, \"lost_to\": %lu, \"lost_from\": %lu, "
	       "\"dropped\": %u, \"cpu\": %.3f}\n", never, once, more, dead_ran, cancelled,
	       datagrams, sim.lost[0], sim.lost[1], sim.dropped,
	       (u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
}

int main(int argc, char **argv)
{
	struct pollfd p[2] = { { .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	struct keyfile *key;
	char why[512];

	check(argc == 6 && sodium_init() >= 0);
	key = keyfile_read(argv[1], why, sizeof(why));
	check(key);
	sim.n = atoi(argv[3]);
	sim.dead = atoi(argv[4]);
	sim.loss = atoi(argv[5]);
	check(sim.n && sim.n <= HOSTS_MAX && sim.dead && sim.loss < 100);
	begin_hosts(key);
	keyfile_free(key);
	open_socket(atoi(argv[2]));
	puts("ready");
	fflush(stdout);
	p[0].fd = sim.fd;
	while (!p[1].revents) {
		poll(p, 2, -1);
		while (p[0].revents && serve_one())
			;
	}
	report();
	return 0;
}
