#include "client/receive/adts.h"

#include <bitstream/mpeg/aac.h>
#include <string.h>

/* ISO/IEC 14496-3 table 1.18. */
static const uint32_t SAMPLE_RATES[] = {
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};

struct adts_framer {
	GBytes *pes; /* NULL: used up */
	const uint8_t *data;
	size_t len, offset;
	struct pes_packet info; /* of the PES packet at hand, or of the last one */
	bool has_pts;
	uint64_t pts_90khz; /* for the first frame that begins in `pes` */

	GByteArray *rest; /* the beginning of a frame that the last PES packet left */
	uint64_t rest_first_arrival_ns, rest_last_arrival_ns;
	bool rest_damaged;

	bool timed; /* a PTS has come */
	uint64_t base_90khz;
	uint64_t ticks; /* since base, in 90 kHz times the sample rate */
	uint32_t sample_rate;
	uint8_t header[ADTS_HEADER_SIZE]; /* of the last frame; zeroed: there was none */
};

struct adts_framer *adts_framer_new(void)
{
	struct adts_framer *f = g_new0(struct adts_framer, 1);
	f->rest = g_byte_array_new();
	return f;
}

static void drop_pes(struct adts_framer *f)
{
	g_clear_pointer(&f->pes, g_bytes_unref);
	f->data = NULL;
	f->len = 0;
	f->offset = 0;
}

void adts_framer_free(struct adts_framer *f)
{
	if (!f)
		return;
	drop_pes(f);
	g_byte_array_unref(f->rest);
	g_free(f);
}

/* Two bytes suffice to see a syncword and the layer, which is always 0. */
static bool has_sync(const uint8_t *data)
{
	return data[0] == 0xff && (data[1] & 0xf6) == 0xf0;
}

/* The length of the frame whose header this is (ADTS_HEADER_SIZE bytes); 0 when it is none. */
static size_t frame_length(const uint8_t *header)
{
	size_t header_len = ADTS_HEADER_SIZE;
	if (!adts_get_protection_absent(header))
		header_len += ADTS_CRC_SIZE;
	if (!has_sync(header) || adts_get_sampling_freq(header) >= G_N_ELEMENTS(SAMPLE_RATES) ||
		adts_get_length(header) <= header_len)
		return 0;
	return adts_get_length(header);
}

void adts_framer_push(struct adts_framer *f, const struct pes_packet *pes, uint64_t pts_90khz)
{
	/* The beginning of a frame whose end was lost. */
	if (pes->damaged || pes->after_loss)
		g_byte_array_set_size(f->rest, 0);
	drop_pes(f);
	f->pes = g_bytes_ref(pes->data);
	f->data = g_bytes_get_data(f->pes, &f->len);
	f->info = *pes;
	f->has_pts = pes->has_pts;
	f->pts_90khz = pts_90khz;
}

/* A frame begins at hand: from here on the PES packet's PTS counts. */
static void take_pts(struct adts_framer *f)
{
	if (!f->has_pts)
		return;
	f->has_pts = false;
	f->timed = true;
	f->base_90khz = f->pts_90khz;
	f->ticks = 0;
}

/* The time of this frame; the clock goes on to the next one's. */
static uint64_t frame_time(struct adts_framer *f, const uint8_t *header)
{
	uint32_t rate = SAMPLE_RATES[adts_get_sampling_freq(header)];
	if (rate != f->sample_rate) {
		if (f->sample_rate)
			f->base_90khz += f->ticks / f->sample_rate;
		f->ticks = 0;
		f->sample_rate = rate;
	}
	uint64_t pts_90khz = f->base_90khz + f->ticks / rate;
	memcpy(f->header, header, sizeof(f->header));
	uint64_t samples = ADTS_SAMPLES_PER_BLOCK * (1 + (uint64_t)adts_get_num_blocks(header));
	f->ticks += samples * 90000;
	return pts_90khz;
}

/* Moves up to `wanted` bytes in all into the rest; true when they are there. */
static bool fill_rest(struct adts_framer *f, size_t wanted)
{
	if (f->rest->len < wanted) {
		size_t n = MIN(wanted - f->rest->len, f->len - f->offset);
		if (n > 0)
			g_byte_array_append(f->rest, f->data + f->offset, (guint)n);
		f->offset += n;
	}
	return f->rest->len >= wanted;
}

/* Goes on with the frame that the last PES packet began. True when it is whole. */
static bool next_from_rest(struct adts_framer *f, struct adts_frame *ret)
{
	if (f->rest->len == 0 || !fill_rest(f, ADTS_HEADER_SIZE))
		return false;
	size_t len = frame_length(f->rest->data);
	if (len == 0) {
		g_byte_array_set_size(f->rest, 0);
		return false;
	}
	if (!fill_rest(f, len))
		return false;
	*ret = (struct adts_frame){
		.pts_90khz = frame_time(f, f->rest->data),
		.damaged = f->rest_damaged || f->info.damaged,
		.first_arrival_ns = MIN(f->rest_first_arrival_ns, f->info.first_arrival_ns),
		.last_arrival_ns = MAX(f->rest_last_arrival_ns, f->info.last_arrival_ns),
	};
	ret->data = g_byte_array_free_to_bytes(f->rest);
	f->rest = g_byte_array_new();
	return true;
}

/* What is left of the PES packet waits for the next one. */
static void keep_rest(struct adts_framer *f)
{
	take_pts(f);
	f->rest_first_arrival_ns = f->info.first_arrival_ns;
	f->rest_last_arrival_ns = f->info.last_arrival_ns;
	f->rest_damaged = f->info.damaged;
	fill_rest(f, f->len - f->offset);
}

/* Does a frame begin here, and does another one follow it, as far as can be seen? */
static bool is_frame(const uint8_t *data, size_t left, size_t len)
{
	return len > 0 && len <= left && (len + 2 > left || has_sync(data + len));
}

/*
 * Does a frame begin here that ends in the next PES packet? That none follows it here proves
 * nothing, so it has to look like the last one.
 */
static bool may_straddle(const struct adts_framer *f, const uint8_t *data, size_t left)
{
	if (left < ADTS_HEADER_SIZE)
		return data[0] == 0xff && (left < 2 || has_sync(data));
	return frame_length(data) > left &&
	       (f->header[0] == 0 || adts_sync_compare_formats(data, f->header));
}

static bool next_from_pes(struct adts_framer *f, struct adts_frame *ret)
{
	while (f->offset < f->len) {
		const uint8_t *header = f->data + f->offset;
		size_t left = f->len - f->offset;
		size_t len = left < ADTS_HEADER_SIZE ? 0 : frame_length(header);
		if (may_straddle(f, header, left)) {
			keep_rest(f);
			return false;
		}
		if (!is_frame(header, left, len)) {
			f->offset++;
			continue;
		}
		take_pts(f);
		*ret = (struct adts_frame){
			.data = g_bytes_new_from_bytes(f->pes, f->offset, len),
			.pts_90khz = frame_time(f, header),
			.damaged = f->info.damaged,
			.first_arrival_ns = f->info.first_arrival_ns,
			.last_arrival_ns = f->info.last_arrival_ns,
		};
		f->offset += len;
		return true;
	}
	return false;
}

bool adts_framer_next(struct adts_framer *f, struct adts_frame *ret)
{
	while (f->pes) {
		if (next_from_rest(f, ret) || (f->rest->len == 0 && next_from_pes(f, ret))) {
			if (f->timed)
				return true;
			g_bytes_unref(ret->data);
			continue;
		}
		drop_pes(f);
	}
	return false;
}
