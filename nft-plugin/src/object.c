// SPDX-License-Identifier: GPL-2.0-only
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "object.h"

#if __ELF_NATIVE_CLASS == 64
#define RELOC_SYMBOL	ELF64_R_SYM
#else
#define RELOC_SYMBOL	ELF32_R_SYM
#endif

#if defined(__i386__) || defined(__arm__)
typedef ElfW(Rel) reloc_t;
#define DT_RELOCS	DT_REL
#define DT_RELOCS_SIZE	DT_RELSZ
#else
typedef ElfW(Rela) reloc_t;
#define DT_RELOCS	DT_RELA
#define DT_RELOCS_SIZE	DT_RELASZ
#endif

bool object_of(const void *function, struct object *o)
{
	const ElfW(Dyn) *d;
	struct link_map *map;
	Dl_info info;

	memset(o, 0, sizeof(*o));
	if (!dladdr1(function, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
		return false;
	o->map = map;
	o->base = map->l_addr;
	for (d = map->l_ld; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_SYMTAB)
			o->symbols = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_STRTAB)
			o->names = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_JMPREL)
			o->reloc[0] = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_PLTRELSZ)
			o->reloc_size[0] = d->d_un.d_val;
		else if (d->d_tag == DT_RELOCS)
			o->reloc[1] = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_RELOCS_SIZE)
			o->reloc_size[1] = d->d_un.d_val;
	}
	return o->symbols && o->names;
}

const struct link_map *object_map(const void *p)
{
	struct link_map *map;
	Dl_info info;

	return dladdr1(p, &info, (void **)&map, RTLD_DL_LINKMAP) ? map : NULL;
}

void **object_slot(const struct object *o, const char *name)
{
	size_t i, j;

	for (i = 0; i < 2; i++) {
		const reloc_t *r = (const void *)o->reloc[i];

		for (j = 0; r && j < o->reloc_size[i] / sizeof(*r); j++) {
			const ElfW(Sym) *sym = &o->symbols[RELOC_SYMBOL(r[j].r_info)];

			if (RELOC_SYMBOL(r[j].r_info) && !strcmp(o->names + sym->st_name, name))
				return (void **)(o->base + r[j].r_offset);
		}
	}
	return NULL;
}

/* Pages that the dynamic linker made read-only once it had filled them. */
struct relro {
	ElfW(Addr)	base;
	ElfW(Addr)	from, to;
};

static int find_relro(struct dl_phdr_info *info, size_t size, void *data)
{
	struct relro *relro = data;
	size_t i;

	(void)size;
	if (info->dlpi_addr != relro->base)
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_GNU_RELRO)
			continue;
		relro->from = relro->base + ph->p_vaddr;
		relro->to = relro->from + ph->p_memsz;
	}
	return 1;
}

int object_redirect(const struct object *o, void **slot, void *function)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE), at = (uintptr_t)slot;
	struct relro relro = { .base = o->base };
	void *from = (void *)(at & -page);
	size_t len = at + sizeof(*slot) - (at & -page);

	dl_iterate_phdr(find_relro, &relro);
	if (mprotect(from, len, PROT_READ | PROT_WRITE))
		return -errno;
	__atomic_store_n(slot, function, __ATOMIC_RELEASE);
	/* The linker protects whole pages only, and rounds the end down. */
	if (at >= relro.from && at < (relro.to & -page) && mprotect(from, len, PROT_READ))
		return -errno;
	return 0;
}
