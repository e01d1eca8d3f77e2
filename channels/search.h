/* channels/search: channels by what a user remembers of them. Pure. */
#pragma once

#include "channels/lineup.h"

/* As words are compared: without case and accents, ligatures and wide letters as plain ones. Freed
 * with g_free(). */
char *channel_fold(const char *text);

/*
 * The channels for which each of the words (NULL-terminated) stands somewhere in the name or in a
 * bouquet, or is the number ("5" is also that of 5.1); all of them without words. In the same
 * order, in an array that is freed with g_free(); all else belongs to `list`.
 */
struct channel_list channel_search(const struct channel_list *list, const char *const *words);

/*
 * The channel that the words name, where there is one: by its number, else all those with that very
 * name (the words with spaces between them). Else as channel_search().
 */
struct channel_list channel_pick(const struct channel_list *list, const char *const *words);
