// SPDX-License-Identifier: GPL-2.0-only
/* What send, probe and cancel have in common: from a command line to an exit status. */
#include "remote.h"

#include <stdlib.h>
#include <time.h>

#include "duration.h"
#include "fallback.h"
#include "options.h"

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

/* What is needed while the request is out. */
struct errand {
	const struct remote	*r;
	struct host		*hosts;
	size_t			n;
	struct keyfile		*key;
	struct exchange_plan	plan;
	struct report		report;
	struct fallback		fallback;
	struct member		*members;
	bool			refused;
	bool			unanswered;
	bool			failed;
};

static int parse_operands(struct errand *e, int argc, char **argv)
{
	const struct remote *r = e->r;
	char why[WHY];

	if (!argc)
		return usage_error(r->cmd, "needs HOST");
	if (argc < 2 && r->type == NFT_SYSRQ_RUN)
		return usage_error(r->cmd, "needs COMMANDS");
	if (argc > 1 && r->type == NFT_SYSRQ_CANCEL)
		return usage_error(r->cmd, "takes no COMMANDS: it drops what is pending, as a whole");
	if (hosts_parse(argv[0], r->port, &e->hosts, &e->n, why, sizeof(why)))
		return usage_error(r->cmd, "%s", why);
	if (argc > 1 && steps_parse(&e->plan.steps, argc - 1, argv + 1, NULL, why, sizeof(why)))
		return usage_error(r->cmd, "%s", why);
	if (r->after_ms && argc < 2)
		return usage_error(r->cmd, "--after needs COMMANDS");
	if (steps_delay(&e->plan.steps, r->after_ms, why, sizeof(why)))
		return usage_error(r->cmd, "--after: %s", why);
	return 0;
}

static int apply_identity(struct errand *e)
{
	const struct remote *r = e->r;

	if (r->identity) {
		if (e->n > 1)
			return usage_error(r->cmd, "--identity is of one host, but there are %zu",
					   e->n);
		if (strlen(r->identity) >= NFT_SYSRQ_IDENTITY_LEN ||
		    host_set_identity(&e->hosts[0], r->identity))
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

static void on_finished(const struct member *m, void *arg)
{
	struct errand *e = arg;
	int status = report_status(m);
	s64 now_s = time(NULL);

	e->refused |= status == EXIT_REFUSED;
	e->unanswered |= status == EXIT_NO_ANSWER;
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

static int fill_members(struct errand *e)
{
	struct member *m;
	size_t n;

	e->members = calloc(e->n, sizeof(*e->members));
	if (!e->members)
		return -ENOMEM;
	for (n = 0; n < e->n; n++) {
		m = &e->members[n];
		m->host = &e->hosts[n];
		m->plan = &e->plan;
		m->key = e->key->name;
		fallback_fill(&e->fallback, e->key, m);
	}
	return 0;
}

/* Who insists on sending blind is told where that cannot be. */
static int check_blind(const struct errand *e)
{
	const struct member *m;

	for (m = e->members; e->r->blind && m < e->members + e->n; m++)
		if (!m->fallback.epoch && !m->fallback.ntags)
			return usage_error(e->r->cmd, "--blind: %s is no host name; give --identity",
					   m->host->name);
	return 0;
}

static int carry_out(struct errand *e)
{
	struct fleet fleet = {
		.n = e->n, .finished = on_finished, .arg = e,
	};
	int err, status;

	e->plan.secrets = &e->key->secrets;
	e->plan.type = e->r->type;
	e->plan.partial = e->r->partial;
	e->plan.timeout = e->r->timeout_ms * NS_PER_MS;
	e->report.unblind = fallback_unblind(&e->fallback);
	e->report.keyfile = e->r->keyfile;
	if (e->plan.steps.rounded)
		fprintf(stderr, "sysrqctl %s: waits are sent as the next longer ones there are: "
			"0.1 s apart up to 12.7 s, then 10 s\n", e->r->cmd->name);

	err = fill_members(e);
	fleet.members = e->members;
	status = err ? 0 : check_blind(e);
	if (status)
		return status;
	if (!err)
		err = fleet_run(&fleet);
	if (err)
		return local_error(e->r->cmd, "%s", strerror(-err));
	if (e->failed)
		return local_error(e->r->cmd, "no memory");
	return e->unanswered ? EXIT_NO_ANSWER : e->refused ? EXIT_REFUSED : EXIT_OK;
}

/**
 * remote_run - send the request, and tell what became of it
 * @r: the request
 * @argc: of @argv
 * @argv: HOST[,HOST...] COMMANDS...
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
	free(e.members);
	keyfile_free(e.key);
	free(e.hosts);
	return status;
}
