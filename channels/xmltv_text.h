/* channels/xmltv_text: what the texts of a guide in XMLTV mean. Pure. */
#pragma once

#include <glib.h>
#include <stdint.h>

/*
 * Reads "YYYYMMDD[hh[mm[ss]]]", with " +HHMM", " +HH:MM", " Z" or the name of a usual zone ("CET")
 * behind it, without one as UTC, to seconds of UTC since 1970. -EINVAL (*ret is untouched) where it
 * is anything else.
 */
int xmltv_time_parse(const char *text, int64_t *ret);

/*
 * Writes "S2 E5" for xmltv_ns's "1.4.", which counts from 0 ("1.4/10.0/2": of how many, parts);
 * "" where it says neither.
 */
void xmltv_episode_format(const char *text, GString *ret);

/*
 * How well `language` ("de-AT") fits the wishes, by channels/language.h: their index, or their
 * number for none of them.
 */
size_t xmltv_language_rank(const char *language, const char *const *wishes);
