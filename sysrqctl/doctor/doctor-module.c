// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the module, loaded or not, and whether it would be let in. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

#define SIGNED		"~Module signature appended~\n"

static void tell_versions(struct doctor *d)
{
	const struct module_state *m = &d->state.module;

	if (m->proto != NFT_SYSRQ_PROTO_VERSION)
		doctor_tell(d, DOCTOR_WARNING, "module", "the loaded nft_sysrq speaks protocol %u, "
			    "this sysrqctl %d; the one that is installed comes with the next boot",
			    m->proto, NFT_SYSRQ_PROTO_VERSION);
	else if (strcmp(m->version, NFT_SYSRQ_VERSION))
		doctor_tell(d, DOCTOR_WARNING, "module", "the loaded nft_sysrq is %s, this sysrqctl "
			    "%s; the one that is installed comes with the next boot", m->version,
			    NFT_SYSRQ_VERSION);
	else {
		doctor_tell(d, DOCTOR_OK, "module", "nft_sysrq %s is loaded, protocol %u",
			    m->version, m->proto);
		return;
	}
	doctor_mend(d, "systemctl reboot");
}

static void tell_absent(struct doctor *d)
{
	if (doctor_kernel_has(d, d->release)) {
		doctor_tell(d, DOCTOR_PROBLEM, "module", "nft_sysrq is not loaded, though kernel %s "
			    "has it", d->release);
	} else {
		doctor_tell(d, DOCTOR_PROBLEM, "module", "kernel %s, which is running, has no "
			    "nft_sysrq", d->release);
		doctor_mend_kernel(d, d->release);
	}
	doctor_mend(d, "modprobe nft_sysrq");
}

static void tell_mute(struct doctor *d)
{
	doctor_tell(d, DOCTOR_PROBLEM, "module", "nft_sysrq cannot be asked: %s",
		    strerror(-d->module_err));
	doctor_mend(d, d->module_err == -EPERM ? DOCTOR_ON_HOST :
		    "modprobe -r nft_sysrq && modprobe nft_sysrq && sysrqctl key load");
}

/**
 * doctor_module - is it there, and does it fit this tool?
 * @d: the doctor
 */
void doctor_module(struct doctor *d)
{
	if (!d->module_err)
		tell_versions(d);
	else if (d->module_err == -ENOENT)
		tell_absent(d);
	else if (d->module_err == -EPERM && !d->as_root)
		doctor_tell(d, DOCTOR_OK, "module", "nft_sysrq is loaded");
	else
		tell_mute(d);
	if (!d->module_err && !doctor_kernel_has(d, d->release)) {
		doctor_tell(d, DOCTOR_WARNING, "module", "kernel %s, which is running, would not find "
			    "it another time: it is not where modprobe looks", d->release);
		doctor_mend_kernel(d, d->release);
	}
}

/* What demands signatures of modules; NULL: nothing does. */
static const char *who_demands(const struct doctor *d)
{
	char word[256] = "", *text;
	const char *who = NULL;

	doctor_read_word(d, "/sys/module/module/parameters/sig_enforce", word, sizeof(word));
	if (!strcmp(word, "Y"))
		return "module.sig_enforce";
	if (doctor_read(d, "/sys/kernel/security/lockdown", &text))
		return NULL;
	if (strstr(text, "[integrity]") || strstr(text, "[confidentiality]"))
		who = "lockdown (secure boot)";
	free(text);
	return who;
}

/* Return: 1 signed, 0 not, -1 not known: it is compressed, or elsewhere. */
static int file_is_signed(const struct doctor *d)
{
	static const char * const dirs[] = { "updates", "updates/dkms", "extra" };
	char path[DOCTOR_PATH_LEN], full[DOCTOR_PATH_LEN];
	char end[sizeof(SIGNED) - 1] = "";
	int ret = -1, fd;
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]) && ret < 0; i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s/nft_sysrq.ko", d->release,
			 dirs[i]);
		fd = doctor_path(d, path, full) ? -1 : open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			continue;
		if (lseek(fd, -(off_t)sizeof(end), SEEK_END) >= 0 &&
		    read(fd, end, sizeof(end)) == sizeof(end))
			ret = !memcmp(end, SIGNED, sizeof(end));
		close(fd);
	}
	return ret;
}

static void mend_signature(struct doctor *d)
{
	if (doctor_exists(d, "/var/lib/dkms/mok.pub"))
		doctor_mend(d, "mokutil --import /var/lib/dkms/mok.pub    # then reboot, and confirm");
	else
		doctor_mend(d, "/lib/modules/%s/build/scripts/sign-file sha512 KEY CERTIFICATE "
			    "$(modinfo -n nft_sysrq)", d->release);
}

/**
 * doctor_signature - would the module be let in where signatures are demanded?
 * @d: the doctor
 */
void doctor_signature(struct doctor *d)
{
	bool loaded = doctor_exists(d, "/sys/module/nft_sysrq");
	const char *who = who_demands(d);
	char taint[16] = "";
	int is_signed;

	doctor_read_word(d, "/sys/module/nft_sysrq/taint", taint, sizeof(taint));
	is_signed = loaded ? !strchr(taint, 'E') : file_is_signed(d);
	/* Without CONFIG_MODULE_SIG no module is called unsigned, and none is refused. */
	if (!doctor_exists(d, "/sys/module/module/parameters/sig_enforce"))
		return;
	if (is_signed > 0) {
		doctor_tell(d, DOCTOR_OK, "module", "it is signed%s%s", who ? ", as is demanded by " :
			    "", who ? who : "");
	} else if (is_signed < 0 && who) {
		doctor_tell(d, DOCTOR_NOTE, "module", "whether it is signed could not be seen; %s "
			    "demands it", who);
	} else if (!is_signed && who) {
		doctor_tell(d, DOCTOR_PROBLEM, "module", "it is not signed, and %s will not let it in",
			    who);
		mend_signature(d);
	} else if (!is_signed) {
		doctor_tell(d, DOCTOR_OK, "module", "it is not signed, which nothing demands here: "
			    "neither secure boot nor module.sig_enforce");
	}
}
