/*
 * Streams of real encoders and multiplexers, made on the fly: the units that come out are what the
 * encoder put in, byte by byte, with its key frames and its times.
 */
#include "tests/support/test.h"

#include "client/receive/ring.h"
#include "client/receive/stream.h"
#include "tests/support/ts_writer.h"

#include <gst/app/app.h>
#include <gst/gst.h>
#include <string.h>

#define PICTURES 75

struct encoder {
	const char *element; /* that may be absent */
	const char *pipeline;
	/* NULL: no multiplexer here takes it, so that ts_writer does, with this stream type. */
	const char *mux;
	uint8_t stream_type;
	enum stream_kind kind;
	enum stream_codec codec;
};

#define PICTURE                                                                                    \
	"videotestsrc num-buffers=75 pattern=ball ! "                                              \
	"video/x-raw,format=I420,width=320,height=256,framerate=25/1 ! "
#define SOUND                                                                                      \
	"audiotestsrc num-buffers=100 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 "  \
	"! audioconvert ! "

struct fixture {
	GPtrArray *put_in; /* GstBuffer: what the encoder made */
	struct stream *stream;
	GArray *out; /* struct stream_unit */
	uint64_t now_ns;
	unsigned raps;
};

static int setup(void **state)
{
	gst_init(NULL, NULL);
	struct fixture *f = g_new0(struct fixture, 1);
	f->put_in = g_ptr_array_new_with_free_func((GDestroyNotify)gst_buffer_unref);
	f->stream = stream_new();
	f->out = g_array_new(FALSE, FALSE, sizeof(struct stream_unit));
	f->now_ns = UINT64_C(1000000000000);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	for (guint i = 0; i < f->out->len; i++)
		g_bytes_unref(g_array_index(f->out, struct stream_unit, i).data);
	g_array_unref(f->out);
	g_ptr_array_unref(f->put_in);
	stream_free(f->stream);
	g_free(f);
	return 0;
}

static void receive(struct fixture *f, const struct encoder *encoder, const void *data, size_t len)
{
	struct stream_event event;
	/* As if at 4 Mb/s. */
	f->now_ns += len * 2000;
	stream_receive(f->stream, data, len, f->now_ns);
	while (stream_next_event(f->stream, &event)) {
		f->raps += event.type == STREAM_EVENT_RAP;
		if (event.type != STREAM_EVENT_UNIT)
			continue;
		assert_int_equal(event.unit.kind, encoder->kind);
		assert_int_equal(event.unit.codec, encoder->codec);
		assert_false(event.unit.damaged);
		g_array_append_val(f->out, event.unit);
	}
}

static GstPadProbeReturn on_encoded(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	struct fixture *f = data;
	g_ptr_array_add(f->put_in, gst_buffer_ref(GST_PAD_PROBE_INFO_BUFFER(info)));
	return GST_PAD_PROBE_OK;
}

/* Runs to the end; what comes out of the multiplexer goes into the stream. */
static void run(struct fixture *f, const struct encoder *encoder)
{
	GError *error = NULL;
	char *description =
		g_strdup_printf("%s ! identity name=encoded ! %s ! appsink name=out sync=false",
			encoder->pipeline, encoder->mux ? encoder->mux : "queue");
	GstElement *pipeline = gst_parse_launch(description, &error);
	assert_null(error);
	g_free(description);
	GstElement *encoded = gst_bin_get_by_name(GST_BIN(pipeline), "encoded");
	GstPad *pad = gst_element_get_static_pad(encoded, "src");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, f, NULL);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample;
	while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(out)))) {
		GstMapInfo map;
		gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
		if (encoder->mux)
			receive(f, encoder, map.data, map.size);
		gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
		gst_sample_unref(sample);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(pad);
	gst_object_unref(encoded);
	gst_object_unref(out);
	gst_object_unref(pipeline);
}

static void take_packets(struct fixture *f, const struct encoder *encoder, struct ts_writer *w)
{
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	size_t len;
	while ((len = ts_writer_take_udp(w, payload)) > 0)
		receive(f, encoder, payload, len);
}

struct piece {
	const uint8_t *data;
	size_t len;
	uint64_t pts_90khz; /* TS_WRITER_NO_TIME: none */
};

static void send_piece(
	struct fixture *f, const struct encoder *encoder, struct ts_writer *w, struct piece piece)
{
	bool video = encoder->kind == STREAM_VIDEO;
	if (piece.pts_90khz != TS_WRITER_NO_TIME) {
		ts_writer_pat(w);
		ts_writer_pmt(w);
		ts_writer_pcr(w, (piece.pts_90khz - 9000) * 300, false);
	}
	ts_writer_pes(w, &(struct ts_writer_pes){.pid = video ? w->video_pid : w->audio_pid,
				 .stream_id = video ? 0xe0 : 0xbd,
				 .pts_90khz = piece.pts_90khz,
				 .dts_90khz = TS_WRITER_NO_TIME,
				 .bounded = true,
				 .data = piece.data,
				 .len = piece.len});
	take_packets(f, encoder, w);
}

static struct ts_writer new_writer(const struct encoder *encoder)
{
	struct ts_writer w;
	ts_writer_init(&w);
	w.video_type = encoder->kind == STREAM_VIDEO ? encoder->stream_type : 0;
	w.audio_type = encoder->kind == STREAM_AUDIO ? encoder->stream_type : 0;
	w.pcr_pid = 0x1ff;
	return w;
}

static uint64_t pts_of(const struct fixture *f, guint i)
{
	GstBuffer *first = g_ptr_array_index(f->put_in, 0),
		  *buffer = g_ptr_array_index(f->put_in, i);
	return 900000 + (GST_BUFFER_PTS(buffer) - GST_BUFFER_PTS(first)) * 9 / 100000;
}

/* What no multiplexer here takes: each buffer is a PES packet. */
static void multiplex(struct fixture *f, const struct encoder *encoder)
{
	struct ts_writer w = new_writer(encoder);
	for (guint i = 0; i < f->put_in->len; i++) {
		GstMapInfo map;
		gst_buffer_map(g_ptr_array_index(f->put_in, i), &map, GST_MAP_READ);
		send_piece(f, encoder, &w, (struct piece){map.data, map.size, pts_of(f, i)});
		gst_buffer_unmap(g_ptr_array_index(f->put_in, i), &map);
	}
	ts_writer_clear(&w);
}

/* As multiplexers that know nothing of units: PES packets of one length. */
static void chop(struct fixture *f, const struct encoder *encoder, size_t piece)
{
	struct ts_writer w = new_writer(encoder);
	GByteArray *all = g_byte_array_new();
	guint next = 0; /* the unit that begins next, and where */
	size_t begins = 0;
	for (guint i = 0; i < f->put_in->len; i++) {
		GstMapInfo map;
		gst_buffer_map(g_ptr_array_index(f->put_in, i), &map, GST_MAP_READ);
		g_byte_array_append(all, map.data, (guint)map.size);
		gst_buffer_unmap(g_ptr_array_index(f->put_in, i), &map);
	}
	/* The end of a unit that nobody saw begin. */
	ts_writer_pat(&w);
	ts_writer_pmt(&w);
	send_piece(f, encoder, &w, (struct piece){(const uint8_t *)"end", 3, TS_WRITER_NO_TIME});
	for (size_t at = 0; at < all->len; at += piece) {
		size_t len = MIN(piece, all->len - at);
		uint64_t pts = begins < at + len ? pts_of(f, next) : TS_WRITER_NO_TIME;
		while (next < f->put_in->len && begins < at + len)
			begins += gst_buffer_get_size(g_ptr_array_index(f->put_in, next++));
		begins = next < f->put_in->len ? begins : SIZE_MAX;
		send_piece(f, encoder, &w, (struct piece){all->data + at, len, pts});
	}
	g_byte_array_unref(all);
	ts_writer_clear(&w);
}

static const struct stream_unit *unit_at(const struct fixture *f, guint i)
{
	return &g_array_index(f->out, struct stream_unit, i);
}

/* A key unit may have been given parameter sets behind its delimiter. */
static bool is_unit(const struct stream_unit *unit, GstBuffer *buffer)
{
	gsize len, wanted = gst_buffer_get_size(buffer);
	const uint8_t *data = g_bytes_get_data(unit->data, &len);
	if (len == wanted)
		return gst_buffer_memcmp(buffer, 0, data, len) == 0;
	gsize head = MIN(wanted, 8);
	return unit->key && len > wanted &&
	       gst_buffer_memcmp(buffer, head, data + len - (wanted - head), wanted - head) == 0;
}

static void expect_unit(const struct fixture *f, guint i, guint first, bool timed)
{
	GstBuffer *buffer = g_ptr_array_index(f->put_in, i + first);
	const struct stream_unit *unit = unit_at(f, i);
	assert_true(is_unit(unit, buffer));
	if (unit->kind == STREAM_VIDEO)
		assert_int_equal(
			unit->key, !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT));
	/* Both count from their first; 90 kHz is coarser. */
	int64_t wanted = (int64_t)(pts_of(f, i + first) - pts_of(f, first));
	int64_t got = (int64_t)(unit->pts_90khz - unit_at(f, 0)->pts_90khz);
	if (timed)
		assert_in_range(got - wanted + 3, 0, 6);
}

/* All units from the first one that came are there, but for the last two, which may wait. */
static void expect_units(struct fixture *f, guint first_max, bool timed)
{
	guint first = 0;
	assert_true(f->out->len > 0);
	while (first < first_max && !is_unit(unit_at(f, 0), g_ptr_array_index(f->put_in, first)))
		first++;
	guint expected = f->put_in->len - first;
	assert_in_range(f->out->len, expected - 2, expected);
	for (guint i = 0; i < f->out->len; i++)
		expect_unit(f, i, first, timed);
	struct stream_counters counters;
	stream_counters(f->stream, &counters);
	assert_int_equal(counters.ts_continuity + counters.ts_sync_lost + counters.psi_crc, 0);
}

static void check_chopped(struct fixture *f, const struct encoder *encoder, size_t piece)
{
	for (guint i = 0; i < f->out->len; i++)
		g_bytes_unref(g_array_index(f->out, struct stream_unit, i).data);
	g_array_set_size(f->out, 0);
	stream_free(f->stream);
	f->stream = stream_new();
	chop(f, encoder, piece);
	expect_units(f, 0, false);
}

static void check(struct fixture *f, const struct encoder *encoder)
{
	run(f, encoder);
	if (!encoder->mux)
		multiplex(f, encoder);
	/* Audio before its first PTS does not count. */
	expect_units(f, encoder->kind == STREAM_VIDEO ? 0 : 2, true);
	if (encoder->kind == STREAM_AUDIO)
		return;
	assert_int_equal(f->put_in->len, PICTURES);
	assert_int_equal(f->raps, 1);
	check_chopped(f, encoder, 2000);
	check_chopped(f, encoder, 301);
}

static bool is_there(const char *element)
{
	GstElementFactory *factory = gst_element_factory_find(element);
	if (factory)
		gst_object_unref(factory);
	return factory != NULL;
}

#define ENCODER(name, ...)                                                                         \
	static void name(void **state)                                                             \
	{                                                                                          \
		static const struct encoder encoder = {__VA_ARGS__};                               \
		if (!is_there(encoder.element))                                                    \
			skip_because("its GStreamer element is not installed");                    \
		check(*state, &encoder);                                                           \
	}

#define MUX "mpegtsmux alignment=7"

ENCODER(h264, "x264enc",
	PICTURE "x264enc key-int-max=12 bframes=2 b-adapt=false ! h264parse ! "
		"video/x-h264,stream-format=byte-stream,alignment=au",
	MUX, 0x1b, STREAM_VIDEO, STREAM_CODEC_H264)
ENCODER(h264_interlaced, "x264enc",
	PICTURE "x264enc interlaced=true key-int-max=12 ! h264parse ! "
		"video/x-h264,stream-format=byte-stream,alignment=au",
	MUX, 0x1b, STREAM_VIDEO, STREAM_CODEC_H264)
ENCODER(h265, "x265enc",
	PICTURE "x265enc key-int-max=12 ! h265parse ! "
		"video/x-h265,stream-format=byte-stream,alignment=au",
	MUX, 0x24, STREAM_VIDEO, STREAM_CODEC_H265)
/* Open groups of pictures, and one sequence header at the very beginning. */
ENCODER(mpeg2_video, "mpeg2enc",
	PICTURE "mpeg2enc format=3 min-gop-size=12 max-gop-size=12 ! mpegvideoparse", MUX, 0x02,
	STREAM_VIDEO, STREAM_CODEC_MPEG2_VIDEO)
ENCODER(mpeg1_video, "mpeg2enc",
	PICTURE "mpeg2enc format=0 min-gop-size=12 max-gop-size=12 ! mpegvideoparse", MUX, 0x01,
	STREAM_VIDEO, STREAM_CODEC_MPEG1_VIDEO)
ENCODER(aac, "avenc_aac", SOUND "avenc_aac ! aacparse ! audio/mpeg,stream-format=adts,framed=true",
	MUX, 0x0f, STREAM_AUDIO, STREAM_CODEC_AAC)
ENCODER(aac_latm, "avmux_latm", SOUND "avenc_aac ! avmux_latm", NULL, 0x11, STREAM_AUDIO,
	STREAM_CODEC_AAC_LATM)
ENCODER(ac3, "avenc_ac3", SOUND "avenc_ac3 ! ac3parse", MUX, 0x81, STREAM_AUDIO, STREAM_CODEC_AC3)
ENCODER(eac3, "avenc_eac3", SOUND "avenc_eac3 ! ac3parse", NULL, 0x87, STREAM_AUDIO,
	STREAM_CODEC_EAC3)
ENCODER(layer_2, "avenc_mp2", SOUND "avenc_mp2 ! mpegaudioparse", MUX, 0x03, STREAM_AUDIO,
	STREAM_CODEC_MPEG_AUDIO)
ENCODER(layer_3, "lamemp3enc", SOUND "lamemp3enc ! mpegaudioparse", MUX, 0x03, STREAM_AUDIO,
	STREAM_CODEC_MPEG_AUDIO)

/* Tuned in behind the only IDR picture: how long a decoder's pictures are grey is said. */
static void gradual_refresh(void **state)
{
	struct fixture *f = *state;
	static const struct encoder refresh = {"x264enc",
		PICTURE "x264enc intra-refresh=true key-int-max=25 bframes=0 tune=zerolatency "
			"sliced-threads=false aud=true ! "
			"video/x-h264,stream-format=byte-stream,alignment=au",
		NULL, 0x1b, STREAM_VIDEO, STREAM_CODEC_H264};
	if (!gst_registry_check_feature_version(gst_registry_get(), refresh.element, 1, 0, 0))
		skip_because("its GStreamer element is not installed");
	run(f, &refresh);
	assert_int_equal(f->put_in->len, PICTURES);
	g_ptr_array_remove_range(f->put_in, 0, 5);
	multiplex(f, &refresh);
	struct ring *ring = ring_new(1 << 20);
	const struct stream_unit *first = &g_array_index(f->out, struct stream_unit, 0);
	assert_true(first->key);
	assert_in_range(first->recovery_pictures, 8, 25);
	for (guint i = 0; i < f->out->len; i++) {
		struct stream_event event = {.type = STREAM_EVENT_UNIT,
			.unit = g_array_index(f->out, struct stream_unit, i)};
		/* What is received here is not paced. */
		event.unit.decode_due_ns = event.unit.due_ns = event.unit.dts_90khz * 100000 / 9;
		event.unit.last_arrival_ns = event.unit.due_ns;
		ring_push(ring, &event);
		assert_int_equal(
			ring_state(ring), i < first->recovery_pictures ? RING_PARTIAL : RING_WARM);
	}
	ring_free(ring);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(h264),
		T(h264_interlaced),
		T(gradual_refresh),
		T(h265),
		T(mpeg2_video),
		T(mpeg1_video),
		T(aac),
		T(aac_latm),
		T(ac3),
		T(eac3),
		T(layer_2),
		T(layer_3),
	};
	return cmocka_run_group_tests_name("receive_encoders", tests, NULL, NULL);
}
