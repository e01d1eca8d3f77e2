/* The settings, the line-up, and what it takes to show its channels. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "client/doctor/judge.h"

#define NAMED_MAX 3 /* channels named in a sentence */

void judge_settings(const struct doctor_facts *facts, GPtrArray *ret)
{
	for (guint i = 0; i < facts->settings_bad->len; i++)
		judge_add(ret, DOCTOR_WARNING, "settings",
			g_strdup(g_ptr_array_index(facts->settings_bad, i)),
			g_strdup("zapper.conf(5) has every key and its values"));
	if (!facts->settings_bad->len)
		judge_add(ret, DOCTOR_OK, "settings",
			facts->settings_path ? g_strdup_printf("%s is read", facts->settings_path)
					     : g_strdup("no settings file: every setting has its "
							"default"),
			NULL);
}

static bool is_any_source_in_ssm(const struct doctor_source *source)
{
	return judge_is_ssm(source->group) && !source->source.s_addr;
}

/* RFC 5771 section 4: 224.0.0/24 stays on its link. */
static bool is_link_local(const struct doctor_source *source)
{
	return ntohl(source->group.s_addr) >> 8 == 0xe00000;
}

/* Names the channels that are so: "5 (Sport), 7 (Film) and 3 more"; NULL where none is. */
static char *name_channels(
	const struct doctor_lineup *lineup, bool (*is_so)(const struct doctor_source *source))
{
	GString *names = g_string_new(NULL);
	unsigned count = 0;
	for (guint i = 0; i < lineup->sources->len; i++) {
		const struct doctor_source *source =
			&g_array_index(lineup->sources, struct doctor_source, i);
		if (source->alternate || !is_so(source))
			continue;
		if (count++ < NAMED_MAX)
			g_string_append_printf(names, "%s%s (%s)", count > 1 ? ", " : "",
				source->number, source->name);
	}
	if (count > NAMED_MAX)
		g_string_append_printf(names, " and %u more", count - NAMED_MAX);
	if (!count)
		return g_string_free(names, TRUE);
	char *all = g_strdup_printf("channel%s %s", count == 1 ? "" : "s", names->str);
	g_string_free(names, TRUE);
	return all;
}

static void judge_unplayable(const struct doctor_lineup *lineup, GPtrArray *ret)
{
	char *any = name_channels(lineup, is_any_source_in_ssm);
	char *local = name_channels(lineup, is_link_local);
	if (any)
		judge_add(ret, DOCTOR_WARNING, "line-up",
			g_strdup_printf("%s cannot be joined: a group in 232.0.0.0/8 needs the "
					"address of its source",
				any),
			g_strdup("import a list that names it: rtp://SOURCE@GROUP:PORT"));
	if (local)
		judge_add(ret, DOCTOR_WARNING, "line-up",
			g_strdup_printf("%s: no router forwards groups in 224.0.0.0/24", local),
			g_strdup("import a list with other groups"));
	g_free(any);
	g_free(local);
}

static void count_channels(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_lineup *lineup = &facts->lineup;
	unsigned ssm = judge_ssm_channels(facts), radios = 0;
	for (guint i = 0; i < lineup->sources->len; i++) {
		const struct doctor_source *source =
			&g_array_index(lineup->sources, struct doctor_source, i);
		radios += source->radio && !source->alternate;
	}
	GString *sentence = g_string_new(NULL);
	g_string_append_printf(sentence, "%zu channel%s in %s: %zu any-source, %u source-specific",
		lineup->channels, lineup->channels == 1 ? "" : "s", lineup->path,
		lineup->channels - ssm, ssm);
	if (radios)
		g_string_append_printf(
			sentence, "; %u of them %s radio", radios, radios == 1 ? "is" : "are");
	judge_add(ret, DOCTOR_OK, "line-up", g_string_free(sentence, FALSE), NULL);
}

void judge_lineup(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_lineup *lineup = &facts->lineup;
	const char *import = "read a channel list: zapper import [--db F] LIST.m3u";
	if (lineup->error)
		judge_add(ret, DOCTOR_ERROR, "line-up", g_strdup(lineup->why),
			lineup->error == -ENOENT   ? NULL
			: lineup->error == -EACCES ? g_strdup("make it readable for this user")
						   : g_strdup("import the lists into a new file"));
	else if (!lineup->channels)
		judge_add(ret, DOCTOR_ERROR, "line-up",
			g_strdup_printf("the line-up in %s is empty", lineup->path),
			g_strdup(import));
	else
		count_channels(facts, ret);
	judge_unplayable(lineup, ret);
}

static void judge_format(const struct doctor_format *format, GPtrArray *ret)
{
	const char *lost = format->sound ? "no sound" : "no picture";
	const char *missing = format->parser	? "decoder"
			      : format->decoder ? "parser"
						: "parser and no decoder";
	judge_add(ret, format->played && !format->sound ? DOCTOR_ERROR : DOCTOR_WARNING, "media",
		g_strdup_printf(
			"GStreamer has no %s for %s that opens here: channels in it have %s",
			missing, format->name, lost),
		g_strdup_printf("apt install %s", format->packages));
}

static void judge_formats(const struct doctor_media *media, GPtrArray *ret)
{
	GString *good = g_string_new(NULL);
	for (size_t i = 0; i < media->format_count; i++) {
		const struct doctor_format *format = &media->formats[i];
		if (format->parser && format->decoder)
			g_string_append_printf(good, "%s%s", good->len ? ", " : "", format->name);
		else
			judge_format(format, ret);
	}
	if (good->len)
		judge_add(ret, DOCTOR_OK, "media",
			g_strdup_printf(
				"GStreamer decodes %s here (of these zapper plays H.264 and "
				"AAC)",
				good->str),
			NULL);
	g_string_free(good, TRUE);
}

static void judge_video_sink(const struct doctor_media *media, GPtrArray *ret)
{
	if (media->video_off)
		judge_add(ret, DOCTOR_OK, "media",
			g_strdup("no pictures are wanted (play.video_sink=none)"), NULL);
	else if (!media->video_sink)
		judge_add(ret, DOCTOR_ERROR, "media", g_strdup(media->video_why),
			g_strdup("apt install gstreamer1.0-x gstreamer1.0-plugins-base "
				 "gstreamer1.0-plugins-bad, or choose another --video-sink"));
	else if (!strcmp(media->video_sink, "fakesink") && !media->display)
		judge_add(ret, DOCTOR_WARNING, "media",
			g_strdup_printf("no display answers, so nothing will be seen: %s",
				media->display_why),
			g_strdup("start zapper within the session of a display, or as a user who "
				 "may open /dev/dri/card0"));
	else
		judge_add(ret, DOCTOR_OK, "media",
			g_strdup_printf("pictures go to %s", media->video_sink), NULL);
}

static void judge_audio_sink(const struct doctor_media *media, GPtrArray *ret)
{
	if (media->audio_off)
		judge_add(ret, DOCTOR_OK, "media",
			g_strdup("no sound is wanted (play.audio_sink=none)"), NULL);
	else if (!media->audio_sink)
		judge_add(ret, DOCTOR_ERROR, "media", g_strdup(media->audio_why),
			g_strdup("choose another --audio-sink"));
	else if (!strcmp(media->audio_sink, "fakesink"))
		judge_add(ret, DOCTOR_WARNING, "media",
			g_strdup("no sound device opens, so nothing will be heard"),
			g_strdup("apt install gstreamer1.0-alsa, and look at /dev/snd and at the "
				 "group audio"));
	else
		judge_add(ret, DOCTOR_OK, "media",
			g_strdup_printf("sound goes to %s", media->audio_sink), NULL);
}

void judge_media(const struct doctor_facts *facts, GPtrArray *ret)
{
	judge_formats(&facts->media, ret);
	judge_video_sink(&facts->media, ret);
	judge_audio_sink(&facts->media, ret);
}
