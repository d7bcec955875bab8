/*
 * Native baseline for the simulator's slab allocator: the same steps, the same list discipline, the same trace.
 *
 *   slab TRACE OBJSIZE NUM SLAB_SIZE LIMIT BATCH FREE_LIMIT PAGES ROUNDS
 *
 * TRACE is a file of 32-bit integers, one per operation: a slot >= 0 allocates an object and keeps it there, -1 - slot frees the
 * slot's object. Slabs are one page with the descriptor in it, without colours. Prints the fastest round in nanoseconds per
 * operation and a checksum of lists, chains and array after it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "list.h"

#define PAGE_SIZE 4096
#define BUFCTL_END 0xffff
#define BUFCTL_FREE 0xfffe

struct slab {
	struct list_head list;
	uint32_t colouroff;
	uint32_t id;
	char *s_mem;
	uint32_t inuse;
	uint32_t free;
};

struct page {
	uint32_t flags;
	struct cache *cache;
	struct slab *slab;
};

struct array_cache {
	uint32_t avail, limit, batchcount, touched;
	void *entry[256];
};

struct cache {
	struct array_cache *array;
	struct list_head partial, full, free;
	uint32_t free_objects, free_touched;
	uint32_t objsize, num, slab_size, free_limit;
	uint32_t num_active, num_allocations, high_mark, max_freeable;
	uint32_t allochit, allocmiss, freehit, freemiss, grown;
};

static char *memory;
static struct page *mem_map;
static uint32_t *free_stack;
static uint32_t free_pages;

#define slab_of(entry) ((struct slab *)(entry))
#define page_of(object) (&mem_map[((char *)(object) - memory) / PAGE_SIZE])

/* The array starts where the descriptor of the simulator's machine ends, whatever pointers cost here. */
static uint16_t *bufctl(struct slab *slab)
{
	return (uint16_t *)(slab + 1);
}

static int grow(struct cache *cache)
{
	struct slab *slab;
	struct page *page;

	if (free_pages == 0)
		return 0;
	page = &mem_map[free_stack[--free_pages]];
	slab = (struct slab *)(memory + (page - mem_map) * PAGE_SIZE);
	memset(slab, 0, PAGE_SIZE);
	page->flags = 1;
	page->cache = cache;
	page->slab = slab;
	slab->id = cache->grown++;
	slab->s_mem = (char *)slab + PAGE_SIZE - cache->num * cache->objsize;
	for (uint32_t i = 0; i < cache->num; i++)
		bufctl(slab)[i] = i + 1;
	bufctl(slab)[cache->num - 1] = BUFCTL_END;
	list_add_tail(&slab->list, &cache->free);
	cache->free_objects += cache->num;
	return 1;
}

static void *refill(struct cache *cache)
{
	struct array_cache *ac = cache->array;

	for (;;) {
		uint32_t batch = ac->batchcount;

		if (!ac->touched && batch > 16)
			batch = 16;
		while (batch > 0) {
			struct list_head *entry = cache->partial.next;
			struct slab *slab;

			if (entry == &cache->partial) {
				cache->free_touched = 1;
				entry = cache->free.next;
				if (entry == &cache->free)
					break;
			}
			slab = slab_of(entry);
			while (slab->inuse < cache->num && batch > 0) {
				uint32_t index = slab->free;

				if (index >= cache->num)
					bug("chain");
				batch--;
				ac->entry[ac->avail++] = slab->s_mem + index * cache->objsize;
				slab->inuse++;
				slab->free = bufctl(slab)[index];
				bufctl(slab)[index] = BUFCTL_FREE;
				cache->num_allocations++;
				if (++cache->num_active > cache->high_mark)
					cache->high_mark = cache->num_active;
			}
			list_del(&slab->list);
			list_add(&slab->list, slab->free == BUFCTL_END ? &cache->full : &cache->partial);
		}
		cache->free_objects -= ac->avail;
		if (ac->avail || !grow(cache))
			break;
	}
	if (!ac->avail)
		return NULL;
	ac->touched = 1;
	return ac->entry[--ac->avail];
}

static __attribute__((noinline)) void *cache_alloc(struct cache *cache)
{
	struct array_cache *ac = cache->array;

	if (ac->avail) {
		cache->allochit++;
		ac->touched = 1;
		return ac->entry[--ac->avail];
	}
	cache->allocmiss++;
	return refill(cache);
}

static void free_block(struct cache *cache, void **objects, uint32_t count)
{
	cache->free_objects += count;
	for (uint32_t i = 0; i < count; i++) {
		struct page *page = page_of(objects[i]);
		struct slab *slab = page->slab;
		uint32_t index;

		if (!page->flags || page->cache != cache)
			bug("foreign object");
		index = ((char *)objects[i] - slab->s_mem) / cache->objsize;
		if (index >= cache->num || bufctl(slab)[index] != BUFCTL_FREE)
			bug("double free");
		bufctl(slab)[index] = slab->free;
		slab->free = index;
		slab->inuse--;
		cache->num_active--;
		list_del(&slab->list);
		if (slab->inuse) {
			list_add_tail(&slab->list, &cache->partial);
		} else if (cache->free_objects > cache->free_limit) {
			cache->free_objects -= cache->num;
			page->flags = 0;
			free_stack[free_pages++] = page - mem_map;
		} else {
			list_add(&slab->list, &cache->free);
		}
	}
}

static __attribute__((noinline)) void cache_free(struct cache *cache, void *object)
{
	struct array_cache *ac = cache->array;

	if (ac->avail < ac->limit) {
		cache->freehit++;
	} else {
		uint32_t slabs = 0;

		cache->freemiss++;
		free_block(cache, ac->entry, ac->batchcount);
		for (struct list_head *at = cache->free.next; at != &cache->free; at = at->next)
			slabs++;
		if (slabs > cache->max_freeable)
			cache->max_freeable = slabs;
		ac->avail -= ac->batchcount;
		memmove(ac->entry, ac->entry + ac->batchcount, ac->avail * sizeof(void *));
	}
	ac->entry[ac->avail++] = object;
}

static uint32_t add(uint32_t sum, uint32_t value)
{
	return (sum ^ value) * 16777619u;
}

static uint32_t checksum(struct cache *cache)
{
	struct list_head *lists[] = { &cache->partial, &cache->full, &cache->free };
	uint32_t sum = 2166136261u;

	for (uint32_t list = 0; list < 3; list++) {
		sum = add(sum, list);
		for (struct list_head *at = lists[list]->next; at != lists[list]; at = at->next) {
			struct slab *slab = slab_of(at);

			sum = add(sum, slab->id);
			for (uint32_t index = slab->free; index != BUFCTL_END; index = bufctl(slab)[index])
				sum = add(sum, index);
		}
	}
	for (uint32_t i = 0; i < cache->array->avail; i++) {
		struct slab *slab = page_of(cache->array->entry[i])->slab;

		sum = add(sum, slab->id);
		sum = add(sum, ((char *)cache->array->entry[i] - slab->s_mem) / cache->objsize);
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
	FILE *file = argc == 10 ? fopen(argv[1], "rb") : NULL;
	struct array_cache array;
	struct cache cache;
	uint32_t pages, sum = 0;
	int rounds;
	void **slots;
	int32_t *ops;
	long bytes;
	double best = 0;

	if (!file) {
		fprintf(stderr, "usage: slab TRACE OBJSIZE NUM SLAB_SIZE LIMIT BATCH FREE_LIMIT PAGES ROUNDS\n");
		return 2;
	}
	fseek(file, 0, SEEK_END);
	bytes = ftell(file);
	rewind(file);
	ops = malloc(bytes);
	if (fread(ops, 1, bytes, file) != (size_t)bytes)
		return 2;
	pages = atoi(argv[8]);
	rounds = atoi(argv[9]);
	memory = aligned_alloc(PAGE_SIZE, (size_t)pages * PAGE_SIZE);
	mem_map = malloc(pages * sizeof(*mem_map));
	free_stack = malloc(pages * sizeof(*free_stack));
	slots = calloc(bytes / 4, sizeof(*slots));
	for (int round = 0; round < rounds; round++) {
		double start;

		memset(mem_map, 0, pages * sizeof(*mem_map));
		for (free_pages = 0; free_pages < pages; free_pages++)
			free_stack[free_pages] = pages - 1 - free_pages;
		memset(&cache, 0, sizeof(cache));
		memset(&array, 0, sizeof(array));
		cache.array = &array;
		cache.objsize = atoi(argv[2]);
		cache.num = atoi(argv[3]);
		cache.slab_size = atoi(argv[4]);
		array.limit = atoi(argv[5]);
		array.batchcount = atoi(argv[6]);
		cache.free_limit = atoi(argv[7]);
		list_init(&cache.partial);
		list_init(&cache.full);
		list_init(&cache.free);
		start = now();
		for (long at = 0; at < bytes / 4; at++) {
			if (ops[at] >= 0)
				slots[ops[at]] = cache_alloc(&cache);
			else
				cache_free(&cache, slots[-1 - ops[at]]);
		}
		start = now() - start;
		if (round == 0 || start < best)
			best = start;
		sum = checksum(&cache);
	}
	printf("%.3f %u\n", best / (bytes / 4), sum);
	return 0;
}
