// SPDX-License-Identifier: GPL-2.0-only
/* doctor: which kernels have the module, the running one and those that may be booted next. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define MODULES		"/lib/modules"
#define KERNELS_MAX	64

/* Has the file a line that holds both? It may be longer than what is read at once elsewhere. */
static bool line_has(const struct doctor *d, const char *path, const char *a, const char *b)
{
	char full[DOCTOR_PATH_LEN], *line = NULL;
	bool found = false;
	size_t room = 0;
	FILE *f;

	if (doctor_path(d, path, full))
		return false;
	f = fopen(full, "re");
	if (!f)
		return false;
	while (!found && getline(&line, &room, f) > 0)
		found = strstr(line, a) && strstr(line, b);
	free(line);
	fclose(f);
	return found;
}

/**
 * doctor_kernel_has - would modprobe find the module, and the kernel by a rule?
 * @d: the doctor
 * @release: of the kernel
 */
bool doctor_kernel_has(const struct doctor *d, const char *release)
{
	char path[DOCTOR_PATH_LEN];

	snprintf(path, sizeof(path), MODULES "/%s/modules.alias", release);
	if (!line_has(d, path, "nft-expr-sysrq", "nft_sysrq"))
		return false;
	snprintf(path, sizeof(path), MODULES "/%s/modules.dep", release);
	return line_has(d, path, "/nft_sysrq.ko", ":");
}

/* Is the file there, only not in modprobe's lists? */
static bool has_file(const struct doctor *d, const char *release)
{
	static const char * const dirs[] = { "updates", "updates/dkms", "extra",
					     "kernel/net/netfilter" };
	static const char * const ends[] = { "", ".xz", ".zst", ".gz" };
	char path[DOCTOR_PATH_LEN];
	size_t i, j;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		for (j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
			snprintf(path, sizeof(path), MODULES "/%s/%s/nft_sysrq.ko%s", release,
				 dirs[i], ends[j]);
			if (doctor_exists(d, path))
				return true;
		}
	return false;
}

/**
 * doctor_mend_kernel - give the command that makes a kernel have the module
 * @d: the doctor; a finding has been told
 * @release: of the kernel
 */
void doctor_mend_kernel(struct doctor *d, const char *release)
{
	char quoted[1024];

	doctor_quote(release, quoted, sizeof(quoted));
	if (has_file(d, release))
		doctor_mend(d, "depmod %s", quoted);
	else if (doctor_exists(d, "/usr/src/nft-sysrq-" NFT_SYSRQ_VERSION "/dkms.conf"))
		doctor_mend(d, "dkms install nft-sysrq/" NFT_SYSRQ_VERSION " -k %s", quoted);
	else
		doctor_mend(d, "make -C SOURCE/kernel KDIR=/lib/modules/%s/build modules "
			    "modules_install", quoted);
}

/* A kernel that was removed may leave its folder. */
static bool may_boot(const struct doctor *d, const char *release)
{
	char boot[DOCTOR_PATH_LEN], own[DOCTOR_PATH_LEN];

	snprintf(boot, sizeof(boot), "/boot/vmlinuz-%s", release);
	snprintf(own, sizeof(own), MODULES "/%s/vmlinuz", release);
	return doctor_exists(d, boot) || doctor_exists(d, own);
}

static int is_release(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/**
 * doctor_kernels - the other kernels
 * @d: the doctor
 */
void doctor_kernels(struct doctor *d)
{
	unsigned int others = 0, lack = 0;
	char full[DOCTOR_PATH_LEN];
	struct dirent **entries;
	const char *name;
	int i, n;

	if (doctor_path(d, MODULES, full))
		return;
	n = scandir(full, &entries, is_release, versionsort);
	for (i = 0; i < n; i++) {
		name = entries[i]->d_name;
		if (i < KERNELS_MAX && strcmp(name, d->release) && may_boot(d, name)) {
			others++;
			if (!doctor_kernel_has(d, name)) {
				lack++;
				doctor_tell(d, DOCTOR_WARNING, "module", "kernel %s may be booted "
					    "next, and has no nft_sysrq", name);
				doctor_mend_kernel(d, name);
			}
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	if (others && !lack)
		doctor_tell(d, DOCTOR_OK, "module", "%u other kernel%s that may be booted %s it",
			    others, others > 1 ? "s" : "", others > 1 ? "have" : "has");
}
