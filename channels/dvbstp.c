#include "channels/dvbstp.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define HEADER_BYTES 12
#define PROVIDER_BYTES 4
#define CRC_BYTES 4

/* A packet (clause 5.4.1.2): one section of a segment. */
struct section {
	uint32_t provider;
	uint8_t payload;
	uint16_t segment;
	uint8_t version;
	uint16_t number, last;
	uint32_t total_bytes;
	bool has_crc;
	uint32_t crc;
	const uint8_t *bytes;
	size_t size;
};

struct segment {
	guint64 key;
	uint8_t version;
	bool complete;
	bool again; /* it has come again since */
	uint16_t last;
	uint32_t total_bytes;
	uint32_t crc;
	bool has_crc;
	GBytes **sections; /* last + 1 of them, NULL where one has not come; NULL: complete */
	size_t held_bytes, sections_held;
};

struct dvbstp {
	GHashTable *segments;
	size_t held_bytes;
	GByteArray *document; /* that was handed out last */
};

static uint32_t read_32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Version, encryption and compression have to be none. */
static bool is_plain(const uint8_t *packet)
{
	return !(packet[0] & 0xc6) && !(packet[11] & 0xe0);
}

static int parse(const uint8_t *packet, size_t size, struct section *ret)
{
	if (size < HEADER_BYTES)
		return -EINVAL;
	if (!is_plain(packet))
		return -EPROTONOSUPPORT;
	bool has_provider = packet[11] & 0x10;
	/* The private header's length is in words, and does not count the provider's address. */
	size_t start = HEADER_BYTES + has_provider * PROVIDER_BYTES + 4 * (packet[11] & 0x0f);
	*ret = (struct section){.payload = packet[4],
		.segment = (uint16_t)(packet[5] << 8 | packet[6]),
		.version = packet[7],
		.number = (uint16_t)(packet[8] << 4 | packet[9] >> 4),
		.last = (uint16_t)((packet[9] & 0x0f) << 8 | packet[10]),
		.total_bytes = read_32(packet) & 0xffffff};
	/* Only the last section has it, whatever the others say. */
	ret->has_crc = packet[0] & 0x01 && ret->number == ret->last;
	size_t end_bytes = ret->has_crc ? CRC_BYTES : 0;
	if (size < start + end_bytes || ret->number > ret->last)
		return -EINVAL;
	if (has_provider)
		ret->provider = read_32(packet + HEADER_BYTES);
	ret->bytes = packet + start;
	ret->size = size - start - end_bytes;
	if (ret->has_crc)
		ret->crc = read_32(packet + size - CRC_BYTES);
	return ret->size > ret->total_bytes ? -EINVAL : 0;
}

static void drop_sections(struct dvbstp *dvbstp, struct segment *segment)
{
	for (size_t i = 0; segment->sections && i <= segment->last; i++)
		g_bytes_unref(segment->sections[i]);
	g_free(segment->sections);
	segment->sections = NULL;
	dvbstp->held_bytes -= segment->held_bytes;
	segment->held_bytes = segment->sections_held = 0;
}

struct dvbstp *dvbstp_create(void)
{
	struct dvbstp *dvbstp = g_new0(struct dvbstp, 1);
	dvbstp->segments = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	dvbstp->document = g_byte_array_new();
	return dvbstp;
}

void dvbstp_destroy(struct dvbstp *dvbstp)
{
	if (!dvbstp)
		return;
	GHashTableIter iter;
	gpointer segment;
	g_hash_table_iter_init(&iter, dvbstp->segments);
	while (g_hash_table_iter_next(&iter, NULL, &segment))
		drop_sections(dvbstp, segment);
	g_assert(!dvbstp->held_bytes);
	g_hash_table_unref(dvbstp->segments);
	g_byte_array_unref(dvbstp->document);
	g_free(dvbstp);
}

static void forget(struct dvbstp *dvbstp, struct segment *segment)
{
	drop_sections(dvbstp, segment);
	g_hash_table_remove(dvbstp->segments, &segment->key);
}

/* NULL: there is no room. */
static struct segment *add_segment(
	struct dvbstp *dvbstp, guint64 key, const struct section *section)
{
	size_t table_bytes = ((size_t)section->last + 1) * sizeof(GBytes *);
	if (g_hash_table_size(dvbstp->segments) == DVBSTP_SEGMENTS ||
		dvbstp->held_bytes + table_bytes > DVBSTP_HELD_BYTES)
		return NULL;
	struct segment *segment = g_new(struct segment, 1);
	*segment = (struct segment){.key = key,
		.version = section->version,
		.last = section->last,
		.total_bytes = section->total_bytes,
		.sections = g_new0(GBytes *, (size_t)section->last + 1),
		.held_bytes = table_bytes};
	dvbstp->held_bytes += table_bytes;
	g_hash_table_insert(dvbstp->segments, &segment->key, segment);
	return segment;
}

/* Of MPEG-2 systems (ISO/IEC 13818-1 annex A). */
static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < size; i++) {
		crc ^= (uint32_t)bytes[i] << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
	}
	return crc;
}

static int complete(struct dvbstp *dvbstp, struct segment *segment, const struct section *section,
	struct dvbstp_segment *ret)
{
	GByteArray *document = dvbstp->document;
	g_byte_array_set_size(document, 0);
	for (size_t i = 0; i <= segment->last; i++) {
		gsize size;
		const guint8 *bytes = g_bytes_get_data(segment->sections[i], &size);
		g_byte_array_append(document, bytes, (guint)size);
	}
	if (document->len != segment->total_bytes ||
		(segment->has_crc && crc_of(document->data, document->len) != segment->crc)) {
		forget(dvbstp, segment);
		return -EBADMSG;
	}
	drop_sections(dvbstp, segment);
	segment->complete = true;
	*ret = (struct dvbstp_segment){.provider = section->provider,
		.payload = section->payload,
		.id = section->segment,
		.version = section->version,
		.bytes = (const char *)document->data,
		.size = document->len};
	return 1;
}

/* Puts it at its place, unless there is no room. */
static int keep(struct dvbstp *dvbstp, struct segment *segment, const struct section *section)
{
	if (dvbstp->held_bytes + section->size > DVBSTP_HELD_BYTES)
		return -ENOSPC;
	segment->sections[section->number] = g_bytes_new(section->bytes, section->size);
	segment->held_bytes += section->size;
	dvbstp->held_bytes += section->size;
	segment->sections_held++;
	if (section->has_crc) {
		segment->has_crc = true;
		segment->crc = section->crc;
	}
	return 0;
}

int dvbstp_take(
	struct dvbstp *dvbstp, const uint8_t *packet, size_t size, struct dvbstp_segment *ret)
{
	struct section section;
	int result = parse(packet, size, &section);
	if (result)
		return result;
	guint64 key =
		(guint64)section.provider << 24 | (guint64)section.payload << 16 | section.segment;
	struct segment *segment = g_hash_table_lookup(dvbstp->segments, &key);
	if (segment && segment->version != section.version) {
		forget(dvbstp, segment);
		segment = NULL;
	}
	if (!segment)
		segment = add_segment(dvbstp, key, &section);
	if (!segment)
		return -ENOSPC;
	if (segment->complete) {
		segment->again = true;
		return 0;
	}
	if (segment->last != section.last || segment->total_bytes != section.total_bytes) {
		forget(dvbstp, segment);
		return -EBADMSG;
	}
	if (segment->sections[section.number])
		return 0;
	result = keep(dvbstp, segment, &section);
	if (result || segment->sections_held <= segment->last)
		return result;
	return complete(dvbstp, segment, &section, ret);
}

bool dvbstp_is_settled(const struct dvbstp *dvbstp)
{
	GHashTableIter iter;
	gpointer segment;
	g_hash_table_iter_init(&iter, dvbstp->segments);
	while (g_hash_table_iter_next(&iter, NULL, &segment))
		if (!((const struct segment *)segment)->again)
			return false;
	return g_hash_table_size(dvbstp->segments) > 0;
}
