/* channels/json_channel: a channel that an object of JSON describes. Pure. */
#pragma once

#include <jansson.h>

#include "channels/listing.h"

/* Addresses of one object that are read; each of them looks at all of the object. */
#define JSON_SOURCES 64

/* Emits an entry for each of its addresses; what cannot be received is said. */
void json_channel_read(struct listing *listing, unsigned line, const json_t *object);
