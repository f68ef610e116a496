/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists as the kernel has them, without what only other CPUs would see. */
#ifndef STAND_IN_LISTS_H
#define STAND_IN_LISTS_H

#include <stddef.h>

#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}

static inline void hlist_del(struct hlist_node *n)
{
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
}

#define hlist_add_head_rcu	hlist_add_head
#define hlist_del_rcu		hlist_del

#define hlist_entry_safe(p, type, member) \
	((p) ? container_of(p, type, member) : NULL)
#define hlist_for_each_entry(pos, head, member) \
	for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); pos; \
	     pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_rcu	hlist_for_each_entry

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD(name)	struct list_head name = { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l;
	l->prev = l;
}

static inline void list_add(struct list_head *n, struct list_head *h)
{
	n->next = h->next;
	n->prev = h;
	h->next->prev = n;
	h->next = n;
}

static inline void list_del_init(struct list_head *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	INIT_LIST_HEAD(n);
}

#define list_next(pos, member) \
	container_of((pos)->member.next, typeof(*(pos)), member)
#define list_for_each_entry(pos, head, member) \
	for (pos = container_of((head)->next, typeof(*(pos)), member); \
	     &(pos)->member != (head); pos = list_next(pos, member))
#define list_for_each_entry_safe(pos, after, head, member) \
	for (pos = container_of((head)->next, typeof(*(pos)), member), \
	     after = list_next(pos, member); &(pos)->member != (head); \
	     pos = after, after = list_next(after, member))

#endif /* STAND_IN_LISTS_H */
