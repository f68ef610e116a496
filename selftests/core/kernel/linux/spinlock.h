/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in, see kernel.h. */
#include "kernel.h"
