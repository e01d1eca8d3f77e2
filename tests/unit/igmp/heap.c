#include "tests/unit/igmp/heap.h"

#include <malloc.h>
#include <stdbool.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

/* A test is one thread. */
static struct {
	size_t bytes;
	unsigned fail_every, count;
} heap;

size_t heap_bytes(void)
{
	return heap.bytes;
}

void heap_fail_every(unsigned every)
{
	heap.fail_every = every;
	heap.count = 0;
}

static bool fails(void)
{
	return heap.fail_every > 0 && ++heap.count % heap.fail_every == 0;
}

static void *counted(void *p)
{
	heap.bytes += malloc_usable_size(p);
	return p;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
	size_t before = malloc_usable_size(p);
	void *moved = fails() ? NULL : __real_realloc(p, size);
	if (!moved)
		return NULL;
	heap.bytes -= before;
	return counted(moved);
}

void __wrap_free(void *p)
{
	heap.bytes -= malloc_usable_size(p);
	__real_free(p);
}
