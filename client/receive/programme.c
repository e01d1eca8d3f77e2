#include "client/receive/programme.h"

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <glib.h>
#include <string.h>

enum {
	TAG_REGISTRATION = 0x05,
	TAG_CA = 0x09,
	TAG_LANGUAGE = 0x0a,
	TAG_TELETEXT = 0x56,
	TAG_SUBTITLING = 0x59,
	TAG_AC3 = 0x6a,
	TAG_EAC3 = 0x7a,
	TAG_DTS = 0x7b,
	TELETEXT_SUBTITLE = 2, /* EN 300 468 table 101 */
	TELETEXT_HARD_OF_HEARING = 5,
	SUBTITLE_HARD_OF_HEARING_FIRST = 0x20, /* table 26, stream_content 3 */
	SUBTITLE_HARD_OF_HEARING_LAST = 0x25,
};

struct by_type {
	uint8_t stream_type;
	enum stream_kind kind;
	enum stream_codec codec;
};

static const struct by_type BY_TYPE[] = {
	{PMT_STREAMTYPE_VIDEO_MPEG1, STREAM_VIDEO, STREAM_CODEC_MPEG1_VIDEO},
	{PMT_STREAMTYPE_VIDEO_MPEG2, STREAM_VIDEO, STREAM_CODEC_MPEG2_VIDEO},
	{PMT_STREAMTYPE_VIDEO_MPEG4, STREAM_VIDEO, STREAM_CODEC_OTHER},
	{PMT_STREAMTYPE_VIDEO_AVC, STREAM_VIDEO, STREAM_CODEC_H264},
	{PMT_STREAMTYPE_VIDEO_HEVC, STREAM_VIDEO, STREAM_CODEC_H265},
	{PMT_STREAMTYPE_VIDEO_AVS, STREAM_VIDEO, STREAM_CODEC_OTHER},
	{PMT_STREAMTYPE_AUDIO_MPEG1, STREAM_AUDIO, STREAM_CODEC_MPEG_AUDIO},
	{PMT_STREAMTYPE_AUDIO_MPEG2, STREAM_AUDIO, STREAM_CODEC_MPEG_AUDIO},
	{PMT_STREAMTYPE_AUDIO_ADTS, STREAM_AUDIO, STREAM_CODEC_AAC},
	{PMT_STREAMTYPE_AUDIO_LATM, STREAM_AUDIO, STREAM_CODEC_AAC_LATM},
	{0x1c, STREAM_AUDIO, STREAM_CODEC_OTHER}, /* AAC without any framing */
	{PMT_STREAMTYPE_ATSC_A52, STREAM_AUDIO, STREAM_CODEC_AC3},
	{PMT_STREAMTYPE_ATSC_A52E, STREAM_AUDIO, STREAM_CODEC_EAC3},
};

/* The format_identifiers that muxers write for what has no stream type of its own. */
static const struct {
	char id[5];
	enum stream_kind kind;
	enum stream_codec codec;
} BY_REGISTRATION[] = {
	{"AC-3", STREAM_AUDIO, STREAM_CODEC_AC3},
	{"EAC3", STREAM_AUDIO, STREAM_CODEC_EAC3},
	{"HEVC", STREAM_VIDEO, STREAM_CODEC_H265},
	{"Opus", STREAM_AUDIO, STREAM_CODEC_OTHER},
	{"DTS1", STREAM_AUDIO, STREAM_CODEC_OTHER},
	{"DTS2", STREAM_AUDIO, STREAM_CODEC_OTHER},
	{"DTS3", STREAM_AUDIO, STREAM_CODEC_OTHER},
};

static void set_language(struct stream_track *track, const uint8_t *code)
{
	for (size_t i = 0; i < 3; i++) {
		char letter = g_ascii_tolower((gchar)code[i]);
		track->language[i] = g_ascii_isalpha(letter) ? letter : '?';
	}
	track->language[3] = '\0';
}

static struct stream_track *add_track(
	struct stream_programme *programme, const struct stream_track *track)
{
	if (programme->n_tracks == STREAM_TRACKS_MAX)
		return NULL;
	programme->tracks[programme->n_tracks] = *track;
	return &programme->tracks[programme->n_tracks++];
}

/* One track for each page of subtitles: those are what a viewer chooses from. */
static void add_subtitles(
	struct stream_programme *programme, struct stream_track track, const uint8_t *desc)
{
	track.kind = STREAM_SUBTITLE;
	track.codec = STREAM_CODEC_DVB_SUBTITLE;
	const uint8_t *end = desc + DESC_HEADER_SIZE + desc_get_length(desc);
	for (const uint8_t *p = desc + DESC59_HEADER_SIZE; end - p >= DESC59_LANGUAGE_SIZE;
		p += DESC59_LANGUAGE_SIZE) {
		uint8_t type = desc59n_get_subtitlingtype(p);
		set_language(&track, p);
		track.hard_of_hearing = type >= SUBTITLE_HARD_OF_HEARING_FIRST &&
					type <= SUBTITLE_HARD_OF_HEARING_LAST;
		track.page = desc59n_get_compositionpage(p);
		track.ancillary_page = desc59n_get_ancillarypage(p);
		add_track(programme, &track);
	}
}

static void add_teletext(
	struct stream_programme *programme, struct stream_track track, const uint8_t *desc)
{
	track.kind = STREAM_TELETEXT;
	track.codec = STREAM_CODEC_TELETEXT;
	const uint8_t *end = desc + DESC_HEADER_SIZE + desc_get_length(desc);
	for (const uint8_t *p = desc + DESC56_HEADER_SIZE; end - p >= DESC56_LANGUAGE_SIZE;
		p += DESC56_LANGUAGE_SIZE) {
		uint8_t type = p[3] >> 3, magazine = p[3] & 7;
		if (type != TELETEXT_SUBTITLE && type != TELETEXT_HARD_OF_HEARING)
			continue;
		set_language(&track, p);
		track.hard_of_hearing = type == TELETEXT_HARD_OF_HEARING;
		/* Magazine 0 is called 8. */
		track.page = (uint16_t)((magazine ? magazine : 8) << 8 | p[4]);
		add_track(programme, &track);
	}
}

static void read_registration(struct stream_track *track, const uint8_t *desc)
{
	if (track->stream_type != PMT_STREAMTYPE_PRIVATE_PES || desc_get_length(desc) < 4)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(BY_REGISTRATION); i++) {
		if (memcmp(desc05_get_identifier(desc), BY_REGISTRATION[i].id, 4) != 0)
			continue;
		track->kind = BY_REGISTRATION[i].kind;
		track->codec = BY_REGISTRATION[i].codec;
	}
}

static void set_private_audio(struct stream_track *track, enum stream_codec codec)
{
	if (track->stream_type != PMT_STREAMTYPE_PRIVATE_PES)
		return;
	track->kind = STREAM_AUDIO;
	track->codec = codec;
}

static void read_language(struct stream_track *track, const uint8_t *desc)
{
	if (desc_get_length(desc) < DESC0A_LANGUAGE_SIZE)
		return;
	set_language(track, desc + DESC0A_HEADER_SIZE);
	track->audio_type = desc0an_get_audiotype(desc + DESC0A_HEADER_SIZE);
}

/* What a descriptor says of a track that is one. */
static void read_descriptor(struct stream_track *track, const uint8_t *desc)
{
	switch (desc_get_tag(desc)) {
	case TAG_REGISTRATION:
		read_registration(track, desc);
		break;
	case TAG_CA:
		track->conditional_access = true;
		break;
	case TAG_LANGUAGE:
		read_language(track, desc);
		break;
	case TAG_AC3:
		set_private_audio(track, STREAM_CODEC_AC3);
		break;
	case TAG_EAC3:
		set_private_audio(track, STREAM_CODEC_EAC3);
		break;
	case TAG_DTS:
		set_private_audio(track, STREAM_CODEC_OTHER);
		break;
	default:
		break;
	}
}

static struct stream_track track_of_type(uint8_t stream_type, uint16_t pid)
{
	struct stream_track track = {.pid = pid,
		.kind = STREAM_OTHER,
		.codec = STREAM_CODEC_OTHER,
		.stream_type = stream_type};
	for (size_t i = 0; i < G_N_ELEMENTS(BY_TYPE); i++) {
		if (BY_TYPE[i].stream_type != stream_type)
			continue;
		track.kind = BY_TYPE[i].kind;
		track.codec = BY_TYPE[i].codec;
	}
	return track;
}

static void add_stream(struct stream_programme *programme, struct stream_track track,
	struct psi_descriptors descriptors)
{
	const uint8_t *desc;
	const uint8_t *subtitles = NULL, *teletext = NULL;
	while (psi_next_descriptor(&descriptors, &desc)) {
		read_descriptor(&track, desc);
		if (desc_get_tag(desc) == TAG_SUBTITLING)
			subtitles = desc;
		else if (desc_get_tag(desc) == TAG_TELETEXT)
			teletext = desc;
	}
	programme->conditional_access |= track.conditional_access;
	size_t before = programme->n_tracks;
	if (subtitles && track.kind == STREAM_OTHER)
		add_subtitles(programme, track, subtitles);
	if (teletext && track.kind == STREAM_OTHER)
		add_teletext(programme, track, teletext);
	if (programme->n_tracks > before)
		return;
	/* Teletext without subtitles, or a descriptor that names no page. */
	if (track.kind == STREAM_OTHER && (teletext || subtitles)) {
		track.kind = teletext ? STREAM_TELETEXT : STREAM_SUBTITLE;
		track.codec = teletext ? STREAM_CODEC_TELETEXT : STREAM_CODEC_DVB_SUBTITLE;
	}
	add_track(programme, &track);
}

void programme_read(const struct psi_pmt *pmt, uint16_t pmt_pid, struct stream_programme *ret)
{
	*ret = (struct stream_programme){.number = pmt->programme,
		.pmt_pid = pmt_pid,
		.pcr_pid = pmt->pcr_pid,
		.version = pmt->version};
	struct psi_descriptors descriptors = pmt->descriptors;
	const uint8_t *desc;
	while (psi_next_descriptor(&descriptors, &desc))
		ret->conditional_access |= desc_get_tag(desc) == TAG_CA;
	for (size_t i = 0; i < pmt->n; i++)
		add_stream(ret, track_of_type(pmt->streams[i].stream_type, pmt->streams[i].pid),
			pmt->streams[i].descriptors);
}

bool programme_has_media(const struct stream_programme *programme)
{
	return programme_video(programme) || programme_audio(programme, NULL);
}

const struct stream_track *programme_video(const struct stream_programme *programme)
{
	const struct stream_track *found = NULL;
	for (size_t i = 0; i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (track->kind != STREAM_VIDEO)
			continue;
		if (track->codec != STREAM_CODEC_OTHER)
			return track;
		found = found ? found : track;
	}
	return found;
}

/* ISO 639-2 has two codes, B and T, for some; both are sent (EN 300 468 section 6.2.19). */
static const char TWICE[][2][4] = {{"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"},
	{"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"}, {"geo", "kat"},
	{"ger", "deu"}, {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"},
	{"may", "msa"}, {"per", "fas"}, {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"},
	{"wel", "cym"}};

static const char *one_code(const char *language)
{
	for (size_t i = 0; i < G_N_ELEMENTS(TWICE); i++) {
		if (g_ascii_strcasecmp(TWICE[i][0], language) == 0)
			return TWICE[i][1];
	}
	return language;
}

bool programme_same_language(const char *a, const char *b)
{
	return g_ascii_strcasecmp(one_code(a), one_code(b)) == 0;
}

static size_t language_rank(const struct stream_track *track, const struct programme_wishes *wishes)
{
	size_t n = wishes ? wishes->n_languages : 0;
	for (size_t i = 0; i < n; i++) {
		if (programme_same_language(wishes->languages[i], track->language))
			return i;
	}
	return n;
}

static bool is_for_impaired(const struct stream_track *track)
{
	return track->audio_type == STREAM_AUDIO_HEARING_IMPAIRED ||
	       track->audio_type == STREAM_AUDIO_VISUAL_COMMENTARY;
}

/* The lower, the better; one that cannot be played is the last resort. */
static size_t audio_rank(const struct stream_track *track, const struct programme_wishes *wishes)
{
	size_t rank = language_rank(track, wishes) * 2 + is_for_impaired(track);
	if (wishes && wishes->audio_pid == track->pid)
		rank = 0;
	else
		rank++;
	return track->codec == STREAM_CODEC_OTHER ? SIZE_MAX : rank;
}

const struct stream_track *programme_audio(
	const struct stream_programme *programme, const struct programme_wishes *wishes)
{
	const struct stream_track *found = NULL;
	for (size_t i = 0; i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (track->kind != STREAM_AUDIO)
			continue;
		if (!found || audio_rank(track, wishes) < audio_rank(found, wishes))
			found = track;
	}
	return found;
}

bool programme_is_subtitle(const struct stream_track *track, const struct programme_wishes *wishes)
{
	bool is_text = track->kind == STREAM_SUBTITLE || track->kind == STREAM_TELETEXT;
	return is_text && wishes->subtitle_pid && track->pid == wishes->subtitle_pid &&
	       track->page == wishes->subtitle_page;
}
