#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "channels/sap.h"
#include "channels/sap_header.h"

bool sap_is_packed(const uint8_t *packet, size_t size)
{
	return size && packet[0] & SAP_IS_COMPRESSED;
}

static int fail(const char *why, const char **ret_why)
{
	*ret_why = why;
	return -EINVAL;
}

int sap_unpack(const uint8_t *packet, size_t size, uint8_t ret[SAP_UNPACKED_BYTES],
	size_t *ret_size, const char **ret_why)
{
	size_t start = sap_header_bytes(packet, size);
	if (!start)
		return fail("it is too short", ret_why);
	uLongf unpacked_bytes = SAP_UNPACKED_BYTES - start;
	memcpy(ret, packet, start);
	ret[0] &= (uint8_t)~SAP_IS_COMPRESSED;
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
