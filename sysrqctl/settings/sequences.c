// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl sequences */
#include <stdio.h>

#include "duration.h"
#include "options.h"
#include "sequence.h"
#include "steps.h"
#include "words.h"

const struct option_row sequences_options[] = {
	{ }
};

static int say(const struct command *cmd, const struct sequence *seq)
{
	char *argv[] = { (char *)seq->name };
	char why[256], length[32];
	const char *comma = "";
	struct steps s;
	unsigned int i;

	if (steps_parse(&s, 1, argv, seq, why, sizeof(why)))
		return local_error(cmd, "%s", why);
	duration_print(steps_before_ms(&s, s.n - 1), length, sizeof(length));
	printf("%s: %s\n    the last comes after %s: ", seq->name, seq->text, length);
	for (i = 0; i < s.n; i++) {
		if (!s.step[i].letter)
			continue;
		printf("%s%s", comma, words_letter(s.step[i].letter));
		comma = ", ";
	}
	putchar('\n');
	return 0;
}

int sequences_main(const struct command *cmd, int argc, char **argv)
{
	const struct sequence *seq;
	int status = options_none(cmd, argc, argv);

	if (status >= 0)
		return status;
	status = EXIT_OK;
	for (seq = sequences_builtin; !status && seq->name[0]; seq++)
		status = say(cmd, seq);
	return status;
}
