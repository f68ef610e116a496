/* SPDX-License-Identifier: GPL-2.0-only */
/* What send, probe and cancel have in common. */
#ifndef SYSRQCTL_REMOTE_H
#define SYSRQCTL_REMOTE_H

#include "address.h"
#include "command.h"
#include "keyfile.h"
#include "report.h"

/**
 * struct remote - a request to other hosts
 * @cmd: by which command
 * @type: of the request
 * @keyfile: NULL: of the settings, or the default one
 * @port: where a host names none; "": of the settings
 * @timeout_ms: 100..NFT_SYSRQ_TRY_NS; 0: of the settings
 * @identity: of the host, or NULL
 * @blind: send blind although the clock is not synchronised
 * @strict: never send blind
 * @wall_clock: send blind by the wall clock although an epoch is remembered
 * @json: for programs
 * @partial: leave out the letters that a host refuses
 * @after_ms: by how much the program is to begin later
 * @hosts_file: hosts, one a line; NULL: HOST names them all
 * @host: hosts beside those of @hosts_file, or NULL
 * @parallel: how many hosts at once, 1..FLEET_PARALLEL_MAX; 0: of the settings
 * @config: settings file, "none", or NULL: the user's and the system's
 * @icmp: by ICMP echo instead of UDP
 * @console: where to listen to what the hosts' netconsole sends; its @len is 0: nowhere
 * @console_wait_ms: how long a silence ends that; 0: CONSOLE_WAIT_MS
 */
struct remote {
	const struct command	*cmd;
	enum nft_sysrq_type	type;
	const char		*keyfile;
	char			port[6];
	int64_t			timeout_ms;
	const char		*identity;
	bool			blind;
	bool			strict;
	bool			wall_clock;
	bool			json;
	bool			partial;
	int64_t			after_ms;
	const char		*hosts_file;
	const char		*host;
	size_t			parallel;
	const char		*config;
	bool			icmp;
	struct address		console;
	int64_t			console_wait_ms;
};

#define REMOTE_TIMEOUT_MS	3000	/* unless said otherwise */

/* Rows of option tables, for all of them, and for those that may send blind. */
#define REMOTE_OPTIONS								\
	{ "key", "FILE", "Key file; - is standard input" },			\
	{ "port", "N", "UDP port (default 9)" },				\
	{ "timeout", "DUR", "How long to wait for a host (default 3s)" },	\
	{ "json", NULL, "One JSON object a line and host" },			\
	{ "hosts-file", "FILE", "File of hosts, instead of HOST; - is standard input" }, \
	{ "host", "HOST[,HOST...]", "Hosts beside those of --hosts-file" },	\
	{ "parallel", "N", "How many hosts at once (default 500)" },		\
	{ "icmp", NULL, "By ping (ICMP echo) instead of UDP" },			\
	{ "config", "FILE", "Settings file instead of the usual two; none: no settings" }

#define REMOTE_BLIND_OPTIONS							\
	{ "identity", "NAME", "The host's own name, for sending blind" },	\
	{ "blind", NULL, "Send blind at once, even by a clock that is not synchronised" }, \
	{ "wall-clock", NULL, "Send blind by the wall clock, not by a remembered epoch" }, \
	{ "strict", NULL, "Never send blind" }

/* For those that have COMMANDS. */
#define REMOTE_PROGRAM_OPTIONS							\
	{ "after", "DUR", "Begin the program so much later" }

int remote_main(const struct command *cmd, enum nft_sysrq_type type, int argc, char **argv);

void remote_begin(struct remote *r, const struct command *cmd, enum nft_sysrq_type type);
int remote_option(struct remote *r, const char *name, const char *value);
int remote_port(struct remote *r, const char *value);
int remote_timeout(struct remote *r, const char *value);
int remote_after(struct remote *r, const char *value);
int remote_parse_timeout(const char *value, int64_t *ms, char *why, size_t len);
size_t remote_parse_parallel(const char *value);
int remote_parallel(struct remote *r, const char *value);
int remote_run(const struct remote *r, int argc, char **argv);

#endif /* SYSRQCTL_REMOTE_H */
