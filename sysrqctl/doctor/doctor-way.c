// SPDX-License-Identifier: GPL-2.0-only
/* doctor HOST: probes to a host, and in which order they are made. */
#include "doctor-way.h"

#include <stdlib.h>

#include "doctor-watch.h"
#include "doctor.h"
#include "options.h"

static void on_begin(struct member *m, size_t i, void *arg)
{
	struct way *w = arg;

	errand_begin(&w->e, m, i);
	if (!w->begun) {
		w->begun = true;
		w->blind = m->fallback;
		w->heard_s = m->heard_s;
		w->key_id = be32_to_cpu(m->plan->secrets->key_id);
	}
	memset(&m->fallback, 0, sizeof(m->fallback));
	if (m->transport == &transport_udp)
		m->transport = &transport_watched;
}

/** way_answered - has it? */
bool way_answered(const struct member *m)
{
	return m->x.plan && m->x.outcome == EXCHANGE_ANSWERED;
}

static void on_finished(const struct member *m, void *arg)
{
	struct way *w = arg;
	size_t i = m->host - w->e.hosts.all;

	fallback_learn(&w->e.fallback, m);
	w->got[i] = *m;
	/* Of two that a host of a fleet may have, the one it has. */
	if (way_answered(m))
		w->key_id = be32_to_cpu(m->x.keys[0]->key_id);
	errand_release(&w->e, &w->e.tasks[i]);
}

/**
 * way_ask - ask all hosts of the errand once; their answers are in @got
 * @w: the way
 *
 * Return: 0, or a negative errno.
 */
int way_ask(struct way *w)
{
	struct fleet fleet = {
		.hosts = w->e.hosts.all, .n = w->e.hosts.n, .parallel = w->e.hosts.n,
		.begin = on_begin, .finished = on_finished, .arg = w,
	};

	return fleet_run(&fleet);
}

/* The same host under each of its addresses. What was learned goes by the old one until the end. */
static int split(struct way *w, const struct member *m, char **texts)
{
	struct host *hosts = calloc(m->naddrs, sizeof(*hosts));
	struct task *tasks = calloc(m->naddrs, sizeof(*tasks));
	unsigned int i;

	for (i = 0; hosts && tasks && i < m->naddrs; i++) {
		hosts[i] = w->e.hosts.all[0];
		texts[i] = (char *)m->addrs[i];
		hosts[i].addresses = &texts[i];
		hosts[i].naddresses = 1;
		hosts[i].direct = true;
		tasks[i] = w->e.tasks[0];
	}
	if (!hosts || !tasks) {
		free(hosts);
		free(tasks);
		return -ENOMEM;
	}
	w->typed = w->e.hosts.all;
	free(w->e.tasks);
	w->e.hosts.all = hosts;
	w->e.tasks = tasks;
	w->e.hosts.n = m->naddrs;
	return 0;
}

/* From now on only the address that answered, rather than one that others may not have. */
static const struct member *choose(struct way *w)
{
	size_t i;

	for (i = 0; i < w->e.hosts.n && !way_answered(&w->got[i]); i++)
		;
	if (i == w->e.hosts.n)
		return NULL;
	w->e.hosts.all[0] = w->e.hosts.all[i];
	w->e.hosts.n = 1;
	w->got[0] = w->got[i];
	return &w->got[0];
}

static void tell_host(struct way *w, struct member *first)
{
	way_tell_key(w, first);
	way_tell_time(w, first);
	way_tell_clock(w, first);
	way_tell_blind(w, first);
	way_tell_letters(w);
	way_tell_pending(w, first);
}

/* @first: room for the first answer. Return: 0, or a negative errno. */
static int look(struct way *w, struct member *first)
{
	char *texts[EXCHANGE_ADDRS];
	int err = way_ask(w);

	if (err)
		return err;
	*first = w->got[0];
	way_tell_name(w, first);
	if (first->eai)
		return 0;
	if (first->naddrs > 1) {
		err = split(w, first, texts);
		if (!err)
			err = way_ask(w);
		if (err)
			return err;
	}
	way_tell_addresses(w);
	if (choose(w))
		tell_host(w, &w->got[0]);
	else
		way_tell_silence(w);
	return 0;
}

static void add_word(struct way *w, const char *option, const char *value)
{
	size_t used = strlen(w->args);
	char quoted[WAY_ARGS / 4];

	if (!value)
		return;
	doctor_quote(value, quoted, sizeof(quoted));
	snprintf(w->args + used, sizeof(w->args) - used, "%s%s%s", option, quoted[0] ? quoted : "FILE",
		 " ");
}

/* What names the host in a command: as it was named here. */
static void fill_args(struct way *w, const char *host)
{
	const struct remote *r = w->r;

	add_word(w, "--key ", r->keyfile);
	add_word(w, "--config ", r->config);
	add_word(w, "--identity ", r->identity);
	add_word(w, "--port ", r->port[0] ? r->port : NULL);
	if (r->icmp)
		strcat(w->args, "--icmp ");
	add_word(w, "", host);
	w->args[strlen(w->args) - 1] = '\0';
}

static int carry_out(struct way *w)
{
	struct member *first = calloc(1, sizeof(*first));
	int err;

	w->got = calloc(EXCHANGE_ADDRS, sizeof(*w->got));
	err = first && w->got ? look(w, first) : -ENOMEM;
	free(w->got);
	free(first);
	return err ? local_error(w->r->cmd, "%s", strerror(-err)) : 0;
}

/**
 * doctor_way - what there is to be said of the way to a host
 * @d: the doctor
 * @r: as it was asked for
 * @host: as it was typed
 *
 * Return: 0, or the exit status: it has been said what is wrong here.
 */
int doctor_way(struct doctor *d, const struct remote *r, char *host)
{
	struct way w = { .d = d, .r = r, .run = *r, .e = { .r = r } };
	char *argv[] = { host, NULL };
	int status;

	w.run.type = NFT_SYSRQ_RUN;
	fill_args(&w, host);
	status = errand_prepare(&w.e, 1, argv);
	if (!status && w.e.hosts.n != 1)
		status = usage_error(r->cmd, "takes one HOST, not %zu", w.e.hosts.n);
	if (!status) {
		w.name = host;
		fallback_begin(&w.e.fallback, &w.run);
		status = carry_out(&w);
		fallback_end(&w.e.fallback);
	}
	free(w.typed);
	errand_free(&w.e);
	doctor_end(d);
	return status;
}
