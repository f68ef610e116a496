// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys of all hosts. A key of its own takes libsodium two pages and three
 * mappings; thousands of them go into common chunks instead, which are locked
 * and wiped like that.
 */
#include "keyring.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

/**
 * struct ring_entry - one file
 * @path: "" is the default
 * @key: in a chunk
 */
struct ring_entry {
	char			*path;
	const struct keyfile	*key;
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct ring_entry *)a)->path, ((const struct ring_entry *)b)->path);
}

/* Return: room for one more key in locked memory, or NULL. */
static struct keyfile *room(struct keyring *ring)
{
	size_t chunk = ring->n / KEYRING_CHUNK;
	struct keyfile **chunks;

	if (ring->n % KEYRING_CHUNK == 0) {
		chunks = reallocarray(ring->chunks, chunk + 1, sizeof(*chunks));
		if (!chunks)
			return NULL;
		ring->chunks = chunks;
		chunks[chunk] = sodium_allocarray(KEYRING_CHUNK, sizeof(**chunks));
		if (!chunks[chunk])
			return NULL;
	}
	return &ring->chunks[chunk][ring->n++ % KEYRING_CHUNK];
}

static struct ring_entry *add(struct keyring *ring, const char *path, const struct keyfile *key)
{
	struct ring_entry *e = calloc(1, sizeof(*e));
	struct keyfile *copy = room(ring);

	if (e)
		e->path = strdup(path);
	if (!e || !e->path || !copy || !tsearch(e, &ring->tree, compare)) {
		if (e)
			free(e->path);
		free(e);
		return NULL;
	}
	*copy = *key;
	e->key = copy;
	return e;
}

/**
 * keyring_get - the key from a file
 * @ring: reads it, if it has not
 * @path: as of keyfile_read_any(); NULL: the default
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: the key, a host's or a fleet's, which stays @ring's; or NULL.
 */
const struct keyfile *keyring_get(struct keyring *ring, const char *path, char *why,
				  size_t len)
{
	struct ring_entry wanted = { .path = (char *)(path ? path : "") }, *e, **found;
	struct keyfile *key;

	found = tfind(&wanted, &ring->tree, compare);
	if (found)
		return (*found)->key;
	key = keyfile_read_any(path, why, len);
	if (!key)
		return NULL;
	e = add(ring, wanted.path, key);
	keyfile_free(key);
	if (!e)
		snprintf(why, len, "no memory for a key");
	return e ? e->key : NULL;
}

/* More room for hosts' keys. */
static int grow(struct keyring *ring)
{
	struct host_key **slots = reallocarray(ring->slots, ring->nslots + 1, sizeof(*slots));
	struct host_key *slot;
	size_t i;

	if (!slots)
		return -ENOMEM;
	ring->slots = slots;
	slot = sodium_allocarray(KEYRING_CHUNK, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	slots[ring->nslots++] = slot;
	for (i = 0; i < KEYRING_CHUNK; i++) {
		slot[i].next = ring->free;
		ring->free = &slot[i];
	}
	return 0;
}

/**
 * keyring_derive - the key of one host of a fleet
 * @ring: has it until keyring_release()
 * @fleet: the fleet's key
 * @identity: of the host
 *
 * Return: the key, or NULL: no memory.
 */
struct host_key *keyring_derive(struct keyring *ring, const struct keyfile *fleet,
				const char *identity)
{
	struct host_key *key;

	if (!ring->free && grow(ring))
		return NULL;
	key = ring->free;
	ring->free = key->next;
	keyfile_derive_host(fleet, identity, key->material);
	nft_sysrq_mac_derive(&key->secrets, key->material);
	return key;
}

/**
 * keyring_release - a host's key is needed no more
 * @ring: wipes it
 * @key: of keyring_derive(), or NULL
 */
void keyring_release(struct keyring *ring, struct host_key *key)
{
	if (!key)
		return;
	sodium_memzero(key, sizeof(*key));
	key->next = ring->free;
	ring->free = key;
}

static void free_entry(void *entry)
{
	struct ring_entry *e = entry;

	free(e->path);
	free(e);
}

/**
 * keyring_free - wipe and free all keys
 * @ring: left empty
 */
void keyring_free(struct keyring *ring)
{
	size_t i, chunks = (ring->n + KEYRING_CHUNK - 1) / KEYRING_CHUNK;

	tdestroy(ring->tree, free_entry);
	for (i = 0; i < chunks; i++)
		sodium_free(ring->chunks[i]);
	free(ring->chunks);
	for (i = 0; i < ring->nslots; i++)
		sodium_free(ring->slots[i]);
	free(ring->slots);
	memset(ring, 0, sizeof(*ring));
}
