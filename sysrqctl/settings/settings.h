/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings files in the manner of ssh_config: what holds for which host. */
#ifndef SYSRQCTL_SETTINGS_H
#define SYSRQCTL_SETTINGS_H

#include <stdint.h>

#include "hosts.h"
#include "sequence.h"
#include "textfile.h"

#define SETTINGS_FILES		2
#define SETTINGS_BLOCKS		4096	/* of all files */
#define SETTINGS_ENTRIES	16384
#define SETTINGS_SEQUENCES	64	/* of one host */

enum setting {
	SETTING_ADDRESS,
	SETTING_PORT,
	SETTING_KEY,
	SETTING_IDENTITY,
	SETTING_TRANSPORT,
	SETTING_TIMEOUT,
	SETTING_PARALLEL,
	SETTING_SEQUENCE,
	SETTINGS,
};

/**
 * struct entry - a line that sets something
 * @what: its keyword
 * @file: where it stands
 * @line: where it stands
 * @text: the value, as written; of a sequence: the commands
 * @name: of a sequence
 * @words: of an address: each, ends with NULL
 * @nwords: how many
 * @number: of a timeout: ms; of parallel
 */
struct entry {
	enum setting	what;
	const char	*file;
	unsigned int	line;
	char		*text;
	char		*name;
	char		**words;
	unsigned int	nwords;
	int64_t		number;
};

/**
 * struct block - what holds for some hosts
 * @patterns: theirs, ends with NULL; NULL: all hosts
 * @first: its first entry
 * @n: how many entries
 */
struct block {
	char		**patterns;
	size_t		first;
	size_t		n;
};

/**
 * struct settings - of all files, the user's before the system's
 * @files: their text, which all else points into
 * @paths: their names
 * @nfiles: how many
 * @blocks: in order
 * @nblocks: how many
 * @entries: in order
 * @nentries: how many
 */
struct settings {
	struct textfile	files[SETTINGS_FILES];
	char		*paths[SETTINGS_FILES];
	unsigned int	nfiles;
	struct block	*blocks;
	size_t		nblocks;
	struct entry	*entries;
	size_t		nentries;
};

extern const char * const settings_keywords[SETTINGS];

int settings_read(struct settings *s, const char *file, char *why, size_t len);
int settings_parse(struct settings *s, struct textfile *f, char *why, size_t len);
void settings_free(struct settings *s);

void settings_of(const struct settings *s, const char *name,
		 const struct entry *found[SETTINGS]);
size_t settings_sequences(const struct settings *s, const char *name,
			  struct sequence sequences[SETTINGS_SEQUENCES + 1]);
int settings_key(const struct entry *e, const char *host, char *path, size_t size);
int settings_apply(const struct settings *s, struct host *host, const char *port,
		   const struct entry *found[SETTINGS]);

#endif /* SYSRQCTL_SETTINGS_H */
