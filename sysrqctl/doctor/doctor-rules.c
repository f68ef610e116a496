// SPDX-License-Identifier: GPL-2.0-only
/* doctor: is there a live rule at all, and does it take a key that is good? */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "doctor.h"
#include "rule.h"

enum key_is { KEY_GOOD, KEY_EXPIRED, KEY_ABSENT };

/* A replaced one is good for as long as it is there. @found: the key, or NULL. */
static enum key_is look_up(const struct doctor *d, const char *name,
			   const struct key_state **found)
{
	const struct keys_state *keys = &d->state.keys;
	enum key_is is = KEY_ABSENT;
	const struct key_state *k;
	size_t left;

	*found = NULL;
	for (k = keys->key, left = keys->n; left && is != KEY_GOOD; left--, k++) {
		if (strcmp(k->name, name))
			continue;
		*found = k;
		is = k->expired || (k->expires && (s64)k->expires <= d->now) ?
		     KEY_EXPIRED : KEY_GOOD;
	}
	return is;
}

static void mend_absent(struct doctor *d, const char *key)
{
	char path[sizeof(DOCTOR_KEYS_DIR) + NFTNL_SYSRQ_KEY_MAX + 8], quoted[2 * sizeof(path)];

	snprintf(path, sizeof(path), DOCTOR_KEYS_DIR "/%s.key", key);
	doctor_quote(path, quoted, sizeof(quoted));
	if (!doctor_exists(d, path) && quoted[0])
		doctor_mend(d, "install -m 600 FILE %s", quoted);
	doctor_mend(d, "sysrqctl key load");
}

/* Rules that are for one key only, and it is not there: as good as none. */
static void tell_keys(struct doctor *d)
{
	const struct listed_rule *r, *end = d->rules.rule + d->rules.n;
	const struct key_state *key;
	unsigned int told = 0;
	bool any = false;
	enum key_is is;

	if (d->module_err)
		return;
	for (r = d->rules.rule; r < end && !any; r++)
		any = !r->key[0] || look_up(d, r->key, &key) == KEY_GOOD;
	for (r = d->rules.rule; r < end && told < DOCTOR_FEW; r++) {
		is = r->key[0] ? look_up(d, r->key, &key) : KEY_GOOD;
		if (is == KEY_GOOD)
			continue;
		told++;
		doctor_tell(d, any ? DOCTOR_WARNING : DOCTOR_PROBLEM, "rules", "%s %s %s handle %" PRIu64
			    " takes only the key %s, which %s", rule_family(r->family), r->table,
			    r->chain, r->handle, r->key, is == KEY_ABSENT ? "is not set" : "has expired");
		if (is == KEY_ABSENT)
			mend_absent(d, r->key);
		else
			doctor_mend_expiry(d, key);
	}
}

/**
 * doctor_rules - the live rules
 * @d: the doctor
 */
void doctor_rules(struct doctor *d)
{
	if (!d->as_root && d->rules_err == -EPERM) {
		doctor_needs_root(d, "rules", "whether there is a rule that takes requests");
	} else if (d->rules_err == -EINTR) {
		doctor_tell(d, DOCTOR_WARNING, "rules", "the ruleset could not be read: it is changed all "
			    "the time");
		doctor_mend(d, DOCTOR_AGAIN);
	} else if (d->rules_err) {
		doctor_tell(d, DOCTOR_PROBLEM, "rules", "the ruleset cannot be read: %s",
			    strerror(-d->rules_err));
		doctor_mend(d, d->rules_err == -EPERM ? DOCTOR_ON_HOST : "modprobe nf_tables");
	} else if (!d->rules.n) {
		doctor_tell(d, DOCTOR_PROBLEM, "rules", "none has sysrq: no packet is looked at");
		doctor_mend(d, "sysrqctl arm");
	} else {
		doctor_tell(d, DOCTOR_OK, "rules", "%zu with sysrq", d->rules.n);
		tell_keys(d);
	}
}
