/* SPDX-License-Identifier: GPL-2.0-only */
/* What send and probe have in common. */
#ifndef SYSRQCTL_REMOTE_H
#define SYSRQCTL_REMOTE_H

#include "command.h"
#include "keyfile.h"
#include "report.h"

/**
 * struct remote - a request to other hosts
 * @cmd: by which command
 * @type: NFT_SYSRQ_RUN or NFT_SYSRQ_PROBE
 * @keyfile: NULL: the default one
 * @port: where a host names none
 * @timeout_ms: 100..NFT_SYSRQ_TRY_NS
 * @identity: of the host, or NULL
 * @blind: send blind although the clock is not synchronised
 * @strict: never send blind
 * @json: for programs
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
	bool			json;
};

void remote_begin(struct remote *r, const struct command *cmd, enum nft_sysrq_type type);
int remote_port(struct remote *r, const char *value);
int remote_timeout(struct remote *r, const char *value);
int remote_run(const struct remote *r, int argc, char **argv);

#endif /* SYSRQCTL_REMOTE_H */
