// SPDX-License-Identifier: GPL-2.0-only
/* What a host has said to a request, in plain words. */
#include "report.h"

#include "duration.h"
#include "words.h"

static void say_commands(const struct steps *s, FILE *out)
{
	const char *comma = "";
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		if (!s->step[i].letter)
			continue;
		fprintf(out, "%s%s", comma, words_letter(s->step[i].letter));
		comma = ", ";
	}
}

static void say_when(u32 ms, FILE *out)
{
	char text[32];

	if (ms < 100) {
		fputs("now", out);
		return;
	}
	duration_print(ms, text, sizeof(text));
	fprintf(out, "in %s", text);
}

/* May it stand in a command line as it is? */
static bool plain(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789._/:@%+-")];
}

static void say_option(const char *option, const char *value, const char *instead, FILE *out)
{
	if (value)
		fprintf(out, "%s %s ", option, plain(value) ? value : instead);
}

/* The command that stops a program, to be copied from the screen. */
static void say_cancel(const struct report *r, const struct member *m, FILE *out)
{
	const struct host *h = m->host;
	char usual[8];

	fputs("; 'sysrqctl cancel ", out);
	say_option("--config", r->config, "FILE", out);
	say_option("--key", r->keyfile, "FILE", out);
	say_option("--identity", r->identity, "NAME", out);
	if (m->transport == &transport_icmp)
		fputs("--icmp ", out);
	snprintf(usual, sizeof(usual), "%d", NFT_SYSRQ_PORT);
	if (!strcmp(h->port, usual) || m->transport == &transport_icmp)
		fputs(h->name, out);
	else
		fprintf(out, strchr(h->name, ':') ? "[%s]:%s" : "%s:%s", h->name, h->port);
	fputs("' stops it", out);
}

static unsigned int count_letters(const struct steps *s)
{
	unsigned int i, n = 0;

	for (i = 0; i < s->n; i++)
		n += s->step[i].letter != 0;
	return n;
}

static void say_accepted(const struct report *r, const struct member *m, FILE *out)
{
	const struct steps *s = &m->x.steps;
	unsigned int last = s->n - 1;
	const char *end = steps_end(s, &last);
	u32 ms = steps_before_ms(s, last);

	say_commands(s, out);
	fputs(" accepted; ", out);
	if (end)
		fprintf(out, "%s ", end);
	else
		fprintf(out, "%shanded to the kernel ",
			ms && count_letters(s) > 1 ? "the last is " : "");
	say_when(ms, out);
	if (ms >= REPORT_STOP_MS)
		say_cancel(r, m, out);
	if (exchange_body(&m->x.reply)->bits & NFT_SYSRQ_B_REPLACED)
		fputs("; takes the place of the program that was pending", out);
}

static void say_dry(const struct steps *s, FILE *out)
{
	u32 ms = steps_before_ms(s, s->n - 1);
	char text[32];

	say_commands(s, out);
	fputs(" would be accepted", out);
	duration_print(ms, text, sizeof(text));
	if (ms)
		fprintf(out, "; %s after %s", count_letters(s) > 1 ? "the last comes" : "comes",
			text);
}

/* All letters that are refused for one reason. Return: whether there are any. */
static bool say_letters(const struct steps *s, u32 reasons, enum nft_sysrq_reason why,
			const char *words, const char *before, FILE *out)
{
	const char *comma = "";
	unsigned int i, j;

	for (i = 0; i < s->n; i++) {
		/* Only letters can be refused, whatever a host says. */
		if (!s->step[i].letter || nft_sysrq_wire_reason(reasons, i) != why)
			continue;
		for (j = 0; j < i && s->step[j].letter != s->step[i].letter; j++)
			;
		if (j < i)
			continue;
		if (!*comma)
			fprintf(out, "%s%s ", before, words);
		fprintf(out, "%s'%c' (%s)", comma, s->step[i].letter,
			words_letter(s->step[i].letter));
		comma = ", ";
	}
	return *comma;
}

/**
 * report_reasons - which letters are refused, and why
 * @s: the program
 * @body: of the reply that refuses it
 * @out: where to
 */
void report_reasons(const struct steps *s, const struct nft_sysrq_outcome *body, FILE *out)
{
	u32 reasons = nft_sysrq_wire_get_reasons(body->reasons);
	const char *before = "";
	char words[64];

	snprintf(words, sizeof(words), "kernel.sysrq=%u does not allow",
		 be16_to_cpu(body->mask));
	if (say_letters(s, reasons, NFT_SYSRQ_R_SYSRQ, words, before, out))
		before = "; ";
	if (say_letters(s, reasons, NFT_SYSRQ_R_KEY, "key does not allow", before, out))
		before = "; ";
	if (say_letters(s, reasons, NFT_SYSRQ_R_UNKNOWN, "kernel has no handler for", before, out))
		before = "; ";
	if (!*before)
		fputs("the host does not say which letters, or why", out);
}

/*
 * Its next three steps are known, and when the next letter comes. That the
 * third is used does not tell whether there is a fourth.
 */
static void say_pending(const struct nft_sysrq_pending *p, FILE *out)
{
	u32 ms = be32_to_cpu(p->fires_ms);
	const char *before = "; a program is pending: ";
	unsigned int i, letters = 0;

	for (i = 0; i < REPORT_NEXT; i++) {
		if (p->next[i].letter) {
			fprintf(out, "%s%s ", before, words_letter(p->next[i].letter));
			say_when(ms, out);
			before = ", ";
			letters++;
		}
		/* @fires_ms has the waits before the first letter in it. */
		if (letters)
			ms += nft_sysrq_wire_wait_ms(p->next[i].wait);
	}
	if (!letters) {
		fputs("; a program is pending, its next command ", out);
		say_when(ms, out);
	} else if (!report_pending_whole(p)) {
		fputs(", perhaps more", out);
	}
}

static void say_state(const struct exchange *x, FILE *out)
{
	const struct nft_sysrq_outcome *body = exchange_body(&x->reply);
	s64 ahead_ms = -(report_lead_ms(x) - x->rtt / 2 / NS_PER_MS);
	s64 off_ms = ahead_ms < 0 ? -ahead_ms : ahead_ms;
	unsigned int fires = be16_to_cpu(body->fires_s);
	char up[32], off[32];

	duration_print((s64)be64_to_cpu(x->reply.stamp) / NS_PER_MS, up, sizeof(up));
	fprintf(out, "answers in %.1f ms; up %s", x->rtt / 1e6, up);
	if (off_ms >= 1000) {
		duration_print((off_ms + 50) / 100 * 100, off, sizeof(off));
		fprintf(out, ", clock %s %s", off, ahead_ms < 0 ? "behind" : "ahead");
	}
	fprintf(out, ", kernel.sysrq=%u", be16_to_cpu(body->mask));
	if (body->bits & NFT_SYSRQ_B_NO_WALL)
		fputs("; key forbids requests by the wall clock (blind ones)", out);
	if (x->pending.nonce)
		say_pending(&x->pending, out);
	else if (fires != NFT_SYSRQ_FIRES_NONE)
		fprintf(out, "; a program is pending, its next command in %u s", fires);
	if (x->reply.flags == NFT_SYSRQ_ST_FULL)
		fputs("; the key has had too many probes lately", out);
}

static void say_refused(const struct member *m, FILE *out)
{
	if (m->plan->type == NFT_SYSRQ_PROBE && m->plan->steps.n)
		fputs("would be ", out);
	fputs("refused: ", out);
	if (m->x.reply.flags == NFT_SYSRQ_ST_REFUSED)
		report_reasons(&m->x.steps, exchange_body(&m->x.reply), out);
	else
		fputs(words_status(m->x.reply.flags), out);
}

/**
 * report_answer - what a host has said to the request
 * @r: what was asked
 * @m: MEMBER_DONE, and EXCHANGE_ANSWERED
 * @out: where to
 */
void report_answer(const struct report *r, const struct member *m, FILE *out)
{
	if (!report_accepted(m))
		say_refused(m, out);
	else if (m->plan->type == NFT_SYSRQ_RUN)
		say_accepted(r, m, out);
	else if (m->plan->type == NFT_SYSRQ_CANCEL)
		fputs(m->x.reply.flags == NFT_SYSRQ_ST_OK ? "cancelled" :
		      "nothing was pending", out);
	else if (m->plan->steps.n)
		say_dry(&m->x.steps, out);
	else
		say_state(&m->x, out);
}
