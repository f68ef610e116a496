// SPDX-License-Identifier: GPL-2.0-only
/* What send, probe and cancel have in common: from a command line to an exit status. */
#include "errand.h"

#include <stdlib.h>
#include <time.h>

#include "duration.h"
#include "options.h"

#define TIMEOUT_MIN_MS	100
#define TIMEOUT_MAX_MS	(NFT_SYSRQ_TRY_NS / NS_PER_MS)
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
 * remote_parse_timeout - how long to wait for a host
 * @value: a duration
 * @ms: TIMEOUT_MIN_MS..TIMEOUT_MAX_MS
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int remote_parse_timeout(const char *value, int64_t *ms, char *why, size_t len)
{
	int err = duration_parse(value, ms);

	if (err == -EINVAL)
		snprintf(why, len, "'%s': not a duration like 500ms, 3s or 10", value);
	else if (err || *ms < TIMEOUT_MIN_MS || *ms > TIMEOUT_MAX_MS)
		snprintf(why, len, "'%s': not from 100ms to %llds", value, TIMEOUT_MAX_MS / 1000);
	else
		return 0;
	return -EINVAL;
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
	char why[WHY];

	return remote_parse_timeout(value, &r->timeout_ms, why, sizeof(why)) ?
	       usage_error(r->cmd, "--timeout %s", why) : 0;
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
 * remote_parse_parallel - how many hosts at once
 * @value: decimal
 *
 * Return: 1..FLEET_PARALLEL_MAX, or 0: it is not that.
 */
size_t remote_parse_parallel(const char *value)
{
	size_t len = strlen(value), n;

	n = len && len <= 5 && strspn(value, "0123456789") == len ? atol(value) : 0;
	return n <= FLEET_PARALLEL_MAX ? n : 0;
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
	r->parallel = remote_parse_parallel(value);
	return r->parallel ? 0 : usage_error(r->cmd, "--parallel '%s': not from 1 to %d", value,
					     FLEET_PARALLEL_MAX);
}

/**
 * errand_release - a host's turn is over: wipe the keys that were derived for it
 * @e: the errand
 * @t: of the host
 */
void errand_release(struct errand *e, struct task *t)
{
	unsigned int i;

	for (i = 0; i < EXCHANGE_KEYS; i++) {
		keyring_release(&e->keys, t->derived[i]);
		t->derived[i] = NULL;
	}
	t->plan.secrets = NULL;
	t->plan.other = NULL;
}

/*
 * The keys that a host of a fleet may have, one for each name that may be its
 * own. It is asked under both which it has; blind, the request goes only under
 * one for which an epoch is remembered: a host that had both would run it twice.
 */
static int derive_keys(struct errand *e, struct task *t, struct member *m)
{
	const struct nft_sysrq_secrets *first = NULL;
	struct host_key *key = NULL;
	unsigned int i;

	/* It may have had its turn before, when there were no sockets. */
	errand_release(e, t);
	for (i = 0; i < m->host->nidentities; i++) {
		key = keyring_derive(&e->keys, t->key, m->host->identities[i]);
		t->derived[i] = key;
		if (!key)
			return -ENOMEM;
		t->plan.other = t->plan.secrets;
		t->plan.secrets = &key->secrets;
		if (m->fallback.epoch)
			continue;
		fallback_fill(&e->fallback, key->material, &key->secrets, m);
		if (m->fallback.epoch)
			first = &key->secrets;
	}
	if (t->plan.other && first != t->plan.secrets) {
		t->plan.secrets = t->plan.other;
		t->plan.other = &key->secrets;
	}
	if (t->plan.other)
		m->fallback.ntags = 0;
	return 0;
}

/**
 * errand_begin - a host's turn has come: its plan, key, transport and fallback
 * @e: prepared, and its fallback begun
 * @m: its @host is set
 * @i: number of the host; errand_release() is due when its turn is over
 */
void errand_begin(struct errand *e, struct member *m, size_t i)
{
	struct task *t = &e->tasks[i];

	m->plan = &t->plan;
	m->key = t->key->name;
	m->transport = t->transport;
	if (t->key->fleet) {
		if (derive_keys(e, t, m))
			m->err = ENOMEM;
		return;
	}
	t->plan.secrets = &t->key->secrets;
	fallback_fill(&e->fallback, t->key->material, &t->key->secrets, m);
}

static void on_begin(struct member *m, size_t i, void *arg)
{
	errand_begin(arg, m, i);
}

static void on_opened(const struct member *m, void *arg)
{
	struct errand *e = arg;

	console_know(&e->console, m->host - e->hosts.all, m);
}

static void on_heard(void *arg)
{
	struct errand *e = arg;

	console_receive(&e->console);
}

static void on_finished(const struct member *m, void *arg)
{
	struct errand *e = arg;
	s64 now_s = time(NULL);

	summary_add(&e->summary, m);
	fallback_learn(&e->fallback, m);
	if (e->r->console.len)
		console_done(&e->console, m->host - e->hosts.all, m);
	if (e->r->json && e->r->console.len) {
		console_report(&e->console, m->host - e->hosts.all,
			       report_object(&e->report, m, now_s));
	} else if (e->r->json) {
		e->failed |= report_json(&e->report, m, now_s, stdout) != 0;
	} else {
		report_name(m, stdout);
		report_words(&e->report, m, now_s, stdout);
		putchar('\n');
		fflush(stdout);
	}
	errand_release(e, &e->tasks[m->host - e->hosts.all]);
}

static void on_progress(size_t busy, void *arg)
{
	struct errand *e = arg;

	summary_progress(&e->summary, busy);
}

static int run_fleet(struct errand *e)
{
	struct fleet fleet = {
		.hosts = e->hosts.all, .n = e->hosts.n, .parallel = e->parallel,
		.begin = on_begin, .finished = on_finished, .progress = on_progress, .arg = e,
	};
	int err = summary_begin(&e->summary, e->r->type, &e->hosts);

	if (e->r->console.len) {
		fleet.opened = on_opened;
		fleet.ear = e->console.fd;
		fleet.heard = on_heard;
	}
	if (!err)
		err = fleet_run(&fleet);
	summary_clear(&e->summary);
	return err;
}

/* Who insists on sending blind is told where that cannot be. */
static int check_blind(struct errand *e)
{
	struct member *m;
	int status = 0;
	size_t i;

	for (i = 0; e->r->blind && !status && i < e->hosts.n; i++) {
		m = calloc(1, sizeof(*m));
		if (!m)
			return local_error(e->r->cmd, "no memory");
		m->host = &e->hosts.all[i];
		errand_begin(e, m, i);
		if (!m->fallback.epoch && !m->fallback.ntags)
			status = usage_error(e->r->cmd, "--blind: %s %s; give --identity",
					     m->host->name, m->plan->other ?
					     "may have the key of one of two names" :
					     "is no host name");
		errand_release(e, &e->tasks[i]);
		free(m);
	}
	return status;
}

static int tell_summary(struct errand *e)
{
	if (e->hosts.n < 2)
		return 0;
	return e->r->json ? summary_json(&e->summary, stdout) : summary_words(&e->summary, stdout);
}

static int run_with_console(struct errand *e)
{
	struct console *c = &e->console;
	const struct remote *r = e->r;
	int err;

	c->at = r->console;
	c->wait = (r->console_wait_ms ? r->console_wait_ms : CONSOLE_WAIT_MS) * NS_PER_MS;
	c->json = r->json;
	c->summary = &e->summary;
	err = console_begin(c, &e->hosts);
	if (err)
		return console_error(r->cmd, c, err);
	err = run_fleet(e);
	if (err) {
		console_end(c);
		return local_error(r->cmd, "%s", strerror(-err));
	}
	/* People need not wait for what is known. */
	if (!r->json)
		tell_summary(e);
	fflush(stdout);
	console_listen(c);
	if (r->json) {
		e->failed |= console_json(c, stdout) != 0;
		e->failed |= tell_summary(e) != 0;
	}
	console_remarks(c, stderr);
	console_end(c);
	return 0;
}

static int run_without(struct errand *e)
{
	int err = run_fleet(e);

	if (err)
		return local_error(e->r->cmd, "%s", strerror(-err));
	e->failed |= tell_summary(e) != 0;
	return 0;
}

static int carry_out(struct errand *e)
{
	const struct remote *r = e->r;
	int err = check_blind(e);

	if (err)
		return err;

	e->report.unblind = fallback_unblind(&e->fallback);
	e->report.keyfile = r->keyfile;
	e->report.config = r->config;
	e->report.identity = r->identity;
	if (e->rounded)
		fprintf(stderr, "sysrqctl %s: waits are sent as the next longer ones there are: "
			"0.1 s apart up to 12.7 s, then 10 s\n", r->cmd->name);

	err = r->console.len ? run_with_console(e) : run_without(e);
	if (err)
		return err;
	/* Requests went out: what became of them could not be told. main() says why. */
	if (fflush(stdout) || ferror(stdout))
		return EXIT_NO_ANSWER;
	if (e->failed) {
		local_error(r->cmd, "no memory");
		return EXIT_NO_ANSWER;
	}
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

	status = errand_prepare(&e, argc, argv);
	if (!status) {
		fallback_begin(&e.fallback, r);
		status = carry_out(&e);
		fallback_end(&e.fallback);
	}
	errand_free(&e);
	return status;
}
