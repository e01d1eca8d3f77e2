/* channels/language: languages by their codes, of which guides, streams and users have three. Pure.
 */
#pragma once

#include <stdbool.h>

/*
 * Whether both mean the same language: by their first subtags ("de-AT", "de_AT" and "de" are the
 * same, RFC 5646), in any case, where the two letters of ISO 639-1 are as good as either code of
 * ISO 639-2: "de", "deu" and "ger". An empty one is no language.
 */
bool channel_same_language(const char *a, const char *b);
