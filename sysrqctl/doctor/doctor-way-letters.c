// SPDX-License-Identifier: GPL-2.0-only
/* doctor HOST: would it carry out the usual commands, and the sequences from the settings? By dry runs. */
#include <stdlib.h>

#include "doctor-way.h"
#include "words.h"

#define SEQUENCES	5	/* that are tried: each takes room in the key's window */

static char *letters_refused(const struct steps *s, const struct nft_sysrq_outcome *body)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	report_reasons(s, body, f);
	return fclose(f) ? NULL : text;
}

/* By the first reason that is met: another may stand behind it, and is told the next time. */
static void mend(struct way *w, const struct steps *s, const struct nft_sysrq_outcome *body)
{
	u32 reasons = nft_sysrq_wire_get_reasons(body->reasons), mask = be16_to_cpu(body->mask);
	bool by_key = false, by_mask = false;
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		by_key |= nft_sysrq_wire_reason(reasons, i) == NFT_SYSRQ_R_KEY;
		if (nft_sysrq_wire_reason(reasons, i) != NFT_SYSRQ_R_SYSRQ)
			continue;
		by_mask = true;
		mask = words_mask_with(mask, s->step[i].letter);
	}
	if (by_mask)
		doctor_mend(w->d, "sysctl kernel.sysrq=%u    # on %s, and in /etc/sysctl.d there", mask,
			    w->name);
	if (by_key)
		doctor_mend(w->d, "sysrqctl key set %s --allow LETTERS    # on %s", w->got[0].key,
			    w->name);
	if (!by_mask && !by_key)
		doctor_mend(w->d, "sysrqctl send --partial %s COMMANDS    # leaves that out", w->args);
}

/* Return: something was said. */
static void dry_run(struct way *w, const char *what, enum doctor_grade grade, const struct steps *s)
{
	const struct member *m = &w->got[0];
	const struct nft_sysrq_outcome *body = exchange_body(&m->x.reply);
	struct task *t = &w->e.tasks[0];
	char *text;

	t->plan.steps = *s;
	if (way_ask(w) || !way_answered(m)) {
		doctor_tell(w->d, DOCTOR_WARNING, "letters", "%s: no answer to a dry run", what);
		doctor_mend(w->d, "sysrqctl doctor %s", w->args);
	} else if (m->x.reply.flags == NFT_SYSRQ_ST_OK) {
		doctor_tell(w->d, DOCTOR_OK, "letters", "%s would be accepted", what);
	} else if (m->x.reply.flags != NFT_SYSRQ_ST_REFUSED) {
		doctor_tell(w->d, DOCTOR_NOTE, "letters", "%s could not be tried: %s", what,
			    words_status(m->x.reply.flags));
	} else {
		text = letters_refused(s, body);
		doctor_tell(w->d, grade, "letters", "%s would be refused: %s", what, text ? text : "");
		mend(w, s, body);
		free(text);
	}
	memset(&t->plan.steps, 0, sizeof(t->plan.steps));
}

static void try_words(struct way *w, const char *what, enum doctor_grade grade, char *words,
		      const struct sequence *own)
{
	char why[512], *argv[] = { words };
	struct steps s;

	if (steps_parse(&s, 1, argv, own, why, sizeof(why))) {
		doctor_tell(w->d, DOCTOR_WARNING, "letters", "%s: %s", what, why);
		doctor_mend(w->d, "sysrqctl config    # tells what stands there; put it right");
	} else {
		dry_run(w, what, grade, &s);
	}
}

/**
 * way_tell_letters - what would be refused
 * @w: the way; its one host is asked again
 */
void way_tell_letters(struct way *w)
{
	struct sequence own[SETTINGS_SEQUENCES + 1];
	struct member *kept = malloc(sizeof(*kept));
	const struct host *host = &w->e.hosts.all[0];
	char sub[] = "sub", t[] = "t", what[64];
	size_t i;

	if (!kept) {
		w->d->failed = true;
		return;
	}
	*kept = w->got[0];
	try_words(w, "sub (sync, remount read-only, reboot)", DOCTOR_WARNING, sub, NULL);
	/* What most distributions forbid. */
	try_words(w, "t (show tasks)", DOCTOR_NOTE, t, NULL);
	if (settings_sequences(&w->e.settings, host->name, own))
		for (i = 0; i < SEQUENCES && own[i].name[0]; i++) {
			snprintf(what, sizeof(what), "the sequence %.*s",
				 SEQUENCE_NAME_LEN, own[i].name);
			try_words(w, what, DOCTOR_WARNING, own[i].name, own);
		}
	w->got[0] = *kept;
	free(kept);
}
