// SPDX-License-Identifier: GPL-2.0-only
/* Keys to the kernel. */
#include "key-put.h"

#include <errno.h>
#include <sys/random.h>

#include "fleet.h"

#define TRIES	10

/**
 * key_wall_default - may a new key be used by the wall clock if nobody says?
 *
 * Behind after a restart, a clock would let a blind request of before run once
 * more: who does not keep it right has to insist.
 */
bool key_wall_default(void)
{
	return clock_is_synchronised();
}

/* Until the kernel's random generator is ready: early at boot that takes a while. */
static int wait_for_random(void)
{
	char byte;

	while (getrandom(&byte, 1, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/**
 * key_put - tell the kernel of a key
 * @g: the socket
 * @op: NFT_SYSRQ_CMD_KEY_NEW or _SET
 * @name: of the key
 * @material: NFT_SYSRQ_KEY_LEN bytes; NULL: settings only
 * @set: what is to be said of it
 *
 * If the kernel has no random numbers yet, it is waited for.
 *
 * Return: 0, or a negative errno.
 */
int key_put(struct genl *g, uint8_t op, const char *name, const u8 *material,
	    const struct key_settings *set)
{
	unsigned int tries = 0;
	struct nlmsghdr *nlh;
	int err;

	do {
		nlh = genl_begin(g, op, 0);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, name);
		if (material)
			mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_MATERIAL, NFT_SYSRQ_KEY_LEN, material);
		key_settings_put(nlh, set);
		err = genl_talk(g, NULL, NULL);
	} while (err == -EAGAIN && ++tries < TRIES && !wait_for_random());
	return err;
}

/**
 * key_put_new - a new key, with what is right for this host where nothing is said
 * @g: the socket
 * @name: of the key
 * @material: NFT_SYSRQ_KEY_LEN bytes
 * @set: what is to be said of it; an overlap means nothing yet
 *
 * Return: 0, or a negative errno; -EEXIST: the name or the material is in use.
 */
int key_put_new(struct genl *g, const char *name, const u8 *material,
		const struct key_settings *set)
{
	struct key_settings new = *set;

	if (!key_settings_has(&new, KEY_WALL)) {
		new.wall = key_wall_default();
		new.given |= 1U << KEY_WALL;
	}
	new.given &= ~(1U << KEY_OVERLAP);
	return key_put(g, NFT_SYSRQ_CMD_KEY_NEW, name, material, &new);
}

/**
 * key_remove - delete a key
 * @g: the socket
 * @name: of the key
 *
 * Return: 0, or a negative errno; -ENOENT: there is none of that name.
 */
int key_remove(struct genl *g, const char *name)
{
	mnl_attr_put_strz(genl_begin(g, NFT_SYSRQ_CMD_KEY_DEL, 0), NFT_SYSRQ_A_KEY_NAME, name);
	return genl_talk(g, NULL, NULL);
}
