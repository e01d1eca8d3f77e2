/* channels/m3u_header: what an #EXTM3U line says. Pure. */
#pragma once

struct m3u_header_sink {
	void (*guide)(void *ctx, const char *url);  /* of an XMLTV file */
	void (*unused)(void *ctx, const char *key); /* an attribute that zapper has no use for */
	void *ctx;
};

/*
 * Takes `text` (after "#EXTM3U", UTF-8, no control characters) apart in place. Guides are the URLs
 * of x-tvg-url, url-tvg and tvg-url: a list by commas, in which another such attribute may be
 * nested.
 */
void m3u_header_parse(char *text, const struct m3u_header_sink *sink);
