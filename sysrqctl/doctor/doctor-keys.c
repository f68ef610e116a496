// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the keys that are set. */
#include <errno.h>
#include <unistd.h>

#include "doctor.h"
#include "duration.h"

#define SOON_S		(7 * 86400)

static bool has_expired(const struct doctor *d, const struct key_state *key)
{
	return key->expired || (key->expires && (s64)key->expires <= d->now);
}

static void tell_none(struct doctor *d)
{
	doctor_tell(d, DOCTOR_PROBLEM, "keys", "none is set, so that no request is genuine");
	if (!doctor_key_count(d)) {
		doctor_mend(d, "install -d -m 700 /etc/sysrq " DOCTOR_KEYS_DIR);
		doctor_mend(d, "sysrqctl key gen > " DOCTOR_KEYS_DIR "/ops.key");
	}
	doctor_mend(d, "sysrqctl key load");
}

static void tell_expiry(struct doctor *d, const struct key_state *key, bool others)
{
	char when[64];

	if (!key->expires || (s64)key->expires > d->now + SOON_S)
		return;
	when_print(key->expires, when, sizeof(when));
	if (has_expired(d, key))
		doctor_tell(d, others ? DOCTOR_WARNING : DOCTOR_PROBLEM, "keys",
			    "%s has expired on %s%s", key->name, when,
			    others ? "" : ", and no other key is good");
	else
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s expires on %s", key->name, when);
	doctor_mend_expiry(d, key);
}

static void tell_unused(struct doctor *d, const struct key_state *key)
{
	char age[32], name[256] = "", quoted[300];

	if (key->last_use >= 0 || has_expired(d, key))
		return;
	gethostname(name, sizeof(name) - 1);
	doctor_quote(name[0] ? name : "HOST", quoted, sizeof(quoted));
	duration_print(key->age * 1000, age, sizeof(age));
	doctor_tell(d, DOCTOR_NOTE, "keys", "%s was not used since it was set %s ago; try it",
		    key->name, age);
	doctor_mend(d, "sysrqctl doctor --key FILE %s    # where requests are sent from",
		    quoted[0] ? quoted : "HOST");
}

static void tell_each(struct doctor *d, unsigned int good)
{
	const struct keys_state *keys = &d->state.keys;
	const struct key_state *key;
	unsigned int told = 0;
	size_t left;

	for (key = keys->key, left = keys->n; left && told < DOCTOR_FEW; left--, key++) {
		if (key->left >= 0)
			continue;
		tell_expiry(d, key, good);
		tell_unused(d, key);
		told++;
	}
	if (key < keys->key + keys->n)
		doctor_tell(d, DOCTOR_NOTE, "keys", "there are %zu, of which only the first %d are "
			    "told here; the others: sysrqctl key list", keys->n, DOCTOR_FEW);
}

/**
 * doctor_keys - are there any that are good, and for how long?
 * @d: the doctor
 */
void doctor_keys(struct doctor *d)
{
	const struct keys_state *keys = &d->state.keys;
	unsigned int good = 0;
	const char *only = "";
	size_t i;

	if (d->module_err == -EPERM && !d->as_root) {
		doctor_needs_root(d, "keys", "which keys are set, and what became of packets");
		return;
	}
	if (d->module_err)
		return;
	for (i = 0; i < keys->n; i++) {
		if (keys->key[i].left >= 0 || has_expired(d, &keys->key[i]))
			continue;
		good++;
		only = keys->key[i].name;
	}
	if (!keys->n)
		tell_none(d);
	else if (good == 1)
		doctor_tell(d, DOCTOR_OK, "keys", "%s is set and good", only);
	else if (good)
		doctor_tell(d, DOCTOR_OK, "keys", "%u are set and good", good);
	tell_each(d, good);
}
