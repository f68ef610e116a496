// SPDX-License-Identifier: GPL-2.0-only
/* Exchanges with many hosts at once: one loop over all sockets. */
#include "fleet.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "lookup.h"
#include "member.h"

/* For names; a resolver that needs longer is as good as dead. */
#define LOOKUP_NS	(10 * NS_PER_S)
/* At least so often: is there progress to show, has somebody pressed ^C? */
#define TICK_MS		250
#define EVENTS		64
#define LOOKUPS		UINT64_MAX
/* What is open besides sockets. */
#define SPARE_FDS	32

/* The loop's own state. */
struct loop {
	struct fleet	*f;
	struct lookups	*lookups;
	struct exchange_clock now;
	s64		start;
	int		epoll;
	size_t		left;	/* not done */
	size_t		busy;
	unsigned int	sockets;
	unsigned int	sockets_max;
	bool		progress;
	int		shown;	/* seconds */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static s64 clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static void read_clock(struct loop *l)
{
	l->now.boot = clock_ns(CLOCK_BOOTTIME);
	l->now.real = clock_ns(CLOCK_REALTIME);
}

static void show_progress(struct loop *l)
{
	int waited = (l->now.boot - l->start) / NS_PER_S;

	if (!l->progress || !l->left || waited == l->shown)
		return;
	fprintf(stderr, "\r\033[Kwaiting for %zu of %zu %s, %d s",
		l->left, l->f->n, l->f->n == 1 ? "host" : "hosts", waited);
	l->shown = waited;
}

static void clear_progress(struct loop *l)
{
	if (l->shown)
		fputs("\r\033[K", stderr);
	l->shown = 0;
}

static void finish(struct loop *l, struct member *m)
{
	if (m->state == MEMBER_BUSY)
		l->busy--;
	l->sockets -= member_close(m);
	m->state = MEMBER_DONE;
	l->left--;
	clear_progress(l);
	l->f->finished(m, l->f->arg);
}

/* Watch the sockets of a host that has just got them. */
static int watch(struct loop *l, struct member *m)
{
	struct epoll_event ev = { .events = EPOLLIN };
	unsigned int i;

	for (i = 0; i < m->naddrs; i++) {
		ev.data.u64 = (m - l->f->members) * EXCHANGE_ADDRS + i;
		if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, m->fds[i], &ev))
			return -errno;
	}
	return 0;
}

/* Start as many hosts as there may be sockets; the others have their turn. */
static void admit(struct loop *l, struct member *m)
{
	if (l->busy && l->sockets + EXCHANGE_ADDRS > l->sockets_max)
		return;
	l->sockets += member_open(m);
	if (m->naddrs && watch(l, m))
		m->err = errno;
	else if (m->naddrs) {
		m->state = MEMBER_BUSY;
		l->busy++;
		exchange_begin(&m->x, m->plan, m->naddrs, &m->fallback, &l->now);
		return;
	}
	finish(l, m);
}

static void found(struct loop *l)
{
	struct addrinfo *addrs;
	struct member *m;
	ssize_t i;
	int err;

	while ((i = lookups_next(l->lookups, &addrs, &err)) >= 0) {
		m = &l->f->members[i];
		if (m->state != MEMBER_LOOKUP) {
			if (addrs)
				freeaddrinfo(addrs);
			continue;
		}
		m->found = addrs;
		m->eai = err;
		m->state = MEMBER_READY;
		if (err)
			finish(l, m);
	}
}

/* Whatever each host needs now. Return: when the next one needs something. */
static s64 pump(struct loop *l)
{
	s64 due = l->now.boot + TICK_MS * NS_PER_MS, d;
	struct member *m;

	for (m = l->f->members; m < l->f->members + l->f->n; m++) {
		if (m->state == MEMBER_LOOKUP &&
		    (interrupted || l->now.boot - l->start > LOOKUP_NS)) {
			m->eai = EAI_AGAIN;
			finish(l, m);
		}
		if (m->state == MEMBER_READY)
			admit(l, m);
		if (m->state != MEMBER_BUSY)
			continue;
		if (interrupted)
			exchange_stop(&m->x, &l->now);
		member_send(m, &l->now);
		if (m->x.state == EXCHANGE_DONE) {
			finish(l, m);
			continue;
		}
		d = exchange_due(&m->x);
		if (d < due)
			due = d;
	}
	return due;
}

static void wait_until(struct loop *l, s64 due)
{
	struct epoll_event ev[EVENTS];
	struct member *m;
	s64 ns;
	int i, n;

	read_clock(l);
	ns = due - l->now.boot;
	n = epoll_wait(l->epoll, ev, EVENTS,
		       ns > 0 ? (ns + NS_PER_MS - 1) / NS_PER_MS : 0);
	read_clock(l);
	for (i = 0; i < n; i++) {
		if (ev[i].data.u64 == LOOKUPS) {
			found(l);
			continue;
		}
		m = &l->f->members[ev[i].data.u64 / EXCHANGE_ADDRS];
		if (m->state == MEMBER_BUSY)
			member_receive(m, ev[i].data.u64 % EXCHANGE_ADDRS, &l->now);
	}
}

/* As many sockets as we are ever allowed. */
static unsigned int raise_limit(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim))
		return 256;
	if (lim.rlim_cur < lim.rlim_max) {
		lim.rlim_cur = lim.rlim_max < 65536 ? lim.rlim_max : 65536;
		if (setrlimit(RLIMIT_NOFILE, &lim))
			getrlimit(RLIMIT_NOFILE, &lim);
	}
	return lim.rlim_cur > 65536 ? 65536 :
	       lim.rlim_cur > 2 * SPARE_FDS ? lim.rlim_cur - SPARE_FDS : SPARE_FDS;
}

static int begin(struct loop *l, const struct host *hosts)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = LOOKUPS };
	struct sigaction sa = { .sa_handler = on_signal };

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return -errno;
	l->lookups = lookups_start(hosts, l->f->n);
	if (!l->lookups || epoll_ctl(l->epoll, EPOLL_CTL_ADD, lookups_fd(l->lookups), &ev))
		return -errno;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	l->sockets_max = raise_limit();
	l->progress = isatty(STDERR_FILENO);
	read_clock(l);
	l->start = l->now.boot;
	return 0;
}

/**
 * fleet_run - have all exchanges, and return when each is done
 * @f: the fleet; @members name hosts that lie in one array
 *
 * The user's interrupt ends all waiting; every host is still told of.
 *
 * Return: 0, or a negative errno if it could not begin.
 */
int fleet_run(struct fleet *f)
{
	struct loop l = { .f = f, .left = f->n, .epoll = -1 };
	int err = begin(&l, f->members[0].host);

	while (!err && l.left) {
		wait_until(&l, pump(&l));
		show_progress(&l);
	}
	if (!err)
		clear_progress(&l);
	lookups_end(l.lookups);
	if (l.epoll >= 0)
		close(l.epoll);
	return err;
}
