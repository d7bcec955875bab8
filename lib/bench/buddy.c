/*
 * Native baseline for the simulator's buddy allocator: the same steps, the same list discipline, the same trace.
 *
 *   buddy TRACE PAGES ROUNDS
 *
 * TRACE is a file of 32-bit integers, two per operation: (order, slot) allocates a block and keeps it in the slot,
 * (-1 - order, slot) frees the slot's block. Every round boots a zone of PAGES pages and runs the trace.
 * Prints the fastest round in nanoseconds per operation and a checksum of the free lists after it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "list.h"

#define MAX_ORDER 11
#define PG_RESERVED (1u << 11)
#define PG_PRIVATE (1u << 12)

struct page {
	uint32_t flags;
	int32_t count;
	int32_t mapcount;
	uint32_t private;
	void *mapping;
	uint32_t index;
	struct list_head lru;
};

struct free_area {
	struct list_head free_list;
	uint32_t nr_free;
};

struct zone {
	uint32_t free_pages;
	struct free_area free_area[MAX_ORDER];
	struct page *mem_map;
	uint32_t pages;
};

#define page_of(entry) ((struct page *)((char *)(entry) - offsetof(struct page, lru)))

static int bad_range(const struct zone *zone, const struct page *page)
{
	return page < zone->mem_map || page >= zone->mem_map + zone->pages;
}

static struct page *expand(struct zone *zone, struct page *page, int low, int high)
{
	while (high > low) {
		struct free_area *area = &zone->free_area[--high];
		struct page *upper = page + (1 << high);

		if (bad_range(zone, upper))
			bug("expand");
		list_add(&upper->lru, &area->free_list);
		area->nr_free++;
		upper->private = high;
		upper->flags |= PG_PRIVATE;
	}
	return page;
}

static struct page *rmqueue(struct zone *zone, int order)
{
	for (int current = order; current < MAX_ORDER; current++) {
		struct free_area *area = &zone->free_area[current];
		struct page *page;

		if (area->free_list.next == &area->free_list)
			continue;
		page = page_of(area->free_list.next);
		if (bad_range(zone, page))
			bug("rmqueue");
		list_del(&page->lru);
		page->flags &= ~PG_PRIVATE;
		page->private = 0;
		area->nr_free--;
		zone->free_pages -= 1u << order;
		return expand(zone, page, order, current);
	}
	return NULL;
}

static void free_pages_bulk(struct zone *zone, struct page *page, uint32_t order)
{
	uint32_t index = page - zone->mem_map;

	if (order >= MAX_ORDER || bad_range(zone, page) || (index & ((1u << order) - 1)))
		bug("free_pages_bulk");
	zone->free_pages += 1u << order;
	while (order < MAX_ORDER - 1) {
		uint32_t buddy_index = index ^ (1u << order);
		struct page *buddy = zone->mem_map + buddy_index;

		if (buddy_index >= zone->pages)
			break;
		if ((buddy->flags & (PG_PRIVATE | PG_RESERVED)) != PG_PRIVATE || buddy->private != order || buddy->count)
			break;
		list_del(&buddy->lru);
		zone->free_area[order].nr_free--;
		buddy->flags &= ~PG_PRIVATE;
		buddy->private = 0;
		index &= buddy_index;
		order++;
	}
	page = zone->mem_map + index;
	page->private = order;
	page->flags |= PG_PRIVATE;
	list_add(&page->lru, &zone->free_area[order].free_list);
	zone->free_area[order].nr_free++;
}

static void boot(struct zone *zone, struct page *mem_map, uint32_t pages)
{
	memset(mem_map, 0, pages * sizeof(*mem_map));
	memset(zone, 0, sizeof(*zone));
	zone->mem_map = mem_map;
	zone->pages = pages;
	for (int order = 0; order < MAX_ORDER; order++) {
		struct list_head *list = &zone->free_area[order].free_list;

		list->next = list->prev = list;
	}
	for (uint32_t index = 0; index + 32 <= pages; index += 32)
		free_pages_bulk(zone, mem_map + index, 5);
}

static uint32_t checksum(const struct zone *zone)
{
	uint32_t sum = 2166136261u;

	for (int order = 0; order < MAX_ORDER; order++) {
		const struct list_head *head = &zone->free_area[order].free_list;

		sum = (sum ^ (uint32_t)order) * 16777619u;
		for (const struct list_head *entry = head->next; entry != head; entry = entry->next)
			sum = (sum ^ (uint32_t)(page_of(entry) - zone->mem_map)) * 16777619u;
	}
	return sum;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 4 ? fopen(argv[1], "rb") : NULL;
	uint32_t pages = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	int rounds = argc == 4 ? atoi(argv[3]) : 0;
	struct page *mem_map;
	struct page **slots;
	struct zone zone;
	int32_t *ops;
	long bytes;
	double best = 0;

	if (!file) {
		fprintf(stderr, "usage: buddy TRACE PAGES ROUNDS\n");
		return 2;
	}
	fseek(file, 0, SEEK_END);
	bytes = ftell(file);
	rewind(file);
	ops = malloc(bytes);
	if (fread(ops, 1, bytes, file) != (size_t)bytes)
		return 2;
	mem_map = malloc(pages * sizeof(*mem_map));
	slots = calloc(bytes / 8, sizeof(*slots));
	for (int round = 0; round < rounds; round++) {
		double start;

		boot(&zone, mem_map, pages);
		start = now();
		for (long at = 0; at < bytes / 4; at += 2) {
			if (ops[at] >= 0)
				slots[ops[at + 1]] = rmqueue(&zone, ops[at]);
			else if (slots[ops[at + 1]])
				free_pages_bulk(&zone, slots[ops[at + 1]], -1 - ops[at]);
		}
		start = now() - start;
		if (round == 0 || start < best)
			best = start;
	}
	printf("%.3f %u\n", best / (bytes / 8), checksum(&zone));
	return 0;
}
