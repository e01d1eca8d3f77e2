#include "client/receive/held.h"

#include <glib.h>
#include <string.h>

struct entry {
	struct ts_packet packet;
	uint64_t arrival_ns;
	uint8_t payload[TS_PACKET_BYTES];
};

struct held {
	size_t first, count;
	struct entry entries[HELD_PACKETS];
};

struct held *held_new(void)
{
	/* Not touched before it is used: pages that are never needed cost nothing. */
	return g_new0(struct held, 1);
}

void held_free(struct held *held)
{
	g_free(held);
}

void held_add(struct held *held, const struct ts_packet *packet, uint64_t arrival_ns)
{
	if (held->count == HELD_PACKETS) {
		held->first++;
		held->count--;
	}
	struct entry *entry = &held->entries[(held->first + held->count++) % HELD_PACKETS];
	entry->packet = *packet;
	entry->arrival_ns = arrival_ns;
	if (packet->len > 0)
		memcpy(entry->payload, packet->payload, packet->len);
	entry->packet.payload = entry->payload;
}

bool held_take(struct held *held, const struct ts_packet **ret, uint64_t *ret_arrival_ns)
{
	if (held->count == 0)
		return false;
	const struct entry *entry = &held->entries[held->first++ % HELD_PACKETS];
	held->count--;
	*ret = &entry->packet;
	*ret_arrival_ns = entry->arrival_ns;
	return true;
}
