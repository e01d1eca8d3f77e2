/*
 * igmp/wire on any bytes: parsed as they are, and once more with lengths and checksums mended so
 * that what is behind them is reached too. A host with groups receives the same packets.
 */
#include <stdlib.h>
#include <string.h>

#include "igmp/host.h"
#include "igmp/wire.h"

#define PACKET_MAX_BYTES 2048

/* A use that the compiler cannot leave out. */
static void touch(struct in_addr address)
{
	volatile uint32_t value = address.s_addr;
	(void)value;
}

static void read_all(const uint8_t *packet, size_t len)
{
	struct igmp_message message;
	struct igmp_record record;
	if (igmp_parse(packet, len, &message) != IGMP_VALID)
		return;
	for (uint16_t i = 0; i < message.source_count; i++)
		touch(igmp_source(message.sources, i));
	struct igmp_record_reader reader = igmp_records(&message);
	while (igmp_record_next(&reader, &record)) {
		for (uint16_t i = 0; i < record.source_count; i++)
			touch(igmp_source(record.sources, i));
	}
}

/* Joins one group of each kind, hears the packet, answers, and leaves. */
static void hear(const uint8_t *packet, size_t len)
{
	const struct igmp_change changes[] = {
		{.group.s_addr = htonl(0xef010101), .filter = {.mode = IGMP_EXCLUDE}},
		{.group.s_addr = htonl(0xe8010101),
			.filter = {.source_count = 1, .sources[0].s_addr = htonl(0x0a000001)}},
	};
	struct igmp_action action;
	struct igmp_host *host =
		igmp_host_new(&(struct igmp_host_settings){.no_watch = true, .seed = 1});
	if (!host || igmp_host_listen(host, changes, 2, 1) < 0)
		abort();
	igmp_host_receive(host, packet, len, IGMP_FRAME_MULTICAST, 2);
	while (igmp_host_deadline(host) != UINT64_MAX) {
		igmp_host_advance(host, igmp_host_deadline(host));
		while (igmp_host_next_action(host, &action)) {
			if (action.type == IGMP_ACTION_SEND)
				read_all(action.packet, action.len);
		}
	}
	igmp_host_free(host);
}

static void mend(uint8_t *packet, size_t len)
{
	uint16_t sum;
	size_t header = 4 * (size_t)(packet[0] & 15);
	packet[2] = (uint8_t)(len >> 8);
	packet[3] = (uint8_t)len;
	packet[8] = 1;
	packet[9] = IPPROTO_IGMP;
	if (header < 20 || header + 8 > len)
		return;
	memset(packet + 10, 0, 2);
	sum = igmp_checksum(packet, header);
	memcpy(packet + 10, &sum, 2);
	memset(packet + header + 2, 0, 2);
	sum = igmp_checksum(packet + header, len - header);
	memcpy(packet + header + 2, &sum, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > PACKET_MAX_BYTES)
		return 0;
	read_all(data, size);
	hear(data, size);
	if (size < 28)
		return 0;
	uint8_t *mended = malloc(size);
	if (!mended)
		return 0;
	memcpy(mended, data, size);
	mend(mended, size);
	read_all(mended, size);
	hear(mended, size);
	free(mended);
	return 0;
}
