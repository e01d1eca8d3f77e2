/* channels/format: the formats of lists, and of guides. */
#pragma once

enum channel_format {
	CHANNEL_FORMAT_AUTO, /* find out by the content */
	CHANNEL_FORMAT_M3U,
	CHANNEL_FORMAT_XSPF,
	CHANNEL_FORMAT_SDP,
	CHANNEL_FORMAT_SDS,
	CHANNEL_FORMAT_ENIGMA2,
	CHANNEL_FORMAT_TXT,
	CHANNEL_FORMAT_JSON,
	CHANNEL_FORMAT_CSV,
	CHANNEL_FORMAT_XMLTV, /* a guide */
};

/* How much of a list's start tells its format, unless the list is shorter. */
#define CHANNEL_FORMAT_HEAD_BYTES 4096
