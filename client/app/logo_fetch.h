/* app/logo_fetch: a logo from the network, for a thread that may wait for it. */
#pragma once

#include <glib.h>

/*
 * Gets what an address of http or https names, up to max_bytes of it, in some seconds at most. To
 * be freed with g_byte_array_unref(). -ECANCELED as soon as *cancelled is set (atomically), -EFBIG
 * more than max_bytes, -EIO anything else, with *ret_why, the end of a sentence, freed with
 * g_free().
 */
int logo_fetch(
	const char *uri, size_t max_bytes, const gint *cancelled, GByteArray **ret, char **ret_why);
