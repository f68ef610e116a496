// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl monitor */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "duration.h"
#include "event.h"
#include "module.h"
#include "options.h"

enum {
	OPT_COUNT,
	OPT_TIMEOUT,
	OPT_JSON,
};

const struct option_row monitor_options[] = {
	[OPT_COUNT] = { "count", "N", "End after so many lines" },
	[OPT_TIMEOUT] = { "timeout", "DUR", "End after that time" },
	[OPT_JSON] = { "json", NULL, "One JSON object a line" },
	{ }
};

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/**
 * struct monitor - one that watches
 * @events: told of events
 * @ask: asked for counters
 * @stats: as they were last
 * @left: lines until the end; 0: no end
 * @done: all lines are out, or cannot be
 */
struct monitor {
	const struct command	*cmd;
	struct genl		events;
	struct genl		ask;
	u64			stats[NFT_SYSRQ_STAT_PAD];
	unsigned long		left;
	bool			json;
	bool			done;
};

static s64 clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void end_line(struct monitor *m)
{
	/* A script may wait for each line. */
	if (fflush(stdout) || (m->left && !--m->left))
		m->done = true;
}

static void put_json(struct monitor *m, json_t *o)
{
	if (o) {
		json_dumpf(o, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(o);
	end_line(m);
}

static int on_event(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *m = arg;
	struct event e;

	if (m->done || event_read(nlh, &e))
		return MNL_CB_OK;
	if (m->json) {
		put_json(m, event_json(&e));
	} else {
		event_print(&e, time(NULL), stdout);
		end_line(m);
	}
	return MNL_CB_OK;
}

static void tell_overrun(struct monitor *m)
{
	s64 now = clock_ns(CLOCK_REALTIME);
	char text[32];

	if (m->json) {
		put_json(m, json_pack("{s:s, s:I}", "event", "overrun", "time_ms",
				      (json_int_t)(now / NS_PER_MS)));
		return;
	}
	when_print_clock(now / NS_PER_S, now / NS_PER_S, text, sizeof(text));
	printf("%s events were lost here: they came faster than they could be told\n", text);
	end_line(m);
}

static int hear(struct monitor *m)
{
	int err = genl_hear(&m->events, on_event, m);

	if (err == -ENOBUFS && !m->done)
		tell_overrun(m);
	else if (err && err != -ENOBUFS)
		return local_error(m->cmd, "generic netlink: %s", strerror(-err));
	return EXIT_OK;
}

static int look_at_counters(struct monitor *m)
{
	s64 now = clock_ns(CLOCK_REALTIME);
	u64 stats[NFT_SYSRQ_STAT_PAD];
	struct growth g;
	int err = stats_get(&m->ask, stats);

	if (err)
		return module_error(m->cmd, &m->ask, err, "the module tells no counters any more");
	if (growth_of(&g, m->stats, stats)) {
		if (m->json) {
			put_json(m, growth_json(&g, now / NS_PER_MS));
		} else {
			growth_print(&g, now / NS_PER_S, stdout);
			end_line(m);
		}
	}
	memcpy(m->stats, stats, sizeof(stats));
	return EXIT_OK;
}

/* @end: by CLOCK_MONOTONIC, ns; 0: none */
static int watch(struct monitor *m, s64 end, const sigset_t *unblocked)
{
	struct pollfd p = { .fd = mnl_socket_get_fd(m->events.nl), .events = POLLIN };
	s64 now = clock_ns(CLOCK_MONOTONIC), next = now + NS_PER_S, until;
	struct timespec wait;
	int status = EXIT_OK;

	while (!status && !m->done && !stop && (!end || now < end)) {
		until = end && end < next ? end : next;
		until = until > now ? until - now : 0;
		wait.tv_sec = until / NS_PER_S;
		wait.tv_nsec = until % NS_PER_S;
		if (ppoll(&p, 1, &wait, unblocked) > 0)
			status = hear(m);
		now = clock_ns(CLOCK_MONOTONIC);
		if (status || m->done || (now < next && (!end || now < end)))
			continue;
		status = look_at_counters(m);
		next = now + NS_PER_S;
	}
	return status;
}

static int run(struct monitor *m, s64 timeout_ms)
{
	struct sigaction act = { .sa_handler = on_signal };
	sigset_t signals, old;
	int err, status;

	status = module_open(m->cmd, &m->events, false);
	if (!status)
		status = module_open(m->cmd, &m->ask, false);
	if (status)
		return status;
	/* Only while it waits: no event is cut in two. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &old);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	err = stats_get(&m->ask, m->stats);
	if (err)
		return module_error(m->cmd, &m->ask, err, "cannot read the module's counters");
	err = genl_listen(&m->events);
	if (err)
		return module_error(m->cmd, &m->events, err, "cannot listen to the module's events");
	return watch(m, timeout_ms < 0 ? 0 : clock_ns(CLOCK_MONOTONIC) + timeout_ms * NS_PER_MS,
		     &old);
}

static int take_count(const struct command *cmd, struct monitor *m, const char *value)
{
	char *end;

	m->left = strtoul(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end || !m->left || m->left > 1000000000)
		return usage_error(cmd, "--count '%.64s': not a number from 1 to 1000000000", value);
	return EXIT_OK;
}

int monitor_main(const struct command *cmd, int argc, char **argv)
{
	struct monitor m = { .cmd = cmd };
	int64_t timeout_ms = -1;
	int opt, status = EXIT_OK;
	const char *value;
	struct options o;

	options_begin(&o, cmd, argc, argv);
	while (!status && (opt = options_next(&o, &value)) >= 0) {
		if (opt == OPT_JSON)
			m.json = true;
		else if (opt == OPT_COUNT)
			status = take_count(cmd, &m, value);
		else if (duration_parse(value, &timeout_ms))
			status = usage_error(cmd, "--timeout '%.64s': not a duration", value);
	}
	if (status)
		return status;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	status = run(&m, timeout_ms);
	genl_close(&m.events);
	genl_close(&m.ask);
	return status;
}
