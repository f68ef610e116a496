// SPDX-License-Identifier: GPL-2.0-only
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "carrier.h"
#include "seams.h"

static struct seams table;
static const char *missing;
static pthread_once_t once = PTHREAD_ONCE_INIT;

struct seam {
	const char	*name;
	size_t		offset;
	enum { CALLED, IF_CALLED, BESIDE } kind;
};

#define SEAM_OF(name_, field, kind_)	{ name_, offsetof(struct seams, field), kind_ }

/*
 * CALLED: libnftables must call it, and get us. IF_CALLED: if it does, it must get us. BESIDE:
 * called by others, by us, or, as files are, of use only where we come before libc.
 */
static const struct seam seam_list[] = {
	SEAM_OF("nft_run_cmd_from_buffer", run_buffer, BESIDE),
	SEAM_OF("nft_run_cmd_from_filename", run_filename, BESIDE),
	SEAM_OF("nft_ctx_set_output", set_output, BESIDE),
	SEAM_OF("nft_ctx_set_error", set_error, BESIDE),
	SEAM_OF("nft_ctx_get_optimize", get_optimize, BESIDE),
	SEAM_OF("nftnl_expr_build_payload", expr_build, CALLED),
	SEAM_OF("nftnl_rule_nlmsg_parse", rule_parse, CALLED),
	SEAM_OF("json_loads", json_loads, IF_CALLED),
	SEAM_OF("json_load_file", json_load_file, IF_CALLED),
	SEAM_OF("json_dumpf", json_dumpf, IF_CALLED),
	SEAM_OF("json_dumps", json_dumps, IF_CALLED),
	SEAM_OF("fopen", fopen, BESIDE),
	SEAM_OF("fopen64", fopen64, BESIDE),
	SEAM_OF("read", read, BESIDE),
};

#define SEAMS	(sizeof(seam_list) / sizeof(seam_list[0]))

/* What of the shared object of libnftables tells whom it calls. */
struct object {
	const struct link_map	*map;
	ElfW(Addr)		base;
	const ElfW(Sym)		*symbols;
	const char		*names;
	const char		*reloc[2];
	size_t			reloc_size[2];
};

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

static bool object_of(const void *function, struct object *o)
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

static const struct link_map *map_of(const void *p)
{
	struct link_map *map;
	Dl_info info;

	return dladdr1(p, &info, (void **)&map, RTLD_DL_LINKMAP) ? map : NULL;
}

/*
 * Does a call of @name through @slot end with us? A slot that points into its own object is bound
 * at its first call: to us, if nobody comes before us and we were loaded before that object.
 */
static bool leads_here(const struct object *o, const void *slot, const char *name)
{
	const struct link_map *us = map_of(seam_list), *to = map_of(slot), *m;

	if (to != o->map)
		return to && to == us;
	if (map_of(dlsym(RTLD_DEFAULT, name)) != us)
		return false;
	for (m = o->map->l_prev; m; m = m->l_prev)
		if (m == us)
			return true;
	return false;
}

/* Returns 1 if @o calls @name and gets us, 0 if it gets another, -1 if it does not call it. */
static int calls_us(const struct object *o, const char *name)
{
	size_t i, j;

	for (i = 0; i < 2; i++) {
		const reloc_t *r = (const void *)o->reloc[i];

		for (j = 0; r && j < o->reloc_size[i] / sizeof(*r); j++) {
			const ElfW(Sym) *sym = &o->symbols[RELOC_SYMBOL(r[j].r_info)];
			void *slot;

			if (!RELOC_SYMBOL(r[j].r_info) || strcmp(o->names + sym->st_name, name))
				continue;
			memcpy(&slot, (const void *)(o->base + r[j].r_offset), sizeof(slot));
			return leads_here(o, slot, name);
		}
	}
	return -1;
}

static void find(void)
{
	struct object o;
	size_t i;

	carrier_init();
	for (i = 0; i < SEAMS; i++) {
		void *f = dlsym(RTLD_NEXT, seam_list[i].name);

		memcpy((char *)&table + seam_list[i].offset, &f, sizeof(f));
		if (!f && !missing)
			missing = seam_list[i].name;
	}
	if (missing)
		return;
	if (!object_of((const void *)table.run_buffer, &o)) {
		missing = "libnftables";
		return;
	}
	for (i = 0; i < SEAMS && !missing; i++) {
		int calls = calls_us(&o, seam_list[i].name);

		if ((seam_list[i].kind == CALLED && calls != 1) ||
		    (seam_list[i].kind == IF_CALLED && !calls))
			missing = seam_list[i].name;
	}
}

const struct seams *seams(void)
{
	pthread_once(&once, find);
	return &table;
}

static void complain(void)
{
	fprintf(stderr, "nft-sysrq: switched off, this nft does not let it in at %s; "
			"rules with sysrq cannot be read or written\n", missing);
}

bool seams_good(void)
{
	static pthread_once_t said = PTHREAD_ONCE_INIT;

	pthread_once(&once, find);
	if (missing)
		pthread_once(&said, complain);
	return !missing;
}
