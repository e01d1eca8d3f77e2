#include "client/receive/demux.h"

#include "client/receive/held.h"
#include "client/receive/psi.h"

#include <bitstream/mpeg/psi.h>
#include <string.h>

/* The sections of one PID, and which one was read last. */
struct table {
	uint16_t pid;
	struct ts_continuity continuity;
	struct psi_sections sections;
	bool known;
	uint32_t crc;
};

struct track {
	uint16_t pid; /* TS_PID_NULL: there is none */
	enum stream_codec codec;
	struct ts_continuity continuity;
	struct pes_assembler *pes;
};

struct demux {
	struct pcr_clock *clock;
	struct unit_maker *units;
	struct event_queue *events;
	struct table pat, pmt;
	uint16_t programme;
	uint16_t pcr_pid;
	bool pcr_discontinuity; /* said so since the last PCR */
	struct track video, audio;
	struct held *held; /* until a PMT says which tracks there are, then NULL */
	bool pmt_known;
	struct demux_counters counters;
};

static void track_set(struct track *track, uint16_t pid, enum stream_codec codec)
{
	pes_assembler_free(track->pes);
	*track = (struct track){.pid = pid, .codec = codec, .pes = pes_assembler_new()};
}

struct demux *demux_new(
	struct pcr_clock *clock, struct unit_maker *units, struct event_queue *events)
{
	struct demux *demux = g_new0(struct demux, 1);
	demux->clock = clock;
	demux->units = units;
	demux->events = events;
	demux->pat.pid = PAT_PID;
	demux->held = held_new();
	demux->pmt.pid = TS_PID_NULL;
	demux->pcr_pid = TS_PID_NULL;
	track_set(&demux->video, TS_PID_NULL, STREAM_CODEC_NONE);
	track_set(&demux->audio, TS_PID_NULL, STREAM_CODEC_NONE);
	return demux;
}

void demux_free(struct demux *demux)
{
	if (!demux)
		return;
	pes_assembler_free(demux->video.pes);
	pes_assembler_free(demux->audio.pes);
	held_free(demux->held);
	g_free(demux);
}

/* Which of the streams is it that we play? `found` NONE: no such stream. */
struct choice {
	uint16_t pid;
	enum stream_codec found;
};

static void choose(struct choice *choice, uint16_t pid, bool playable, enum stream_codec codec)
{
	if (playable && choice->pid == TS_PID_NULL)
		*choice = (struct choice){pid, codec};
	else if (choice->found == STREAM_CODEC_NONE)
		choice->found = STREAM_CODEC_OTHER;
}

static void choose_streams(const struct psi_pmt *pmt, struct choice *video, struct choice *audio)
{
	*video = (struct choice){TS_PID_NULL, STREAM_CODEC_NONE};
	*audio = *video;
	for (size_t i = 0; i < pmt->n; i++) {
		uint16_t pid = pmt->streams[i].pid;
		switch (pmt->streams[i].stream_type) {
		case PMT_STREAMTYPE_VIDEO_AVC:
			choose(video, pid, true, STREAM_CODEC_H264);
			break;
		case PMT_STREAMTYPE_VIDEO_MPEG1:
		case PMT_STREAMTYPE_VIDEO_MPEG2:
		case PMT_STREAMTYPE_VIDEO_MPEG4:
		case PMT_STREAMTYPE_VIDEO_HEVC:
		case PMT_STREAMTYPE_VIDEO_AVS:
			choose(video, pid, false, STREAM_CODEC_OTHER);
			break;
		case PMT_STREAMTYPE_AUDIO_ADTS:
			choose(audio, pid, true, STREAM_CODEC_AAC);
			break;
		case PMT_STREAMTYPE_AUDIO_MPEG1:
		case PMT_STREAMTYPE_AUDIO_MPEG2:
		case PMT_STREAMTYPE_AUDIO_LATM:
		case PMT_STREAMTYPE_ATSC_A52:
		case PMT_STREAMTYPE_ATSC_A52E:
			choose(audio, pid, false, STREAM_CODEC_OTHER);
			break;
		default:
			break;
		}
	}
}

static void apply_pmt(struct demux *demux, const struct psi_pmt *pmt, uint64_t arrival_ns)
{
	struct choice video, audio;
	choose_streams(pmt, &video, &audio);

	demux->pmt_known = true;
	demux->pcr_pid = pmt->pcr_pid;
	if (video.pid != demux->video.pid) {
		track_set(&demux->video, video.pid, video.found);
		unit_maker_restart_video(demux->units);
	}
	if (audio.pid != demux->audio.pid) {
		track_set(&demux->audio, audio.pid, audio.found);
		unit_maker_restart_audio(demux->units);
	}
	event_queue_push(demux->events, &(struct stream_event){
						.type = STREAM_EVENT_PSI,
						.at_ns = arrival_ns,
						.video = video.found,
						.audio = audio.found,
					});
}

static void read_pmt(struct demux *demux, const uint8_t *section, size_t len, uint64_t arrival_ns)
{
	struct psi_pmt pmt;
	if (psi_parse_pmt(section, len, &pmt) == 0 && pmt.programme == demux->programme)
		apply_pmt(demux, &pmt, arrival_ns);
}

static void read_pat(struct demux *demux, const uint8_t *section, size_t len)
{
	struct psi_pat pat;
	if (psi_parse_pat(section, len, &pat) < 0 || pat.n == 0)
		return;
	/* The first programme stands in the first section that has any. */
	if (psi_get_section(section) > 0 && demux->pmt.pid != TS_PID_NULL)
		return;
	if (pat.programmes[0].pmt_pid == demux->pmt.pid &&
		pat.programmes[0].programme == demux->programme)
		return;
	demux->programme = pat.programmes[0].programme;
	demux->pmt = (struct table){.pid = pat.programmes[0].pmt_pid};
}

/* Is it another section than the one read last? Versions need not differ where channels do. */
static bool is_news(struct table *table, const uint8_t *section, size_t len)
{
	uint32_t crc;
	memcpy(&crc, section + len - sizeof(crc), sizeof(crc));
	bool news = !table->known || table->crc != crc;
	table->known = true;
	table->crc = crc;
	return news;
}

/* False for a packet that is to be ignored. */
static bool check_continuity(struct demux *demux, struct ts_continuity *continuity,
	const struct ts_packet *packet, enum ts_order *ret)
{
	*ret = ts_continuity_check(continuity, packet);
	demux->counters.continuity += *ret == TS_ORDER_GAP;
	return *ret != TS_ORDER_DUPLICATE;
}

static void push_table(struct demux *demux, struct table *table, const struct ts_packet *packet,
	uint64_t arrival_ns)
{
	const uint8_t *section;
	size_t len;
	enum ts_order order;

	if (!check_continuity(demux, &table->continuity, packet, &order))
		return;
	psi_sections_push(&table->sections, packet->payload, packet->len, packet->unit_start,
		order != TS_ORDER_NEXT);
	while (psi_sections_next(&table->sections, &section, &len)) {
		if (!psi_section_valid(section, len))
			demux->counters.crc++;
		else if (!is_news(table, section, len))
			continue;
		else if (table == &demux->pat)
			read_pat(demux, section, len);
		else
			read_pmt(demux, section, len, arrival_ns);
	}
}

static void push_track(struct demux *demux, struct track *track, const struct ts_packet *packet,
	uint64_t arrival_ns)
{
	struct pes_packet pes;
	enum ts_order order;

	if (!check_continuity(demux, &track->continuity, packet, &order))
		return;
	pes_assembler_push(track->pes, packet, order, arrival_ns);
	while (pes_assembler_next(track->pes, &pes)) {
		if (track == &demux->video)
			unit_maker_video(demux->units, &pes);
		else
			unit_maker_audio(demux->units, &pes);
	}
	if (pes_assembler_take_cut(track->pes) && track == &demux->video)
		unit_maker_restart_video(demux->units);
}

static void push_pcr(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns)
{
	demux->pcr_discontinuity |= packet->discontinuity;
	if (!packet->has_pcr)
		return;
	pcr_clock_receive(demux->clock, packet->pcr_27mhz, arrival_ns, demux->pcr_discontinuity);
	demux->pcr_discontinuity = false;
}

/* What is neither PAT nor PMT. */
static void push_stream(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns)
{
	if (packet->pid == demux->pcr_pid)
		push_pcr(demux, packet, arrival_ns);
	if (!packet->has_payload || packet->scrambled)
		return;
	if (packet->pid == demux->video.pid)
		push_track(demux, &demux->video, packet, arrival_ns);
	else if (packet->pid == demux->audio.pid)
		push_track(demux, &demux->audio, packet, arrival_ns);
}

static void release_held(struct demux *demux)
{
	const struct ts_packet *packet;
	uint64_t arrival_ns;
	struct held *held = demux->held;
	demux->held = NULL;
	while (held_take(held, &packet, &arrival_ns))
		push_stream(demux, packet, arrival_ns);
	held_free(held);
}

void demux_push(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns)
{
	bool is_pat = packet->pid == demux->pat.pid, is_pmt = packet->pid == demux->pmt.pid;
	if (packet->pid == TS_PID_NULL)
		return;
	if ((is_pat || is_pmt) && packet->has_payload && !packet->scrambled)
		push_table(demux, is_pat ? &demux->pat : &demux->pmt, packet, arrival_ns);
	if (demux->held && demux->pmt_known)
		release_held(demux);
	if (demux->held)
		held_add(demux->held, packet, arrival_ns);
	else
		push_stream(demux, packet, arrival_ns);
}

void demux_lose(struct demux *demux)
{
	ts_continuity_doubt(&demux->pat.continuity);
	ts_continuity_doubt(&demux->pmt.continuity);
	ts_continuity_doubt(&demux->video.continuity);
	ts_continuity_doubt(&demux->audio.continuity);
}

void demux_counters(const struct demux *demux, struct demux_counters *ret)
{
	*ret = demux->counters;
}
