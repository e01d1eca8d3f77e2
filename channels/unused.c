#include "channels/unused.h"

static const char *const names[UNUSED_KINDS] = {
	[UNUSED_FEC] = "forward error correction",
	[UNUSED_FCC] = "a server of fast channel change",
	[UNUSED_RETRANSMISSION] = "a server of retransmission",
	[UNUSED_HTTP] = "an address over HTTP",
};

void unused_note(struct unused *unused, const struct channel_entry *entry)
{
	const struct channel_source *source = &entry->source;
	const bool has[UNUSED_KINDS] = {
		[UNUSED_FEC] = source->fec.port,
		[UNUSED_FCC] = source->fcc.port,
		[UNUSED_RETRANSMISSION] = source->retransmission.port,
		[UNUSED_HTTP] = *source->http,
	};
	for (size_t i = 0; i < UNUSED_KINDS; i++) {
		if (has[i] && !unused->kinds[i].count)
			unused->kinds[i].line = entry->line;
		unused->kinds[i].count += has[i];
	}
}

void unused_report(
	const struct unused *unused, const char *file, const struct channel_report *report)
{
	for (size_t i = 0; i < UNUSED_KINDS; i++) {
		size_t count = unused->kinds[i].count;
		if (count)
			channel_warn(report, file, unused->kinds[i].line, CHANNEL_KEPT,
				"%zu %s with %s, of which this is the first; that is kept in the "
				"line-up, but zapper does not use it yet",
				count, count == 1 ? "address comes" : "addresses come", names[i]);
	}
}
