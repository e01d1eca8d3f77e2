#include "tests/lab/mux.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>
#include <glib.h>

enum {
	PTS_HZ = 90000,
	PCR_HZ = 27000000,
	PCR_BYTE = 10, /* the one that holds the last bit of program_clock_reference_base */
	PCR_FIELD_BYTES = 8,
	TS_ROOM = TS_SIZE - TS_HEADER_SIZE,
};

/* Where a stream stands: in which unit of which loop, and how much of it is sent. */
struct cursor {
	uint64_t unit; /* counted through all loops */
	size_t sent;   /* bytes of its PES packet */
	size_t header_bytes;
	uint8_t header[PES_HEADER_SIZE_PTSDTS];
	uint8_t counter; /* the next continuity_counter */
};

struct mux {
	const struct mux_plan *plan;
	struct cursor *cursors;
	int64_t loop_90k;
	uint64_t slot; /* counted through all loops */
	uint64_t psi_due, pcr_due;
	bool pmt_due;
	uint8_t pat_counter, pmt_counter;
	uint8_t pat[TS_SIZE], pmt[TS_SIZE];
};

static const struct mux_unit *current_unit(const struct mux *mux, size_t stream)
{
	return &mux->plan->streams[stream]
			.units[mux->cursors[stream].unit % mux->plan->streams[stream].n_units];
}

/* What to add to the current unit's time stamps: the file is the second loop. */
static int64_t unit_shift_90k(const struct mux *mux, size_t stream)
{
	uint64_t loop = mux->cursors[stream].unit / mux->plan->streams[stream].n_units;
	return mux->plan->origin_90k + (int64_t)loop * mux->loop_90k;
}

static int64_t unit_pts_90k(const struct mux *mux, size_t stream)
{
	return current_unit(mux, stream)->pts_90k + unit_shift_90k(mux, stream);
}

/* The slot's time is at or after the given one, without rounding. */
static bool slot_reached(const struct mux *mux, int64_t time_90k)
{
	return (int64_t)mux->slot * PTS_HZ >= time_90k * (int64_t)mux->plan->packets_per_s;
}

static void put_section(uint8_t *packet, uint16_t pid, const uint8_t *section, size_t size)
{
	ts_pad(packet);
	ts_set_pid(packet, pid);
	ts_set_unitstart(packet);
	packet[TS_HEADER_SIZE] = 0; /* pointer_field */
	memcpy(packet + TS_HEADER_SIZE + 1, section, size);
}

static void make_pat(struct mux *mux)
{
	uint8_t section[PSI_MAX_SIZE + PSI_HEADER_SIZE];
	pat_init(section);
	pat_set_length(section, PAT_PROGRAM_SIZE);
	psi_set_tableidext(section, mux->plan->transport_stream_id);
	psi_set_version(section, 0);
	psi_set_current(section);
	psi_set_section(section, 0); /* pat_init leaves both as they were */
	psi_set_lastsection(section, 0);
	uint8_t *program = pat_get_program(section, 0);
	patn_init(program);
	patn_set_program(program, mux->plan->program);
	patn_set_pid(program, mux->plan->pmt_pid);
	psi_set_crc(section);
	put_section(mux->pat, PAT_PID, section, PSI_HEADER_SIZE + psi_get_length(section));
}

static int make_pmt(struct mux *mux)
{
	const struct mux_plan *plan = mux->plan;
	uint8_t section[PSI_MAX_SIZE + PSI_HEADER_SIZE];
	size_t loop_bytes = 0;
	for (size_t i = 0; i < plan->n_streams; i++)
		loop_bytes += PMT_ES_SIZE + plan->streams[i].descriptors_bytes;
	if (PMT_HEADER_SIZE + loop_bytes + PSI_CRC_SIZE > TS_ROOM - 1)
		return -EINVAL;
	pmt_init(section);
	pmt_set_length(section, (uint16_t)loop_bytes);
	pmt_set_program(section, plan->program);
	psi_set_version(section, 0);
	psi_set_current(section);
	pmt_set_pcrpid(section, plan->streams[plan->pcr_stream].pid);
	pmt_set_desclength(section, 0);
	uint8_t *entry = section + PMT_HEADER_SIZE;
	for (size_t i = 0; i < plan->n_streams; i++) {
		const struct mux_stream *stream = &plan->streams[i];
		pmtn_init(entry);
		pmtn_set_streamtype(entry, stream->stream_type);
		pmtn_set_pid(entry, stream->pid);
		pmtn_set_desclength(entry, (uint16_t)stream->descriptors_bytes);
		if (stream->descriptors_bytes)
			memcpy(entry + PMT_ES_SIZE, stream->descriptors, stream->descriptors_bytes);
		entry += PMT_ES_SIZE + stream->descriptors_bytes;
	}
	psi_set_crc(section);
	put_section(mux->pmt, plan->pmt_pid, section, PSI_HEADER_SIZE + psi_get_length(section));
	return 0;
}

static void begin_unit(struct mux *mux, size_t stream)
{
	const struct mux_unit *unit = current_unit(mux, stream);
	struct cursor *cursor = &mux->cursors[stream];
	bool has_dts = unit->dts_90k != unit->pts_90k;
	int64_t shift_90k = unit_shift_90k(mux, stream) - mux->loop_90k;
	uint8_t *header = cursor->header;
	cursor->header_bytes = has_dts ? PES_HEADER_SIZE_PTSDTS : PES_HEADER_SIZE_PTS;
	pes_init(header);
	pes_set_streamid(header, mux->plan->streams[stream].stream_id);
	pes_set_headerlength(header, (uint8_t)(cursor->header_bytes - PES_HEADER_SIZE_NOPTS));
	pes_set_dataalignment(header);
	pes_set_pts(header, (uint64_t)(unit->pts_90k + shift_90k));
	if (has_dts)
		pes_set_dts(header, (uint64_t)(unit->dts_90k + shift_90k));
	size_t length = cursor->header_bytes - PES_HEADER_SIZE + unit->size;
	pes_set_length(header, mux->plan->streams[stream].unbounded ? 0 : (uint16_t)length);
}

static void put_pcr(const struct mux *mux, uint8_t *packet)
{
	uint64_t slot = mux->slot % mux->plan->packets;
	uint64_t pcr = (slot * TS_SIZE + PCR_BYTE) * PCR_HZ / (TS_SIZE * mux->plan->packets_per_s);
	tsaf_set_pcr(packet, pcr / 300);
	tsaf_set_pcrext(packet, (uint16_t)(pcr % 300));
}

/* H.222.0, 2.4.3.3: the counter stands still in a packet without payload. */
static void put_pcr_alone(const struct mux *mux, size_t stream, uint8_t *packet)
{
	ts_init(packet);
	ts_set_pid(packet, mux->plan->streams[stream].pid);
	ts_set_cc(packet, (mux->cursors[stream].counter + 15) & 15);
	ts_set_adaptation(packet, TS_ROOM - 1);
	put_pcr(mux, packet);
}

/* Copies the next size bytes of the PES packet: the rest of its header, then the unit. */
static void copy_pes(struct mux *mux, size_t stream, uint8_t *out, size_t size)
{
	struct cursor *cursor = &mux->cursors[stream];
	size_t from_header = 0;
	if (cursor->sent < cursor->header_bytes) {
		from_header = MIN(size, cursor->header_bytes - cursor->sent);
		memcpy(out, cursor->header + cursor->sent, from_header);
		cursor->sent += from_header;
	}
	const uint8_t *bytes = mux->plan->streams[stream].bytes + current_unit(mux, stream)->offset;
	memcpy(out + from_header, bytes + cursor->sent - cursor->header_bytes, size - from_header);
	cursor->sent += size - from_header;
}

/* Sends one packet of the stream's current unit; the last one is filled up by its adaptation field.
 */
static int put_unit(struct mux *mux, size_t stream, bool with_pcr, uint8_t *packet)
{
	struct cursor *cursor = &mux->cursors[stream];
	const struct mux_unit *unit = current_unit(mux, stream);
	bool first = cursor->sent == 0, key = first && unit->random_access;
	if (first)
		begin_unit(mux, stream);
	size_t left = cursor->header_bytes + unit->size - cursor->sent;
	size_t field = with_pcr ? PCR_FIELD_BYTES : key ? 2 : 0;
	size_t room = TS_ROOM - field;
	if (left < room)
		field += room - left;
	ts_init(packet);
	ts_set_pid(packet, mux->plan->streams[stream].pid);
	ts_set_cc(packet, cursor->counter++ & 15);
	ts_set_payload(packet);
	if (first)
		ts_set_unitstart(packet);
	if (field)
		ts_set_adaptation(packet, (uint8_t)(field - 1));
	if (key)
		tsaf_set_randomaccess(packet);
	if (with_pcr)
		put_pcr(mux, packet);
	copy_pes(mux, stream, packet + TS_HEADER_SIZE + field, TS_ROOM - field);
	if (left > room)
		return 0;
	bool late = slot_reached(
		mux, unit_pts_90k(mux, stream) - mux->plan->streams[stream].margin_90k);
	cursor->unit++;
	cursor->sent = 0;
	return late ? -ENOSPC : 0;
}

static bool stream_ready(const struct mux *mux, size_t stream)
{
	return mux->cursors[stream].sent > 0 ||
	       slot_reached(mux, unit_pts_90k(mux, stream) - mux->plan->streams[stream].lead_90k);
}

static bool put_psi(struct mux *mux, uint8_t *packet)
{
	if (mux->pmt_due) {
		memcpy(packet, mux->pmt, TS_SIZE);
		ts_set_cc(packet, mux->pmt_counter++ & 15);
		mux->pmt_due = false;
		return true;
	}
	if (mux->slot < mux->psi_due)
		return false;
	memcpy(packet, mux->pat, TS_SIZE);
	ts_set_cc(packet, mux->pat_counter++ & 15);
	mux->psi_due += mux->plan->psi_interval;
	mux->pmt_due = true;
	return true;
}

/* The first stream that may be sent; with a PCR due only its own will do. n_streams when there is
 * none. */
static size_t pick_stream(const struct mux *mux, bool pcr_due)
{
	if (pcr_due)
		return stream_ready(mux, mux->plan->pcr_stream) ? mux->plan->pcr_stream
								: mux->plan->n_streams;
	size_t stream = 0;
	while (stream < mux->plan->n_streams && !stream_ready(mux, stream))
		stream++;
	return stream;
}

/* Fills one slot: PSI that is due, else a stream's next packet, else a PCR alone or nothing. */
static int put_packet(struct mux *mux, uint8_t *packet, struct mux_misfit *misfit)
{
	const struct mux_plan *plan = mux->plan;
	if (put_psi(mux, packet))
		return 0;
	bool pcr_due = mux->slot >= mux->pcr_due;
	size_t stream = pick_stream(mux, pcr_due);
	if (pcr_due)
		mux->pcr_due += plan->pcr_interval;
	if (stream == plan->n_streams) {
		if (pcr_due)
			put_pcr_alone(mux, plan->pcr_stream, packet);
		else
			ts_pad(packet);
		return 0;
	}
	/* A random access point begins with a PCR, so that a receiver can time it at once. */
	bool key_begins =
		mux->cursors[stream].sent == 0 && current_unit(mux, stream)->random_access;
	bool with_pcr = pcr_due || (key_begins && stream == plan->pcr_stream);
	*misfit = (struct mux_misfit){
		stream, mux->cursors[stream].unit % plan->streams[stream].n_units};
	return put_unit(mux, stream, with_pcr, packet);
}

static int run_loop(struct mux *mux, uint8_t *ret, struct mux_misfit *misfit)
{
	int error = 0;
	for (uint64_t i = 0; i < mux->plan->packets && !error; i++, mux->slot++)
		error = put_packet(mux, ret + i * TS_SIZE, misfit);
	return error;
}

static bool plan_valid(const struct mux_plan *plan)
{
	if (!plan->packets_per_s || !plan->packets || !plan->psi_interval || !plan->pcr_interval ||
		plan->pcr_stream >= plan->n_streams)
		return false;
	if (plan->packets * PTS_HZ % plan->packets_per_s || plan->packets % plan->psi_interval ||
		plan->packets % plan->pcr_interval)
		return false;
	for (size_t i = 0; i < plan->n_streams; i++) {
		const struct mux_stream *stream = &plan->streams[i];
		if (!stream->n_units)
			return false;
		for (size_t n = 0; n < stream->n_units; n++)
			if (!stream->unbounded &&
				stream->units[n].size > UINT16_MAX - PES_HEADER_SIZE_PTSDTS)
				return false;
	}
	return true;
}

/* The same place in the clip, one loop on: what follows will repeat. */
static bool loop_closes(const struct mux *mux, const struct cursor *before)
{
	for (size_t i = 0; i < mux->plan->n_streams; i++)
		if (mux->cursors[i].unit != before[i].unit + mux->plan->streams[i].n_units ||
			mux->cursors[i].sent != before[i].sent)
			return false;
	return true;
}

int mux_loop(const struct mux_plan *plan, uint8_t *ret, struct mux_misfit *misfit)
{
	if (!plan_valid(plan))
		return -EINVAL;
	struct mux mux = {.plan = plan};
	mux.loop_90k = (int64_t)(plan->packets * PTS_HZ / plan->packets_per_s);
	mux.cursors = g_new0(struct cursor, plan->n_streams);
	make_pat(&mux);
	int error = make_pmt(&mux);
	/* The first loop lacks what the one before it would have sent ahead; the second is the
	 * file. */
	if (!error)
		error = run_loop(&mux, ret, misfit);
	if (!error) {
		g_autofree struct cursor *before =
			g_memdup2(mux.cursors, plan->n_streams * sizeof *before);
		error = run_loop(&mux, ret, misfit);
		if (!error && !loop_closes(&mux, before))
			error = -ENOSPC;
	}
	g_free(mux.cursors);
	return error;
}
