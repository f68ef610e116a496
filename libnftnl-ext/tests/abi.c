// SPDX-License-Identifier: GPL-2.0-only
/* Is compiled only as long as the public header keeps what abi-0.h recorded. */
#include <libnftnl-sysrq/sysrq.h>

#include "abi-0.h"

typedef int (*recorded_cb)(uint32_t, const struct nftnl_sysrq *, void *);

_Static_assert(__builtin_types_compatible_p(nftnl_sysrq_cb, recorded_cb), "nftnl_sysrq_cb");
_Static_assert(NFTNL_SYSRQ_KEY_MAX == 31, "NFTNL_SYSRQ_KEY_MAX");
_Static_assert(NFTNL_SYSRQ_SILENT == 1, "NFTNL_SYSRQ_SILENT");
_Static_assert(NFTNL_SYSRQ_LAST == 4294967295U, "NFTNL_SYSRQ_LAST");
