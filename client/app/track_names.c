#include "client/app/track_names.h"

#include <glib.h>
#include <string.h>

/* ISO 639-2's codes (the bibliographic one first), and 639-1's. */
static const struct {
	const char *codes[3];
	const char *name;
} languages[] = {
	{{"alb", "sqi", "sq"}, "Albanian"},
	{{"ara", "ara", "ar"}, "Arabic"},
	{{"arm", "hye", "hy"}, "Armenian"},
	{{"aze", "aze", "az"}, "Azerbaijani"},
	{{"baq", "eus", "eu"}, "Basque"},
	{{"bel", "bel", "be"}, "Belarusian"},
	{{"bos", "bos", "bs"}, "Bosnian"},
	{{"bul", "bul", "bg"}, "Bulgarian"},
	{{"cat", "cat", "ca"}, "Catalan"},
	{{"chi", "zho", "zh"}, "Chinese"},
	{{"cze", "ces", "cs"}, "Czech"},
	{{"dan", "dan", "da"}, "Danish"},
	{{"dut", "nld", "nl"}, "Dutch"},
	{{"eng", "eng", "en"}, "English"},
	{{"est", "est", "et"}, "Estonian"},
	{{"fin", "fin", "fi"}, "Finnish"},
	{{"fre", "fra", "fr"}, "French"},
	{{"fry", "fry", "fy"}, "Frisian"},
	{{"gla", "gla", "gd"}, "Gaelic"},
	{{"gle", "gle", "ga"}, "Irish"},
	{{"glg", "glg", "gl"}, "Galician"},
	{{"geo", "kat", "ka"}, "Georgian"},
	{{"ger", "deu", "de"}, "German"},
	{{"gre", "ell", "el"}, "Greek"},
	{{"heb", "heb", "he"}, "Hebrew"},
	{{"hin", "hin", "hi"}, "Hindi"},
	{{"hrv", "scr", "hr"}, "Croatian"},
	{{"hun", "hun", "hu"}, "Hungarian"},
	{{"ice", "isl", "is"}, "Icelandic"},
	{{"ind", "ind", "id"}, "Indonesian"},
	{{"ita", "ita", "it"}, "Italian"},
	{{"jpn", "jpn", "ja"}, "Japanese"},
	{{"kaz", "kaz", "kk"}, "Kazakh"},
	{{"kor", "kor", "ko"}, "Korean"},
	{{"kur", "kur", "ku"}, "Kurdish"},
	{{"lav", "lav", "lv"}, "Latvian"},
	{{"lit", "lit", "lt"}, "Lithuanian"},
	{{"ltz", "ltz", "lb"}, "Luxembourgish"},
	{{"mac", "mkd", "mk"}, "Macedonian"},
	{{"may", "msa", "ms"}, "Malay"},
	{{"mlt", "mlt", "mt"}, "Maltese"},
	{{"nor", "nor", "no"}, "Norwegian"},
	{{"per", "fas", "fa"}, "Persian"},
	{{"pol", "pol", "pl"}, "Polish"},
	{{"por", "por", "pt"}, "Portuguese"},
	{{"roh", "roh", "rm"}, "Romansh"},
	{{"rum", "ron", "ro"}, "Romanian"},
	{{"rus", "rus", "ru"}, "Russian"},
	{{"slo", "slk", "sk"}, "Slovak"},
	{{"slv", "slv", "sl"}, "Slovenian"},
	{{"spa", "esl", "es"}, "Spanish"},
	{{"srp", "scc", "sr"}, "Serbian"},
	{{"swe", "sve", "sv"}, "Swedish"},
	{{"tha", "tha", "th"}, "Thai"},
	{{"tur", "tur", "tr"}, "Turkish"},
	{{"ukr", "ukr", "uk"}, "Ukrainian"},
	{{"urd", "urd", "ur"}, "Urdu"},
	{{"vie", "vie", "vi"}, "Vietnamese"},
	{{"wel", "cym", "cy"}, "Welsh"},
	{{"mis", "mis", "mis"}, "Another language"},
	{{"mul", "mul", "mul"}, "Several languages"},
	{{"qaa", "qaa", "qaa"}, "Original"}, /* DVB: the original soundtrack */
	{{"und", "und", "und"}, ""},
	{{"zxx", "zxx", "zxx"}, "No language"},
};

const char *track_language(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(languages[i].codes); j++)
			if (!g_ascii_strcasecmp(languages[i].codes[j], code))
				return languages[i].name;
	return code;
}

static const char *codec_of(const struct stream_track *track)
{
	switch (track->codec) {
	case STREAM_CODEC_AAC:
		return "AAC";
	case STREAM_CODEC_AAC_LATM:
		return "AAC (LATM)";
	case STREAM_CODEC_AC3:
		return "AC-3";
	case STREAM_CODEC_EAC3:
		return "E-AC-3";
	case STREAM_CODEC_MPEG_AUDIO:
		return "MPEG";
	case STREAM_CODEC_OTHER:
		return "cannot be played";
	default:
		return NULL;
	}
}

static const char *service_of(const struct stream_track *track)
{
	if (track->kind != STREAM_AUDIO)
		return track->hard_of_hearing ? "for the hard of hearing" : NULL;
	switch (track->audio_type) {
	case STREAM_AUDIO_CLEAN_EFFECTS:
		return "without voices";
	case STREAM_AUDIO_HEARING_IMPAIRED:
		return "for the hard of hearing";
	case STREAM_AUDIO_VISUAL_COMMENTARY:
		return "for the visually impaired";
	default:
		return NULL;
	}
}

static void append(GString *name, const char *part)
{
	if (part && *part)
		g_string_append_printf(name, name->len ? ", %s" : "%s", part);
}

static char *name_of(const struct stream_track *track)
{
	static const char *const kinds[] = {[STREAM_AUDIO] = "Sound",
		[STREAM_SUBTITLE] = "Subtitles",
		[STREAM_TELETEXT] = "Teletext"};
	GString *name = g_string_new(track_language(track->language));
	if (!name->len)
		g_string_append(name, kinds[track->kind]);
	append(name, codec_of(track));
	append(name, service_of(track));
	if (track->kind == STREAM_TELETEXT && track->page)
		g_string_append_printf(name, ", page %x", track->page);
	return g_string_free(name, FALSE);
}

static bool is_of(const struct stream_track *track, enum ui_track_kind kind)
{
	switch (kind) {
	case UI_TRACK_AUDIO:
		return track->kind == STREAM_AUDIO;
	case UI_TRACK_SUBTITLE:
		return track->kind == STREAM_SUBTITLE;
	default:
		return track->kind == STREAM_TELETEXT;
	}
}

static size_t count_name(const struct track_names *names, size_t end, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < end; i++)
		count += !strcmp(name, names->names[i]);
	return count;
}

/* From the end, so that names to compare with are as they were. */
static void tell_apart(struct track_names *names)
{
	for (size_t i = names->tracks.count; i-- > 1;) {
		size_t before = count_name(names, i, names->names[i]);
		if (!before)
			continue;
		char *numbered = g_strdup_printf("%s (%zu)", names->names[i], before + 1);
		g_free(names->names[i]);
		names->names[i] = numbered;
	}
}

void track_names_make(struct track_names *names, const struct stream_programme *programme,
	enum ui_track_kind kind)
{
	*names = (struct track_names){.tracks.chosen = -1};
	for (size_t i = 0; programme && i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (!is_of(track, kind))
			continue;
		size_t at = names->tracks.count++;
		names->of[at] = track;
		names->names[at] = name_of(track);
		if (track->chosen)
			names->tracks.chosen = (int32_t)at;
	}
	tell_apart(names);
	names->tracks.names = (const char *const *)names->names;
}

void track_names_clear(struct track_names *names)
{
	for (size_t i = 0; i < names->tracks.count; i++)
		g_free(names->names[i]);
	*names = (struct track_names){.tracks.chosen = -1};
}
