#include "client/app/tracks.h"

#include <errno.h>
#include <glib.h>

#include "client/receive/programme.h"

static const char *const kinds[] = {
	[STREAM_VIDEO] = "video",
	[STREAM_AUDIO] = "audio",
	[STREAM_SUBTITLE] = "subtitle",
	[STREAM_TELETEXT] = "teletext",
	[STREAM_OTHER] = "other",
};

static const char *const codecs[] = {
	[STREAM_CODEC_NONE] = "none",
	[STREAM_CODEC_H264] = "h264",
	[STREAM_CODEC_H265] = "h265",
	[STREAM_CODEC_MPEG1_VIDEO] = "mpeg1",
	[STREAM_CODEC_MPEG2_VIDEO] = "mpeg2",
	[STREAM_CODEC_AAC] = "aac",
	[STREAM_CODEC_AAC_LATM] = "aac-latm",
	[STREAM_CODEC_AC3] = "ac3",
	[STREAM_CODEC_EAC3] = "eac3",
	[STREAM_CODEC_MPEG_AUDIO] = "mpeg-audio",
	[STREAM_CODEC_DVB_SUBTITLE] = "dvb-subtitle",
	[STREAM_CODEC_TELETEXT] = "teletext",
	[STREAM_CODEC_OTHER] = "other",
};

const char *tracks_codec_name(enum stream_codec codec)
{
	return codecs[codec];
}

static json_t *track_json(const struct stream_track *track)
{
	json_t *item = json_pack("{s:i, s:s, s:s, s:i, s:s, s:b, s:b}", "pid", track->pid, "kind",
		kinds[track->kind], "codec", codecs[track->codec], "stream_type",
		track->stream_type, "language", track->language, "conditional_access",
		track->conditional_access, "chosen", track->chosen);
	if (track->kind == STREAM_AUDIO)
		json_object_set_new(item, "audio_type", json_integer(track->audio_type));
	if (track->kind == STREAM_SUBTITLE || track->kind == STREAM_TELETEXT) {
		json_object_set_new(item, "page", json_integer(track->page));
		json_object_set_new(item, "hard_of_hearing", json_boolean(track->hard_of_hearing));
	}
	return item;
}

json_t *tracks_json(const struct stream *stream)
{
	const struct stream_programme *programme = stream ? stream_programme(stream) : NULL;
	json_t *list = json_array();
	for (size_t i = 0; programme && i < programme->n_tracks; i++)
		json_array_append_new(list, track_json(&programme->tracks[i]));
	return json_pack("{s:o, s:o}", "programme",
		programme ? json_integer(programme->number) : json_null(), "tracks", list);
}

static bool has_language(const struct stream *stream, const char *language)
{
	const struct stream_programme *programme = stream_programme(stream);
	for (size_t i = 0; programme && i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (track->kind == STREAM_AUDIO &&
			programme_same_language(track->language, language))
			return true;
	}
	return false;
}

int tracks_choose_audio(struct stream *stream, const char *wanted, const char *const *languages)
{
	guint64 pid;
	const char *number = g_str_has_prefix(wanted, "0x") ? wanted + 2 : wanted;
	guint base = number == wanted ? 10 : 16;
	if (g_ascii_string_to_unsigned(number, base, 1, 0x1fff, &pid, NULL))
		return stream_choose_audio(stream, (uint16_t)pid);
	bool automatic = !g_ascii_strcasecmp(wanted, "auto");
	if (!automatic && !has_language(stream, wanted))
		return -ENOENT;
	char *language = g_ascii_strdown(wanted, -1);
	const char *only = language;
	stream_choose_audio(stream, 0);
	if (automatic)
		stream_prefer_languages(stream, languages, g_strv_length((char **)languages));
	else
		stream_prefer_languages(stream, &only, 1);
	g_free(language);
	return 0;
}
