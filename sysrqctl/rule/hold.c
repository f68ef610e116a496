// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysrqctl arm --hold: two tables, of which each is there when the other one is not. A flush of the ruleset
 * passes over a table that an open socket owns; when that is closed, by whatever death, the kernel
 * takes that table, and leaves the plain one. What takes the plain one is told of, and it is put back.
 *
 * Only ever one of them is made anew at a time: a packet that is under way while the kernel changes over
 * from one chain to the next may meet neither, and then needs the other table.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arm.h"
#include "command.h"
#include "duration.h"
#include "hold-mend.h"
#include "nft-ear.h"
#include "notify.h"
#include "options.h"

#include <linux/membarrier.h>
#include <linux/netfilter.h>

/**
 * struct hold - one that holds
 * @nft: has the held table
 * @ear: told of what others do to the plain one
 * @mend: puts that back
 * @err: why it could not begin; negative errno, or 0: for good
 * @told: the last one that was said
 */
struct hold {
	const struct command	*cmd;
	const struct rule_spec	*spec;
	struct nft		nft;
	struct nft_ear		ear;
	struct mend		mend;
	int			err;
	int			told;
};

#define BEGIN_PAUSE_S	1	/* until it is tried again */

static volatile sig_atomic_t ended_by;

static void on_signal(int sig)
{
	/* Taking the rule away must be meant. */
	if (ended_by != SIGTERM)
		ended_by = sig;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / NS_PER_MS;
}

static uint32_t port(const struct hold *h)
{
	return mnl_socket_get_portid(h->nft.nl);
}

/* The socket of the process before, if systemd has kept it; or a new one. */
static int open_socket(struct nft *n)
{
	int fd = notify_kept();

	if (fd >= 0 && !nft_open_fd(n, fd))
		return 0;
	if (fd >= 0)
		nft_close(n);
	return nft_open(n);
}

/* Said once, not for each try. */
static int failed(struct hold *h, int err)
{
	bool again = err == h->told;

	h->err = err;
	h->told = err;
	return again ? EXIT_USAGE : arm_error(h->cmd, &h->nft, err);
}

/* EXIT_OK if nothing stands in our way. */
static int look_around(struct hold *h, struct arm_state *state)
{
	int err = arm_state(&h->nft, state);

	if (err)
		return failed(h, err);
	if (state->whose[ARM_PLAIN] == ARM_FOREIGN)
		return arm_foreign(h->cmd, ARM_PLAIN);
	if (state->whose[ARM_HELD] == ARM_FOREIGN)
		return arm_foreign(h->cmd, ARM_HELD);
	if (state->whose[ARM_HELD] == ARM_OURS && state->owner && state->owner != port(h))
		return arm_held(h->cmd, state->owner);
	return EXIT_OK;
}

/*
 * A packet goes by the chains that there were when it came to the hook. From here on, none goes by those
 * that there were before: the kernel waits until all of its readers have been through, as for RCU.
 */
static void let_pass(void)
{
	const struct timespec long_enough = { .tv_nsec = 100 * NS_PER_MS };

	/* Not where CPUs are left alone (nohz_full). */
	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&long_enough, NULL);
}

static int make_both(struct hold *h)
{
	enum arm_which first;
	struct arm_state state;
	int status, err;

	status = look_around(h, &state);
	if (status)
		return status;
	/* That which is there stands in for the other one. */
	first = state.whose[ARM_PLAIN] == ARM_OURS ? ARM_HELD : ARM_PLAIN;
	let_pass();
	err = arm_make(&h->nft, first, h->spec);
	let_pass();
	if (!err)
		err = arm_make(&h->nft, first == ARM_PLAIN ? ARM_HELD : ARM_PLAIN, h->spec);
	/* Nothing half-done; the held one goes with the socket. */
	if (err && first == ARM_PLAIN && state.whose[ARM_PLAIN] == ARM_NONE)
		arm_remove(&h->nft, ARM_PLAIN);
	return err ? failed(h, err) : EXIT_OK;
}

static int disarm(struct hold *h)
{
	struct arm_state state;
	int err, status = look_around(h, &state);

	if (status)
		return status;
	err = state.whose[ARM_PLAIN] == ARM_OURS ? arm_remove(&h->nft, ARM_PLAIN) : 0;
	/* Somebody else was quicker: as well. */
	if (err == -ENOENT)
		err = 0;
	if (!err && state.whose[ARM_HELD] == ARM_OURS)
		err = arm_remove(&h->nft, ARM_HELD);
	return err ? arm_error(h->cmd, &h->nft, err) : EXIT_OK;
}

static int watch(struct hold *h, const sigset_t *unblocked)
{
	struct pollfd p = { .fd = mnl_socket_get_fd(h->ear.nl), .events = POLLIN };
	struct timespec wait;
	int64_t left;
	int err = 0;

	while (!ended_by && !err) {
		left = mend_left(&h->mend, now_ms());
		wait.tv_sec = left / 1000;
		wait.tv_nsec = left % 1000 * NS_PER_MS;
		if (ppoll(&p, 1, left < 0 ? NULL : &wait, unblocked) > 0)
			err = mend_hear(&h->mend);
		if (!ended_by && !err)
			mend_act(&h->mend, now_ms());
	}
	return err ? local_error(h->cmd, "cannot hear what becomes of the ruleset: %s",
				 strerror(-err)) : EXIT_OK;
}

/* Handled only while it waits: nothing is left half-done. */
static void take_signals(sigset_t *unblocked)
{
	struct sigaction act = { .sa_handler = on_signal }, none = { .sa_handler = SIG_IGN };
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, unblocked);
	sigdelset(unblocked, SIGINT);
	sigdelset(unblocked, SIGTERM);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &none, NULL);
	/* Who read our errors may be gone. */
	sigaction(SIGPIPE, &none, NULL);
}

/* What there is of it already stays. */
static int open_both(struct hold *h)
{
	int err = h->nft.buf ? 0 : open_socket(&h->nft);

	if (err) {
		nft_close(&h->nft);
		return err;
	}
	err = h->ear.table ? 0 : nft_ear_open(&h->ear, NFPROTO_INET, ARM_TABLE, port(h));
	if (err)
		nft_ear_close(&h->ear);
	return err;
}

static int begin(struct hold *h)
{
	int status, err = open_both(h);

	if (err)
		return failed(h, err);
	status = make_both(h);
	if (status)
		return status;
	mend_learn(&h->mend);
	/* Somebody may have been between the two. */
	if (h->mend.touched || h->mend.doubt)
		h->mend.print = 0;
	err = notify_keep(mnl_socket_get_fd(h->nft.nl));
	if (!err)
		err = notify_ready();
	if (err)
		fprintf(stderr, "sysrqctl %s: NOTIFY_SOCKET: %s\n", h->cmd->name, strerror(-err));
	return EXIT_OK;
}

/* On a machine in trouble it may be what the kernel has no room for now. */
static bool may_pass(int err)
{
	return err == -ENOMEM || err == -ENOBUFS || err == -EINTR || err == -EAGAIN || err == -EMFILE ||
	       err == -ENFILE;
}

static int begin_at_last(struct hold *h, const sigset_t *unblocked)
{
	const struct timespec pause = { .tv_sec = BEGIN_PAUSE_S };
	int status;

	do {
		h->err = 0;
		status = begin(h);
		if (!status || !may_pass(h->err))
			return status;
		ppoll(NULL, 0, &pause, unblocked);
	} while (!ended_by);
	return status;
}

/**
 * hold - have both tables until a signal comes
 * @cmd: for errors
 * @spec: of the rule
 *
 * SIGINT takes both away; SIGTERM, which Magic SysRq itself may send to all, leaves the plain one.
 *
 * Return: exit status.
 */
int hold(const struct command *cmd, const struct rule_spec *spec)
{
	struct hold h = {
		.cmd = cmd,
		.spec = spec,
		.mend = { .cmd = cmd, .spec = spec, .nft = &h.nft, .ear = &h.ear },
	};
	sigset_t unblocked;
	int status;

	take_signals(&unblocked);
	status = begin_at_last(&h, &unblocked);
	if (!status)
		status = watch(&h, &unblocked);
	if (!status && ended_by == SIGINT)
		status = disarm(&h);
	nft_ear_close(&h.ear);
	/* The plain one may just have been put back. */
	let_pass();
	nft_close(&h.nft);
	return status;
}
