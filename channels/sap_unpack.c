#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "channels/sap.h"

#define IS_COMPRESSED 0x01
#define ADDRESS_IS_V6 0x10
#define HEADER_BYTES 4

bool sap_is_packed(const uint8_t *packet, size_t size)
{
	return size && packet[0] & IS_COMPRESSED;
}

/* Where the payload begins: behind announcer and authentication. */
static size_t start_of(const uint8_t *packet)
{
	return HEADER_BYTES + (packet[0] & ADDRESS_IS_V6 ? 16 : 4) + 4 * (size_t)packet[1];
}

static int fail(const char *why, const char **ret_why)
{
	*ret_why = why;
	return -EINVAL;
}

int sap_unpack(const uint8_t *packet, size_t size, uint8_t ret[SAP_UNPACKED_BYTES],
	size_t *ret_size, const char **ret_why)
{
	if (size < HEADER_BYTES || size < start_of(packet))
		return fail("it is too short", ret_why);
	size_t start = start_of(packet);
	uLongf unpacked_bytes = SAP_UNPACKED_BYTES - start;
	memcpy(ret, packet, start);
	ret[0] &= (uint8_t)~IS_COMPRESSED;
	switch (uncompress(ret + start, &unpacked_bytes, packet + start, (uLong)(size - start))) {
	case Z_OK:
		*ret_size = start + unpacked_bytes;
		return 0;
	case Z_BUF_ERROR:
		return fail("it is larger than 64 KiB when unpacked, or cut short", ret_why);
	default:
		return fail("its compressed payload is damaged", ret_why);
	}
}
