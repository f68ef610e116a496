/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A loaded shared object and the slots through which it calls others: its global offset table, as the
 * dynamic linker left it.
 */
#ifndef NFT_SYSRQ_OBJECT_H
#define NFT_SYSRQ_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include <elf.h>
#include <link.h>

struct object {
	const struct link_map	*map;
	ElfW(Addr)		base;
	const ElfW(Sym)		*symbols;
	const char		*names;
	const char		*reloc[2];
	size_t			reloc_size[2];
};

/* The object that @function, or any other address, is in. */
bool object_of(const void *function, struct object *o);
const struct link_map *object_map(const void *p);

/* Where @o keeps the address of @name, which it calls; NULL if it does not call it. */
void **object_slot(const struct object *o, const char *name);

/* From now on @o calls @function through @slot. Returns 0 or -errno. */
int object_redirect(const struct object *o, void **slot, void *function);

#endif
