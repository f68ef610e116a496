// SPDX-License-Identifier: GPL-2.0-only
/* What is said of a request: the reply to its sender, the line in the log. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "answer.h"

#include <linux/printk.h>

#include "key.h"
#include "letters.h"
#include "packet.h"
#include "program.h"
#include "reply.h"
#include "wire.h"

static void reply_outcome(const struct request *r, const struct outcome *o,
			  struct nft_sysrq_outcome *body)
{
	struct nft_sysrq_pending_info info;

	body->stamp = cpu_to_be64(o->stamp);
	nft_sysrq_wire_put_wall(body->wall_ms, r->now.real);
	body->fires_s = cpu_to_be16(NFT_SYSRQ_FIRES_NONE);
	if (o->status == NFT_SYSRQ_ST_STALE)
		return;
	body->mask = cpu_to_be16(nft_sysrq_mask());
	nft_sysrq_wire_put_reasons(body->reasons, o->reasons);
	body->bits = o->bits;
	nft_sysrq_program_pending(&info);
	if (info.nsteps)
		body->fires_s = cpu_to_be16(DIV_ROUND_UP(info.fires_ms, MSEC_PER_SEC));
}

static void reply_pending(const struct outcome *o, struct nft_sysrq_pending *body)
{
	struct nft_sysrq_pending_info info;

	nft_sysrq_program_pending(&info);
	body->stamp = cpu_to_be64(o->stamp);
	body->nonce = cpu_to_be32(info.nonce);
	body->fires_ms = cpu_to_be32(info.nsteps ? info.fires_ms : NFT_SYSRQ_FIRES_NONE_MS);
	memcpy(body->next, info.steps, sizeof(body->next));
}

/**
 * nft_sysrq_answer - tell the sender
 * @r: the request, genuine
 * @o: what became of it
 * @p: its packet
 *
 * Return: 0, or a negative errno if no reply left.
 */
int nft_sysrq_answer(const struct request *r, const struct outcome *o,
		     const struct nft_sysrq_packet *p)
{
	struct nft_sysrq_dgram d = {
		.magic = { 'S', 'R', 'Q' },
		.version = NFT_SYSRQ_PROTO_VERSION,
		.type = r->d->type | NFT_SYSRQ_REPLY,
		.flags = o->status,
		.nsteps = r->d->nsteps,
		.spoken = NFT_SYSRQ_PROTO_VERSION,
		.key_id = r->d->key_id,
		.nonce = r->d->nonce,
		.epoch = READ_ONCE(r->key->epoch),
		.stamp = cpu_to_be64(r->now.boot),
	};

	if (o->status == NFT_SYSRQ_ST_OK && r->probe && !d.nsteps &&
	    r->d->body[0] == NFT_SYSRQ_PAGE_PENDING)
		reply_pending(o, (struct nft_sysrq_pending *)d.body);
	else
		reply_outcome(r, o, (struct nft_sysrq_outcome *)d.body);
	nft_sysrq_mac_seal(&r->key->secrets, NFT_SYSRQ_DIR_REPLY, &d);
	return nft_sysrq_reply_send(p, &d);
}

/* "s +1.0s u +1.0s b": 11 steps of at most " X +1280.0s" */
static const char *print_steps(const struct nft_sysrq_dgram *d, char *text, size_t size)
{
	size_t len = 0;
	unsigned int i;
	u32 ms;

	text[0] = '\0';
	for (i = 0; i < d->nsteps; i++) {
		ms = nft_sysrq_wire_wait_ms(d->steps[i].wait);
		if (d->steps[i].letter)
			len += scnprintf(text + len, size - len, " %c", d->steps[i].letter);
		if (ms && i + 1 < d->nsteps)
			len += scnprintf(text + len, size - len, " +%u.%us", ms / 1000,
					 ms / 100 % 10);
	}
	return text;
}

/**
 * nft_sysrq_answer_log - tell the log: one line an accepted request
 * @r: the request, a run or a cancel
 * @p: its packet
 */
void nft_sysrq_answer_log(const struct request *r, const struct nft_sysrq_packet *p)
{
	const char *what = r->d->type == NFT_SYSRQ_RUN ? "run" : "cancel";
	char steps[128];

	print_steps(r->d, steps, sizeof(steps));
	if (p->v4)
		pr_notice_ratelimited("key %s from %pI4: %s%s\n", r->key->name, &p->from.ip,
				      what, steps);
	else
		pr_notice_ratelimited("key %s from %pI6c: %s%s\n", r->key->name, &p->from.in6,
				      what, steps);
}
