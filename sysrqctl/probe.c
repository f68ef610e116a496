// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl probe */
#include "options.h"
#include "remote.h"

enum {
	OPT_KEY,
	OPT_PORT,
	OPT_TIMEOUT,
	OPT_JSON,
};

const struct option_row probe_options[] = {
	[OPT_KEY] = { "key", "FILE", "Key file; - is standard input" },
	[OPT_PORT] = { "port", "N", "UDP port (default 9)" },
	[OPT_TIMEOUT] = { "timeout", "DUR", "How long to wait for a host (default 3s)" },
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
	case OPT_JSON:
		r->json = true;
		break;
	}
	return 0;
}

int probe_main(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	struct remote r;
	int opt, status;

	remote_begin(&r, cmd, NFT_SYSRQ_PROBE);
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
