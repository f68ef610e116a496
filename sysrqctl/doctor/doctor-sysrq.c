// SPDX-License-Identifier: GPL-2.0-only
/* doctor: kernel.sysrq against the letters of the keys, now and after the next boot. */
#include <errno.h>
#include <string.h>

#include "doctor.h"
#include "key-words.h"
#include "words.h"

#define FILE_USUAL	"99-sysrq.conf"
#define FILE_LAST	"zz-sysrq.conf"

/*
 * What the key is for. A key that nobody has restricted allows more than its host's
 * kernel.sysrq does on most systems; of it nobody expects more than the usual.
 */
static const char *wanted(const struct key_state *key)
{
	return KEY_LETTERS_USUAL[strspn(KEY_LETTERS_USUAL, key->letters)] ? key->letters : "sub";
}

/* Letters that kernel.sysrq forbids, and what it should be for them. */
static void forbidden(const struct doctor *d, const char *letters, char *out, u32 *mask)
{
	u32 has = d->state.module.mask;
	const char *p;

	for (p = letters; *p; p++) {
		if (words_mask_allows(has, *p) || !strchr(d->state.module.handled, *p))
			continue;
		*out++ = *p;
		*mask = words_mask_with(*mask, *p);
	}
	*out = '\0';
}

static void mend_boot(struct doctor *d, const struct boot_sysrq *b, u32 mask)
{
	const char *file = strcmp(b->base, FILE_USUAL) <= 0 ? FILE_USUAL : FILE_LAST;
	char path[sizeof("/etc/sysctl.d/" FILE_USUAL)], quoted[sizeof(b->where)];

	if (b->known && b->value == mask)
		return;
	snprintf(path, sizeof(path), "/etc/sysctl.d/%s", file);
	doctor_quote(b->path, quoted, sizeof(quoted));
	/* procps reads that one last, whatever others are called. */
	if (b->path[0] && (strcmp(b->base, FILE_LAST) > 0 || !strcmp(b->base, file) ||
			   !strcmp(b->path, "/etc/sysctl.conf")))
		doctor_mend(d, "sed -i -E 's,^[[:blank:]-]*kernel[./]sysrq[[:blank:]]*=.*,kernel.sysrq = %u,' %s", mask,
			    quoted[0] ? quoted : "FILE");
	else if (doctor_exists(d, path))
		/* It has something else, perhaps, and no end of its last line. */
		doctor_mend(d, "printf '\\nkernel.sysrq = %%u\\n' %u >> %s", mask, path);
	else
		doctor_mend(d, "echo 'kernel.sysrq = %u' > %s", mask, path);
}

static void mend(struct doctor *d, const struct boot_sysrq *b, u32 mask)
{
	doctor_mend(d, "sysctl kernel.sysrq=%u", mask);
	mend_boot(d, b, mask);
}

/* All that the keys need. Return: what kernel.sysrq should be. */
static u32 needed(const struct doctor *d)
{
	const struct keys_state *keys = &d->state.keys;
	u32 mask = d->state.module.mask;
	char letters[LETTERS_LEN];
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (keys->key[i].left < 0)
			forbidden(d, wanted(&keys->key[i]), letters, &mask);
	if (!keys->n)
		forbidden(d, "sub", letters, &mask);
	return mask;
}

static void tell_key(struct doctor *d, const struct key_state *key, const struct boot_sysrq *b,
		     u32 mask)
{
	char letters[LETTERS_LEN], rest[LETTERS_LEN], *to = rest;
	const char *p;
	u32 own = 0;

	forbidden(d, wanted(key), letters, &own);
	if (letters[0]) {
		doctor_tell(d, DOCTOR_WARNING, "sysrq", "key %s is for %s, but kernel.sysrq=%u forbids "
			    "%s", key->name, wanted(key), d->state.module.mask, letters);
		mend(d, b, mask);
	}
	if (wanted(key) != key->letters)
		return;
	for (p = key->letters; *p; p++)
		if (strchr(d->state.module.handled, *p))
			*to++ = *p;
	*to = '\0';
	if (!strcmp(rest, key->letters))
		return;
	doctor_tell(d, DOCTOR_NOTE, "sysrq", "key %s allows %s, of which this kernel knows only %s",
		    key->name, key->letters, rest[0] ? rest : "none");
	doctor_mend(d, "sysrqctl key set %s --allow '%s'", key->name, rest);
}

static void tell_allowed(struct doctor *d)
{
	const struct module_state *m = &d->state.module;
	char letters[LETTERS_LEN];

	module_allowed(m, letters);
	doctor_tell(d, DOCTOR_OK, "sysrq", "kernel.sysrq=%u allows %s", m->mask, letters);
}

static void tell_boot(struct doctor *d, const struct boot_sysrq *b)
{
	u32 mask = d->state.module.mask;

	if (!b->known)
		doctor_tell(d, DOCTOR_NOTE, "sysrq", "kernel.sysrq is %u, but no file sets it at boot, "
			    "and what this kernel begins with could not be seen", mask);
	else if (b->value != mask)
		doctor_tell(d, DOCTOR_WARNING, "sysrq", "kernel.sysrq is %u, but %s makes it %u at "
			    "boot", mask, b->where, b->value);
	else
		return;
	mend_boot(d, b, mask);
}

/**
 * doctor_sysrq - does kernel.sysrq allow what the keys are for?
 * @d: the doctor
 */
void doctor_sysrq(struct doctor *d)
{
	const struct keys_state *keys = &d->state.keys;
	unsigned int told = d->count[DOCTOR_WARNING];
	struct boot_sysrq b;
	u32 mask;
	size_t i;

	if (d->module_err)
		return;
	doctor_boot_sysrq(d, &b);
	mask = needed(d);
	if (!d->state.module.mask) {
		doctor_tell(d, DOCTOR_PROBLEM, "sysrq", "kernel.sysrq is 0: no request is carried out");
		mend(d, &b, mask);
		return;
	}
	tell_allowed(d);
	for (i = 0; i < keys->n; i++)
		if (keys->key[i].left < 0 && d->count[DOCTOR_WARNING] < told + DOCTOR_FEW)
			tell_key(d, &keys->key[i], &b, mask);
	if (mask == d->state.module.mask)
		tell_boot(d, &b);
}
