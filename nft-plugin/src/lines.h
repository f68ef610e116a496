/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines that nft was given, beside those that were typed. */
#ifndef NFT_SYSRQ_LINES_H
#define NFT_SYSRQ_LINES_H

#include "run.h"

#define LINE_SHOWN	1000	/* nft shows about so much of a longer line in a file */

/* A text that nft read in this run; made when an error asks for it. */
struct source {
	char		*name;		/* of the file; NULL: the command line */
	struct buf	typed;
	struct buf	carried;
	struct edits	edits;
	size_t		unit;		/* columns tell lines, see carry_unit() */
};

/* One line of it; edits as offsets within the lines. */
struct line {
	const char	*typed;
	size_t		typed_len;
	struct edits	edits;
};

void source_free(struct source *s);
bool source_get(struct source *s, const struct run *r, const char *name, size_t len);
bool source_line(const struct source *s, size_t number, const char *carried, size_t len,
		 struct line *line);

bool source_line_at(const struct source *s, size_t column, struct line *line);

size_t line_column(const struct line *line, size_t column, bool last);
struct edit *line_edit(const struct line *line, size_t column);
const char *line_why(const struct line *line, size_t column);

#endif
