/* What is in a PMT, as a viewer's list of tracks, and which of them is played. */
#include "tests/support/test.h"

#include "client/receive/programme.h"
#include "tests/support/psi_writer.h"

#include <string.h>

static struct stream_programme read_streams(
	const char *descriptors, const struct psi_writer_stream *streams, size_t n)
{
	GByteArray *section = psi_writer_pmt(&(struct psi_writer_pmt){.programme = 7,
		.pcr_pid = 0x99,
		.version = 3,
		.descriptors = descriptors,
		.n = n,
		.streams = streams});
	struct psi_pmt pmt;
	struct stream_programme programme;
	assert_true(psi_section_valid(section->data, section->len));
	assert_int_equal(psi_parse_pmt(section->data, section->len, &pmt), 0);
	programme_read(&pmt, 0x55, &programme);
	g_byte_array_unref(section);
	return programme;
}

#define READ(...)                                                                                  \
	read_streams(NULL, (const struct psi_writer_stream[]){__VA_ARGS__},                        \
		sizeof((const struct psi_writer_stream[]){__VA_ARGS__}) /                          \
			sizeof(struct psi_writer_stream))

static void expect(const struct stream_programme *programme, size_t i, enum stream_kind kind,
	enum stream_codec codec)
{
	assert_true(i < programme->n_tracks);
	assert_int_equal(programme->tracks[i].kind, kind);
	assert_int_equal(programme->tracks[i].codec, codec);
}

static void stream_types_are_codecs(void **state)
{
	(void)state;
	static const struct {
		uint8_t type;
		enum stream_kind kind;
		enum stream_codec codec;
	} types[] = {
		{0x01, STREAM_VIDEO, STREAM_CODEC_MPEG1_VIDEO},
		{0x02, STREAM_VIDEO, STREAM_CODEC_MPEG2_VIDEO},
		{0x1b, STREAM_VIDEO, STREAM_CODEC_H264},
		{0x24, STREAM_VIDEO, STREAM_CODEC_H265},
		{0x10, STREAM_VIDEO, STREAM_CODEC_OTHER},
		{0x03, STREAM_AUDIO, STREAM_CODEC_MPEG_AUDIO},
		{0x04, STREAM_AUDIO, STREAM_CODEC_MPEG_AUDIO},
		{0x0f, STREAM_AUDIO, STREAM_CODEC_AAC},
		{0x11, STREAM_AUDIO, STREAM_CODEC_AAC_LATM},
		{0x81, STREAM_AUDIO, STREAM_CODEC_AC3},
		{0x87, STREAM_AUDIO, STREAM_CODEC_EAC3},
		{0x05, STREAM_OTHER, STREAM_CODEC_OTHER},
		{0x86, STREAM_OTHER, STREAM_CODEC_OTHER},
		{0xea, STREAM_OTHER, STREAM_CODEC_OTHER},
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct stream_programme p = READ({types[i].type, 0x100, NULL});
		assert_int_equal(p.n_tracks, 1);
		assert_int_equal(p.tracks[0].stream_type, types[i].type);
		assert_int_equal(p.tracks[0].pid, 0x100);
		expect(&p, 0, types[i].kind, types[i].codec);
	}
}

static void private_streams_are_what_their_descriptors_say(void **state)
{
	(void)state;
	struct stream_programme p = READ({6, 1, "6a 01 00"}, {6, 2, "7a 01 00"},
		{6, 3, "05 04 41 43 2d 33"}, {6, 4, "05 04 45 41 43 33"},
		{6, 5, "05 04 48 45 56 43"}, {6, 6, "7b 01 00"}, {6, 7, "52 01 11"},
		{0x0f, 8, "6a 01 00"}, {6, 9, "05 02 41 43"});
	expect(&p, 0, STREAM_AUDIO, STREAM_CODEC_AC3);
	expect(&p, 1, STREAM_AUDIO, STREAM_CODEC_EAC3);
	expect(&p, 2, STREAM_AUDIO, STREAM_CODEC_AC3);
	expect(&p, 3, STREAM_AUDIO, STREAM_CODEC_EAC3);
	expect(&p, 4, STREAM_VIDEO, STREAM_CODEC_H265);
	expect(&p, 5, STREAM_AUDIO, STREAM_CODEC_OTHER);
	expect(&p, 6, STREAM_OTHER, STREAM_CODEC_OTHER);
	expect(&p, 7, STREAM_AUDIO, STREAM_CODEC_AAC);
	expect(&p, 8, STREAM_OTHER, STREAM_CODEC_OTHER);
	assert_int_equal(p.number, 7);
	assert_int_equal(p.version, 3);
	assert_int_equal(p.pcr_pid, 0x99);
	assert_int_equal(p.pmt_pid, 0x55);
}

static void languages_and_audio_types_are_read(void **state)
{
	(void)state;
	struct stream_programme p = READ({0x0f, 1, "0a 04 64 65 75 00"},
		{0x0f, 2, "0a 04 45 4e 47 03"}, {0x0f, 3, "0a 03 65 6e 67"}, {0x0f, 4, NULL});
	assert_string_equal(p.tracks[0].language, "deu");
	assert_int_equal(p.tracks[0].audio_type, STREAM_AUDIO_UNDEFINED);
	assert_string_equal(p.tracks[1].language, "eng");
	assert_int_equal(p.tracks[1].audio_type, STREAM_AUDIO_VISUAL_COMMENTARY);
	assert_string_equal(p.tracks[2].language, ""); /* too short */
	assert_string_equal(p.tracks[3].language, "");
}

static void subtitles_and_teletext_are_a_track_a_page(void **state)
{
	(void)state;
	struct stream_programme p =
		READ({6, 0x30, "59 10 64 65 75 10 00 02 00 05 66 72 61 20 00 03 00 06"},
			/* The index page, subtitles on 888 and on 150 for the hard of hearing. */
			{6, 0x31, "56 0f 64 65 75 09 00 64 65 75 10 88 64 65 75 29 50"},
			{6, 0x32, "56 05 64 65 75 09 00"}, {6, 0x33, "59 00"});
	assert_int_equal(p.n_tracks, 6);
	for (size_t i = 0; i < 2; i++) {
		expect(&p, i, STREAM_SUBTITLE, STREAM_CODEC_DVB_SUBTITLE);
		assert_int_equal(p.tracks[i].pid, 0x30);
		assert_int_equal(p.tracks[i].page, 2 + i);
		assert_int_equal(p.tracks[i].ancillary_page, 5 + i);
		assert_int_equal(p.tracks[i].hard_of_hearing, i == 1);
	}
	assert_string_equal(p.tracks[1].language, "fra");
	for (size_t i = 2; i < 5; i++)
		expect(&p, i, STREAM_TELETEXT, STREAM_CODEC_TELETEXT);
	assert_int_equal(p.tracks[2].page, 0x888);
	assert_false(p.tracks[2].hard_of_hearing);
	assert_int_equal(p.tracks[3].page, 0x150);
	assert_true(p.tracks[3].hard_of_hearing);
	assert_int_equal(p.tracks[4].page, 0);
	expect(&p, 5, STREAM_SUBTITLE, STREAM_CODEC_DVB_SUBTITLE);
}

static void conditional_access_is_seen(void **state)
{
	(void)state;
	const struct psi_writer_stream stream = {0x1b, 1, NULL};
	struct stream_programme p = read_streams("09 04 09 00 e1 00", &stream, 1);
	assert_true(p.conditional_access);
	assert_false(p.tracks[0].conditional_access);
	p = READ({0x1b, 1, "09 04 09 00 e1 00"});
	assert_true(p.conditional_access && p.tracks[0].conditional_access);
	p = READ({0x1b, 1, NULL});
	assert_false(p.conditional_access);
}

static void lengths_that_do_not_fit_end_the_list(void **state)
{
	(void)state;
	struct stream_programme p = READ({6, 1, "0a 04 64 65 75 00 59 20 64"}, {6, 2, "56"},
		{6, 3, "59 09 64 65 75 10 00 02 00 05 66"});
	assert_int_equal(p.n_tracks, 3);
	expect(&p, 0, STREAM_OTHER, STREAM_CODEC_OTHER);
	assert_string_equal(p.tracks[0].language, "deu");
	expect(&p, 1, STREAM_OTHER, STREAM_CODEC_OTHER);
	expect(&p, 2, STREAM_SUBTITLE, STREAM_CODEC_DVB_SUBTITLE);
}

static void tracks_beyond_the_bound_are_left_out(void **state)
{
	(void)state;
	char all[3 * 256] = "59 f8 ";
	for (size_t i = 0; i < 31; i++)
		strcat(all, "64 65 75 10 00 02 00 05");
	struct stream_programme p = READ({6, 1, all}, {6, 2, all}, {6, 3, all});
	assert_int_equal(p.n_tracks, STREAM_TRACKS_MAX);
}

static uint16_t chosen_audio(const struct stream_programme *p, struct programme_wishes wishes)
{
	return programme_audio(p, &wishes)->pid;
}

static void audio_is_chosen_by_wish_language_and_audience(void **state)
{
	(void)state;
	struct stream_programme p = READ({0x0f, 1, "0a 04 65 6e 67 03"}, {0x1c, 2, NULL},
		{0x0f, 3, "0a 04 64 65 75 00"}, {0x03, 4, "0a 04 65 6e 67 00"},
		{0x81, 5, "0a 04 66 72 65 00"});
	assert_int_equal(chosen_audio(&p, (struct programme_wishes){0}), 3);
	assert_int_equal(
		chosen_audio(&p, (struct programme_wishes){.n_languages = 1, .languages = {"eng"}}),
		4);
	/* Terminological and bibliographic code are one language. */
	assert_int_equal(chosen_audio(&p, (struct programme_wishes){.n_languages = 2,
						  .languages = {"ita", "fra"}}),
		5);
	assert_int_equal(
		chosen_audio(&p, (struct programme_wishes){.n_languages = 1, .languages = {"GER"}}),
		3);
	assert_int_equal(chosen_audio(&p, (struct programme_wishes){.audio_pid = 1}), 1);
	assert_int_equal(chosen_audio(&p, (struct programme_wishes){.audio_pid = 77}), 3);
	p = READ({0x1c, 2, NULL});
	assert_int_equal(programme_audio(&p, NULL)->codec, STREAM_CODEC_OTHER);
}

static void video_is_the_first_that_can_be_played(void **state)
{
	(void)state;
	struct stream_programme p =
		READ({0x10, 1, NULL}, {0x0f, 2, NULL}, {0x24, 3, NULL}, {0x1b, 4, NULL});
	assert_int_equal(programme_video(&p)->pid, 3);
	p = READ({0x0f, 2, NULL}, {0x10, 1, NULL});
	assert_int_equal(programme_video(&p)->pid, 1);
	p = READ({0x0f, 2, NULL});
	assert_null(programme_video(&p));
	assert_true(programme_has_media(&p));
	p = READ({0x05, 2, NULL}, {0x86, 3, NULL});
	assert_false(programme_has_media(&p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stream_types_are_codecs),
		cmocka_unit_test(private_streams_are_what_their_descriptors_say),
		cmocka_unit_test(languages_and_audio_types_are_read),
		cmocka_unit_test(subtitles_and_teletext_are_a_track_a_page),
		cmocka_unit_test(conditional_access_is_seen),
		cmocka_unit_test(lengths_that_do_not_fit_end_the_list),
		cmocka_unit_test(tracks_beyond_the_bound_are_left_out),
		cmocka_unit_test(audio_is_chosen_by_wish_language_and_audience),
		cmocka_unit_test(video_is_the_first_that_can_be_played),
	};
	return cmocka_run_group_tests_name("receive_programme", tests, NULL, NULL);
}
