// SPDX-License-Identifier: GPL-2.0-only
/* doctor: is there a live rule at all? */
#include <errno.h>
#include <string.h>

#include "doctor.h"

/**
 * doctor_rules - the live rules
 * @d: the doctor
 */
void doctor_rules(struct doctor *d)
{
	if (!d->as_root && d->rules_err == -EPERM) {
		doctor_needs_root(d, "rules", "whether there is a rule that takes requests");
	} else if (d->rules_err) {
		doctor_tell(d, DOCTOR_PROBLEM, "rules", "the ruleset cannot be read: %s",
			    strerror(-d->rules_err));
	} else if (!d->rules.n) {
		doctor_tell(d, DOCTOR_PROBLEM, "rules", "none has sysrq: no packet is looked at");
		doctor_mend(d, "sysrqctl arm");
	} else {
		doctor_tell(d, DOCTOR_OK, "rules", "%zu with sysrq", d->rules.n);
	}
}
