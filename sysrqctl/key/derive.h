/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys for people: from a passphrase to a fleet's key, from that to a host's. */
#ifndef SYSRQCTL_DERIVE_H
#define SYSRQCTL_DERIVE_H

#include "wire.h"

/* docs/protocol.md, "Keys for people"; without the final NUL. */
#define DERIVE_LABEL_PASSPHRASE	"nft-sysrq v1 passphrase "
#define DERIVE_LABEL_HOST	"nft-sysrq v1 fleet host "

#define DERIVE_PASSES		3
#define DERIVE_MEMORY_MIB	256

#define PASSPHRASE_MIN		12	/* characters that no rule foretells */
#define PASSPHRASE_DISTINCT	8
#define PASSPHRASE_ONE_CLASS	20	/* so long may be of one class */
#define PASSPHRASE_MAX		1023	/* bytes */

bool derive_realm_valid(const char *realm);
const char *derive_weakness(const char *passphrase);
int derive_fleet(const char *passphrase, const char *realm, u8 out[NFT_SYSRQ_KEY_LEN]);
void derive_host(const u8 fleet[NFT_SYSRQ_KEY_LEN], const char *identity,
		 u8 out[NFT_SYSRQ_KEY_LEN]);

#endif /* SYSRQCTL_DERIVE_H */
