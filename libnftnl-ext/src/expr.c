// SPDX-License-Identifier: GPL-2.0-only
/* The expression as an object: alloc, set, get, print. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/nft_sysrq.h>

#include "internal.h"

_Static_assert(NFTNL_SYSRQ_KEY_MAX == NFT_SYSRQ_NAME_LEN - 1, "as in the kernel");
_Static_assert(NFTNL_SYSRQ_SILENT == NFT_SYSRQ_E_SILENT, "as in the kernel");

struct nftnl_sysrq {
	char		key[NFT_SYSRQ_NAME_LEN];	/* empty: any key */
	uint32_t	flags;
};

/**
 * nftnl_sysrq_alloc - a new expression: any key, no flags
 *
 * Returns NULL when memory is gone; free it with nftnl_sysrq_free().
 */
EXPORT struct nftnl_sysrq *nftnl_sysrq_alloc(void)
{
	return calloc(1, sizeof(struct nftnl_sysrq));
}

/**
 * nftnl_sysrq_free - free an expression
 * @e: the expression, or NULL
 */
EXPORT void nftnl_sysrq_free(struct nftnl_sysrq *e)
{
	free(e);
}

static bool key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

/**
 * nftnl_sysrq_key_valid - may a key be called so?
 * @name: the name, which need not end in NUL
 * @len: its length in bytes
 *
 * A name has 1 to 31 characters of A-Z, a-z, 0-9, '.', '_' and '-', and does not begin with '-'.
 */
EXPORT bool nftnl_sysrq_key_valid(const char *name, size_t len)
{
	size_t i;

	if (!name || !len || len > NFTNL_SYSRQ_KEY_MAX || name[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!key_char(name[i]))
			return false;
	return true;
}

/**
 * nftnl_sysrq_set_key - which key the rule is for
 * @e: the expression
 * @name: the key's name; NULL for any key
 *
 * Returns 0, or -EINVAL for what is no name; then nothing is changed.
 */
EXPORT int nftnl_sysrq_set_key(struct nftnl_sysrq *e, const char *name)
{
	size_t len = name ? strnlen(name, NFT_SYSRQ_NAME_LEN) : 0;

	if (name && !nftnl_sysrq_key_valid(name, len))
		return -EINVAL;
	memset(e->key, 0, sizeof(e->key));
	if (name)
		memcpy(e->key, name, len);
	return 0;
}

/**
 * nftnl_sysrq_get_key - the name of the key that the rule is for
 * @e: the expression
 *
 * Returns the name, good as long as @e is; NULL for any key.
 */
EXPORT const char *nftnl_sysrq_get_key(const struct nftnl_sysrq *e)
{
	return e->key[0] ? e->key : NULL;
}

/**
 * nftnl_sysrq_set_flags - set all flags
 * @e: the expression
 * @flags: NFTNL_SYSRQ_SILENT or 0
 *
 * Returns 0, or -EINVAL for an unknown flag; then nothing is changed.
 */
EXPORT int nftnl_sysrq_set_flags(struct nftnl_sysrq *e, uint32_t flags)
{
	if (flags & ~(uint32_t)NFT_SYSRQ_E_MASK)
		return -EINVAL;
	e->flags = flags;
	return 0;
}

/**
 * nftnl_sysrq_get_flags - all flags
 * @e: the expression
 */
EXPORT uint32_t nftnl_sysrq_get_flags(const struct nftnl_sysrq *e)
{
	return e->flags;
}

/**
 * nftnl_sysrq_snprintf - the statement as nft writes it
 * @buf: where to
 * @size: bytes there
 * @e: the expression
 *
 * Writes for example: sysrq key "ops" silent. Returns what snprintf() does.
 */
EXPORT int nftnl_sysrq_snprintf(char *buf, size_t size, const struct nftnl_sysrq *e)
{
	return snprintf(buf, size, "sysrq%s%s%s%s", e->key[0] ? " key \"" : "", e->key,
			e->key[0] ? "\"" : "", e->flags & NFT_SYSRQ_E_SILENT ? " silent" : "");
}
