// SPDX-License-Identifier: GPL-2.0-only
/* What became of a request at a host, for programs: an object on a line. */
#include "report.h"

#include <stdlib.h>

#include "duration.h"
#include "words.h"

static json_t *hex64(__be64 value)
{
	return json_sprintf("%016llx", (unsigned long long)be64_to_cpu(value));
}

static bool has_reply(const struct member *m)
{
	return m->x.plan && m->x.outcome != EXCHANGE_NO_ANSWER;
}

static json_t *step_json(const struct nft_sysrq_step *s, const char *reason)
{
	char letter[WORDS_LETTER_LEN];

	words_letter_text(s->letter, letter);
	return json_pack("{s:s?, s:s, s:i, s:s?}",
			 "letter", letter[0] ? letter : NULL,
			 "words", words_letter(s->letter),
			 "wait_ms", (int)nft_sysrq_wire_wait_ms(s->wait),
			 "reason", reason);
}

/* The program that a bare probe was told of. */
static json_t *pending_json(const struct nft_sysrq_pending *p)
{
	unsigned int i, n = REPORT_NEXT;
	json_t *steps = json_array();

	while (n && !p->next[n - 1].letter && !p->next[n - 1].wait)
		n--;
	for (i = 0; i < n; i++)
		json_array_append_new(steps, step_json(&p->next[i], NULL));
	return json_pack("{s:o, s:I, s:o, s:b}",
			 "nonce", json_sprintf("%08x", be32_to_cpu(p->nonce)),
			 "fires_ms", (json_int_t)be32_to_cpu(p->fires_ms),
			 "steps", steps,
			 "whole", (int)report_pending_whole(p));
}

static json_t *steps_json(const struct member *m)
{
	const struct steps *s = &m->plan->steps;
	bool judged = m->x.left_out ||
		      (has_reply(m) && m->x.reply.flags <= NFT_SYSRQ_ST_REFUSED &&
		       m->x.reply.flags != NFT_SYSRQ_ST_STALE &&
		       m->x.outcome == EXCHANGE_ANSWERED);
	u32 reasons = nft_sysrq_wire_get_reasons(m->x.left_out ? m->x.refusal.reasons :
						 exchange_body(&m->x.reply)->reasons);
	json_t *steps = json_array();
	unsigned int i;

	for (i = 0; i < s->n; i++)
		json_array_append_new(steps, step_json(&s->step[i], !judged ? NULL :
				      words_reason_id(nft_sysrq_wire_reason(reasons, i))));
	return steps;
}

/* What a reply says of the host itself; mask and bits are not in a stale one. */
static void add_reply(json_t *o, const struct member *m)
{
	const struct exchange *x = &m->x;
	const struct nft_sysrq_outcome *body = exchange_body(&x->reply);
	unsigned int fires = be16_to_cpu(body->fires_s);

	json_object_set_new(o, "address", json_string(m->addrs[x->addr]));
	json_object_set_new(o, "epoch", hex64(x->reply.epoch));
	json_object_set_new(o, "boottime_ms",
			    json_integer((s64)be64_to_cpu(x->reply.stamp) / NS_PER_MS));
	json_object_set_new(o, "wall_ms",
			    json_integer(nft_sysrq_wire_get_wall_ms(body->wall_ms)));
	json_object_set_new(o, "spoken", json_integer(x->reply.spoken));
	if (x->rtt >= 0)
		json_object_set_new(o, "rtt_ms", json_real(x->rtt / 1e6));
	if (x->reply.flags == NFT_SYSRQ_ST_STALE)
		return;
	json_object_set_new(o, "mask", json_integer(be16_to_cpu(body->mask)));
	json_object_set_new(o, "fires_s", fires == NFT_SYSRQ_FIRES_NONE ?
			    json_null() : json_integer(fires));
	if (x->pending.nonce)
		json_object_set_new(o, "pending", pending_json(&x->pending));
	json_object_set_new(o, "seen", json_boolean(body->bits & NFT_SYSRQ_B_SEEN));
	json_object_set_new(o, "replaced", json_boolean(body->bits & NFT_SYSRQ_B_REPLACED));
	json_object_set_new(o, "wall_allowed",
			    json_boolean(!(body->bits & NFT_SYSRQ_B_NO_WALL)));
}

/**
 * report_object - what became of the request, as a JSON object
 * @r: what was asked
 * @m: MEMBER_DONE
 * @now_s: s since 1970
 *
 * The fields are described in sysrqctl.8.
 *
 * Return: the object, or NULL if there was no memory.
 */
json_t *report_object(const struct report *r, const struct member *m, s64 now_s)
{
	char *message = report_message(r, m, now_s);
	s64 until = report_runs_until(m);
	json_t *o;

	o = json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:o, s:b, s:b, s:s?, s:b, s:b}",
		      "host", m->host->name,
		      "port", m->host->port,
		      "key", m->key[0] ? m->key : NULL,
		      "outcome", report_outcome(m),
		      "status", has_reply(m) && m->x.outcome == EXCHANGE_ANSWERED ?
				words_status_id(m->x.reply.flags) : NULL,
		      "message", message,
		      "steps", steps_json(m),
		      "left_out", (int)m->x.left_out,
		      "blind", (int)m->x.blind_sent,
		      "blind_by", report_blind_id(m),
		      "port_closed", (int)m->refused,
		      "pings", (int)m->echoed);
	free(message);
	if (!o)
		return NULL;
	json_object_set_new(o, "runs_until_s", until ? json_integer(until) : json_null());
	if (has_reply(m))
		add_reply(o, m);
	else
		json_object_set_new(o, "address", json_null());
	return o;
}

/**
 * report_dump - an object on a line
 * @o: the object
 * @out: where to
 *
 * Return: 0, or -1.
 */
int report_dump(const json_t *o, FILE *out)
{
	int err = json_dumpf(o, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));

	fputc('\n', out);
	fflush(out);
	return err;
}

/**
 * report_json - what became of the request, as a JSON object on a line
 * @r: what was asked
 * @m: MEMBER_DONE
 * @now_s: s since 1970
 * @out: where to
 *
 * Return: 0, or -1 if there was no memory.
 */
int report_json(const struct report *r, const struct member *m, s64 now_s, FILE *out)
{
	json_t *o = report_object(r, m, now_s);
	int err = o ? report_dump(o, out) : -1;

	json_decref(o);
	return err;
}
