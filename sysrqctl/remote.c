// SPDX-License-Identifier: GPL-2.0-only
/* What send, probe and cancel have in common: from a command line to an exit status. */
#include "remote.h"

#include <stdlib.h>
#include <time.h>

#include "duration.h"
#include "fallback.h"
#include "options.h"
#include "summary.h"

#define TIMEOUT_MIN_MS	100
#define TIMEOUT_MAX_MS	(NFT_SYSRQ_TRY_NS / NS_PER_MS)
#define TIMEOUT_DEF_MS	3000
#define WHY		512

/**
 * remote_begin - nothing said yet
 * @r: filled in
 * @cmd: the command
 * @type: of its requests
 */
void remote_begin(struct remote *r, const struct command *cmd, enum nft_sysrq_type type)
{
	memset(r, 0, sizeof(*r));
	r->cmd = cmd;
	r->type = type;
	r->timeout_ms = TIMEOUT_DEF_MS;
	r->parallel = FLEET_PARALLEL;
	snprintf(r->port, sizeof(r->port), "%d", NFT_SYSRQ_PORT);
}

/**
 * remote_port - --port
 * @r: the request
 * @value: its argument
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int remote_port(struct remote *r, const char *value)
{
	return port_parse(value, r->port) ?
	       usage_error(r->cmd, "--port '%s': not one of 1 to 65535", value) : 0;
}

/**
 * remote_timeout - --timeout
 * @r: the request
 * @value: its argument
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int remote_timeout(struct remote *r, const char *value)
{
	int err = duration_parse(value, &r->timeout_ms);

	if (err == -EINVAL)
		return usage_error(r->cmd, "--timeout '%s': not a duration like 500ms, 3s or 10",
				   value);
	if (err || r->timeout_ms < TIMEOUT_MIN_MS || r->timeout_ms > TIMEOUT_MAX_MS)
		return usage_error(r->cmd, "--timeout '%s': not from 100ms to %llds", value,
				   TIMEOUT_MAX_MS / 1000);
	return 0;
}

/**
 * remote_after - --after
 * @r: the request
 * @value: its argument
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int remote_after(struct remote *r, const char *value)
{
	int err = duration_parse(value, &r->after_ms);

	if (err || !r->after_ms)
		return usage_error(r->cmd, "--after '%s': not a duration like 90s, 5m or 1h",
				   value);
	return 0;
}

/**
 * remote_parallel - --parallel
 * @r: the request
 * @value: its argument
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int remote_parallel(struct remote *r, const char *value)
{
	size_t len = strlen(value);

	r->parallel = len && len <= 5 && strspn(value, "0123456789") == len ? atol(value) : 0;
	return r->parallel && r->parallel <= FLEET_PARALLEL_MAX ? 0 :
	       usage_error(r->cmd, "--parallel '%s': not from 1 to %d", value,
			   FLEET_PARALLEL_MAX);
}

/* What is needed while the request is out. */
struct errand {
	const struct remote	*r;
	struct hosts		hosts;
	struct keyfile		*key;
	struct exchange_plan	plan;
	struct report		report;
	struct fallback		fallback;
	struct summary		summary;
	bool			failed;
};

/*
 * With --hosts-file, all operands are COMMANDS: whether "web1" is a host or
 * four letters must not depend on how many words follow. Who forgets that and
 * names one of the hosts is stopped.
 */
static int check_commands(struct errand *e, const char *word)
{
	const struct hosts *h = &e->hosts;
	size_t i;

	for (i = 0; i < h->n; i++)
		if (!strcasecmp(h->all[i].name, word))
			return usage_error(e->r->cmd, "'%s' is a host; with --hosts-file there is "
					   "no HOST but COMMANDS only", word);
	return 0;
}

static int take_hosts(struct errand *e, const char *operand)
{
	const struct remote *r = e->r;
	char why[WHY + 4096];
	int err = 0;

	if (r->hosts_file && r->keyfile && !strcmp(r->hosts_file, "-") &&
	    !strcmp(r->keyfile, "-"))
		return usage_error(r->cmd, "--key and --hosts-file cannot both be standard input");
	if (operand)
		err = hosts_add(&e->hosts, operand, why, sizeof(why));
	if (!err && r->host)
		err = hosts_add(&e->hosts, r->host, why, sizeof(why));
	if (!err && r->hosts_file)
		err = hosts_read(&e->hosts, r->hosts_file, why, sizeof(why));
	return err ? usage_error(r->cmd, "%s", why) : 0;
}

static int settle_hosts(struct errand *e)
{
	const struct remote *r = e->r;
	char why[WHY + 2 * 4096];
	size_t i;

	for (i = 0; i < e->hosts.n; i++)
		if (!e->hosts.all[i].port[0])
			strcpy(e->hosts.all[i].port, r->port);
	return hosts_check_twice(&e->hosts, why, sizeof(why)) ?
	       usage_error(r->cmd, "%s", why) : 0;
}

static int parse_operands(struct errand *e, int argc, char **argv)
{
	const struct remote *r = e->r;
	int status, given = !r->hosts_file;
	char why[WHY];

	if (r->host && !r->hosts_file)
		return usage_error(r->cmd, "--host goes only with --hosts-file");
	if (given && !argc)
		return usage_error(r->cmd, "needs HOST");
	if (argc == given && r->type == NFT_SYSRQ_RUN)
		return usage_error(r->cmd, "needs COMMANDS");
	if (argc > given && r->type == NFT_SYSRQ_CANCEL)
		return usage_error(r->cmd, "takes no COMMANDS: it drops what is pending, as a whole");
	status = take_hosts(e, given ? argv[0] : NULL);
	if (!status && !given && argc)
		status = check_commands(e, argv[0]);
	if (!status)
		status = settle_hosts(e);
	if (status)
		return status;
	if (argc > given &&
	    steps_parse(&e->plan.steps, argc - given, argv + given, NULL, why, sizeof(why)))
		return usage_error(r->cmd, "%s", why);
	if (r->after_ms && argc == given)
		return usage_error(r->cmd, "--after needs COMMANDS");
	if (steps_delay(&e->plan.steps, r->after_ms, why, sizeof(why)))
		return usage_error(r->cmd, "--after: %s", why);
	return 0;
}

static int apply_identity(struct errand *e)
{
	const struct remote *r = e->r;

	if (r->identity) {
		if (e->hosts.n > 1)
			return usage_error(r->cmd, "--identity is of one host, but there are %zu",
					   e->hosts.n);
		if (strlen(r->identity) >= NFT_SYSRQ_IDENTITY_LEN ||
		    host_set_identity(&e->hosts.all[0], r->identity))
			return usage_error(r->cmd, "--identity '%.64s': not 1 to %d characters of "
					   "lower-case ASCII without final dot", r->identity,
					   NFT_SYSRQ_IDENTITY_LEN - 1);
	}
	return 0;
}

static int read_key(struct errand *e)
{
	const struct remote *r = e->r;
	char why[WHY + 4096];

	e->key = r->keyfile ? keyfile_read(r->keyfile, why, sizeof(why)) :
			      keyfile_read_default(why, sizeof(why));
	return e->key ? 0 : local_error(r->cmd, "%s", why);
}

static void on_begin(struct member *m, size_t i, void *arg)
{
	struct errand *e = arg;

	(void)i;
	m->plan = &e->plan;
	m->key = e->key->name;
	m->transport = &transport_udp;
	fallback_fill(&e->fallback, e->key, m);
}

static void on_finished(const struct member *m, void *arg)
{
	struct errand *e = arg;
	s64 now_s = time(NULL);

	summary_add(&e->summary, m);
	fallback_learn(&e->fallback, m);
	if (e->r->json) {
		e->failed |= report_json(&e->report, m, now_s, stdout) != 0;
		return;
	}
	report_name(m, stdout);
	report_words(&e->report, m, now_s, stdout);
	putchar('\n');
	fflush(stdout);
}

static void on_progress(size_t busy, void *arg)
{
	struct errand *e = arg;

	summary_progress(&e->summary, busy);
}

static int run_fleet(struct errand *e)
{
	struct fleet fleet = {
		.hosts = e->hosts.all, .n = e->hosts.n, .parallel = e->r->parallel,
		.begin = on_begin, .finished = on_finished, .progress = on_progress, .arg = e,
	};
	int err = summary_begin(&e->summary, e->r->type, &e->hosts);

	if (!err)
		err = fleet_run(&fleet);
	summary_clear(&e->summary);
	return err;
}

/* Who insists on sending blind is told where that cannot be. */
static int check_blind(const struct errand *e)
{
	struct member *m;
	int status = 0;
	size_t i;

	for (i = 0; e->r->blind && !status && i < e->hosts.n; i++) {
		m = calloc(1, sizeof(*m));
		if (!m)
			return local_error(e->r->cmd, "no memory");
		m->host = &e->hosts.all[i];
		fallback_fill(&e->fallback, e->key, m);
		if (!m->fallback.epoch && !m->fallback.ntags)
			status = usage_error(e->r->cmd, "--blind: %s is no host name; give "
					     "--identity", m->host->name);
		free(m);
	}
	return status;
}

static int carry_out(struct errand *e)
{
	const struct remote *r = e->r;
	int err = check_blind(e);

	if (err)
		return err;

	e->plan.secrets = &e->key->secrets;
	e->plan.type = r->type;
	e->plan.partial = r->partial;
	e->plan.timeout = r->timeout_ms * NS_PER_MS;
	e->report.unblind = fallback_unblind(&e->fallback);
	e->report.keyfile = r->keyfile;
	if (e->plan.steps.rounded)
		fprintf(stderr, "sysrqctl %s: waits are sent as the next longer ones there are: "
			"0.1 s apart up to 12.7 s, then 10 s\n", r->cmd->name);

	err = run_fleet(e);
	if (err)
		return local_error(r->cmd, "%s", strerror(-err));
	if (e->hosts.n > 1)
		e->failed |= r->json ? summary_json(&e->summary, stdout) :
				       summary_words(&e->summary, stdout);
	if (e->failed)
		return local_error(r->cmd, "no memory");
	return summary_status(&e->summary);
}

/**
 * remote_run - send the request, and tell what became of it
 * @r: the request
 * @argc: of @argv
 * @argv: HOST[,HOST...] COMMANDS..., or with a hosts file COMMANDS...
 *
 * Return: exit status. Where one host refuses and another gives no answer, it
 * says the latter: what is not known weighs more than what is.
 */
int remote_run(const struct remote *r, int argc, char **argv)
{
	struct errand e = { .r = r };
	int status;

	if (r->blind && r->strict)
		return usage_error(r->cmd, "--blind and --strict exclude each other");
	if (r->wall_clock && r->strict)
		return usage_error(r->cmd, "--wall-clock and --strict exclude each other");
	status = parse_operands(&e, argc, argv);
	if (!status)
		status = apply_identity(&e);
	if (!status)
		status = read_key(&e);
	if (!status) {
		fallback_begin(&e.fallback, r);
		status = carry_out(&e);
		fallback_end(&e.fallback);
	}
	summary_end(&e.summary);
	keyfile_free(e.key);
	hosts_free(&e.hosts);
	return status;
}
