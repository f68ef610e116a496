/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads selftests/vectors/vectors.json, whose path is the test's argument. */
#ifndef VECTORS_H
#define VECTORS_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/nft_sysrq.h>

#include "mac.h"

static inline json_t *vectors_load(int argc, char **argv)
{
	json_error_t error;
	json_t *root;

	if (argc != 2) {
		fprintf(stderr, "usage: %s VECTORS\n", argv[0]);
		exit(2);
	}
	root = json_load_file(argv[1], 0, &error);
	if (!root) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], error.line, error.text);
		exit(2);
	}
	return root;
}

static inline const char *text_of(const json_t *v, const char *name)
{
	const char *s = json_string_value(json_object_get(v, name));

	if (!s) {
		fprintf(stderr, "vectors: no \"%s\"\n", name);
		exit(2);
	}
	return s;
}

static inline unsigned long long number_of(const json_t *v, const char *name)
{
	return json_integer_value(json_object_get(v, name));
}

/* Hex digits to at most @max bytes; returns how many. */
static inline size_t unhex(const char *hex, void *out, size_t max)
{
	unsigned char *p = out;
	unsigned int byte;
	size_t n;

	for (n = 0; hex[2 * n]; n++) {
		if (n == max || sscanf(hex + 2 * n, "%2x", &byte) != 1) {
			fprintf(stderr, "vectors: %s?\n", hex);
			exit(2);
		}
		p[n] = byte;
	}
	return n;
}

static inline size_t bytes_of(const json_t *v, const char *name, void *out, size_t max)
{
	return unhex(text_of(v, name), out, max);
}

/* Secrets of the key that an item names. */
static inline void secrets_of(const json_t *root, const json_t *item,
			      struct nft_sysrq_secrets *s)
{
	const char *name = text_of(item, "key");
	unsigned char material[NFT_SYSRQ_KEY_LEN];
	size_t i;
	json_t *key = NULL;

	json_array_foreach(json_object_get(root, "keys"), i, key)
		if (!strcmp(text_of(key, "name"), name))
			break;
	if (!key || bytes_of(key, "material", material, sizeof(material)) != sizeof(material)) {
		fprintf(stderr, "vectors: key %s?\n", name);
		exit(2);
	}
	nft_sysrq_mac_derive(s, material);
}

#endif /* VECTORS_H */
