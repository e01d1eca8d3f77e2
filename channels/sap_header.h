/* channels/sap_header: how long what stands in front of a payload is (RFC 2974 section 3). Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SAP_HEADER_BYTES 4
/* Bits of the first byte. */
#define SAP_ADDRESS_IS_V6 0x10
#define SAP_IS_COMPRESSED 0x01

static inline size_t sap_announcer_bytes(const uint8_t *packet)
{
	return packet[0] & SAP_ADDRESS_IS_V6 ? 16 : 4;
}

/* Header, announcer and authentication; 0 where the packet ends before. */
static inline size_t sap_header_bytes(const uint8_t *packet, size_t size)
{
	if (size < SAP_HEADER_BYTES)
		return 0;
	size_t bytes = SAP_HEADER_BYTES + sap_announcer_bytes(packet) + 4 * (size_t)packet[1];
	return size < bytes ? 0 : bytes;
}
