// SPDX-License-Identifier: GPL-2.0-only
/* Where requests leave the way to a rule, and how they arrive. */
#include <stdlib.h>

#include "reach-walk.h"

/**
 * walk_leave - packets leave the way
 * @w: the walk
 * @how: LEFT_*
 * @chain: where
 * @rule: which; RS_NONE: the policy
 * @surely: all that came there
 */
void walk_leave(struct walk *w, enum left_how how, uint32_t chain, uint32_t rule, bool surely)
{
	struct left l = { how, chain, rule, surely && !w->n_forks };

	if (rs_grow(&w->left, &w->cap_left, w->n_left, sizeof(l)))
		w->over = true;
	else
		w->left[w->n_left++] = l;
}

/**
 * walk_forget - those who had left are back on the way
 * @w: the walk
 * @from: of those noted since then
 * @how: those that have left like this
 */
void walk_forget(struct walk *w, size_t from, enum left_how how)
{
	size_t i, n = from;

	for (i = from; i < w->n_left; i++)
		if (w->left[i].how != how)
			w->left[n++] = w->left[i];
	w->n_left = n;
}

/* The first few, each once; the one that took all there were comes first. */
static unsigned int tell(const struct left *left, size_t n, struct left out[LEFT_TOLD])
{
	unsigned int told = 0, k;
	size_t i;

	for (i = n; i-- && !told;)
		if (left[i].surely)
			out[told++] = left[i];
	for (i = 0; i < n && told < LEFT_TOLD; i++) {
		for (k = 0; k < told; k++)
			if (out[k].rule == left[i].rule && out[k].chain == left[i].chain)
				break;
		if (k == told)
			out[told++] = left[i];
	}
	return told;
}

/**
 * walk_why - none has arrived so far: note where they left
 * @w: the walk
 * @from: of those noted since then
 *
 * What was noted first is nearest to the rule, and stays.
 */
void walk_why(struct walk *w, size_t from)
{
	if (!w->n_arrivals && !w->n_why && w->n_left > from)
		w->n_why = tell(w->left + from, w->n_left - from, w->why);
}

/**
 * walk_done - done
 * @w: may be all zeroes
 */
void walk_done(struct walk *w)
{
	free(w->left);
	w->left = NULL;
	w->n_left = 0;
	w->cap_left = 0;
}

/**
 * walk_arrive - packets are at the target
 * @st: the step
 */
void walk_arrive(struct step *st)
{
	struct walk *w = st->w;
	struct arrival *a = &w->arrival[w->n_arrivals];
	unsigned int i;

	if (w->n_arrivals == ARRIVALS) {
		w->over = true;
		return;
	}
	a->packet = *step_packet(st);
	a->surely = !w->n_left && !w->n_forks && !st->unsure;
	a->n_left = tell(w->left, w->n_left, a->left);
	for (i = 0; i < w->n_forks && a->n_left < LEFT_TOLD; i++)
		a->left[a->n_left++] = w->fork[i];
	if (st->unsure && a->n_left < LEFT_TOLD)
		a->left[a->n_left++] = (struct left){ LEFT_ITSELF, st->chain, st->rule, false };
	w->n_arrivals++;
}
