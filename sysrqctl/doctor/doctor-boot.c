// SPDX-License-Identifier: GPL-2.0-only
/* doctor: does the next boot make the rule, and set the keys? */
#include "doctor.h"

enum { NFTABLES, ARM, KEYS, UNITS };

static const char * const units[UNITS] = {
	[NFTABLES] = "nftables.service", [ARM] = "sysrq-arm.service", [KEYS] = "sysrq-keys.service",
};

/* Has the file of an enabled nftables.service the statement? */
static bool by_nftables(const struct doctor *d, enum doctor_unit state)
{
	struct ruleset_lines lines;
	struct unit_start start;
	int i;

	if (state != UNIT_ENABLED || doctor_unit_start(d, units[NFTABLES], &start))
		return false;
	for (i = 1; i < start.argc; i++)
		if (start.argv[i][0] == '/' && !doctor_ruleset(d, start.argv[i], &lines) && lines.n)
			return true;
	return false;
}

static void tell_rule(struct doctor *d, enum doctor_unit nftables, enum doctor_unit arm)
{
	if (by_nftables(d, nftables)) {
		doctor_tell(d, DOCTOR_OK, "boot", "nftables.service makes the rule");
		return;
	}
	if (arm == UNIT_ENABLED)
		doctor_tell(d, DOCTOR_OK, "boot", "sysrq-arm.service makes the rule");
	else if (arm == UNIT_UNKNOWN || nftables == UNIT_UNKNOWN)
		doctor_tell(d, DOCTOR_NOTE, "boot", "whether something makes the rule is not known: "
			    "systemctl does not tell");
	else
		doctor_tell(d, DOCTOR_WARNING, "boot", "nothing makes the rule: neither sysrq-arm.service "
			    "is enabled, nor nftables.service with sysrq in its file");
	if (arm == UNIT_ABSENT)
		doctor_mend(d, "ninja -C SOURCE/build install");
	if (arm == UNIT_ABSENT || arm == UNIT_DISABLED)
		doctor_mend(d, "systemctl enable sysrq-arm");
}

static void tell_keys(struct doctor *d, enum doctor_unit keys)
{
	int files = doctor_key_count(d);
	struct unit_start start;

	if (!files && !doctor_unit_start(d, units[KEYS], &start) && start.credentials[0])
		files = 1;
	if (keys == UNIT_ENABLED && files > 0)
		doctor_tell(d, DOCTOR_OK, "boot", "sysrq-keys.service sets the keys");
	else if (keys == UNIT_ENABLED && files < 0)
		doctor_tell(d, DOCTOR_OK, "boot", "sysrq-keys.service is enabled");
	else if (keys == UNIT_ENABLED)
		doctor_tell(d, DOCTOR_WARNING, "boot", "sysrq-keys.service is enabled, but there is no "
			    "key file in " DOCTOR_KEYS_DIR ", and no credential is one");
	else if (keys == UNIT_UNKNOWN)
		doctor_tell(d, DOCTOR_NOTE, "boot", "whether something sets the keys is not known: "
			    "systemctl does not tell");
	else
		doctor_tell(d, DOCTOR_WARNING, "boot", "nothing sets the keys: sysrq-keys.service is %s",
			    keys == UNIT_ABSENT ? "not there" : "not enabled");
	if (keys == UNIT_ENABLED && !files)
		doctor_mend(d, "install -m 600 FILE " DOCTOR_KEYS_DIR "/NAME.key");
	if (keys == UNIT_ABSENT)
		doctor_mend(d, "ninja -C SOURCE/build install");
	if (keys == UNIT_ABSENT || keys == UNIT_DISABLED)
		doctor_mend(d, "systemctl enable sysrq-keys");
}

/**
 * doctor_boot - what the next boot does by itself
 * @d: the doctor
 */
void doctor_boot(struct doctor *d)
{
	enum doctor_unit states[UNITS];

	doctor_unit_states(d, units, UNITS, states);
	tell_rule(d, states[NFTABLES], states[ARM]);
	tell_keys(d, states[KEYS]);
}
