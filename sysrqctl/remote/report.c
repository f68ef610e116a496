// SPDX-License-Identifier: GPL-2.0-only
/* What became of a request at a host, in plain words. */
#include "report.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>

#include "command.h"
#include "duration.h"
#include "words.h"

static bool is_run(const struct member *m)
{
	return m->plan->type == NFT_SYSRQ_RUN;
}

static bool is_cancel(const struct member *m)
{
	return m->plan->type == NFT_SYSRQ_CANCEL;
}

static bool is_bare(const struct member *m)
{
	return m->plan->type == NFT_SYSRQ_PROBE && !m->plan->steps.n;
}

/**
 * report_accepted - has the host accepted what was asked?
 * @m: MEMBER_DONE, and EXCHANGE_ANSWERED
 *
 * A bare probe is answered even where the answer is that the window is full,
 * and who cancels has what he wants where nothing is pending.
 */
bool report_accepted(const struct member *m)
{
	return m->x.reply.flags == NFT_SYSRQ_ST_OK ||
	       (is_bare(m) && m->x.reply.flags == NFT_SYSRQ_ST_FULL) ||
	       (is_cancel(m) && m->x.reply.flags == NFT_SYSRQ_ST_NOTHING);
}

/*
 * A host that restarted while its program still had to wait, did so for another
 * reason; and the program is gone.
 */
static bool was_cut_off(const struct exchange *x)
{
	unsigned int last = x->steps.n - 1;

	steps_end(&x->steps, &last);
	return x->steps.n && steps_before_ms(&x->steps, last) * NS_PER_MS >
			     x->learned.at.boot - x->first;
}

static int status_of(const struct member *m)
{
	unsigned int step;

	switch (m->x.outcome) {
	case EXCHANGE_ANSWERED:
		return report_accepted(m) ? EXIT_OK : EXIT_REFUSED;
	case EXCHANGE_RESTARTED:
		return steps_end(&m->x.steps, &step) && !was_cut_off(&m->x) ? EXIT_OK :
									      EXIT_NO_ANSWER;
	default:
		return EXIT_NO_ANSWER;
	}
}

/**
 * report_status - what a host adds to the exit status
 * @m: MEMBER_DONE
 */
int report_status(const struct member *m)
{
	int status = m->x.plan ? status_of(m) : EXIT_NO_ANSWER;

	return status == EXIT_OK && m->x.left_out ? EXIT_REFUSED : status;
}

/**
 * report_outcome - one word for programs
 * @m: MEMBER_DONE
 */
const char *report_outcome(const struct member *m)
{
	if (!m->x.plan)
		return "error";
	if (m->x.outcome == EXCHANGE_NO_ANSWER)
		return "no-answer";
	if (m->x.outcome == EXCHANGE_RESTARTED)
		return "restarted";
	if (m->x.outcome == EXCHANGE_CLOCKS)
		return "clocks";
	if (!report_accepted(m))
		return "refused";
	return m->x.left_out ? "partial" : "ok";
}

/**
 * report_lead_ms - by how much this machine's clock leads the host's
 * @x: an exchange with a reply
 */
s64 report_lead_ms(const struct exchange *x)
{
	struct exchange_clock then = { .real = x->reply_real };

	return exchange_lead_ms(&x->reply, &then);
}

static bool by_wall_clock(const struct exchange *x)
{
	return x->blind_sent && !x->fallback.epoch;
}

/**
 * report_blind_id - in which mode a request was sent blind, for programs
 * @m: MEMBER_DONE
 *
 * Return: "epoch", "wall-clock", or NULL: it was not.
 */
const char *report_blind_id(const struct member *m)
{
	if (!m->x.plan || !m->x.blind_sent)
		return NULL;
	return by_wall_clock(&m->x) ? "wall-clock" : "epoch";
}

/**
 * report_runs_until - until when an unanswered request may still run
 * @m: MEMBER_DONE
 *
 * The host's tolerance is not known: the usual one is assumed.
 *
 * Return: s since 1970, by this machine's clock; 0: none was sent, or it is
 * known what became of it.
 */
s64 report_runs_until(const struct member *m)
{
	const struct exchange *x = &m->x;
	s64 until = x->last_real / NS_PER_S + NFT_SYSRQ_TOLERANCE_DEF / 1000 + 1;

	if (m->plan->type == NFT_SYSRQ_PROBE || !x->first)
		return 0;
	if (x->outcome == EXCHANGE_CLOCKS)
		return until + x->blind_lead_ms / 1000;
	if (x->outcome != EXCHANGE_NO_ANSWER)
		return 0;
	/* By the host's clock, as far as that is known. */
	if (by_wall_clock(x) && m->heard_lead_ms > 0)
		until += m->heard_lead_ms / 1000;
	return until;
}

static void say_why_not_blind(const struct report *r, const struct member *m, FILE *out)
{
	if (r->unblind == REPORT_STRICT)
		fputs(" (--strict)", out);
	else if (r->unblind == REPORT_UNSYNCED)
		fputs(" (this machine's clock is not synchronised; --blind sends all the same)",
		      out);
	else if (m->x.nkeys > 1)
		fputs(" (the host may have the fleet's key for one of two names; "
		      "--identity NAME lets it be sent blind)", out);
	else if (!m->host->nidentities)
		fprintf(out, " (%s; --identity NAME lets it be sent blind)",
			m->host->literal ? "only an address is known, not the host's name" :
					   "the name cannot be a host's identity");
}

/* How the request went out. */
static void say_sent(const struct member *m, FILE *out)
{
	char heard[32];

	if (!m->x.blind_sent) {
		fputs("sent", out);
	} else if (by_wall_clock(&m->x)) {
		fputs("also sent blind, by the wall clock", out);
	} else {
		when_print(m->heard_s, heard, sizeof(heard));
		heard[strlen("2026-11-20 17:03")] = '\0';
		fprintf(out, "also sent blind, for the boot that answered on %s", heard);
	}
}

static void say_no_answer(const struct report *r, const struct member *m, s64 now_s,
			  FILE *out)
{
	const struct exchange *x = &m->x;
	s64 tenths = (x->deadline - x->start) / (100 * NS_PER_MS);
	char until[32];

	when_print_clock(report_runs_until(m), now_s, until, sizeof(until));
	fprintf(out, "no answer in %g s", tenths / 10.0);
	if (m->plan->type != NFT_SYSRQ_PROBE && !x->first) {
		fputs(": nothing was sent but probes", out);
		say_why_not_blind(r, m, out);
	} else if (m->plan->type != NFT_SYSRQ_PROBE) {
		fputs(": the request was ", out);
		say_sent(m, out);
		fprintf(out, "; it may still %s until %s", is_run(m) ? "run" : "cancel", until);
	}
	if (x->stale)
		fputs("; what was heard of the host is that it takes the request for an old one",
		      out);
	if (m->refused)
		fprintf(out, "; port %s is closed: the rule is missing there, "
			"or the request was refused silently", m->host->port);
	else if (m->echoed)
		fputs("; it answers ping, but not this request: the rule is missing there, "
		      "or the request was refused silently", out);
	else if (m->err)
		fprintf(out, "; %s", transport_error(m->transport, m->err));
}

/* Not even an exchange: no address, or no socket. */
static void say_error(const struct member *m, FILE *out)
{
	if (m->eai == EAI_AGAIN)
		fputs("nothing was sent: the name was not found in time", out);
	else if (m->eai)
		fprintf(out, "nothing was sent: %s", gai_strerror(m->eai));
	else
		fprintf(out, "nothing was sent: %s", transport_error(m->transport, m->err));
}

static void say_clocks(const struct member *m, FILE *out)
{
	fprintf(out, "sent blind, by a clock that leads the host's by %lld s: not sent again, "
		"and may %s when the host's clock gets there",
		(long long)(m->x.blind_lead_ms + 999) / 1000, is_run(m) ? "run" : "cancel");
}

/**
 * report_name - which host a line is about, and where a name has several addresses which
 * one of them has answered
 * @m: MEMBER_DONE
 * @out: where to
 */
void report_name(const struct member *m, FILE *out)
{
	fprintf(out, "%s%s%s", m->key, m->key[0] ? "@" : "", m->host->name);
	if (m->x.plan && m->naddrs > 1 && m->x.outcome != EXCHANGE_NO_ANSWER)
		fprintf(out, " [%s]", m->addrs[m->x.addr]);
	fputs(": ", out);
}

/**
 * report_words - what became of the request, in one line without its end
 * @r: what was asked
 * @m: MEMBER_DONE
 * @now_s: s since 1970
 * @out: where to
 */
void report_words(const struct report *r, const struct member *m, s64 now_s, FILE *out)
{
	if (!m->x.plan)
		say_error(m, out);
	else if (m->x.outcome == EXCHANGE_NO_ANSWER)
		say_no_answer(r, m, now_s, out);
	else if (m->x.outcome == EXCHANGE_RESTARTED && is_run(m) && was_cut_off(&m->x))
		fputs("restarted since the request was sent, but before the program can have come "
		      "to its end; what was left of it is gone", out);
	else if (m->x.outcome == EXCHANGE_RESTARTED)
		fputs(is_run(m) ? "restarted since the request was sent; probably done" :
		      "restarted since the request was sent; the program is gone, "
		      "but may have run first", out);
	else if (m->x.outcome == EXCHANGE_CLOCKS)
		say_clocks(m, out);
	else
		report_answer(r, m, out);
	if (m->x.plan && m->x.left_out) {
		fputs("; left out: ", out);
		report_reasons(&m->plan->steps, &m->x.refusal, out);
	}
}

/**
 * report_message - report_words() as a string
 * @r: what was asked
 * @m: MEMBER_DONE
 * @now_s: s since 1970
 *
 * Return: to be freed, or NULL.
 */
char *report_message(const struct report *r, const struct member *m, s64 now_s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	report_words(r, m, now_s, out);
	fclose(out);
	return text;
}
