// SPDX-License-Identifier: GPL-2.0-only
/* How requests go to hosts that do not answer: what the user allows, and what is remembered. */
#include "fallback.h"

#include <stdio.h>
#include <time.h>

#include "duration.h"

static s64 clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/**
 * fallback_begin - read what is remembered, if it may be needed
 * @f: filled in
 * @r: the request; stays
 */
void fallback_begin(struct fallback *f, const struct remote *r)
{
	char path[sizeof(f->epochs.path)], boot_id[BOOT_ID_LEN];

	f->r = r;
	f->right = clock_is_synchronised();
	epochs_path(path, sizeof(path));
	epochs_boot_id(boot_id);
	epochs_begin(&f->epochs, path, boot_id, f->right);
	if (r->type != NFT_SYSRQ_PROBE && !r->strict)
		epochs_load(&f->epochs);
}

/**
 * fallback_unblind - why nothing is sent in wall-clock mode
 * @f: the fallback
 */
enum report_unblind fallback_unblind(const struct fallback *f)
{
	if (f->r->strict)
		return REPORT_STRICT;
	return f->r->blind || f->right ? REPORT_BLIND : REPORT_UNSYNCED;
}

/* By what is remembered of the host, unless the user has forbidden it. */
static void fill_epoch(const struct fallback *f, u32 key_id, struct member *m)
{
	const struct epoch *entry = epochs_find(&f->epochs, key_id, m->host->name,
						m->host->port);
	struct exchange_clock now = {
		.boot = clock_ns(CLOCK_BOOTTIME), .real = clock_ns(CLOCK_REALTIME),
	};

	if (!entry)
		return;
	m->heard_s = entry->told.at.real / NS_PER_S;
	m->heard_lead_ms = entry->told.lead_ms;
	if (!f->r->wall_clock &&
	    epochs_ahead(&f->epochs, entry, f->r->blind, &now, &m->fallback.ahead))
		m->fallback.epoch = entry->told.epoch;
}

/**
 * fallback_fill - how to send blind to one host
 * @f: the fallback
 * @material: key of the host
 * @secrets: derived from it
 * @m: its @host is set; @fallback and @heard_* are filled in
 */
void fallback_fill(const struct fallback *f, const u8 material[NFT_SYSRQ_KEY_LEN],
		   const struct nft_sysrq_secrets *secrets, struct member *m)
{
	struct exchange_fallback *to = &m->fallback;
	const char *identity;

	to->at_once = f->r->blind;
	if (f->r->type == NFT_SYSRQ_PROBE || f->r->strict)
		return;
	fill_epoch(f, be32_to_cpu(secrets->key_id), m);
	if (to->epoch || fallback_unblind(f) != REPORT_BLIND)
		return;
	for (to->ntags = 0; to->ntags < m->host->nidentities; to->ntags++) {
		identity = m->host->identities[to->ntags];
		to->tags[to->ntags] = nft_sysrq_mac_host_tag(material, identity,
							     strlen(identity));
	}
}

/*
 * Has it just taken a program that ends it? A program whose end can still be
 * stopped is not meant: the request to stop it may have to go blind.
 */
static bool is_ending(const struct member *m)
{
	unsigned int step;

	return m->plan->type == NFT_SYSRQ_RUN && m->x.outcome == EXCHANGE_ANSWERED &&
	       report_accepted(m) && steps_end(&m->x.steps, &step) &&
	       steps_before_ms(&m->x.steps, step) < REPORT_STOP_MS;
}

/**
 * fallback_learn - an exchange is done: remember what it has told
 * @f: the fallback
 * @m: MEMBER_DONE; its host must stay until fallback_end()
 */
void fallback_learn(struct fallback *f, const struct member *m)
{
	if (!m->x.plan || !m->x.learned.epoch)
		return;
	if (epochs_learn(&f->epochs, be32_to_cpu(m->x.keys[0]->key_id), m->host->name,
			 m->host->port, &m->x.learned, is_ending(m)))
		epochs_warn(&f->epochs, "no memory");
}

/**
 * fallback_end - write what was learned, and say what went wrong with it
 * @f: the fallback; that it fails is never the request's fault
 */
void fallback_end(struct fallback *f)
{
	if (!f->r)
		return;
	epochs_save(&f->epochs, clock_ns(CLOCK_REALTIME));
	if (f->epochs.warning[0])
		fprintf(stderr, "sysrqctl %s: epochs of hosts are not remembered as they should "
			"be: %s\n", f->r->cmd->name, f->epochs.warning);
	epochs_end(&f->epochs);
}
