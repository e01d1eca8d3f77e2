#include "client/receive/pes.h"

#include <bitstream/mpeg/pes.h>
#include <string.h>

enum {
	HEADER_MAX = PES_HEADER_SIZE_NOPTS + 255,
	/* What a first packet is given; later ones what their predecessors had. */
	CAPACITY_FIRST = 4096,
	CAPACITY_MAX = 256 * 1024,
	PES_SCRAMBLING_MASK = 0x30, /* of the byte behind the length */
};

enum state {
	IDLE, /* until a packet starts */
	HEADER,
	PAYLOAD,
	DONE, /* it came out by its stuffing: nothing may follow */
};

struct pes_assembler {
	enum state state;
	struct pes_packet at_hand;
	uint8_t header[HEADER_MAX];
	size_t header_len;
	bool bounded;
	size_t payload_left; /* bounded */
	GByteArray *payload;
	guint capacity;

	bool stuffing_misleads; /* more of a packet followed behind stuffing once */
	bool cut;
	bool lost; /* since the last packet that was whole */
	unsigned n_done, n_taken;
	struct pes_packet done[2]; /* one by the start of the next, and that one at once */
};

struct pes_assembler *pes_assembler_new(void)
{
	struct pes_assembler *a = g_new0(struct pes_assembler, 1);
	a->capacity = CAPACITY_FIRST;
	return a;
}

static void drop(struct pes_assembler *a)
{
	if (a->payload)
		g_byte_array_unref(a->payload);
	a->payload = NULL;
	a->state = IDLE;
}

void pes_assembler_free(struct pes_assembler *a)
{
	if (!a)
		return;
	drop(a);
	while (a->n_taken < a->n_done)
		g_bytes_unref(a->done[a->n_taken++].data);
	g_free(a);
}

/* Without the room that it did not need: what is kept of a stream is most of its memory. */
static GBytes *trim(GByteArray *payload)
{
	gsize len;
	guint8 *data = g_byte_array_steal(payload, &len);
	return g_bytes_new_take(g_realloc(data, len), len);
}

static void finish(struct pes_assembler *a, enum state then)
{
	if (a->state == PAYLOAD && a->payload->len > 0) {
		struct pes_packet *done = &a->done[a->n_done++];
		*done = a->at_hand;
		/* Half as much again as this one: a stream's units differ, and memory moves seldom.
		 */
		a->capacity = CLAMP(a->payload->len * 3 / 2, CAPACITY_FIRST, CAPACITY_MAX);
		done->data = trim(a->payload);
		a->lost = false;
	}
	drop(a);
	a->state = then;
}

static void start(struct pes_assembler *a, const struct ts_packet *packet, uint64_t arrival_ns)
{
	a->state = HEADER;
	a->header_len = 0;
	a->at_hand = (struct pes_packet){
		.random_access = packet->random_access,
		.after_loss = a->lost,
		.first_arrival_ns = arrival_ns,
	};
}

/* The bytes of the header, as far as they tell by now. */
static size_t header_wanted(const struct pes_assembler *a)
{
	if (a->header_len < PES_HEADER_SIZE_NOPTS)
		return PES_HEADER_SIZE_NOPTS;
	return PES_HEADER_SIZE_NOPTS + (size_t)pes_get_headerlength(a->header);
}

/* Section 2.4.3.7: stream_ids whose packets have no optional header and are no elementary stream.
 */
static bool has_optional_header(uint8_t stream_id)
{
	switch (stream_id) {
	case PES_STREAM_ID_PSM:
	case PES_STREAM_ID_PADDING:
	case PES_STREAM_ID_PRIVATE_2:
	case PES_STREAM_ID_ECM:
	case PES_STREAM_ID_EMM:
	case PES_STREAM_ID_DSMCC:
	case PES_STREAM_ID_H222_1_E:
	case PES_STREAM_ID_PSD:
		return false;
	default:
		return true;
	}
}

static void parse_times(struct pes_assembler *a)
{
	struct pes_packet *packet = &a->at_hand;
	size_t optional = pes_get_headerlength(a->header);

	if (!pes_has_pts(a->header) || optional < PES_HEADER_TS_SIZE)
		return;
	packet->has_pts = true;
	packet->pts_33bit = pes_get_pts(a->header);
	packet->dts_33bit = packet->pts_33bit;
	if (!pes_has_dts(a->header) || optional < 2 * PES_HEADER_TS_SIZE)
		return;
	packet->has_dts = true;
	packet->dts_33bit = pes_get_dts(a->header);
}

/* The header is whole. False when it is none, or of something else. */
static bool parse_header(struct pes_assembler *a)
{
	if (!pes_validate(a->header) || !has_optional_header(pes_get_streamid(a->header)) ||
		!pes_validate_header(a->header))
		return false;
	size_t behind_length = a->header_len - PES_HEADER_SIZE;
	size_t len = pes_get_length(a->header);
	a->bounded = len > 0;
	a->at_hand.bounded = a->bounded;
	a->at_hand.scrambled = a->header[PES_HEADER_SIZE] & PES_SCRAMBLING_MASK;
	if (a->bounded && len < behind_length)
		return false;
	a->payload_left = len - behind_length;
	parse_times(a);
	guint capacity = a->bounded ? (guint)a->payload_left : a->capacity;
	a->payload = g_byte_array_sized_new(capacity);
	a->state = PAYLOAD;
	return true;
}

/* Takes what belongs to the header; returns how many bytes that were. */
static size_t push_header(struct pes_assembler *a, const uint8_t *data, size_t len)
{
	size_t used = 0;

	while (a->header_len < header_wanted(a) && used < len) {
		size_t n = MIN(header_wanted(a) - a->header_len, len - used);
		memcpy(a->header + a->header_len, data + used, n);
		a->header_len += n;
		used += n;
	}
	if (a->header_len >= PES_HEADER_SIZE_NOPTS && a->header_len == header_wanted(a) &&
		!parse_header(a))
		drop(a);
	return used;
}

static void push_payload(struct pes_assembler *a, const uint8_t *data, size_t len)
{
	if (a->bounded)
		len = MIN(len, a->payload_left);
	if (a->payload->len + len > PES_BYTES_MAX) {
		a->lost = true;
		drop(a);
		return;
	}
	g_byte_array_append(a->payload, data, (guint)len);
	if (a->bounded)
		a->payload_left -= len;
}

/* What is at hand ends before this start; has it everything that it should have? */
static void finish_before_start(struct pes_assembler *a)
{
	if (a->state == PAYLOAD && a->bounded && a->payload_left > 0)
		a->at_hand.damaged = true;
	finish(a, IDLE);
}

void pes_assembler_lose(struct pes_assembler *a)
{
	a->at_hand.damaged = true;
	a->lost = true;
	/* A header with a hole says nothing; behind stuffing a start may have been lost. */
	if (a->state == HEADER || a->state == DONE)
		drop(a);
}

static bool is_whole(const struct pes_assembler *a, const struct ts_packet *packet)
{
	if (a->state != PAYLOAD)
		return false;
	if (a->bounded)
		return a->payload_left == 0;
	return packet->stuffed && a->payload->len > 0 && !a->stuffing_misleads;
}

void pes_assembler_push(struct pes_assembler *a, const struct ts_packet *packet,
	enum ts_order order, uint64_t arrival_ns)
{
	const uint8_t *data = packet->payload;
	size_t len = packet->len;

	a->n_done = 0;
	a->n_taken = 0;
	/* A jump that is announced comes between two packets, if before the start of one. */
	bool gap = order == TS_ORDER_GAP || (order == TS_ORDER_JUMP && !packet->unit_start);
	if (gap)
		pes_assembler_lose(a);
	if (packet->unit_start) {
		finish_before_start(a);
		a->lost |= gap;
		start(a, packet, arrival_ns);
	}
	if (len == 0)
		return;
	if (a->state == DONE) {
		a->stuffing_misleads = true;
		a->cut = true;
		a->lost = true;
		a->state = IDLE;
	}
	/* Packets put in order did not arrive in order. */
	a->at_hand.first_arrival_ns = MIN(a->at_hand.first_arrival_ns, arrival_ns);
	a->at_hand.last_arrival_ns = MAX(a->at_hand.last_arrival_ns, arrival_ns);
	if (a->state == HEADER) {
		size_t used = push_header(a, data, len);
		data += used;
		len -= used;
	}
	if (a->state == PAYLOAD)
		push_payload(a, data, len);
	if (is_whole(a, packet))
		finish(a, a->bounded ? IDLE : DONE);
}

bool pes_assembler_next(struct pes_assembler *a, struct pes_packet *ret)
{
	if (a->n_taken == a->n_done)
		return false;
	*ret = a->done[a->n_taken++];
	return true;
}

bool pes_assembler_take_cut(struct pes_assembler *a)
{
	bool cut = a->cut;
	a->cut = false;
	return cut;
}

GBytes *pes_slice(GBytes *payload, size_t offset, size_t len)
{
	size_t whole;
	const uint8_t *data = g_bytes_get_data(payload, &whole);
	if (whole - len > whole / 8)
		return g_bytes_new(data + offset, len);
	return g_bytes_new_from_bytes(payload, offset, len);
}
