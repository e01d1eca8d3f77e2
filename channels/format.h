/* channels/format: which format a list is in, by its content. Pure. */
#pragma once

#include <stddef.h>

enum channel_format {
	CHANNEL_FORMAT_AUTO, /* find out; as an answer: none that zapper knows */
	CHANNEL_FORMAT_M3U,
};

/* How much of a list's start channel_format_detect() wants to see, unless the list is shorter. */
#define CHANNEL_FORMAT_HEAD_BYTES 4096

enum channel_format channel_format_detect(const char *head, size_t size);
