/*
 * Counts what is allocated, in programs linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free.
 */
#pragma once

#include <stddef.h>

/* Bytes that the code under test holds now. */
size_t heap_bytes(void);
/* From now on each `every`th allocation fails; 0: none does. */
void heap_fail_every(unsigned every);
