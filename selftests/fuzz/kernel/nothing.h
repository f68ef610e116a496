/* SPDX-License-Identifier: GPL-2.0-only */
/* In place of a kernel's header: kernel.h has all. */
