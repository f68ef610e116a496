/* SPDX-License-Identifier: GPL-2.0-only */
/* The checks of sysrqctl doctor, each in a file of its own. */
#ifndef SYSRQCTL_DOCTOR_H
#define SYSRQCTL_DOCTOR_H

#include "doctor-report.h"

#define DOCTOR_KEYS_DIR	"/etc/sysrq/keys.d"
#define DOCTOR_ON_HOST	"sysrqctl doctor    # on the host itself: root here lacks CAP_NET_ADMIN"
#define DOCTOR_AGAIN	"sysrqctl doctor    # again; who changes it: nft monitor"
#define DOCTOR_FEW	20	/* findings of a kind that are told; more are counted */

void doctor_module(struct doctor *d);
void doctor_kernels(struct doctor *d);
void doctor_signature(struct doctor *d);
void doctor_keys(struct doctor *d);
void doctor_key_files(struct doctor *d);
void doctor_sysrq(struct doctor *d);
void doctor_clock(struct doctor *d);
void doctor_rules(struct doctor *d);
void doctor_reach(struct doctor *d);
void doctor_nft(struct doctor *d);
void doctor_nftables(struct doctor *d);
void doctor_boot(struct doctor *d);
void doctor_packets(struct doctor *d);

void doctor_all(struct doctor *d);

/* doctor-key-files.c */
int doctor_key_count(const struct doctor *d);
void doctor_mend_expiry(struct doctor *d, const struct key_state *key);

/* doctor-kernels.c: has the kernel of that release the module, by what modprobe goes by? */
bool doctor_kernel_has(const struct doctor *d, const char *release);
void doctor_mend_kernel(struct doctor *d, const char *release);

struct dirent;

/* doctor-read.c */
int doctor_is_conf(const struct dirent *e);

/* doctor-run.c: commands. */
int doctor_find(const struct doctor *d, const char *name, char path[DOCTOR_PATH_LEN]);
int doctor_run(const struct doctor *d, char * const argv[], const char *preload,
	       unsigned int seconds, char *said, size_t size);
void doctor_quote(const char *word, char *out, size_t size);

/* doctor-unit.c: systemd's units. */
enum doctor_unit { UNIT_UNKNOWN, UNIT_ABSENT, UNIT_DISABLED, UNIT_ENABLED };

#define UNIT_ARGS	16

/**
 * struct unit_start - how a service starts
 * @text: memory of the words
 * @argv: of its last ExecStart; ends with NULL; empty if there is none
 * @argc: how many
 * @preload: LD_PRELOAD in its environment; "" if there is none
 * @credentials: names of keys that it is given as credentials, each with a blank before and behind
 */
struct unit_start {
	char	text[1024];
	char	*argv[UNIT_ARGS + 1];
	int	argc;
	char	preload[1024];
	char	credentials[1024];
};

void doctor_unit_states(const struct doctor *d, const char * const *units, size_t n,
			enum doctor_unit *states);
int doctor_unit_start(const struct doctor *d, const char *unit, struct unit_start *start);
bool doctor_unit_has_key(const struct unit_start *start, const char *name);

/* doctor-ruleset.c: the word sysrq in a file for nft, and what it includes. */
#define RULESET_LINES	16

/**
 * struct ruleset_lines - where statements with sysrq stand
 * @n: how many there are
 * @file: the file of each
 * @line: its line
 * @alone: that is one rule, and nothing else: without it, the rest is as it was
 */
struct ruleset_lines {
	unsigned int	n;
	struct {
		char		file[256];
		unsigned int	line;
		bool		alone;
	} at[RULESET_LINES];
};

int doctor_ruleset(const struct doctor *d, const char *file, struct ruleset_lines *lines);

/* doctor-rule-line.c */
bool doctor_line_alone(const char *text, const char *p);

/* doctor-sysctl.c: what sets kernel.sysrq at boot. */
struct boot_sysrq {
	bool		known;
	unsigned int	value;
	char		where[512];	/* file and line, or in words */
	char		path[512];	/* of the file; "" if it is none */
	char		base[256];	/* name of the file, without folders; "" if it is none */
};

void doctor_boot_sysrq(const struct doctor *d, struct boot_sysrq *b);

#endif /* SYSRQCTL_DOCTOR_H */
