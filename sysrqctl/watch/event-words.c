// SPDX-License-Identifier: GPL-2.0-only
/* Events for people and for programs: a line each. */
#include "event.h"

#include "duration.h"
#include "words.h"

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

static const char * const types[] = {
	[NFT_SYSRQ_PROBE] = "probe", [NFT_SYSRQ_RUN] = "run", [NFT_SYSRQ_CANCEL] = "cancel",
};

static const char * const kinds[] = {
	[NFT_SYSRQ_CMD_REQUEST_NTF] = "request", [NFT_SYSRQ_CMD_STEP_NTF] = "step",
	[NFT_SYSRQ_CMD_PROGRAM_NTF] = "dropped", [NFT_SYSRQ_CMD_KEY_NTF] = "key",
};

static const struct {
	const char	*id;
	const char	*words;
} changes[] = {
	[NFT_SYSRQ_CHANGE_NEW] = { "new", "is set" },
	[NFT_SYSRQ_CHANGE_SETTINGS] = { "settings", "has its settings set" },
	[NFT_SYSRQ_CHANGE_REPLACED] = { "replaced", "is replaced, and good for a while" },
	[NFT_SYSRQ_CHANGE_GONE] = { "gone", "is gone" },
};

static const char *type_of(const struct event *e)
{
	return e->type < COUNT(types) && types[e->type] ? types[e->type] : "unknown";
}

static bool is_accepted(const struct event *e)
{
	return e->stat == NFT_SYSRQ_STAT_PROBE || e->stat == NFT_SYSRQ_STAT_RUN ||
	       e->stat == NFT_SYSRQ_STAT_CANCEL;
}

/* A letter may be any byte, where a genuine request is without meaning. */
static void print_letter(u8 letter, FILE *out)
{
	char text[WORDS_LETTER_LEN];

	words_letter_text(letter, text);
	if (letter)
		fprintf(out, " %s", text);
}

static void print_steps(const struct event *e, unsigned int from, FILE *out)
{
	unsigned int i, ms;

	for (i = from; i < e->nsteps; i++) {
		print_letter(e->steps[i].letter, out);
		ms = nft_sysrq_wire_wait_ms(e->steps[i].wait);
		if (ms && i + 1 < e->nsteps)
			fprintf(out, ms % 1000 ? " +%u.%us" : " +%us", ms / 1000,
				ms % 1000 / 100);
	}
}

/* Of each reason, the letters that are refused by it. */
static void print_reasons(const struct event *e, FILE *out)
{
	static const char * const by[] = {
		[NFT_SYSRQ_R_SYSRQ] = "by kernel.sysrq",
		[NFT_SYSRQ_R_KEY] = "by the key",
		[NFT_SYSRQ_R_UNKNOWN] = "without a handler",
	};
	const char *before = "refused:";
	unsigned int r, i;
	bool any;

	for (r = NFT_SYSRQ_R_SYSRQ; r <= NFT_SYSRQ_R_UNKNOWN; r++) {
		for (any = false, i = 0; i < e->nsteps; i++) {
			if (nft_sysrq_wire_reason(e->reasons, i) != r)
				continue;
			fputs(any ? "" : before, out);
			print_letter(e->steps[i].letter, out);
			any = true;
		}
		if (any) {
			fprintf(out, " %s", by[r]);
			before = ";";
		}
	}
}

static void print_request(const struct event *e, FILE *out)
{
	fprintf(out, " from %s", e->address[0] ? e->address : "an unknown address");
	if (e->port)
		fprintf(out, " port %u", e->port);
	fprintf(out, ": %s", type_of(e));
	print_steps(e, 0, out);
	fputs(": ", out);
	if (is_accepted(e))
		fputs("accepted", out);
	else if (e->reasons && e->stat != NFT_SYSRQ_STAT_SEEN)
		print_reasons(e, out);
	else
		fputs(words_stat(e->stat), out);
	if (e->bits & NFT_SYSRQ_B_REPLACED)
		fputs(", replaces what was pending", out);
}

static void print_step(const struct event *e, FILE *out)
{
	u8 letter = e->nsteps ? e->steps[0].letter : 0;

	putc(':', out);
	print_letter(letter, out);
	fprintf(out, " (%s) handed to the kernel", words_letter(letter));
	if (e->nsteps > 1) {
		fputs("; left:", out);
		print_steps(e, 1, out);
	}
}

static void print_time(s64 when_s, s64 now_s, FILE *out)
{
	char text[32];

	when_print_clock(when_s, now_s, text, sizeof(text));
	fprintf(out, "%s ", text);
}

/**
 * event_print - an event for people
 * @e: the event
 * @now_s: s since 1970: of today, the date is not told
 * @out: gets a line; another one before it, if events were lost
 */
void event_print(const struct event *e, s64 now_s, FILE *out)
{
	if (e->lost) {
		print_time(e->realtime / NS_PER_S, now_s, out);
		fprintf(out, "%u events before this were lost: too many at once\n", e->lost);
	}
	print_time(e->realtime / NS_PER_S, now_s, out);
	fprintf(out, "key %s", e->key);
	switch (e->cmd) {
	case NFT_SYSRQ_CMD_REQUEST_NTF:
		print_request(e, out);
		break;
	case NFT_SYSRQ_CMD_STEP_NTF:
		print_step(e, out);
		break;
	case NFT_SYSRQ_CMD_PROGRAM_NTF:
		fputs(": program dropped; not run:", out);
		print_steps(e, 0, out);
		break;
	default:
		fprintf(out, " (%08x) %s", e->key_id, e->change < COUNT(changes) &&
			changes[e->change].words ? changes[e->change].words : "has changed");
	}
	putc('\n', out);
}

static json_t *steps_json(const struct event *e)
{
	json_t *a = json_array(), *step;
	char letter[WORDS_LETTER_LEN];
	unsigned int i;
	u8 c;

	for (i = 0; i < e->nsteps; i++) {
		c = e->steps[i].letter;
		words_letter_text(c, letter);
		step = json_pack("{s:s?, s:s, s:i}", "letter", c ? letter : NULL,
				 "words", words_letter(c),
				 "wait_ms", (int)nft_sysrq_wire_wait_ms(e->steps[i].wait));
		if (e->cmd == NFT_SYSRQ_CMD_REQUEST_NTF)
			json_object_set_new(step, "reason", json_string(words_reason_id(
					    nft_sysrq_wire_reason(e->reasons, i))));
		json_array_append_new(a, step);
	}
	return a;
}

static void add_request(json_t *o, const struct event *e)
{
	json_object_set_new(o, "address", e->address[0] ? json_string(e->address) : json_null());
	json_object_set_new(o, "port", e->port ? json_integer(e->port) : json_null());
	json_object_set_new(o, "type", json_string(type_of(e)));
	json_object_set_new(o, "accepted", json_boolean(is_accepted(e)));
	json_object_set_new(o, "verdict", json_string(words_stat_id(e->stat)));
	json_object_set_new(o, "status", json_string(words_status_id(e->status)));
	json_object_set_new(o, "seen", json_boolean(e->bits & NFT_SYSRQ_B_SEEN));
	json_object_set_new(o, "replaced", json_boolean(e->bits & NFT_SYSRQ_B_REPLACED));
}

/**
 * event_json - an event for programs
 * @e: the event
 *
 * Return: an object.
 */
json_t *event_json(const struct event *e)
{
	json_t *o = json_pack("{s:s, s:I, s:s, s:o, s:I}",
			      "event", kinds[e->cmd],
			      "time_ms", (json_int_t)(e->realtime / NS_PER_MS),
			      "key", e->key,
			      "key_id", json_sprintf("%08x", e->key_id),
			      "lost", (json_int_t)e->lost);

	if (e->cmd == NFT_SYSRQ_CMD_KEY_NTF) {
		json_object_set_new(o, "change", json_string(e->change < COUNT(changes) &&
				    changes[e->change].id ? changes[e->change].id : "unknown"));
		return o;
	}
	json_object_set_new(o, "nonce", json_sprintf("%08x", e->nonce));
	json_object_set_new(o, "steps", steps_json(e));
	if (e->cmd == NFT_SYSRQ_CMD_REQUEST_NTF)
		add_request(o, e);
	return o;
}

/**
 * growth_print - what is not genuine, for people
 * @g: has any
 * @now_s: s since 1970
 * @out: gets a line
 */
void growth_print(const struct growth *g, s64 now_s, FILE *out)
{
	const char *before = "";
	unsigned int i;

	print_time(now_s, now_s, out);
	for (i = 0; i < NFT_SYSRQ_STAT_PAD; i++) {
		if (!g->n[i])
			continue;
		fprintf(out, "%s%llu %s", before, (unsigned long long)g->n[i], words_stat(i));
		before = "; ";
	}
	putc('\n', out);
}

/**
 * growth_json - what is not genuine, for programs
 * @g: has any
 * @now_ms: ms since 1970
 *
 * Return: an object.
 */
json_t *growth_json(const struct growth *g, s64 now_ms)
{
	json_t *counts = json_object();
	unsigned int i;

	for (i = 0; i < NFT_SYSRQ_STAT_PAD; i++)
		if (g->n[i])
			json_object_set_new(counts, words_stat_id(i), json_integer(g->n[i]));
	return json_pack("{s:s, s:I, s:o}", "event", "counters", "time_ms", (json_int_t)now_ms,
			 "counts", counts);
}
