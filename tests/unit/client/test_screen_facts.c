/* What the screen is told: line-ups, names of tracks, figures, and the time zone. */
#include <glib.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "client/app/figures.h"
#include "client/app/guide_day.h"
#include "client/app/roster.h"
#include "client/app/track_names.h"
#include "client/app/zone.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)
#define S (1000 * MS)

/* ---- line-ups ---- */

static int64_t logo_length(void *ctx, const char *logo)
{
	(void)ctx;
	return (int64_t)strlen(logo);
}

static void test_a_line_up_as_the_screen_knows_it(void **state)
{
	static const char *const both[] = {"News", "Mixed", NULL}, *const none[] = {NULL};
	static const char *const mixed[] = {"Mixed", "Gone", NULL};
	struct channel_source can = {.address = {.group = {htonl(0xef010101)}, .port = 5004}};
	struct channel_source cannot = {.address = {.group = {htonl(0xe8010101)}, .port = 5004}};
	const struct channel channels[] = {{.number = 5,
						   .name = "Five",
						   .logo = "",
						   .bouquets = both,
						   .sources = &can,
						   .source_count = 1,
						   .locked = true},
		{.number = 5,
			.subnumber = 1,
			.name = "Radio",
			.logo = "abc",
			.bouquets = mixed,
			.kind = CHANNEL_RADIO,
			.sources = &can,
			.source_count = 1,
			.favourite = true},
		{.number = 12,
			.name = "Twelve",
			.logo = "",
			.bouquets = none,
			.sources = &cannot,
			.source_count = 1,
			.favourite = true}};
	const struct channel_list list = {.count = 3, .channels = channels, .bouquets = both};
	struct roster_options options = {.has_viewer = true, .logo = logo_length};
	(void)state;
	struct roster *roster = roster_new(&list, &options);
	const struct ui_lineup *lineup = roster_lineup(roster);
	assert_int_equal(lineup->count, 3);
	assert_string_equal(lineup->channels[1].number, "5.1");
	assert_int_equal(lineup->channels[0].flags, UI_CHANNEL_LOCKED);
	assert_int_equal(lineup->channels[1].flags, UI_CHANNEL_RADIO);
	assert_int_equal(lineup->channels[2].flags, UI_CHANNEL_UNPLAYABLE); /* 232/8, no source */
	assert_int_equal(lineup->channels[1].logo, 3);
	assert_int_equal(lineup->bouquet_count, 2);
	assert_string_equal(lineup->bouquets[0].name, "News");
	assert_int_equal(lineup->bouquets[0].count, 1);
	assert_int_equal(lineup->bouquets[1].count, 2);
	assert_int_equal(lineup->bouquets[1].channels[1], 1);
	assert_int_equal(lineup->favourite_count, 2);
	assert_int_equal(lineup->favourites[0], 1);
	roster_free(roster);

	options.has_viewer = false;
	roster = roster_new(&list, &options);
	assert_int_equal(roster_lineup(roster)->channels[0].flags, 0);
	assert_int_equal(roster_lineup(roster)->channels[2].flags, 0);
	roster_free(roster);
}

static void test_an_empty_line_up(void **state)
{
	const struct channel_list list = {0};
	const struct roster_options options = {0};
	(void)state;
	struct roster *roster = roster_new(&list, &options);
	assert_int_equal(roster_lineup(roster)->count, 0);
	roster_free(roster);
}

/* ---- tracks ---- */

static void test_names_of_tracks(void **state)
{
	static const struct stream_programme programme = {.n_tracks = 8,
		.tracks = {{.kind = STREAM_VIDEO, .codec = STREAM_CODEC_H264, .chosen = true},
			{.kind = STREAM_AUDIO, .codec = STREAM_CODEC_MPEG_AUDIO, .language = "deu"},
			{.kind = STREAM_AUDIO,
				.codec = STREAM_CODEC_AC3,
				.language = "ger",
				.chosen = true},
			{.kind = STREAM_AUDIO,
				.codec = STREAM_CODEC_AAC,
				.language = "eng",
				.audio_type = STREAM_AUDIO_VISUAL_COMMENTARY},
			{.kind = STREAM_AUDIO, .codec = STREAM_CODEC_AC3, .language = "ger"},
			{.kind = STREAM_AUDIO, .codec = STREAM_CODEC_OTHER, .language = ""},
			{.kind = STREAM_SUBTITLE, .language = "fra", .hard_of_hearing = true},
			{.kind = STREAM_TELETEXT, .language = "xyz", .page = 0x777}}};
	static const char *const sounds[] = {"German, MPEG", "German, AC-3",
		"English, AAC, for the visually impaired", "German, AC-3 (2)",
		"Sound, cannot be played"};
	struct track_names names;
	(void)state;
	track_names_make(&names, &programme, UI_TRACK_AUDIO);
	assert_int_equal(names.tracks.count, G_N_ELEMENTS(sounds));
	for (size_t i = 0; i < G_N_ELEMENTS(sounds); i++)
		assert_string_equal(names.tracks.names[i], sounds[i]);
	assert_int_equal(names.tracks.chosen, 1);
	assert_ptr_equal(names.of[4], &programme.tracks[5]);
	track_names_clear(&names);

	track_names_make(&names, &programme, UI_TRACK_SUBTITLE);
	assert_int_equal(names.tracks.count, 1);
	assert_string_equal(names.tracks.names[0], "French, for the hard of hearing");
	assert_int_equal(names.tracks.chosen, -1);
	track_names_clear(&names);

	track_names_make(&names, &programme, UI_TRACK_TEXT);
	assert_string_equal(names.tracks.names[0], "xyz, page 777");
	track_names_clear(&names);

	track_names_make(&names, NULL, UI_TRACK_AUDIO);
	assert_int_equal(names.tracks.count, 0);
	track_names_clear(&names);
}

/* ---- figures ---- */

static const char *value_of(const struct figures *figures, const char *label)
{
	for (size_t i = 0; i < figures->count; i++)
		if (!strcmp(figures->list[i].label, label))
			return figures->list[i].value;
	fail_msg("there is no figure \"%s\"", label);
	return NULL;
}

static void test_figures_of_a_zap_and_its_stream(void **state)
{
	struct figures figures = {0};
	struct zap_record record = {.n = 12, .kind = ZAP_COLD, .pressed_ns = 10 * S};
	const struct quality_report quality = {.line_bps = 4270000,
		.ts_bps = 4000640,
		.received = 1000,
		.lost = 3,
		.reordered = 2,
		.jitter_ns = 1250000,
		.mdi = {.known = true, .delay_ns = 4200000, .lost_ts = 21},
		.tr101290 = {.continuity = 5, .pat = 1}};
	const struct stream_counters counters = {.psi_crc = 7};
	const struct play_counters play = {.pictures = 900, .dropped = 4, .damaged = 1};
	(void)state;
	record.at_ns[ZAP_REPORT] = 10 * S + 60000;
	record.at_ns[ZAP_PICTURE] = 10 * S + 431 * MS;
	figures_add_zap(&figures, &record);
	figures_add_stream(&figures, &quality, &counters);
	figures_add_play(&figures, &play);
	assert_int_equal(figures.count, UI_STAT_ROWS);
	assert_string_equal(value_of(&figures, "Zap"), "12, cold");
	assert_string_equal(value_of(&figures, "IGMP report"), "0.06 ms");
	assert_string_equal(value_of(&figures, "First picture"), "431.0 ms");
	assert_string_equal(value_of(&figures, "Motion; sound"), "not yet; not yet");
	assert_string_equal(value_of(&figures, "Rate; of the stream"), "4.27; 4.00 Mbit/s");
	assert_string_equal(value_of(&figures, "Packets lost"), "3 of 1003");
	assert_string_equal(value_of(&figures, "Jitter"), "1.25 ms");
	assert_string_equal(value_of(&figures, "MDI (delay : loss)"), "4.2 ms : 21");
	assert_string_equal(value_of(&figures, "MDI, worst"), "not yet");
	assert_string_equal(value_of(&figures, "Continuity; tables damaged"), "5; 7");
	assert_string_equal(value_of(&figures, "Pictures; dropped; damaged"), "900; 4; 1");
}

static void test_figures_of_a_warm_zap(void **state)
{
	struct figures figures = {0};
	struct zap_record record = {.n = 2, .kind = ZAP_WARM, .pressed_ns = 10 * S};
	(void)state;
	record.at_ns[ZAP_RAP_COMPLETE] = 9 * S;
	figures_add_zap(&figures, &record);
	assert_string_equal(value_of(&figures, "IGMP report"), "none was needed");
	assert_string_equal(value_of(&figures, "Key picture received"), "0.0 ms");
	figures = (struct figures){0};
	record.n = 0;
	figures_add_zap(&figures, &record);
	assert_int_equal(figures.count, 0);
}

/* ---- the guide and what streams say ---- */

static void test_of_two_events(void **state)
{
	const struct guide_event on = {.known = true, .start_utc_s = 100, .stop_utc_s = 200};
	const struct guide_event on_too = {.known = true, .start_utc_s = 50, .stop_utc_s = 160};
	const struct guide_event soon = {.known = true, .start_utc_s = 200, .stop_utc_s = 300};
	const struct guide_event late = {.known = true, .start_utc_s = 250, .stop_utc_s = 300};
	const struct guide_event over = {.known = true, .start_utc_s = 10, .stop_utc_s = 150};
	const struct guide_event unknown = {0};
	(void)state;
	assert_ptr_equal(guide_sooner(&on, &on_too, 150), &on);
	assert_ptr_equal(guide_sooner(&soon, &on, 150), &on);
	assert_ptr_equal(guide_sooner(&on, &soon, 150), &on);
	assert_ptr_equal(guide_sooner(&late, &soon, 150), &soon);
	assert_ptr_equal(guide_sooner(&soon, &late, 150), &soon);
	assert_ptr_equal(guide_sooner(NULL, &late, 150), &late);
	assert_ptr_equal(guide_sooner(&late, &unknown, 150), &late);
	assert_ptr_equal(guide_sooner(&over, &late, 150), &late);
	assert_null(guide_sooner(NULL, &over, 150));
	assert_null(guide_sooner(&over, &unknown, 150));
}

/* ---- the time zone ---- */

static struct zone zone_in(const char *name, int64_t utc_s)
{
	g_setenv("TZ", name, TRUE);
	tzset();
	return zone_at(utc_s);
}

/* By the rules that POSIX writes down, so that no data base is needed. */
static void test_summer_time(void **state)
{
	static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";
	(void)state;
	struct zone zone = zone_in(berlin, 1795375200); /* 22 November 2026 */
	assert_int_equal(zone.offset_s, 3600);
	assert_int_equal(zone.changes_at_s, 1806195600); /* 28 March 2027, 01:00 UTC */
	assert_int_equal(zone.offset_after_s, 7200);
	zone = zone_in(berlin, 1806195600);
	assert_int_equal(zone.offset_s, 7200);
	assert_int_equal(zone.changes_at_s, 1824944400); /* 31 October 2027, 01:00 UTC */
	zone = zone_in("IST-5:30", 1795375200);
	assert_int_equal(zone.offset_s, 19800);
	assert_int_equal(zone.changes_at_s, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_up_as_the_screen_knows_it),
		cmocka_unit_test(test_an_empty_line_up),
		cmocka_unit_test(test_names_of_tracks),
		cmocka_unit_test(test_figures_of_a_zap_and_its_stream),
		cmocka_unit_test(test_figures_of_a_warm_zap),
		cmocka_unit_test(test_of_two_events),
		cmocka_unit_test(test_summer_time),
	};
	return cmocka_run_group_tests_name("client_screen_facts", tests, NULL, NULL);
}
