// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl send */
#include "options.h"
#include "remote.h"

enum {
	OPT_KEY,
	OPT_PORT,
	OPT_TIMEOUT,
	OPT_IDENTITY,
	OPT_BLIND,
	OPT_STRICT,
	OPT_JSON,
};

const struct option_row send_options[] = {
	[OPT_KEY] = { "key", "FILE", "Key file; - is standard input" },
	[OPT_PORT] = { "port", "N", "UDP port (default 9)" },
	[OPT_TIMEOUT] = { "timeout", "DUR", "How long to wait for a host (default 3s)" },
	[OPT_IDENTITY] = { "identity", "NAME", "The host's own name, for sending blind" },
	[OPT_BLIND] = { "blind", NULL, "Send blind even by a clock that is not synchronised" },
	[OPT_STRICT] = { "strict", NULL, "Never send blind" },
	[OPT_JSON] = { "json", NULL, "One JSON object a line and host" },
	{ }
};

static int take(struct remote *r, int opt, const char *value)
{
	switch (opt) {
	case OPT_KEY:
		r->keyfile = value;
		break;
	case OPT_PORT:
		return remote_port(r, value);
	case OPT_TIMEOUT:
		return remote_timeout(r, value);
	case OPT_IDENTITY:
		r->identity = value;
		break;
	case OPT_BLIND:
		r->blind = true;
		break;
	case OPT_STRICT:
		r->strict = true;
		break;
	case OPT_JSON:
		r->json = true;
		break;
	}
	return 0;
}

int send_main(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	struct remote r;
	int opt, status;

	remote_begin(&r, cmd, NFT_SYSRQ_RUN);
	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		status = take(&r, opt, value);
		if (status)
			return status;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	return remote_run(&r, o.operands, o.argv);
}
