#include "tests/lab/feed.h"

#include <errno.h>
#include <string.h>

#include <bitstream/ietf/rtp.h>
#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <glib.h>

enum { MAX_PID = 0x1FFF, PADDING_PID = 0x1FFF };

struct feed {
	GMappedFile *file;
	const uint8_t *bytes;
	uint64_t packets;
	uint64_t loop_90k;
	uint16_t pmt_pid;
	uint8_t counter_step[MAX_PID + 1]; /* packets with payload of a PID in a loop, modulo 16 */
	bool elementary[MAX_PID + 1];	   /* the PIDs that the PMT names */
};

/* The section that begins in a packet, whole; NULL when there is none. */
static uint8_t *whole_section(uint8_t *packet)
{
	if (!ts_get_unitstart(packet) || !ts_has_payload(packet) || ts_has_adaptation(packet))
		return NULL;
	uint8_t *section = ts_next_section(packet);
	if (section + PSI_HEADER_SIZE_SYNTAX1 > packet + TS_SIZE ||
		section + PSI_HEADER_SIZE + psi_get_length(section) > packet + TS_SIZE ||
		!psi_validate(section))
		return NULL;
	return section;
}

static bool read_pat(struct feed *feed, uint8_t *packet)
{
	uint8_t *section = whole_section(packet);
	if (!section || !pat_validate(section) || !pat_get_program(section, 0))
		return false;
	feed->pmt_pid = patn_get_pid(pat_get_program(section, 0));
	return true;
}

static bool read_pmt(struct feed *feed, uint8_t *packet)
{
	uint8_t *section = whole_section(packet);
	if (!section || !pmt_validate(section))
		return false;
	uint8_t *entry;
	for (uint8_t i = 0; (entry = pmt_get_es(section, i)); i++)
		feed->elementary[pmtn_get_pid(entry)] = true;
	return true;
}

/* mux.h begins its files with PAT and PMT. */
static bool read_tables(struct feed *feed)
{
	uint8_t packets[2][TS_SIZE];
	memcpy(packets, feed->bytes, sizeof packets);
	return read_pat(feed, packets[0]) && ts_get_pid(packets[1]) == feed->pmt_pid &&
	       read_pmt(feed, packets[1]);
}

static int scan(struct feed *feed)
{
	gsize size = g_mapped_file_get_length(feed->file);
	feed->bytes = (const uint8_t *)g_mapped_file_get_contents(feed->file);
	feed->packets = size / LAB_PACKET_PAYLOAD;
	if (!feed->packets || size % LAB_PACKET_PAYLOAD || !read_tables(feed))
		return -EBADMSG;
	feed->loop_90k = feed->packets * LAB_PTS_HZ / LAB_PACKETS_PER_S;
	for (gsize at = 0; at < size; at += TS_SIZE) {
		const uint8_t *packet = feed->bytes + at;
		if (!ts_validate(packet))
			return -EBADMSG;
		if (ts_has_payload(packet) && ts_get_pid(packet) != PADDING_PID)
			feed->counter_step[ts_get_pid(packet)]++;
	}
	return 0;
}

int feed_open(const char *ts_path, struct feed **ret)
{
	struct feed *feed = g_new0(struct feed, 1);
	errno = 0;
	feed->file = g_mapped_file_new(ts_path, FALSE, NULL);
	int error = feed->file ? scan(feed) : errno ? -errno : -EIO;
	if (error) {
		feed_close(feed);
		return error;
	}
	*ret = feed;
	return 0;
}

void feed_close(struct feed *feed)
{
	if (!feed)
		return;
	if (feed->file)
		g_mapped_file_unref(feed->file);
	g_free(feed);
}

uint64_t feed_packets(const struct feed *feed)
{
	return feed->packets;
}

/* PCR_base, PTS and DTS have 33 bits. */
static uint64_t later_90k(uint64_t time_90k, uint64_t shift_90k)
{
	return (time_90k + shift_90k) & ((UINT64_C(1) << 33) - 1);
}

static void patch_pcr(uint8_t *packet, uint64_t shift_90k)
{
	if (!ts_has_adaptation(packet) || ts_get_adaptation(packet) == 0 || !tsaf_has_pcr(packet))
		return;
	uint16_t extension = (uint16_t)tsaf_get_pcrext(packet);
	tsaf_set_pcr(packet, later_90k(tsaf_get_pcr(packet), shift_90k));
	tsaf_set_pcrext(packet, extension);
}

/* mux.h puts the whole PES header into the unit's first packet. */
static void patch_pes(uint8_t *packet, uint64_t shift_90k)
{
	uint8_t *pes = ts_payload(packet);
	if (!ts_get_unitstart(packet) || pes + PES_HEADER_SIZE_PTSDTS > packet + TS_SIZE)
		return;
	bool has_dts = pes_has_dts(pes);
	uint64_t dts_90k = has_dts ? later_90k(pes_get_dts(pes), shift_90k) : 0;
	if (pes_has_pts(pes))
		pes_set_pts(pes, later_90k(pes_get_pts(pes), shift_90k));
	if (has_dts)
		pes_set_dts(pes, dts_90k);
}

static uint16_t mapped_pid(const struct feed_map *map, uint16_t pid)
{
	return map->other_pids ? pid + FEED_PID_SHIFT : pid;
}

static void patch_pmt(uint8_t *packet, struct feed_map *map)
{
	uint8_t *section = whole_section(packet), *entry;
	if (!section)
		return;
	for (; map->changes_due; map->changes_due--) {
		map->version = (map->version + 1) & 31;
		map->other_pids = !map->other_pids;
	}
	psi_set_version(section, map->version);
	psi_set_current(section); /* psi_set_version clears it */
	pmt_set_pcrpid(section, mapped_pid(map, pmt_get_pcrpid(section)));
	for (uint8_t i = 0; (entry = pmt_get_es(section, i)); i++)
		pmtn_set_pid(entry, mapped_pid(map, pmtn_get_pid(entry)));
	psi_set_crc(section);
}

static void patch_packet(const struct feed *feed, const struct feed_line *line, uint64_t loop,
	struct feed_map *map, uint8_t *packet)
{
	uint16_t pid = ts_get_pid(packet);
	if (pid == PADDING_PID)
		return;
	uint64_t shift_90k = line->clock_start_90k + loop * feed->loop_90k;
	ts_set_cc(packet, (uint8_t)(ts_get_cc(packet) + loop * feed->counter_step[pid]) & 15);
	if (pid == feed->pmt_pid)
		patch_pmt(packet, map);
	if (!feed->elementary[pid])
		return;
	patch_pcr(packet, shift_90k);
	patch_pes(packet, shift_90k);
	ts_set_pid(packet, mapped_pid(map, pid));
}

void feed_packet(const struct feed *feed, const struct feed_line *line, uint64_t n,
	struct feed_map *map, uint8_t ret[FEED_PACKET_BYTES])
{
	uint64_t loop = n / feed->packets, at = n % feed->packets;
	memset(ret, 0, RTP_HEADER_SIZE);
	rtp_set_hdr(ret);
	rtp_set_type(ret, RTP_TYPE_TS);
	rtp_set_seqnum(ret, (uint16_t)(line->sequence_start + n));
	rtp_set_timestamp(ret, (uint32_t)(line->rtp_start + n * LAB_PTS_HZ / LAB_PACKETS_PER_S));
	rtp_set_int_ssrc(ret, line->ssrc);
	uint8_t *packets = ret + RTP_HEADER_SIZE;
	memcpy(packets, feed->bytes + at * LAB_PACKET_PAYLOAD, LAB_PACKET_PAYLOAD);
	for (int i = 0; i < LAB_TS_PER_PACKET; i++)
		patch_packet(feed, line, loop, map, packets + i * TS_SIZE);
}
