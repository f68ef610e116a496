// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exchanges with many hosts at once: one loop over all sockets. A host costs
 * memory and sockets only while it is busy; what it costs to be woken for one
 * does not depend on how many there are.
 */
#include "fleet.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "due.h"
#include "duration.h"
#include "member.h"
#include "turn.h"

/* At least so often: is there progress to show, has somebody pressed ^C? */
#define TICK_NS		(200 * NS_PER_MS)
/* In one round: what came for so many, then so many that are due. */
#define EVENTS		256
/* What is open besides sockets. */
#define SPARE_FDS	64

/**
 * struct loop - the loop's own state
 * @f: all hosts
 * @turns: those that have not had theirs
 * @held: a turn that there were no sockets for
 * @holding: @held is valid
 * @due: those that are busy
 * @gone: those that are done, until no event can be theirs
 * @now: the clocks
 * @epoll: of all sockets
 * @left: hosts that are not done
 * @limit: hosts at once
 * @sockets: open
 * @sockets_max: allowed
 * @stopped: the user's interrupt has been seen to
 */
struct loop {
	struct fleet	*f;
	struct turns	turns;
	struct turn	held;
	bool		holding;
	struct due	due;
	struct member	*gone;
	struct exchange_clock now;
	int		epoll;
	size_t		left;
	size_t		limit;
	size_t		sockets;
	size_t		sockets_max;
	bool		stopped;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

/** fleet_interrupted - has the user interrupted fleet_run(), or what came after it? */
bool fleet_interrupted(void)
{
	return interrupted;
}

/* Told, and closed; freed later, as there may be more events of it at hand. */
static void finish(struct loop *l, struct member *m)
{
	l->sockets -= m->naddrs;
	member_close(m);
	m->next = l->gone;
	l->gone = m;
	l->left--;
	l->f->finished(m, l->f->arg);
}

static void free_gone(struct loop *l)
{
	struct member *m;

	while ((m = l->gone)) {
		l->gone = m->next;
		free(m);
	}
}

/* Send what is due. Return: the host is still busy. */
static bool serve(struct loop *l, struct member *m)
{
	if (m->x.state != EXCHANGE_DONE)
		member_send(m, &l->now);
	if (m->x.state == EXCHANGE_DONE) {
		due_remove(&l->due, m);
		finish(l, m);
		return false;
	}
	due_move(&l->due, m, exchange_due(&m->x));
	return true;
}

static int watch(struct loop *l, struct member *m)
{
	struct epoll_event ev = { .events = EPOLLIN };
	unsigned int i;

	for (i = 0; i < m->naddrs; i++) {
		m->channels[i].member = m;
		ev.data.ptr = &m->channels[i];
		if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, m->channels[i].fd, &ev))
			return -errno;
	}
	return 0;
}

/* Later, and no more hosts at once than there are now. */
static int hold(struct loop *l, const struct turn *turn, struct member *m)
{
	free(m);
	l->held = *turn;
	l->holding = true;
	l->limit = l->due.n;
	return 0;
}

/* Return: 0, or -ENOMEM: there is not even room for one host. */
static int start(struct loop *l, const struct turn *turn)
{
	struct member *m = calloc(1, sizeof(*m));
	bool others = l->due.n;
	int err;

	if (!m)
		return others ? hold(l, turn, NULL) : -ENOMEM;
	m->host = &l->f->hosts[turn->i];
	m->eai = interrupted ? 0 : turn->eai;
	m->err = interrupted ? ECANCELED : turn->err;
	l->f->begin(m, turn->i, l->f->arg);
	if (m->eai || m->err) {
		finish(l, m);
		return 0;
	}
	err = member_open(m, &turn->found, others);
	if (err && others && member_is_scarce(err))
		return hold(l, turn, m);
	l->sockets += m->naddrs;
	if (!err)
		err = watch(l, m);
	if (err) {
		m->err = -err;
		finish(l, m);
		return 0;
	}
	if (l->f->opened)
		l->f->opened(m, l->f->arg);
	exchange_begin(&m->x, m->plan, m->naddrs, &m->fallback, &l->now);
	due_add(&l->due, m, l->now.boot);
	serve(l, m);
	return 0;
}

static bool has_room(const struct loop *l)
{
	return !l->due.n || (l->due.n < l->limit &&
			     l->sockets + EXCHANGE_ADDRS <= l->sockets_max);
}

/* Start as many hosts as there is room for; the others have their turn later. */
static int admit(struct loop *l)
{
	struct turn turn;
	int err = 0;

	while (!err && (interrupted || has_room(l))) {
		clocks_read(&l->now);
		if (l->holding) {
			l->holding = false;
			turn = l->held;
		} else if (!turns_next(&l->turns, &turn, l->now.boot)) {
			break;
		}
		err = start(l, &turn);
		free_gone(l);
	}
	return err;
}

static void stop_all(struct loop *l)
{
	struct member *m;

	turns_give_up(&l->turns);
	while (l->due.n) {
		m = l->due.all[0];
		exchange_stop(&m->x, &l->now);
		serve(l, m);
	}
	l->stopped = true;
}

/* Wait until a datagram comes, a host is due, or for a tick. */
static void wait_for_events(struct loop *l)
{
	s64 wait = TICK_NS;
	struct epoll_event ev[EVENTS];
	struct channel *c;
	int i, n;

	clocks_read(&l->now);
	if (l->due.n && l->due.all[0]->due - l->now.boot < wait)
		wait = l->due.all[0]->due - l->now.boot;
	n = epoll_wait(l->epoll, ev, EVENTS, wait > 0 ? (wait + NS_PER_MS - 1) / NS_PER_MS : 0);
	for (i = 0; i < n; i++) {
		if (ev[i].data.ptr == l->f) {
			l->f->heard(l->f->arg);
			continue;
		}
		c = ev[i].data.ptr;
		/* None: a name was found; admit() asks for it. */
		if (!c || c->fd < 0)
			continue;
		member_receive(c->member, c - c->member->channels);
		clocks_read(&l->now);
		serve(l, c->member);
	}
	free_gone(l);
}

/*
 * Where this machine is too busy to be in time, answers lie here unread: they
 * come before what they make needless, and before it is said that there is none.
 */
static void serve_due(struct loop *l)
{
	struct member *m;
	unsigned int n, i;

	clocks_read(&l->now);
	for (n = 0; n < EVENTS && l->due.n && l->due.all[0]->due <= l->now.boot; n++) {
		m = l->due.all[0];
		for (i = 0; i < m->naddrs; i++)
			member_receive(m, i);
		clocks_read(&l->now);
		serve(l, m);
		clocks_read(&l->now);
	}
	free_gone(l);
}

/* As many files as so many hosts need, or as we are ever allowed. */
static size_t raise_limit(size_t want)
{
	struct rlimit lim;

	want += SPARE_FDS;
	if (getrlimit(RLIMIT_NOFILE, &lim))
		return EXCHANGE_ADDRS;
	if (lim.rlim_cur < want) {
		lim.rlim_cur = lim.rlim_max < want ? lim.rlim_max : want;
		if (setrlimit(RLIMIT_NOFILE, &lim))
			getrlimit(RLIMIT_NOFILE, &lim);
	}
	return lim.rlim_cur > 2 * SPARE_FDS ? lim.rlim_cur - SPARE_FDS : EXCHANGE_ADDRS;
}

static int begin(struct loop *l)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct epoll_event ear = { .events = EPOLLIN, .data.ptr = l->f };
	struct epoll_event ev = { .events = EPOLLIN };
	int err;

	l->limit = l->f->parallel < l->f->n ? l->f->parallel : l->f->n;
	l->sockets_max = raise_limit(l->limit * 2 + EXCHANGE_ADDRS);
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return -errno;
	err = due_begin(&l->due, l->limit);
	if (!err)
		err = turns_begin(&l->turns, l->f->hosts, l->f->n);
	if (!err && l->turns.lookups &&
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, lookups_fd(l->turns.lookups), &ev))
		err = -errno;
	if (!err && l->f->heard && epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->f->ear, &ear))
		err = -errno;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	return err;
}

/**
 * fleet_run - have all exchanges, and return when each is done
 * @f: the fleet
 *
 * The user's interrupt ends all waiting; every host is still told of.
 *
 * Return: 0, or a negative errno if it could not begin.
 */
int fleet_run(struct fleet *f)
{
	struct loop l = { .f = f, .left = f->n, .epoll = -1 };
	int err = begin(&l);

	while (!err && l.left) {
		err = admit(&l);
		if (err || !l.left)
			break;
		wait_for_events(&l);
		serve_due(&l);
		if (interrupted && !l.stopped)
			stop_all(&l);
		if (f->progress)
			f->progress(l.due.n, f->arg);
	}
	free_gone(&l);
	turns_end(&l.turns);
	due_end(&l.due);
	if (l.epoll >= 0)
		close(l.epoll);
	return err;
}
