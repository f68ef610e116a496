// SPDX-License-Identifier: GPL-2.0-only
/* Keys of this host, for people and for programs. */
#include "key-words.h"

#include <stdio.h>

#include "duration.h"

/**
 * key_letters - letters for people
 * @letters: that a key allows, in the kernel's order
 */
const char *key_letters(const char *letters)
{
	static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!strcmp(letters, all))
		return "all";
	if (!strcmp(letters, KEY_LETTERS_USUAL))
		return "all but g, n and x";
	return letters[0] ? letters : "none";
}

static void print_expires(const struct key_state *key)
{
	char when[32];

	if (!key->expires)
		return;
	when_print(key->expires, when, sizeof(when));
	printf("  expires: %s%s\n", when, key->expired ? " (has expired)" : "");
}

static void print_use(const struct key_state *key)
{
	char ago[32];

	duration_print(key->age * 1000, ago, sizeof(ago));
	printf("  set: %s ago\n", ago);
	if (key->last_use >= 0) {
		duration_print(key->last_use * 1000, ago, sizeof(ago));
		printf("  last request accepted: %s ago\n", ago);
	}
	printf("  requests: %llu accepted, %llu refused\n",
	       (unsigned long long)key->accepted, (unsigned long long)key->refused);
}

/**
 * key_print - a key for people
 * @key: the key
 */
void key_print(const struct key_state *key)
{
	char tolerance[32], left[32];

	duration_print(key->tolerance_ms, tolerance, sizeof(tolerance));
	printf("key: %s\n", key->name);
	if (key->left >= 0) {
		duration_print(key->left * 1000, left, sizeof(left));
		printf("  replaced, and good for another %s\n", left);
	}
	printf("  id: %08x\n", key->id);
	printf("  identity: %s\n", key->identity[0] ? key->identity : "(none)");
	printf("  commands: %s\n", key_letters(key->letters));
	printf("  tolerance: %s\n", tolerance);
	printf("  by wall clock: %s\n", key->wall ? "yes" : "no");
	print_expires(key);
	print_use(key);
	printf("  window: %u of %u in use\n", key->used, key->window);
}

static json_t *key_json(const struct key_state *key)
{
	json_t *o = json_pack("{s:s, s:o, s:s, s:s, s:I, s:b, s:o, s:b, s:I, s:I, s:I, s:o,"
			      " s:I, s:I, s:o, s:b, s:o}",
			      "name", key->name,
			      "id", json_sprintf("%08x", key->id),
			      "identity", key->identity,
			      "letters", key->letters,
			      "tolerance_ms", (json_int_t)key->tolerance_ms,
			      "wall_clock", (int)key->wall,
			      "expires_s", key->expires ? json_integer(key->expires) :
							  json_null(),
			      "expired", (int)key->expired,
			      "window", (json_int_t)key->window,
			      "window_used", (json_int_t)key->used,
			      "age_s", (json_int_t)key->age,
			      "last_use_s", key->last_use < 0 ? json_null() :
							       json_integer(key->last_use),
			      "accepted", (json_int_t)key->accepted,
			      "refused", (json_int_t)key->refused,
			      "epoch", json_sprintf("%016llx", (unsigned long long)key->epoch),
			      "replaced", (int)(key->left >= 0),
			      "left_s", key->left < 0 ? json_null() : json_integer(key->left));

	return o ? o : json_null();
}

/**
 * keys_json - keys for programs
 * @keys: the keys
 *
 * Return: an array.
 */
json_t *keys_json(const struct keys_state *keys)
{
	json_t *a = json_array();
	size_t i;

	for (i = 0; i < keys->n; i++)
		json_array_append_new(a, key_json(&keys->key[i]));
	return a;
}
