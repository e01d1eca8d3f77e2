/* play/codec: what GStreamer calls a codec, and which Debian package decodes it. */
#pragma once

#include "client/play/play.h"

struct codec {
	enum play_kind kind;
	const char *name;
	/*
	 * One buffer is one access unit: where the caps do not say alignment=au or framed=true, a
	 * parser waits for the next one to see where this one ends.
	 */
	const char *caps;
	const char *parsed_caps;    /* what a parser makes of it, for what decodes nothing else */
	bool layers;		    /* a decoder has to take all that the caps stand for */
	const char *parser_package; /* NULL: no parser is needed */
	const char *decoder_package;
};

/* NULL for PLAY_CODEC_NONE, and what is no codec. */
const struct codec *codec_get(enum play_codec codec);
