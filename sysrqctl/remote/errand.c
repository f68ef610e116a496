// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be done before anything is sent: hosts, settings, programs and
 * keys. Whatever is wrong with any of them is found here.
 */
#include "errand.h"

#include <stdlib.h>

#include "duration.h"
#include "options.h"

#define WHY		512
#define PATH_LEN	4096

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

/*
 * What is the name of a program at one host must not be letters at another, as
 * "tidy" would be, with i, which kills all processes.
 */
static int check_sequence(struct errand *e, const struct host *host, const char *word,
			  const struct sequence *own)
{
	if (sequence_find(own, word))
		e->named = host;
	else
		e->spelled = host;
	return !e->named || !e->spelled ? 0 :
	       usage_error(e->r->cmd, "'%s' is a sequence of host %s, but not of host %s, which "
			   "would get it as letters", word, e->named->name, e->spelled->name);
}

static int take_steps(struct errand *e, const struct host *host, int argc, char **argv,
		      struct steps *steps)
{
	struct sequence own[SETTINGS_SEQUENCES + 1];
	const struct remote *r = e->r;
	char why[WHY];
	bool special;

	if (!argc)
		return 0;
	special = argc == 1 && settings_sequences(&e->settings, host->name, own);
	if (argc == 1 && check_sequence(e, host, argv[0], special ? own : NULL))
		return EXIT_USAGE;
	if (special || !e->has_common) {
		if (steps_parse(steps, argc, argv, special ? own : NULL, why, sizeof(why)))
			return usage_error(r->cmd, "%s", why);
		if (steps_delay(steps, r->after_ms, why, sizeof(why)))
			return usage_error(r->cmd, "--after: %s", why);
		e->rounded |= steps->rounded;
		if (special)
			return 0;
		e->common = *steps;
		e->has_common = true;
	}
	*steps = e->common;
	return 0;
}

/* From the command line, else from the settings, else the usual one. */
static void take_transport(struct task *t, const struct remote *r, const struct entry *set)
{
	t->transport = r->icmp ? &transport_icmp :
		       set ? transport_find(set->text) : &transport_udp;
}

static int take_key(struct errand *e, const struct host *host, struct task *t,
		    const struct entry *set)
{
	const char *path = e->r->keyfile;
	char why[WHY + PATH_LEN], own[PATH_LEN];

	if (!path && set) {
		if (settings_key(set, host->name, own, sizeof(own)))
			return local_error(e->r->cmd, "%s:%u: Key: too long for host %s", set->file,
					   set->line, host->name);
		path = own;
	}
	t->key = keyring_get(&e->keys, path, why, sizeof(why));
	if (!t->key && path == own)
		return local_error(e->r->cmd, "%s (host %s, by %s:%u)", why, host->name, set->file,
				   set->line);
	if (t->key && t->key->fleet && !host->nidentities)
		return local_error(e->r->cmd, "key '%s' is a fleet's, and host %s is not known by "
				   "name: --identity, or Identity in a settings file, says whose "
				   "key to derive", t->key->name, host->name);
	return t->key ? 0 : local_error(e->r->cmd, "%s", why);
}

static int take_identity(struct errand *e, struct host *host)
{
	const struct remote *r = e->r;

	if (r->identity) {
		if (e->hosts.n > 1)
			return usage_error(r->cmd, "--identity is of one host, but there are %zu",
					   e->hosts.n);
		if (strlen(r->identity) >= NFT_SYSRQ_IDENTITY_LEN ||
		    host_set_identity(host, r->identity))
			return usage_error(r->cmd, "--identity '%.64s': not 1 to %d characters of "
					   "lower-case ASCII without final dot", r->identity,
					   NFT_SYSRQ_IDENTITY_LEN - 1);
	}
	return 0;
}

/* All of a host but its key: no key file is opened for a request that is wrong. */
static int take_host(struct errand *e, size_t i, int argc, char **argv,
		     const struct entry *found[SETTINGS])
{
	const struct remote *r = e->r;
	struct host *host = &e->hosts.all[i];
	struct task *t = &e->tasks[i];
	int status;

	settings_apply(&e->settings, host, r->port, found);
	status = take_identity(e, host);
	if (!status)
		status = take_steps(e, host, argc, argv, &t->plan.steps);
	take_transport(t, r, found[SETTING_TRANSPORT]);
	t->plan.type = r->type;
	t->plan.partial = r->partial;
	t->plan.timeout = NS_PER_MS * (r->timeout_ms ? r->timeout_ms :
				       found[SETTING_TIMEOUT] ? found[SETTING_TIMEOUT]->number :
				       REMOTE_TIMEOUT_MS);
	return status;
}

static int take_all(struct errand *e, int argc, char **argv)
{
	const struct entry *found[SETTINGS] = { 0 };
	char why[WHY + 2 * PATH_LEN];
	size_t i;
	int status = 0;

	e->tasks = calloc(e->hosts.n, sizeof(*e->tasks));
	if (!e->tasks)
		return local_error(e->r->cmd, "no memory");
	if (e->r->console.len && e->hosts.n > CONSOLE_HOSTS)
		return usage_error(e->r->cmd, "--console is for %d hosts at most, but there are "
				   "%zu", CONSOLE_HOSTS, e->hosts.n);
	for (i = 0; i < e->hosts.n && !status; i++)
		status = take_host(e, i, argc, argv, found);
	if (!status && hosts_check_twice(&e->hosts, why, sizeof(why)))
		status = usage_error(e->r->cmd, "%s", why);
	/* Parallel is of no host: what holds for one, holds for all. */
	e->parallel = e->r->parallel ? e->r->parallel : found[SETTING_PARALLEL] ?
		      (size_t)found[SETTING_PARALLEL]->number : FLEET_PARALLEL;
	for (i = 0; i < e->hosts.n && !status; i++) {
		settings_of(&e->settings, e->hosts.all[i].name, found);
		status = take_key(e, &e->hosts.all[i], &e->tasks[i], found[SETTING_KEY]);
	}
	return status;
}

/* Return: 0, or the exit status: it has been said what is wrong. */
static int check_words(const struct remote *r, int argc, int given)
{
	if (r->blind && r->strict)
		return usage_error(r->cmd, "--blind and --strict exclude each other");
	if (r->wall_clock && r->strict)
		return usage_error(r->cmd, "--wall-clock and --strict exclude each other");
	if (r->host && !r->hosts_file)
		return usage_error(r->cmd, "--host goes only with --hosts-file");
	if (given && !argc)
		return usage_error(r->cmd, "needs HOST");
	if (argc == given && r->type == NFT_SYSRQ_RUN)
		return usage_error(r->cmd, "needs COMMANDS");
	if (argc > given && r->type == NFT_SYSRQ_CANCEL)
		return usage_error(r->cmd, "takes no COMMANDS: it drops what is pending, as a whole");
	if (r->console_wait_ms && !r->console.len)
		return usage_error(r->cmd, "--console-wait goes only with --console");
	if (r->after_ms && argc == given)
		return usage_error(r->cmd, "--after needs COMMANDS");
	return 0;
}

/**
 * errand_prepare - all that is needed before anything is sent
 * @e: its @r is set, all else zero; to be freed in any case
 * @argc: of @argv
 * @argv: HOST[,HOST...] COMMANDS..., or with a hosts file COMMANDS...
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int errand_prepare(struct errand *e, int argc, char **argv)
{
	const struct remote *r = e->r;
	int given = !r->hosts_file, status = check_words(r, argc, given);
	char why[WHY + PATH_LEN];

	if (!status && settings_read(&e->settings, r->config, why, sizeof(why)))
		status = local_error(r->cmd, "%s", why);
	if (!status)
		status = take_hosts(e, given ? argv[0] : NULL);
	if (!status && !given && argc)
		status = check_commands(e, argv[0]);
	return status ? status : take_all(e, argc - given, argv + given);
}

/**
 * errand_free - free all that was needed; keys are wiped
 * @e: prepared, or not
 */
void errand_free(struct errand *e)
{
	summary_end(&e->summary);
	keyring_free(&e->keys);
	free(e->tasks);
	hosts_free(&e->hosts);
	settings_free(&e->settings);
}
