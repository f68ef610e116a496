// SPDX-License-Identifier: GPL-2.0-only
/* doctor: this host's clock, and what its keys make of it. */
#include "doctor.h"

static void mend(struct doctor *d)
{
	if (doctor_exists(d, "/lib/systemd/systemd-timesyncd"))
		doctor_mend(d, "timedatectl set-ntp true");
	else if (doctor_exists(d, "/usr/sbin/chronyd"))
		doctor_mend(d, "systemctl enable --now chrony");
	else
		doctor_mend(d, "apt install systemd-timesyncd");
}

/**
 * doctor_clock - is it synchronised, and does that matter?
 * @d: the doctor
 */
void doctor_clock(struct doctor *d)
{
	const struct keys_state *keys = &d->state.keys;
	unsigned int wall = 0;
	const char *which;
	size_t i;

	for (i = 0; i < keys->n; i++)
		wall += keys->key[i].wall;
	which = !keys->n ? "there is no key yet" :
		!wall ? "no key takes requests by the wall clock" :
		wall < keys->n ? "some keys take requests by the wall clock" :
		"all keys take requests by the wall clock";
	if (d->module_err && d->synchronised)
		doctor_tell(d, DOCTOR_OK, "clock", "synchronised");
	else if (d->synchronised)
		doctor_tell(d, DOCTOR_OK, "clock", "synchronised; %s", which);
	else if (!wall)
		doctor_tell(d, DOCTOR_NOTE, "clock", "not synchronised; new keys take no requests by "
			    "the wall clock%s%s", d->module_err ? "" : "; ",
			    d->module_err ? "" : which);
	else
		doctor_tell(d, DOCTOR_WARNING, "clock", "not synchronised, but %s: one sent blind is "
			    "stale if the clock is off, and could be run twice if it goes back over a "
			    "restart", which);
	if (!d->synchronised)
		mend(d);
}
