#include "client/receive/ts.h"

#include <bitstream/mpeg/ts.h>
#include <errno.h>

enum {
	AF_LENGTH_MAX = TS_SIZE - TS_HEADER_SIZE - 1,
	AF_FLAG_OPCR = 0x08,
	AF_FLAG_SPLICE = 0x04,
	AF_FLAG_PRIVATE = 0x02,
	AF_FLAG_EXTENSION = 0x01,
	AF_PCR_BYTES = 6,
};

/* A part that begins with its own length. */
static size_t part_length(const uint8_t *af, size_t len, size_t offset)
{
	return offset < len ? 1 + (size_t)af[offset] : 0;
}

/* `af` are the bytes behind adaptation_field_length (section 2.4.3.4, table 2-6). */
static bool ends_in_stuffing(const uint8_t *af, size_t len)
{
	/* One or two bytes that say nothing at all are there to fill. */
	if (len == 0 || af[0] == 0)
		return true;
	size_t used = 1;
	if (af[0] & 0x10)
		used += AF_PCR_BYTES;
	if (af[0] & AF_FLAG_OPCR)
		used += AF_PCR_BYTES;
	if (af[0] & AF_FLAG_SPLICE)
		used += 1;
	if (af[0] & AF_FLAG_PRIVATE)
		used += part_length(af, len, used);
	if (af[0] & AF_FLAG_EXTENSION)
		used += part_length(af, len, used);
	return used < len;
}

static void parse_adaptation(const uint8_t *data, size_t af_len, struct ts_packet *packet)
{
	packet->stuffed = ends_in_stuffing(data + TS_HEADER_SIZE + 1, af_len);
	if (af_len == 0)
		return;
	packet->discontinuity = tsaf_has_discontinuity(data);
	packet->random_access = tsaf_has_randomaccess(data);
	packet->has_pcr = tsaf_has_pcr(data) && af_len >= 1 + AF_PCR_BYTES;
	if (packet->has_pcr)
		packet->pcr_27mhz = tsaf_get_pcr(data) * 300 + tsaf_get_pcrext(data);
}

int ts_parse(const uint8_t *data, struct ts_packet *ret)
{
	if (!ts_validate(data) || ts_get_transporterror(data))
		return -EBADMSG;

	struct ts_packet packet = {
		.pid = ts_get_pid(data),
		.counter = ts_get_cc(data),
		.unit_start = ts_get_unitstart(data),
		.scrambled = ts_get_scrambling(data) != 0,
		.has_payload = ts_has_payload(data),
	};
	size_t offset = TS_HEADER_SIZE;
	if (ts_has_adaptation(data)) {
		size_t af_len = ts_get_adaptation(data);
		if (af_len > AF_LENGTH_MAX)
			return -EBADMSG;
		parse_adaptation(data, af_len, &packet);
		offset += 1 + af_len;
	}
	if (packet.has_payload) {
		packet.payload = data + offset;
		packet.len = TS_SIZE - offset;
	}
	*ret = packet;
	return 0;
}

size_t ts_find_sync(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i + TS_SIZE <= len; i++) {
		if (!ts_validate(data + i))
			continue;
		if (i + TS_SIZE == len || ts_validate(data + i + TS_SIZE))
			return i;
	}
	return len;
}

static bool is_layout(const uint8_t *data, size_t len, struct ts_layout layout)
{
	if (len == 0 || len % layout.stride != 0)
		return false;
	for (size_t i = layout.offset; i < len; i += layout.stride) {
		if (!ts_validate(data + i))
			return false;
	}
	return true;
}

struct ts_layout ts_find_layout(const uint8_t *data, size_t len)
{
	static const struct ts_layout plain = {0, TS_SIZE}, parity = {0, 204}, stamped = {4, 192};
	if (is_layout(data, len, plain))
		return plain;
	if (is_layout(data, len, parity))
		return parity;
	return is_layout(data, len, stamped) ? stamped : plain;
}

enum ts_order ts_continuity_check(struct ts_continuity *c, const struct ts_packet *packet)
{
	bool first = !c->known;
	bool doubtful = c->doubtful;
	uint8_t last = c->counter;
	bool duplicated = c->duplicated;

	*c = (struct ts_continuity){.known = true, .counter = packet->counter};
	if (doubtful)
		return packet->discontinuity ? TS_ORDER_JUMP : TS_ORDER_GAP;
	if (first || packet->counter == ((last + 1) & 0xf))
		return TS_ORDER_NEXT;
	if (packet->discontinuity)
		return TS_ORDER_JUMP;
	if (packet->counter == last && !duplicated) {
		c->duplicated = true;
		return TS_ORDER_DUPLICATE;
	}
	return TS_ORDER_GAP;
}

void ts_continuity_doubt(struct ts_continuity *c)
{
	c->doubtful = c->known;
}
