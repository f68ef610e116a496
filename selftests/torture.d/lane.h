/* SPDX-License-Identifier: GPL-2.0-only */
/* Lanes: TAP devices that lanes.py makes, each with rules at one hook. */
#ifndef TORTURE_LANE_H
#define TORTURE_LANE_H

#include "wrap.h"

/**
 * struct lane - one of them
 * @fd: the device's other end
 * @pieces: what is sent comes to the stack in pieces that do not lie in one run of memory
 * @route: from the other end to this host
 */
struct lane {
	int		fd;
	bool		pieces;
	struct route	route;
};

/**
 * struct answer - what has come back
 * @data: of UDP or an echo reply
 * @len: of it
 */
struct answer {
	uint8_t	data[FRAME_LONGEST];
	size_t	len;
};

void lane_open(struct lane *lane, unsigned int number);
bool lane_send(struct lane *lane, struct dice *d, const struct frame *f, bool odd);
bool lane_answer(struct lane *lane, struct answer *a);

#endif /* TORTURE_LANE_H */
