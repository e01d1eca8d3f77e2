#include "client/app/tracks.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

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

enum stream_codec tracks_codec_named(const char *name)
{
	for (int codec = 0; codec <= STREAM_CODEC_OTHER; codec++)
		if (!strcmp(codecs[codec], name))
			return (enum stream_codec)codec;
	return STREAM_CODEC_NONE;
}

const char *tracks_trouble(enum stream_codec video, enum stream_codec audio)
{
	if (video == STREAM_CODEC_OTHER)
		return "its video is of a codec that is not known here";
	if (video == STREAM_CODEC_NONE && audio == STREAM_CODEC_OTHER)
		return "its sound is of a codec that is not known here";
	return NULL;
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

/* "258" or "0x102". */
static bool parse_pid(const char *text, uint16_t *ret)
{
	guint64 pid;
	const char *number = g_str_has_prefix(text, "0x") ? text + 2 : text;
	guint base = number == text ? 10 : 16;
	if (!g_ascii_string_to_unsigned(number, base, 1, 0x1fff, &pid, NULL))
		return false;
	*ret = (uint16_t)pid;
	return true;
}

int tracks_choose_audio(struct stream *stream, const char *wanted, const char *const *languages)
{
	uint16_t pid;
	if (parse_pid(wanted, &pid))
		return stream_choose_audio(stream, pid);
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

static bool is_subtitle(const struct stream_track *track, uint16_t pid, const char *language)
{
	if (track->kind != STREAM_SUBTITLE && track->kind != STREAM_TELETEXT)
		return false;
	return pid ? track->pid == pid
		   : *language && programme_same_language(track->language, language);
}

static const struct stream_track *find_subtitle(const struct stream *stream, const char *wanted)
{
	const struct stream_programme *programme = stream_programme(stream);
	const struct stream_track *found = NULL;
	uint16_t pid = 0;
	parse_pid(wanted, &pid);
	for (size_t i = 0; programme && i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (!is_subtitle(track, pid, wanted))
			continue;
		if (!found || (found->hard_of_hearing && !track->hard_of_hearing))
			found = track;
	}
	return found;
}

int tracks_choose_subtitle(struct stream *stream, const char *wanted, bool *ret_drawn)
{
	bool off = !g_ascii_strcasecmp(wanted, "off");
	const struct stream_track *track = off ? NULL : find_subtitle(stream, wanted);
	if (!off && !track)
		return -ENOENT;
	*ret_drawn = off;
	return stream_choose_subtitle(stream, track ? track->pid : 0, track ? track->page : 0);
}
