/*
 * channels/sap and channels/dvbstp: packets of whoever sends to the group, which the input holds
 * behind their lengths (two bytes each). What is handed out lies within what was taken in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "channels/dvbstp.h"
#include "channels/sap.h"

static void count(void *ctx, const char *description, size_t size)
{
	size_t *sessions = ctx;
	if (size && memchr(description, '\n', size) == description + size)
		abort();
	++*sessions;
}

static void take_sap(struct sap_sessions *sessions, const uint8_t *packet, size_t size)
{
	struct sap_packet found;
	const char *why;
	if (sap_parse(packet, size, &found, &why)) {
		if (!*why)
			abort();
		return;
	}
	const uint8_t *start = (const uint8_t *)found.description;
	if (start < packet || start + found.description_bytes != packet + size)
		abort();
	sap_sessions_take(sessions, &found);
	if (sap_sessions_take(sessions, &found) == SAP_NEW)
		abort();
}

/* What is unpacked has memory of its own, too. */
static void take_packed(struct sap_sessions *sessions, const uint8_t *packet, size_t size)
{
	uint8_t *unpacked = malloc(SAP_UNPACKED_BYTES);
	size_t unpacked_size;
	const char *why;
	if (sap_is_packed(packet, size) &&
		!sap_unpack(packet, size, unpacked, &unpacked_size, &why)) {
		if (sap_is_packed(unpacked, unpacked_size))
			abort();
		take_sap(sessions, unpacked, unpacked_size);
	}
	free(unpacked);
}

static void take_dvbstp(struct dvbstp *dvbstp, const uint8_t *packet, size_t size)
{
	struct dvbstp_segment segment;
	if (dvbstp_take(dvbstp, packet, size, &segment) != 1)
		return;
	for (size_t i = 0; i < segment.size; i++)
		(void)((const volatile char *)segment.bytes)[i];
	if (dvbstp_take(dvbstp, packet, size, &segment) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sap_sessions *sessions = sap_sessions_create();
	struct dvbstp *dvbstp = dvbstp_create();
	size_t held = 0;
	while (size >= 2) {
		size_t wanted = (size_t)data[0] << 8 | data[1];
		size_t length = wanted < size - 2 ? wanted : size - 2;
		/* Memory of its own: reads behind a packet are seen. */
		uint8_t *packet = malloc(length ? length : 1);
		memcpy(packet, data + 2, length);
		take_sap(sessions, packet, length);
		take_packed(sessions, packet, length);
		take_dvbstp(dvbstp, packet, length);
		free(packet);
		data += 2 + length;
		size -= 2 + length;
	}
	sap_sessions_each(sessions, count, &held);
	if (held > SAP_SESSIONS)
		abort();
	sap_sessions_destroy(sessions);
	dvbstp_destroy(dvbstp);
	return 0;
}
