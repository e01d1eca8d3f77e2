#include "tests/system/support/rapscan.h"

enum { RTP_HEADER_BYTES = 12, TS_BYTES = 188, NAL_SPS = 7 };

/* Whether a NAL unit of this type begins in the first packet of a unit, where its headers are. */
static bool has_sps(const uint8_t *bytes, const uint8_t *end)
{
	for (; bytes + 3 < end; bytes++)
		if (!bytes[0] && !bytes[1] && bytes[2] == 1 && (bytes[3] & 0x1f) == NAL_SPS)
			return true;
	return false;
}

static const uint8_t *payload_of(const uint8_t *ts)
{
	if (!(ts[3] & 0x10))
		return ts + TS_BYTES;
	return ts[3] & 0x20 ? ts + 5 + ts[4] : ts + 4;
}

static void begin_unit(
	struct rapscan *scan, const uint8_t *payload, const uint8_t *end, uint64_t at_ns)
{
	if (scan->in_rap) {
		scan->rap_complete_ns = scan->last_ns;
		scan->in_rap = false;
	} else if (!scan->rap_ns && has_sps(payload, end)) {
		scan->rap_ns = at_ns;
		scan->in_rap = true;
	}
}

static void take_ts(struct rapscan *scan, const uint8_t *ts, uint64_t at_ns)
{
	uint16_t pid = (uint16_t)((ts[1] & 0x1f) << 8 | ts[2]);
	const uint8_t *payload = payload_of(ts), *end = ts + TS_BYTES;
	bool begins = ts[1] & 0x40;
	/* A PES packet of a video stream: start code 00 00 01, stream_id 1110 xxxx. */
	bool is_video = begins && payload + 4 < end && !payload[0] && !payload[1] &&
			payload[2] == 1 && (payload[3] & 0xf0) == 0xe0;
	if (is_video && !scan->video_pid)
		scan->video_pid = pid;
	if (!scan->video_pid || pid != scan->video_pid || payload >= end)
		return;
	if (begins)
		begin_unit(scan, payload, end, at_ns);
	scan->last_ns = at_ns;
}

bool rapscan_take(struct rapscan *scan, const uint8_t *rtp, size_t len, uint64_t at_ns)
{
	if (!scan->first_ns)
		scan->first_ns = at_ns;
	for (size_t at = RTP_HEADER_BYTES; at + TS_BYTES <= len && !scan->rap_complete_ns;
		at += TS_BYTES)
		take_ts(scan, rtp + at, at_ns);
	return scan->rap_complete_ns;
}
