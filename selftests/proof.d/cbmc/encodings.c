// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sender that keeps the rules of docs/protocol.md encodes nothing that is
 * later than what the window, when it accepts the first of it, takes for the
 * last that there can be: the "last" of window-once.c.
 *
 * Times are the host's CLOCK_BOOTTIME. The request is first sent, accepted some
 * time after that, and encoded for NFT_SYSRQ_TRY_NS after the first sending.
 */
#include "cbmc.h"

int main(void)
{
	s64 tolerance = any_between(TOLERANCE_MIN, TOLERANCE_MAX);
	s64 first = any_between(0, BOOT_END), accepted = any_between(first, BOOT_END);
	s64 encoded = any_between(first, first + NFT_SYSRQ_TRY_NS);
	s64 real = any_between(0, REAL_END);	/* the host's, when it is accepted */
	/* The sender's wall clock, less the host's CLOCK_BOOTTIME: as the host's, or ahead of it. */
	s64 sender = any_between(-REAL_END, REAL_END);
	bool wall_first = nondet_bool();
	s64 at, stamp;
	s64 last_epoch = accepted + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + tolerance;
	s64 last_wall = real - accepted + last_epoch;

	if (wall_first) {
		/* What was accepted was encoded before that, and did not lead too far. */
		at = any_between(first, accepted);
		assume(at <= first + NFT_SYSRQ_TRY_NS);
		assume(sender + at <= real + tolerance);
	} else {
		/* In both modes only if the sender's clock does not lead. */
		assume(sender + accepted - real <= TOLERANCE_MIN);
	}
	stamp = any_between(-REAL_END, REAL_END);
	/* Its estimate of CLOCK_BOOTTIME never leads by more than what a host takes. */
	assume(stamp <= encoded + NFT_SYSRQ_LEAD_NS);
	show(stamp <= last_epoch, "in epoch mode");
	show(sender + encoded <= last_wall, "in wall-clock mode");
}
