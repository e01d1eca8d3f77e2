/* What `ctl tracks` and `ctl audio` make of a programme with several sounds. */
#include <errno.h>

#include "client/app/tracks.h"
#include "tests/support/psi_writer.h"
#include "tests/support/test.h"
#include "tests/support/ts_writer.h"

static const char *const languages[] = {"ger", NULL};

/* H.264, AAC in English (for the hearing impaired in another) and German, and DVB subtitles. */
static struct stream *stream_of_many(void)
{
	const struct psi_writer_stream tracks[] = {
		{0x1b, 0x101, NULL},
		{0x0f, 0x102, "0a 04 65 6e 67 00"},
		{0x0f, 0x103, "0a 04 64 65 75 00"},
		{0x06, 0x104, "59 08 64 65 75 10 00 01 00 01"},
	};
	struct stream *stream = stream_new();
	struct ts_writer w;
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	size_t len;
	stream_prefer_languages(stream, languages, 1);
	ts_writer_init(&w);
	ts_writer_pat(&w);
	GByteArray *pmt = psi_writer_pmt(&(struct psi_writer_pmt){
		.programme = 1, .pcr_pid = 0x101, .n = 4, .streams = tracks});
	ts_writer_section(&w, w.pmt_pid, pmt->data, pmt->len);
	g_byte_array_unref(pmt);
	while ((len = ts_writer_take_rtp(&w, payload)) > 0)
		stream_receive(stream, payload, len, 1000000000);
	ts_writer_clear(&w);
	return stream;
}

/* The chosen track of a kind, as JSON; the list's own. */
static json_t *chosen(json_t *tracks, const char *kind)
{
	json_t *item;
	size_t i;
	json_array_foreach(json_object_get(tracks, "tracks"), i, item)
	{
		const char *its_kind = json_string_value(json_object_get(item, "kind"));
		if (!g_strcmp0(its_kind, kind) && json_is_true(json_object_get(item, "chosen")))
			return item;
	}
	return NULL;
}

static void expect_audio(struct stream *stream, int pid)
{
	json_t *tracks = tracks_json(stream), *audio = chosen(tracks, "audio");
	assert_non_null(audio);
	assert_int_equal(json_integer_value(json_object_get(audio, "pid")), pid);
	json_decref(tracks);
}

static void test_tracks_are_listed(void **state)
{
	(void)state;
	struct stream *stream = stream_of_many();
	json_t *tracks = tracks_json(stream);
	assert_int_equal(json_integer_value(json_object_get(tracks, "programme")), 1);
	assert_int_equal(json_array_size(json_object_get(tracks, "tracks")), 4);
	json_t *video = chosen(tracks, "video");
	assert_string_equal(json_string_value(json_object_get(video, "codec")), "h264");
	json_t *subtitle = json_array_get(json_object_get(tracks, "tracks"), 3);
	assert_string_equal(json_string_value(json_object_get(subtitle, "kind")), "subtitle");
	assert_string_equal(json_string_value(json_object_get(subtitle, "language")), "deu");
	assert_int_equal(json_integer_value(json_object_get(subtitle, "page")), 1);
	json_decref(tracks);
	stream_free(stream);
}

static void test_nothing_is_listed_before_it_is_known(void **state)
{
	(void)state;
	struct stream *stream = stream_new();
	json_t *tracks = tracks_json(stream), *none = tracks_json(NULL);
	assert_true(json_is_null(json_object_get(tracks, "programme")));
	assert_int_equal(json_array_size(json_object_get(none, "tracks")), 0);
	assert_int_equal(tracks_choose_audio(stream, "eng", languages), -ENOENT);
	json_decref(none);
	json_decref(tracks);
	stream_free(stream);
}

static void test_sound_is_chosen_by_pid_or_language(void **state)
{
	(void)state;
	struct stream *stream = stream_of_many();
	expect_audio(stream, 0x103); /* by the settings */
	assert_int_equal(tracks_choose_audio(stream, "0x102", languages), 0);
	expect_audio(stream, 0x102);
	assert_int_equal(tracks_choose_audio(stream, "259", languages), 0);
	expect_audio(stream, 0x103);
	assert_int_equal(tracks_choose_audio(stream, "ENG", languages), 0);
	expect_audio(stream, 0x102);
	assert_int_equal(tracks_choose_audio(stream, "ger", languages), 0);
	expect_audio(stream, 0x103); /* which is sent as "deu" */
	assert_int_equal(tracks_choose_audio(stream, "eng", languages), 0);
	assert_int_equal(tracks_choose_audio(stream, "auto", languages), 0);
	expect_audio(stream, 0x103);
	assert_int_equal(tracks_choose_audio(stream, "fre", languages), -ENOENT);
	assert_int_equal(tracks_choose_audio(stream, "257", languages), -ENOENT); /* video */
	assert_int_equal(tracks_choose_audio(stream, "99999", languages), -ENOENT);
	assert_int_equal(tracks_choose_audio(stream, "", languages), -ENOENT);
	expect_audio(stream, 0x103);
	stream_free(stream);
}

/* Radio of an unknown codec would stay silent without a word: no picture is waited for there. */
static void test_unknown_codecs_are_told(void **state)
{
	(void)state;
	assert_non_null(tracks_trouble(STREAM_CODEC_OTHER, STREAM_CODEC_AAC));
	assert_non_null(tracks_trouble(STREAM_CODEC_NONE, STREAM_CODEC_OTHER));
	assert_null(tracks_trouble(STREAM_CODEC_H264, STREAM_CODEC_OTHER));
	assert_null(tracks_trouble(STREAM_CODEC_H264, STREAM_CODEC_NONE));
	assert_null(tracks_trouble(STREAM_CODEC_NONE, STREAM_CODEC_MPEG_AUDIO));
	assert_null(tracks_trouble(STREAM_CODEC_NONE, STREAM_CODEC_NONE));
}

static void expect_subtitle(struct stream *stream, int pid)
{
	json_t *tracks = tracks_json(stream), *subtitle = chosen(tracks, "subtitle");
	assert_int_equal(subtitle != NULL, pid != 0);
	if (subtitle)
		assert_int_equal(json_integer_value(json_object_get(subtitle, "pid")), pid);
	json_decref(tracks);
}

/* They are found and chosen, and nobody is told that they will be seen. */
static void test_subtitles_are_chosen_and_said_not_to_be_drawn(void **state)
{
	(void)state;
	struct stream *stream = stream_of_many();
	bool drawn = true;
	expect_subtitle(stream, 0);
	assert_int_equal(tracks_choose_subtitle(stream, "GER", &drawn), 0);
	assert_false(drawn);
	expect_subtitle(stream, 0x104);
	expect_audio(stream, 0x103); /* which the same language does not change */
	assert_int_equal(tracks_choose_subtitle(stream, "off", &drawn), 0);
	assert_true(drawn);
	expect_subtitle(stream, 0);
	assert_int_equal(tracks_choose_subtitle(stream, "0x104", &drawn), 0);
	expect_subtitle(stream, 0x104);
	assert_int_equal(tracks_choose_audio(stream, "eng", languages), 0);
	expect_subtitle(stream, 0x104); /* another sound changes nothing here */
	static const char *const not_there[] = {"eng", "0x102", "261", "", "0", "offer"};
	for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
		assert_int_equal(tracks_choose_subtitle(stream, not_there[i], &drawn), -ENOENT);
	expect_subtitle(stream, 0x104);
	stream_free(stream);
	stream = stream_new();
	assert_int_equal(tracks_choose_subtitle(stream, "ger", &drawn), -ENOENT);
	stream_free(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tracks_are_listed),
		cmocka_unit_test(test_nothing_is_listed_before_it_is_known),
		cmocka_unit_test(test_sound_is_chosen_by_pid_or_language),
		cmocka_unit_test(test_unknown_codecs_are_told),
		cmocka_unit_test(test_subtitles_are_chosen_and_said_not_to_be_drawn),
	};
	return cmocka_run_group_tests_name("client_tracks", tests, NULL, NULL);
}
