/* doctor/findings of the settings, the line-up, and what shows its channels. */
#include <errno.h>

#include "tests/unit/client/findings.h"

static void settings_that_are_ignored_are_named(void **state)
{
	struct doctor_facts *facts = *state;
	expect(facts, DOCTOR_OK, "no settings file", NULL);
	facts->settings_path = g_strdup("/etc/zapper.conf");
	expect(facts, DOCTOR_OK, "/etc/zapper.conf is read", NULL);
	g_ptr_array_add(facts->settings_bad, g_strdup("/etc/zapper.conf: warning: no such"));
	expect(facts, DOCTOR_WARNING, "warning: no such", "zapper.conf(5)");
}

static void a_lineup_that_cannot_be_had_stops_zapping(void **state)
{
	struct doctor_facts *facts = *state;
	facts->lineup.channels = 0;
	g_array_set_size(facts->lineup.sources, 0);
	expect(facts, DOCTOR_ERROR, "the line-up in /l.db is empty", "zapper import");
	facts->lineup.why = g_strdup("/l.db is no line-up");
	facts->lineup.error = -EILSEQ;
	expect(facts, DOCTOR_ERROR, "/l.db is no line-up", "new file");
	facts->lineup.error = -EACCES;
	expect(facts, DOCTOR_ERROR, "/l.db is no line-up", "readable");
}

static void channels_that_cannot_be_played_are_named(void **state)
{
	struct doctor_facts *facts = *state;
	add_channel(facts, "3", "232.1.1.3", NULL);
	expect(facts, DOCTOR_WARNING, "channel 3 (Name 3) cannot be joined", "rtp://SOURCE@");
	add_channel(facts, "4", "232.1.1.4", NULL);
	add_channel(facts, "5", "232.1.1.5", NULL);
	add_channel(facts, "6.1", "232.1.1.6", NULL);
	add_channel(facts, "7", "224.0.0.99", NULL);
	expect(facts, DOCTOR_WARNING,
		"channels 3 (Name 3), 4 (Name 4), 5 (Name 5) and 1 more cannot be joined", NULL);
	add_channel(facts, "8", "224.0.1.99", NULL); /* not on its link alone */
	expect(facts, DOCTOR_WARNING, "channel 7 (Name 7): no router forwards", NULL);
}

static void an_address_that_is_not_played_makes_no_trouble(void **state)
{
	struct doctor_facts *facts = *state;
	add_channel(facts, "1", "232.1.1.3", NULL);
	facts->lineup.channels--;
	g_array_index(facts->lineup.sources, struct doctor_source, 2).alternate = true;
	expect(facts, DOCTOR_OK, "2 channels in /l.db: 1 any-source, 1 source-specific", NULL);
	/* But it may be held by others. */
	hold(facts, "232.1.1.3");
	expect(facts, DOCTOR_WARNING, "holds 232.1.1.3, channel 1", NULL);
}

static void what_gstreamer_lacks_is_named_with_its_package(void **state)
{
	struct doctor_facts *facts = *state;
	const struct doctor_format *const good = facts->media.formats;
	struct doctor_format some[] = {
		good[0], good[1], {"H.265", false, false, "package-of-h265", true, false}};
	facts->media.formats = some;
	facts->media.format_count = G_N_ELEMENTS(some);
	expect(facts, DOCTOR_WARNING, "no decoder for H.265 that opens here",
		"apt install package-of-h265");
	some[1].parser = false;
	expect(facts, DOCTOR_WARNING, "no parser for AAC", "apt install");
	some[0].decoder = some[0].parser = false;
	expect(facts, DOCTOR_ERROR, "no parser and no decoder for H.264", "apt install");
}

static void sinks_that_do_not_open_are_said(void **state)
{
	struct doctor_facts *facts = *state;
	struct doctor_media *media = &facts->media;
	g_free(media->audio_sink);
	media->audio_sink = g_strdup("fakesink");
	expect(facts, DOCTOR_WARNING, "nothing will be heard", "alsa");
	g_free(media->video_sink);
	media->video_sink = g_strdup("fakesink");
	media->display = NULL;
	media->display_why = g_strdup("DISPLAY is not set");
	expect(facts, DOCTOR_WARNING, "nothing will be seen: DISPLAY is not set", NULL);
	media->video_off = media->audio_off = true;
	expect(facts, DOCTOR_OK, "no pictures are wanted", NULL);
	expect(facts, DOCTOR_OK, "no sound is wanted", NULL);
	media->video_off = false;
	g_clear_pointer(&media->video_sink, g_free);
	media->video_why = g_strdup("no kms video sink opens here");
	expect(facts, DOCTOR_ERROR, "no kms video sink opens here", "--video-sink");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HEALTHY_TEST(settings_that_are_ignored_are_named),
		HEALTHY_TEST(a_lineup_that_cannot_be_had_stops_zapping),
		HEALTHY_TEST(channels_that_cannot_be_played_are_named),
		HEALTHY_TEST(an_address_that_is_not_played_makes_no_trouble),
		HEALTHY_TEST(what_gstreamer_lacks_is_named_with_its_package),
		HEALTHY_TEST(sinks_that_do_not_open_are_said),
	};
	return cmocka_run_group_tests_name("client_doctor_lineup", tests, NULL, NULL);
}
