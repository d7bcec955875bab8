/*
 * What the native baselines share: the end of a broken run, and doubly linked circular lists whose empty head points to itself.
 */
#ifndef LIST_H
#define LIST_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct list_head {
	struct list_head *next, *prev;
};

static inline void bug(const char *what)
{
	fprintf(stderr, "BUG: %s\n", what);
	exit(1);
}

static inline void list_init(struct list_head *head)
{
	head->next = head->prev = head;
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	struct list_head *next = head->next;

	next->prev = entry;
	entry->next = next;
	entry->prev = head;
	head->next = entry;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	struct list_head *prev = head->prev;

	head->prev = entry;
	entry->next = head;
	entry->prev = prev;
	prev->next = entry;
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = NULL;
	entry->prev = NULL;
}

#endif
