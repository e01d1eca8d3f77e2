/* channels/sdp_media: from an m= of a session description to multicast addresses. Pure. */
#pragma once

#include "channels/address.h"
#include "channels/sdp.h"

/* What may be said of the session or of one media; NULL: not said. */
struct sdp_scope {
	char *connection; /* value of c= */
	char *filters;	  /* values of a=source-filter:, with a line feed between them */
	char *rtpmaps;	  /* of a=rtpmap:, too */
	char *language;
	char *title;
};

struct sdp_media {
	bool audio;
	char *line; /* value of m= */
	struct sdp_scope scope;
};

/* Takes what follows "a="; other attributes say nothing. */
void sdp_scope_attribute(struct sdp_scope *scope, const char *value);
void sdp_scope_clear(struct sdp_scope *scope);

/* Takes what follows "m="; what is wrong with it comes out below. */
void sdp_media_parse(struct sdp_media *media, const char *value);
void sdp_media_clear(struct sdp_media *media);

/*
 * Writes one address for each sender (or one of any source) to ret[0..SDP_SENDERS) and returns how
 * many. 0: it cannot be received, and *ret_why (freed with g_free()) says why. *ret_note is a
 * sentence where something of it is left out, and untouched otherwise.
 */
size_t sdp_media_addresses(const struct sdp_media *media, const struct sdp_scope *session,
	struct channel_address *ret, char **ret_why, const char **ret_note);
