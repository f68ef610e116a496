// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor: would nftables.service load its file? A file with sysrq is refused whole by an nft that does
 * not know it, and then there is no firewall at all.
 */
#include <errno.h>
#include <string.h>

#include "doctor.h"

#define UNIT		"nftables.service"
#define FILE_USUAL	"/etc/nftables.conf"
#define NFT_S		60
#define DROP_IN		"/etc/systemd/system/" UNIT ".d"

static const char *file_of(const struct unit_start *s)
{
	int i;

	for (i = 1; i + 1 < s->argc; i++)
		if (!strcmp(s->argv[i], "-f") || !strcmp(s->argv[i], "--file"))
			return s->argv[i + 1];
	return FILE_USUAL;
}

/* Another program need not know -c as a word for changing nothing. */
static bool is_nft(const char *program)
{
	const char *base = strrchr(program, '/');

	base = base ? base + 1 : program;
	return !strcmp(base, "nft") || !strcmp(base, "nft.distrib");
}

/* As the service starts it, but for -c. */
static int try_it(const struct doctor *d, const struct unit_start *s, char *said, size_t size)
{
	char *argv[UNIT_ARGS + 2];
	int i;

	argv[0] = s->argv[0];
	argv[1] = (char *)"-c";
	for (i = 1; i <= s->argc; i++)
		argv[i + 1] = s->argv[i];
	return doctor_run(d, argv, s->preload, NFT_S, said, size);
}

/*
 * Lines are put out of use, and the rule goes to where no nft is needed. Of what else stands in such a
 * line, or goes on in the next, only people can tell what is to become. No copy is left: a pattern
 * may include it.
 */
static void mend_lines(struct doctor *d, const struct ruleset_lines *l)
{
	char quoted[512];
	unsigned int i;

	for (i = 0; i < l->n && i < RULESET_LINES; i++) {
		doctor_quote(l->at[i].file, quoted, sizeof(quoted));
		if (l->at[i].alone)
			doctor_mend(d, "sed -i '%us/^/#/' %s", l->at[i].line, quoted);
		else
			doctor_mend(d, "${EDITOR:-vi} +%u %s    # take the rule with sysrq out",
				    l->at[i].line, quoted);
	}
	doctor_mend(d, "sysrqctl arm");
	doctor_mend(d, "systemctl enable sysrq-arm");
}

static void mend_drop_in(struct doctor *d)
{
	doctor_mend(d, "mkdir -p " DROP_IN);
	doctor_mend(d, "printf '[Service]\\nEnvironment=LD_PRELOAD=%%s\\n' " NFT_SYSRQ_PLUGIN " > " DROP_IN
		    "/nft-sysrq.conf");
	doctor_mend(d, "systemctl daemon-reload");
}

/* What nft itself says first: a library that is missing, the loader tells before. */
static const char *complaint(char *said)
{
	char *line = said;

	while (!strncmp(line, "ERROR: ld.so", strlen("ERROR: ld.so")) && strchr(line, '\n'))
		line = strchr(line, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void mend_unknown(struct doctor *d, const struct unit_start *s, const char *file)
{
	char nft[512], quoted[512];

	doctor_quote(s->argv[0], nft, sizeof(nft));
	doctor_quote(file, quoted, sizeof(quoted));
	doctor_mend(d, "%s -c -f %s", nft, quoted);
}

static void tell_no_firewall(struct doctor *d, const struct unit_start *s, const char *file,
			     const struct ruleset_lines *l, char *said)
{
	static const char * const unit[] = { UNIT };
	const char *why = NULL;
	enum doctor_unit state;

	if (!l->n)
		why = "that nft refuses it";
	else if (!doctor_exists(d, NFT_SYSRQ_PLUGIN))
		why = "it has sysrq, and the plugin " NFT_SYSRQ_PLUGIN " is missing";
	else if (!strstr(s->preload, "nft-sysrq.so"))
		why = "it has sysrq, and no drop-in has the service's nft know it";
	else
		why = "that nft refuses it, plugin and all";
	doctor_unit_states(d, unit, 1, &state);
	if (state == UNIT_DISABLED)
		doctor_tell(d, DOCTOR_WARNING, "nft", UNIT " is not enabled; if it is started, it cannot load "
			    "%s, as %s: %s", file, why, complaint(said));
	else
		doctor_tell(d, DOCTOR_PROBLEM, "nft", "THE NEXT BOOT, OR RESTART OF " UNIT ", LEAVES THIS "
			    "HOST WITHOUT ANY FIREWALL: it cannot load %s, as %s: %s", file, why,
			    complaint(said));
	if (!l->n)
		mend_unknown(d, s, file);
	else if (doctor_exists(d, NFT_SYSRQ_PLUGIN) && !strstr(s->preload, "nft-sysrq.so"))
		mend_drop_in(d);
	else
		mend_lines(d, l);
}

static void tell_untried(struct doctor *d, const struct unit_start *s, const char *file, int err)
{
	doctor_tell(d, DOCTOR_WARNING, "nft", "whether " UNIT " can load %s could not be tried: "
		    "%s: %s", file, s->argv[0], strerror(-err));
	if (err == -ENOENT)
		doctor_mend(d, "apt install --reinstall nftables");
	else
		mend_unknown(d, s, file);
}

/**
 * doctor_nftables - would the firewall be loaded at the next boot?
 * @d: the doctor
 */
void doctor_nftables(struct doctor *d)
{
	struct ruleset_lines lines;
	struct unit_start start;
	char said[1024];
	const char *file;
	int status;

	if (!d->as_root || doctor_unit_start(d, UNIT, &start) || !start.argc)
		return;
	file = file_of(&start);
	if (!doctor_exists(d, file))
		return;
	if (!is_nft(start.argv[0])) {
		doctor_tell(d, DOCTOR_NOTE, "nft", "whether " UNIT " can load %s could not be tried: it "
			    "starts %s", file, start.argv[0]);
		return;
	}
	doctor_ruleset(d, file, &lines);
	status = try_it(d, &start, said, sizeof(said));
	if (!status)
		doctor_tell(d, DOCTOR_OK, "nft", UNIT " can load %s, which has %ssysrq", file,
			    lines.n ? "" : "no ");
	else if (status < 0)
		tell_untried(d, &start, file, status);
	else
		tell_no_firewall(d, &start, file, &lines, said);
}
