/*
 * receive/programme: what a PMT says as a list of tracks (ISO/IEC 13818-1 sections 2.4.4.8 and 2.6,
 * ETSI EN 300 468 section 6.2 and annex D), and which of them is played. Pure.
 */
#pragma once

#include "client/receive/psi.h"
#include "client/receive/stream.h"

/* `pmt` with its descriptors still there. */
void programme_read(const struct psi_pmt *pmt, uint16_t pmt_pid, struct stream_programme *ret);

/* Has it anything to play? */
bool programme_has_media(const struct stream_programme *programme);

#define PROGRAMME_LANGUAGES_MAX 8

/* Zeroed: nothing is wished for. */
struct programme_wishes {
	uint16_t audio_pid;    /* 0: by language */
	uint16_t subtitle_pid; /* of subtitles or teletext, with their page; 0: none */
	uint16_t subtitle_page;
	size_t n_languages;
	char languages[PROGRAMME_LANGUAGES_MAX][4];
};

/*
 * The first video of a codec that units are made of, and the audio that is wished for; one of
 * another codec where there is no better; NULL: there is none.
 */
const struct stream_track *programme_video(const struct stream_programme *programme);
const struct stream_track *programme_audio(
	const struct stream_programme *programme, const struct programme_wishes *wishes);

/* Are these the subtitles, or is this the page of teletext, that is wished for? */
bool programme_is_subtitle(const struct stream_track *track, const struct programme_wishes *wishes);

/* ISO 639-2: "deu" is "ger"; in any case. */
bool programme_same_language(const char *a, const char *b);
