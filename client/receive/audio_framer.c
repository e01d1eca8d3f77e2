#include "client/receive/audio_framer.h"

#include <string.h>

struct audio_framer {
	const struct audio_codec *codec;
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
	struct audio_format format;
	bool has_header;
	uint8_t header[AUDIO_HEADER_BYTES_MAX]; /* of the last frame */
};

struct audio_framer *audio_framer_new(const struct audio_codec *codec)
{
	struct audio_framer *f = g_new0(struct audio_framer, 1);
	f->codec = codec;
	f->rest = g_byte_array_new();
	return f;
}

static void drop_pes(struct audio_framer *f)
{
	g_clear_pointer(&f->pes, g_bytes_unref);
	f->data = NULL;
	f->len = 0;
	f->offset = 0;
}

void audio_framer_free(struct audio_framer *f)
{
	if (!f)
		return;
	drop_pes(f);
	g_byte_array_unref(f->rest);
	g_free(f);
}

/* Is this, as far as it is there, how a frame begins? */
static bool has_sync(const struct audio_framer *f, const uint8_t *data, size_t len)
{
	const struct audio_codec *codec = f->codec;
	return (len < 1 || (data[0] & codec->sync_mask[0]) == codec->sync[0]) &&
	       (len < 2 || (data[1] & codec->sync_mask[1]) == codec->sync[1]);
}

/* The length of the frame that begins here; 0 when there is none, or not all of its header. */
static size_t frame_length(const struct audio_framer *f, const uint8_t *data, size_t len)
{
	if (len < f->codec->header_bytes || !has_sync(f, data, len))
		return 0;
	return f->codec->length(data, len);
}

void audio_framer_push(struct audio_framer *f, const struct pes_packet *pes, uint64_t pts_90khz)
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
static void take_pts(struct audio_framer *f)
{
	if (!f->has_pts)
		return;
	f->has_pts = false;
	f->timed = true;
	f->base_90khz = f->pts_90khz;
	f->ticks = 0;
}

/* Dates a whole frame; the clock goes on to the next one's. False when it is of no use. */
static bool date(struct audio_framer *f, const uint8_t *data, size_t len, struct audio_frame *frame)
{
	struct audio_format format = f->format;
	if (!f->codec->describe(data, len, &format))
		return false;
	if (format.rate_hz != f->format.rate_hz) {
		if (f->format.rate_hz)
			f->base_90khz += f->ticks / f->format.rate_hz;
		f->ticks = 0;
	}
	f->format = format;
	memcpy(f->header, data, f->codec->header_bytes);
	f->has_header = true;
	frame->pts_90khz = f->base_90khz + f->ticks / format.rate_hz;
	f->ticks += (uint64_t)format.samples * 90000;
	return f->timed;
}

/* Moves up to `wanted` bytes in all into the rest; true when they are there. */
static bool fill_rest(struct audio_framer *f, size_t wanted)
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
static bool next_from_rest(struct audio_framer *f, struct audio_frame *ret)
{
	if (f->rest->len == 0 || !fill_rest(f, f->codec->header_bytes))
		return false;
	size_t len = frame_length(f, f->rest->data, f->rest->len);
	if (len == 0) {
		g_byte_array_set_size(f->rest, 0);
		return false;
	}
	if (!fill_rest(f, len))
		return false;
	*ret = (struct audio_frame){
		.damaged = f->rest_damaged || f->info.damaged,
		.first_arrival_ns = MIN(f->rest_first_arrival_ns, f->info.first_arrival_ns),
		.last_arrival_ns = MAX(f->rest_last_arrival_ns, f->info.last_arrival_ns),
	};
	bool useful = date(f, f->rest->data, f->rest->len, ret);
	if (useful)
		ret->data = g_bytes_new(f->rest->data, f->rest->len);
	g_byte_array_set_size(f->rest, 0);
	return useful;
}

/* What is left of the PES packet waits for the next one. */
static void keep_rest(struct audio_framer *f)
{
	take_pts(f);
	f->rest_first_arrival_ns = f->info.first_arrival_ns;
	f->rest_last_arrival_ns = f->info.last_arrival_ns;
	f->rest_damaged = f->info.damaged;
	fill_rest(f, f->len - f->offset);
}

/* Does a frame begin here, and does another one follow it, as far as can be seen? */
static bool is_frame(const struct audio_framer *f, const uint8_t *data, size_t left, size_t len)
{
	return len > 0 && len <= left && has_sync(f, data + len, left - len);
}

/*
 * Does a frame begin here that ends in the next PES packet? That none follows it here proves
 * nothing, so it has to look like the last one.
 */
static bool may_straddle(const struct audio_framer *f, const uint8_t *data, size_t left)
{
	if (left < f->codec->header_bytes)
		return has_sync(f, data, left);
	return frame_length(f, data, left) > left &&
	       (!f->has_header || f->codec->is_alike(data, f->header));
}

/* To where a frame may begin next. */
static void skip_to_sync(struct audio_framer *f)
{
	f->offset++;
	if (f->codec->sync_mask[0] != 0xff || f->offset == f->len)
		return;
	const uint8_t *found = memchr(f->data + f->offset, f->codec->sync[0], f->len - f->offset);
	f->offset = found ? (size_t)(found - f->data) : f->len;
}

static bool next_from_pes(struct audio_framer *f, struct audio_frame *ret)
{
	while (f->offset < f->len) {
		const uint8_t *data = f->data + f->offset;
		size_t left = f->len - f->offset;
		size_t len = frame_length(f, data, left);
		if (may_straddle(f, data, left)) {
			keep_rest(f);
			return false;
		}
		if (!is_frame(f, data, left, len)) {
			skip_to_sync(f);
			continue;
		}
		take_pts(f);
		*ret = (struct audio_frame){
			.damaged = f->info.damaged,
			.first_arrival_ns = f->info.first_arrival_ns,
			.last_arrival_ns = f->info.last_arrival_ns,
		};
		bool useful = date(f, data, len, ret);
		if (useful)
			ret->data = pes_slice(f->pes, f->offset, len);
		f->offset += len;
		if (useful)
			return true;
	}
	return false;
}

bool audio_framer_next(struct audio_framer *f, struct audio_frame *ret)
{
	while (f->pes) {
		if (next_from_rest(f, ret) || (f->rest->len == 0 && next_from_pes(f, ret)))
			return true;
		drop_pes(f);
	}
	return false;
}
