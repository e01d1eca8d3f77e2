#include "tests/support/ts_writer.h"

#include <bitstream/ietf/rtp.h>
#include <bitstream/mpeg/aac.h>
#include <bitstream/mpeg/h264.h>
#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/psi.h>
#include <string.h>

void ts_writer_init(struct ts_writer *w)
{
	*w = (struct ts_writer){
		.programme = 1,
		.pmt_pid = 0x100,
		.pcr_pid = 0x101,
		.video_pid = 0x101,
		.audio_pid = 0x102,
		.video_type = PMT_STREAMTYPE_VIDEO_AVC,
		.audio_type = PMT_STREAMTYPE_AUDIO_ADTS,
		.ssrc = 0x12345678,
		.ts = g_byte_array_new(),
	};
}

void ts_writer_clear(struct ts_writer *w)
{
	g_byte_array_unref(w->ts);
	w->ts = NULL;
}

/* A packet with an adaptation field of `af_len` bytes behind its length (-1: none). */
static uint8_t *put_packet(struct ts_writer *w, uint16_t pid, int af_len)
{
	guint offset = w->ts->len;
	g_byte_array_set_size(w->ts, offset + TS_SIZE);
	uint8_t *ts = w->ts->data + offset;
	memset(ts, 0xff, TS_SIZE);
	ts_init(ts);
	ts_set_pid(ts, pid);
	if (af_len >= 0)
		ts_set_adaptation(ts, (uint8_t)af_len);
	return ts;
}

static void count_payload(struct ts_writer *w, uint8_t *ts, uint16_t pid)
{
	ts_set_payload(ts);
	ts_set_cc(ts, w->counters[pid]);
	w->counters[pid] = (w->counters[pid] + 1) & 0xf;
}

void ts_writer_section(struct ts_writer *w, uint16_t pid, const uint8_t *section, size_t len)
{
	for (size_t offset = 0; offset == 0 || offset < len;) {
		uint8_t *ts = put_packet(w, pid, -1);
		count_payload(w, ts, pid);
		size_t header = TS_HEADER_SIZE;
		if (offset == 0) {
			ts_set_unitstart(ts);
			ts[header++] = 0; /* pointer_field */
		}
		size_t n = MIN(TS_SIZE - header, len - offset);
		memcpy(ts + header, section + offset, n);
		offset += n;
	}
}

void ts_writer_pat(struct ts_writer *w)
{
	PSI_DECLARE(pat);
	pat_init(pat);
	pat_set_length(pat, PAT_PROGRAM_SIZE);
	pat_set_tsid(pat, 1);
	psi_set_version(pat, w->pat_version);
	psi_set_current(pat);
	psi_set_section(pat, 0);
	psi_set_lastsection(pat, 0);
	uint8_t *programme = pat_get_program(pat, 0);
	patn_init(programme);
	patn_set_program(programme, w->programme);
	patn_set_pid(programme, w->pmt_pid);
	psi_set_crc(pat);
	ts_writer_section(w, PAT_PID, pat, PSI_HEADER_SIZE + (size_t)psi_get_length(pat));
}

static size_t put_stream(uint8_t *p, uint8_t type, uint16_t pid)
{
	if (type == 0)
		return 0;
	pmtn_init(p);
	pmtn_set_streamtype(p, type);
	pmtn_set_pid(p, pid);
	pmtn_set_desclength(p, 0);
	return PMT_ES_SIZE;
}

void ts_writer_pmt(struct ts_writer *w)
{
	PSI_DECLARE(pmt);
	memset(pmt, 0, sizeof(pmt));
	pmt_init(pmt);
	pmt_set_program(pmt, w->programme);
	psi_set_version(pmt, w->pmt_version);
	psi_set_current(pmt);
	pmt_set_pcrpid(pmt, w->pcr_pid);
	pmt_set_desclength(pmt, 0);
	size_t n = put_stream(pmt + PMT_HEADER_SIZE, w->video_type, w->video_pid);
	n += put_stream(pmt + PMT_HEADER_SIZE + n, w->audio_type, w->audio_pid);
	pmt_set_length(pmt, (uint16_t)n);
	psi_set_crc(pmt);
	ts_writer_section(w, w->pmt_pid, pmt, PSI_HEADER_SIZE + (size_t)psi_get_length(pmt));
}

void ts_writer_pcr(struct ts_writer *w, uint64_t pcr_27mhz, bool discontinuity)
{
	uint8_t *ts = put_packet(w, w->pcr_pid, TS_SIZE - TS_HEADER_SIZE - 1);
	ts_set_cc(ts, (w->counters[w->pcr_pid] + 15) & 0xf); /* without payload it stays */
	tsaf_set_pcr(ts, pcr_27mhz / 300 % (UINT64_C(1) << 33));
	tsaf_set_pcrext(ts, pcr_27mhz % 300);
	if (discontinuity)
		tsaf_set_discontinuity(ts);
}

static size_t put_pes_header(uint8_t *header, const struct ts_writer_pes *pes)
{
	bool has_pts = pes->pts_90khz != TS_WRITER_NO_TIME;
	bool has_dts = pes->dts_90khz != TS_WRITER_NO_TIME;
	uint8_t optional = has_dts ? 10 : has_pts ? 5 : 0;

	pes_init(header);
	pes_set_streamid(header, pes->stream_id);
	pes_set_headerlength(header, optional);
	pes_set_dataalignment(header);
	if (has_pts)
		pes_set_pts(header, pes->pts_90khz % (UINT64_C(1) << 33));
	if (has_dts)
		pes_set_dts(header, pes->dts_90khz % (UINT64_C(1) << 33));
	size_t len = PES_HEADER_SIZE_NOPTS + (size_t)optional;
	pes_set_length(header, pes->bounded ? (uint16_t)(len - PES_HEADER_SIZE + pes->len) : 0);
	return len;
}

/* As muxers do: stuffing in the last packet only. */
void ts_writer_pes(struct ts_writer *w, const struct ts_writer_pes *pes)
{
	uint8_t header[PES_HEADER_SIZE_PTSDTS];
	GByteArray *all = g_byte_array_new();
	size_t header_len = put_pes_header(header, pes);
	g_byte_array_append(all, header, (guint)header_len);
	g_byte_array_append(all, pes->data, (guint)pes->len);

	for (guint offset = 0; offset < all->len;) {
		bool first = offset == 0;
		size_t room = TS_SIZE - TS_HEADER_SIZE;
		int af_len = first && pes->random_access ? 1 : -1;
		if (af_len > 0)
			room -= 2;
		size_t n = MIN(room, all->len - offset);
		if (n < room)
			af_len = (int)(TS_SIZE - TS_HEADER_SIZE - 1 - n);
		uint8_t *ts = put_packet(w, pes->pid, af_len);
		count_payload(w, ts, pes->pid);
		if (first)
			ts_set_unitstart(ts);
		if (first && pes->random_access)
			tsaf_set_randomaccess(ts);
		memcpy(ts + TS_SIZE - n, all->data + offset, n);
		offset += (guint)n;
	}
	g_byte_array_unref(all);
}

size_t ts_writer_take_udp(struct ts_writer *w, uint8_t *ret)
{
	guint n = MIN(w->ts->len, 7 * TS_SIZE);
	if (n == 0)
		return 0;
	memcpy(ret, w->ts->data, n);
	g_byte_array_remove_range(w->ts, 0, n);
	return n;
}

size_t ts_writer_take_rtp(struct ts_writer *w, uint8_t *ret)
{
	size_t n = ts_writer_take_udp(w, ret + RTP_HEADER_SIZE);
	if (n == 0)
		return 0;
	rtp_set_hdr(ret);
	rtp_set_type(ret, RTP_TYPE_TS);
	rtp_set_seqnum(ret, w->sequence++);
	rtp_set_timestamp(ret, 0);
	const uint32_t ssrc = g_htonl(w->ssrc);
	rtp_set_ssrc(ret, (const uint8_t *)&ssrc);
	return RTP_HEADER_SIZE + n;
}

static void put_nal(GByteArray *unit, uint8_t header, const uint8_t *body, size_t len)
{
	const uint8_t start[] = {0, 0, 0, 1, header};
	g_byte_array_append(unit, start, sizeof(start));
	g_byte_array_append(unit, body, (guint)len);
}

GByteArray *ts_writer_h264(enum ts_writer_picture picture, size_t len, uint8_t fill)
{
	static const uint8_t aud[] = {0xf0}, sps[] = {0x64, 0x00, 0x1f, 0xac}, pps[] = {0xee, 0x3c};
	/* Type 6, one byte: recovery_frame_cnt 0 and flags; then the trailing bits. */
	static const uint8_t sei[] = {0x06, 0x01, 0xc4, 0x80};
	/* first_mb_in_slice 0; slice_type 7 (I) is 0001000, 5 (P) is 00110. */
	static const uint8_t intra[] = {0x88}, inter[] = {0x9a};
	GByteArray *unit = g_byte_array_new();
	GByteArray *slice = g_byte_array_new();

	bool is_idr = picture == TS_WRITER_IDR || picture == TS_WRITER_BARE_IDR;
	bool is_intra = is_idr || picture == TS_WRITER_INTRA;
	g_byte_array_append(slice, is_intra ? intra : inter, 1);
	g_byte_array_set_size(slice, (guint)len + 1);
	memset(slice->data + 1, fill, len);

	put_nal(unit, H264NAL_TYPE_AUD, aud, sizeof(aud));
	if (picture != TS_WRITER_P && picture != TS_WRITER_BARE_IDR) {
		put_nal(unit, 0x60 | H264NAL_TYPE_SPS, sps, sizeof(sps));
		put_nal(unit, 0x60 | H264NAL_TYPE_PPS, pps, sizeof(pps));
	}
	if (picture == TS_WRITER_RECOVERY)
		put_nal(unit, H264NAL_TYPE_SEI, sei, sizeof(sei));
	put_nal(unit, 0x60 | (is_idr ? H264NAL_TYPE_IDR : H264NAL_TYPE_NONIDR), slice->data,
		slice->len);
	g_byte_array_unref(slice);
	return unit;
}

GByteArray *ts_writer_adts(size_t len, uint8_t fill)
{
	uint8_t header[ADTS_HEADER_SIZE];
	adts_set_sync(header);
	adts_set_profile(header, ADTS_PROFILE_LC);
	adts_set_sampling_freq(header, 3); /* 48 kHz */
	adts_set_channels(header, 2);
	adts_set_length(header, (uint16_t)(ADTS_HEADER_SIZE + len));
	adts_set_fullness(header, 0x7ff);
	adts_set_num_blocks(header, 0);

	GByteArray *frame = g_byte_array_new();
	g_byte_array_append(frame, header, sizeof(header));
	g_byte_array_set_size(frame, (guint)(sizeof(header) + len));
	memset(frame->data + sizeof(header), fill, len);
	return frame;
}
