#include "client/app/faults.h"

#include <glib.h>
#include <string.h>

static const char *const names[FAULT_KINDS] = {
	[FAULT_LOST] = "packets lost",
	[FAULT_FOREIGN] = "packets of another sender on its group, ignored",
	[FAULT_RESTART] = "times that another sender took over",
	[FAULT_OTHER_PAYLOAD] = "RTP packets of another payload",
	[FAULT_NOT_TS] = "datagrams that are no transport stream",
	[FAULT_SYNC] = "transport packets that are cut or have no sync byte",
	[FAULT_CONTINUITY] = "breaks in the transport stream",
	[FAULT_CRC] = "tables with a wrong checksum",
	[FAULT_PAT] = "times without a PAT",
	[FAULT_PMT] = "times without a PMT that the PAT names",
};

static void count(uint64_t ret[FAULT_KINDS], const struct stream_counters *stream,
	const struct tr101290_counters *tables)
{
	ret[FAULT_LOST] = stream->rtp_lost;
	ret[FAULT_FOREIGN] = stream->rtp_foreign + stream->foreign_source;
	ret[FAULT_RESTART] = stream->rtp_restarts;
	ret[FAULT_OTHER_PAYLOAD] = stream->rtp_other_payload;
	ret[FAULT_NOT_TS] = stream->not_ts;
	ret[FAULT_SYNC] = stream->ts_sync_lost;
	ret[FAULT_CONTINUITY] = stream->ts_continuity;
	ret[FAULT_CRC] = stream->psi_crc;
	ret[FAULT_PAT] = tables->pat;
	ret[FAULT_PMT] = tables->pmt;
}

char *faults_look(struct faults *faults, uint64_t n, const struct stream_counters *stream,
	const struct tr101290_counters *tables)
{
	GString *sentence = g_string_new(NULL);
	uint64_t now[FAULT_KINDS];
	count(now, stream, tables);
	if (n != faults->n)
		*faults = (struct faults){.n = n};
	for (int i = 0; i < FAULT_KINDS; i++) {
		uint64_t grown = now[i] > faults->seen[i] ? now[i] - faults->seen[i] : 0;
		/* Where packets were lost, the stream has a break: that is one fault. */
		bool implied = i == FAULT_CONTINUITY &&
			       (now[FAULT_LOST] > faults->seen[FAULT_LOST] ||
				       now[FAULT_RESTART] > faults->seen[FAULT_RESTART]);
		if (!grown || implied || faults->said[i])
			continue;
		faults->said[i] = true;
		g_string_append_printf(sentence, "%s%s (%" G_GUINT64_FORMAT ")",
			sentence->len ? ", " : "", names[i], grown);
	}
	memcpy(faults->seen, now, sizeof now);
	return g_string_free(sentence, !sentence->len);
}
