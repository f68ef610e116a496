// SPDX-License-Identifier: GPL-2.0-only
/*
 * A socket that takes what the hosts' netconsole sends while a request is out, and until it is
 * silent after that. Who can forge a host's address can put lines in: they are shown, never believed.
 */
#include "console.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "duration.h"
#include "member.h"
#include "report.h"

/* Taken at once, so that a flood here starves no exchange. */
#define BURST		64
/* netconsole sends 1000 at most. */
#define DGRAM		2048
#define ROOM		(4 * 1024 * 1024)
#define TICK_NS		(200 * NS_PER_MS)
#define ANY		"any"

static s64 boot_now(void)
{
	struct exchange_clock now;

	clocks_read(&now);
	return now.boot;
}

/**
 * console_parse - where to listen
 * @text: ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT; "any" is every address of this machine
 * @at: that
 *
 * Return: 0, or -EINVAL.
 */
int console_parse(const char *text, struct address *at)
{
	struct addresses found = { 0 };
	char copy[HOST_LEN], why[512];
	struct host host;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	if (host_parse(copy, &host, why, sizeof(why)))
		return -EINVAL;
	if (!host.literal && strcmp(host.name, ANY))
		return -EINVAL;
	if (addresses_find(&found, host.literal ? host.name : "::",
			   host.port[0] ? host.port : CONSOLE_PORT, true))
		return -EINVAL;
	*at = found.all[0];
	return 0;
}

/* IPv4 is IPv4, also where it came to a socket of IPv6. */
static void plain(struct address *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (a->sa.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		return;
	in.sin_port = a->in6.sin6_port;
	memcpy(&in.sin_addr, &a->in6.sin6_addr.s6_addr[12], sizeof(in.sin_addr));
	a->in = in;
	a->len = sizeof(in);
}

static int open_at(const struct address *at)
{
	int fd = socket(at->sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int no = 0, yes = 1, room = ROOM, err;

	if (fd < 0)
		return -errno;
	if (at->sa.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof(yes));
	if (!bind(fd, &at->sa, at->len))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Every address, on a machine without IPv6: those of IPv4. */
static void give_up_ipv6(struct address *at)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = at->in6.sin6_port };

	at->in = in;
	at->len = sizeof(in);
}

/**
 * console_begin - listen
 * @c: its @at, @wait, @json and @summary are set; console_end() is due if this succeeds
 * @hosts: to be asked, at most CONSOLE_HOSTS
 *
 * Return: 0, or a negative errno; -EADDRINUSE: somebody else listens there.
 */
int console_begin(struct console *c, const struct hosts *hosts)
{
	size_t i;

	c->fd = open_at(&c->at);
	if (c->fd == -EAFNOSUPPORT && c->at.sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&c->at.in6.sin6_addr)) {
		give_up_ipv6(&c->at);
		c->fd = open_at(&c->at);
	}
	if (c->fd < 0)
		return c->fd;
	c->n = hosts->n;
	c->hosts = calloc(c->n, sizeof(*c->hosts));
	if (!c->hosts) {
		close(c->fd);
		return -ENOMEM;
	}
	for (i = 0; i < c->n; i++) {
		c->hosts[i].console = c;
		c->hosts[i].host = &hosts->all[i];
		c->hosts[i].in.line = console_line;
		c->hosts[i].in.arg = &c->hosts[i];
	}
	return 0;
}

/**
 * console_know - a host's addresses are known
 * @c: begun
 * @i: which host
 * @m: the host, whose channels are open
 */
void console_know(struct console *c, size_t i, const struct member *m)
{
	struct addresses *a = &c->hosts[i].addrs;

	for (a->n = 0; a->n < m->naddrs; a->n++) {
		a->all[a->n] = m->channels[a->n].to;
		plain(&a->all[a->n]);
	}
}

/**
 * console_done - it is known what became of the request at a host
 * @c: begun
 * @i: which host
 * @m: the host
 *
 * Where something may run, it is waited for until the last command is due.
 */
void console_done(struct console *c, size_t i, const struct member *m)
{
	unsigned int last = m->x.steps.n - 1;
	s64 due = boot_now();

	if (!m->x.plan || !m->x.steps.n || !m->x.first ||
	    (m->x.outcome == EXCHANGE_ANSWERED && !report_accepted(m)))
		return;
	steps_end(&m->x.steps, &last);
	due += steps_before_ms(&m->x.steps, last) * NS_PER_MS;
	if (due > c->due)
		c->due = due;
	c->hosts[i].awaited = true;
}

/**
 * console_report - for programs: keep what became of the request at a host
 * @c: begun
 * @i: which host
 * @report: taken over, until its lines are here; NULL: there was no memory
 */
void console_report(struct console *c, size_t i, json_t *report)
{
	json_decref(c->hosts[i].report);
	c->hosts[i].report = report;
}

static struct console_host *find(struct console *c, const struct address *from)
{
	unsigned int j;
	size_t i;

	for (i = 0; i < c->n; i++)
		for (j = 0; j < c->hosts[i].addrs.n; j++)
			if (address_same_host(&c->hosts[i].addrs.all[j], from))
				return &c->hosts[i];
	return NULL;
}

static void take(struct console *c, const struct address *from, const char *data, size_t len)
{
	struct console_host *h = find(c, from);

	if (h && !h->more) {
		c->heard = boot_now();
		netconsole_take(&h->in, data, len);
	} else if (!h && !c->others++) {
		c->other = *from;
	}
}

/* The kernel counts what it had no room for. */
static void note_lost(struct console *c, struct msghdr *msg)
{
	struct cmsghdr *cm;

	for (cm = CMSG_FIRSTHDR(msg); cm; cm = CMSG_NXTHDR(msg, cm))
		if (cm->cmsg_level == SOL_SOCKET && cm->cmsg_type == SO_RXQ_OVFL)
			memcpy(&c->lost, CMSG_DATA(cm), sizeof(c->lost));
}

/**
 * console_receive - take what has come
 * @c: begun
 */
void console_receive(struct console *c)
{
	char data[DGRAM], control[CMSG_SPACE(sizeof(u32))];
	struct address from;
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg;
	ssize_t len;
	int i;

	for (i = 0; i < BURST; i++) {
		memset(&from, 0, sizeof(from));
		msg = (struct msghdr){
			.msg_name = &from.sa, .msg_namelen = sizeof(from.in6), .msg_iov = &iov,
			.msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
		};
		len = recvmsg(c->fd, &msg, 0);
		if (len < 0)
			break;
		from.len = msg.msg_namelen;
		plain(&from);
		note_lost(c, &msg);
		take(c, &from, data, len);
	}
	if (!c->json)
		fflush(stdout);
}

static bool has_room(const struct console *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->hosts[i].awaited && !c->hosts[i].more)
			return true;
	return false;
}

static s64 later(s64 a, s64 b)
{
	return a > b ? a : b;
}

/**
 * console_listen - go on until it is silent
 * @c: all hosts are done
 *
 * Until nothing has come for that time, counted from when the last command is due; or the user
 * interrupts, or there is too much. Where nothing may run, not at all.
 */
void console_listen(struct console *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	s64 now = boot_now(), limit = later(now, c->due) + CONSOLE_WAITS * c->wait, left;
	size_t i;

	if (c->due)
		console_until(c, now, stderr);
	while (c->due && !fleet_interrupted() && has_room(c) && !ferror(stdout)) {
		now = boot_now();
		left = later(c->due, c->heard) + c->wait;
		left = (left < limit ? left : limit) - now;
		if (left <= 0)
			break;
		left = left < TICK_NS ? left : TICK_NS;
		if (poll(&p, 1, (left + NS_PER_MS - 1) / NS_PER_MS) > 0)
			console_receive(c);
	}
	for (i = 0; i < c->n; i++)
		netconsole_flush(&c->hosts[i].in);
}

/**
 * console_end - free what console_begin() got
 * @c: begun
 */
void console_end(struct console *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		json_decref(c->hosts[i].report);
		json_decref(c->hosts[i].told);
	}
	free(c->hosts);
	close(c->fd);
}
