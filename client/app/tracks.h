/* app/tracks: what a channel holds, and which of its sounds is heard, as JSON for `ctl`. */
#pragma once

#include <jansson.h>

#include "client/receive/stream.h"

/* "h264", "aac-latm", ...; "none". */
const char *tracks_codec_name(enum stream_codec codec);
/* The other way; STREAM_CODEC_NONE for what is no codec's name. */
enum stream_codec tracks_codec_named(const char *name);

/*
 * Why a programme with these codecs cannot be played, as the end of a sentence; NULL where it can,
 * or where it is not for the codecs. A picture without sound is better than none.
 */
const char *tracks_trouble(enum stream_codec video, enum stream_codec audio);

/*
 * {"programme":1,"tracks":[{"pid":256,"kind":"video","codec":"h264","language":"","chosen":true,
 * ...}, ...]}; programme is null and the list empty while the stream (NULL: none) has not said.
 */
json_t *tracks_json(const struct stream *stream);

/*
 * Chooses subtitles, or a page of teletext, by their PID or language, those not for the hard of
 * hearing first; "off": none. *ret_drawn says whether they will be seen: none are so far, but "off"
 * is as wanted. -ENOENT: there are none such, and *ret_drawn is untouched.
 */
int tracks_choose_subtitle(struct stream *stream, const char *wanted, bool *ret_drawn);

/*
 * Hears the audio track with this PID ("258", "0x102"), or the best one in this language ("ger"),
 * or
 * ("auto") what the settings say, as long as the channel is received. -ENOENT: there is none such.
 */
int tracks_choose_audio(struct stream *stream, const char *wanted, const char *const *languages);
