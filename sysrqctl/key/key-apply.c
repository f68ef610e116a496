// SPDX-License-Identifier: GPL-2.0-only
/*
 * A directory of keys to the kernel: all or none.
 *
 * The kernel takes one key at a time, and may refuse any. So what can be undone
 * comes first: new keys (deleted again), then settings (set back). Material that
 * is replaced cannot be set back, as nobody but the kernel has the old; this
 * comes after, and the old stays good beside the new until all has been
 * done, so that a failure there locks nobody out. Deleting comes last.
 */
#include "key-apply.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "key-put.h"
#include "module.h"
#include "options.h"

/* How long replaced material stays good if not all can be done, s. */
#define GRACE_S	3600

enum stage { MAKE, ADJUST, REPLACE, STAGES };

/* What is to be done with one key. */
struct task {
	const struct key_item	*item;
	const struct key_state	*old;	/* NULL: it is not there */
	enum stage		stage;
	bool			done;
	bool			cramped;	/* no room for the old beside the new */
};

struct work {
	const struct command	*cmd;
	struct genl		*g;
	struct keys_state	keys;
	bool			*kept;	/* of each of keys: the directory has it */
	struct task		*task;
	size_t			n;
};

static int name_cmp(const void *name, const void *key)
{
	return strcmp(name, ((const struct key_state *)key)->name);
}

/* The key that has this name now; those that it has replaced stand behind it. */
static const struct key_state *find_key(const struct keys_state *keys, const char *name)
{
	const struct key_state *k = NULL;

	if (keys->n)
		k = bsearch(name, keys->key, keys->n, sizeof(*k), name_cmp);
	while (k && k > keys->key && !strcmp(k[-1].name, name))
		k--;
	return k && k->left < 0 ? k : NULL;
}

static int plan(struct work *w, const struct key_dir *dir)
{
	struct task *t;
	size_t i;

	w->task = calloc(dir->n + 1, sizeof(*w->task));
	w->kept = calloc(w->keys.n + 1, sizeof(*w->kept));
	if (!w->task || !w->kept)
		return -ENOMEM;
	w->n = dir->n;
	for (i = 0; i < dir->n; i++) {
		t = &w->task[i];
		t->item = &dir->item[i];
		t->old = find_key(&w->keys, t->item->name);
		if (t->old)
			w->kept[t->old - w->keys.key] = true;
		if (!t->old)
			t->stage = MAKE;
		else if (t->old->id == t->item->id && t->old->window == t->item->set.window)
			t->stage = ADJUST;
		else
			t->stage = REPLACE;
	}
	return 0;
}

/* As the file says them, and as the kernel does: in different orders. */
static bool same_letters(const char *a, const char *b)
{
	return !a[strspn(a, b)] && !b[strspn(b, a)];
}

/**
 * key_item_is_set - does a key have all settings that its file says?
 * @item: the file's
 * @key: the key of that name
 */
bool key_item_is_set(const struct key_item *item, const struct key_state *key)
{
	const struct key_settings *s = &item->set;

	return same_letters(s->letters, key->letters) && s->tolerance_ms == key->tolerance_ms &&
	       s->expires == key->expires &&
	       (!key_settings_has(s, KEY_WALL) || s->wall == key->wall) &&
	       (!key_settings_has(s, KEY_IDENTITY) || !strcmp(s->identity, key->identity));
}

static int replace(struct work *w, struct task *t, struct key_settings *set)
{
	bool grace = t->old->id != t->item->id && !key_settings_has(set, KEY_OVERLAP);
	int err;

	if (grace) {
		set->given |= 1U << KEY_OVERLAP;
		set->overlap_s = GRACE_S;
	}
	err = key_put(w->g, NFT_SYSRQ_CMD_KEY_SET, t->item->name, t->item->material, set);
	if (err != -ENOSPC || !grace)
		return err;
	/* As many keys as there may be: better at once than not at all. */
	t->cramped = true;
	set->given &= ~(1U << KEY_OVERLAP);
	return key_put(w->g, NFT_SYSRQ_CMD_KEY_SET, t->item->name, t->item->material, set);
}

static int do_task(struct work *w, struct task *t)
{
	struct key_settings set = t->item->set;

	if (t->stage == MAKE)
		return key_put_new(w->g, t->item->name, t->item->material, &set);
	if (t->stage == REPLACE)
		return replace(w, t, &set);
	set.given &= ~(1U << KEY_OVERLAP);
	return key_put(w->g, NFT_SYSRQ_CMD_KEY_SET, t->item->name, t->item->material, &set);
}

/* Settings as they were; one that was past its expiry is so again in a moment. */
static int set_back(struct work *w, const struct task *t)
{
	s64 now = time(NULL);
	struct key_settings set = {
		.given = (1U << KEY_SETTINGS) - 1 - (1U << KEY_OVERLAP),
		.wall = t->old->wall,
		.tolerance_ms = t->old->tolerance_ms,
		.window = t->old->window,
		.expires = t->old->expires,
	};

	if (set.expires && (s64)set.expires <= now)
		set.expires = now + 2;
	strcpy(set.letters, t->old->letters);
	strcpy(set.identity, t->old->identity);
	return key_put(w->g, NFT_SYSRQ_CMD_KEY_SET, t->item->name, t->item->material, &set);
}

/* As much as can be undone; what cannot is said. */
static void undo(struct work *w)
{
	bool all = true;
	struct task *t;
	int err;

	for (t = w->task + w->n; t-- > w->task;) {
		if (!t->done)
			continue;
		if (t->stage == REPLACE) {
			local_error(w->cmd, "key %s: has new material already; %s", t->item->name,
				    t->old->id == t->item->id ?
				    "it is the same, but forgot the requests it had seen" :
				    t->cramped ? "the old is gone, as there was no room for both" :
				    "the old stays good for as long as key list tells");
			all = false;
			continue;
		}
		err = t->stage == MAKE ? key_remove(w->g, t->item->name) : set_back(w, t);
		if (!err)
			continue;
		local_error(w->cmd, "key %s: could not be put back: %s", t->item->name,
			    w->g->why[0] ? w->g->why : strerror(-err));
		all = false;
	}
	if (all)
		local_error(w->cmd, "all keys are as they were");
}

/* Say what the kernel said, of which file, and what it may be about. */
static int complain(struct work *w, const struct task *t, int err)
{
	const struct key_state *k = w->keys.key;
	char what[4608], why[sizeof(w->g->why)];
	size_t i;

	snprintf(what, sizeof(what), "%s: key %s", t->item->path, t->item->name);
	snprintf(why, sizeof(why), "%s", w->g->why);
	for (i = 0; err == -EEXIST && i < w->keys.n; i++)
		if (k[i].id == t->item->id && strcmp(k[i].name, t->item->name))
			snprintf(w->g->why, sizeof(w->g->why), "%.150s: %s", why, k[i].name);
	return module_error(w->cmd, w->g, err, what);
}

static void count(struct key_counts *c, const struct task *t)
{
	switch (t->stage) {
	case MAKE:
		c->made++;
		c->unsynced += !key_settings_has(&t->item->set, KEY_WALL) &&
			       !key_wall_default();
		break;
	case ADJUST:
		c->same += key_item_is_set(t->item, t->old);
		c->changed += !key_item_is_set(t->item, t->old);
		break;
	default:
		c->replaced++;
	}
}

static int do_all(struct work *w, struct key_counts *counts)
{
	enum stage stage;
	struct task *t;
	int err;
	size_t left;

	for (stage = 0; stage < STAGES; stage++) {
		for (t = w->task, left = w->n; left; left--, t++) {
			if (t->stage != stage)
				continue;
			err = do_task(w, t);
			if (err) {
				complain(w, t, err);
				undo(w);
				return EXIT_USAGE;
			}
			t->done = true;
			count(counts, t);
		}
	}
	return EXIT_OK;
}

/* All is done: what nobody said should stay is wiped. */
static int wipe_replaced(struct work *w)
{
	struct key_settings none = { .given = 1U << KEY_OVERLAP };
	int err, status = EXIT_OK;
	struct task *t;
	size_t left;

	for (t = w->task, left = w->n; left; left--, t++) {
		if (t->stage != REPLACE || t->cramped || t->old->id == t->item->id ||
		    key_settings_has(&t->item->set, KEY_OVERLAP))
			continue;
		err = key_put(w->g, NFT_SYSRQ_CMD_KEY_SET, t->item->name, NULL, &none);
		/* -ENOENT: nothing is left of it. */
		if (err && err != -ENOENT)
			status = complain(w, t, err);
	}
	return status;
}

static int delete_others(struct work *w, struct key_counts *counts)
{
	const struct key_state *k;
	char what[64];
	size_t i;
	int err;

	for (i = 0; i < w->keys.n; i++) {
		k = &w->keys.key[i];
		/* One that is replaced goes with its heir. */
		if (k->left >= 0 || w->kept[i])
			continue;
		err = key_remove(w->g, k->name);
		if (err) {
			snprintf(what, sizeof(what), "deleting key %s", k->name);
			return module_error(w->cmd, w->g, err, what);
		}
		counts->deleted++;
	}
	return EXIT_OK;
}

/**
 * key_apply - have the kernel know the keys of a directory
 * @cmd: for errors
 * @g: the socket
 * @dir: the keys
 * @only: delete all others
 * @counts: filled in
 *
 * Signals that would end us in the middle wait until the end.
 *
 * Return: EXIT_OK, or the exit status: it has been said what is wrong.
 */
int key_apply(const struct command *cmd, struct genl *g, const struct key_dir *dir, bool only,
	      struct key_counts *counts)
{
	struct work w = { .cmd = cmd, .g = g };
	sigset_t signals, old;
	int err, status;

	memset(counts, 0, sizeof(*counts));
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, &old);
	err = keys_state_get(g, &w.keys);
	if (!err)
		err = plan(&w, dir);
	status = err ? module_error(cmd, g, err, "cannot list keys") : do_all(&w, counts);
	if (!status)
		status = wipe_replaced(&w);
	if (!status && only)
		status = delete_others(&w, counts);
	sigprocmask(SIG_SETMASK, &old, NULL);
	keys_state_free(&w.keys);
	free(w.kept);
	free(w.task);
	return status;
}
