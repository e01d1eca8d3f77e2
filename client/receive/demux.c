#include "client/receive/demux.h"

#include "client/receive/held.h"
#include "client/receive/programme.h"
#include "client/receive/tables.h"

#include <errno.h>

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
	struct tables *tables;
	struct si *si;
	struct programme_wishes wishes;
	struct stream_programme programme;
	bool programme_known;
	bool programme_missing; /* the one that was asked for; that was told */
	uint16_t pcr_pid;
	bool pcr_discontinuity; /* said so since the last PCR */
	struct track video, audio;
	uint64_t last_arrival_ns;
	bool scrambled;	   /* the video, or the audio where there is none */
	struct held *held; /* until a PMT says which tracks there are, then NULL */
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
	demux->tables = tables_new();
	demux->si = si_new();
	demux->held = held_new();
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
	tables_free(demux->tables);
	si_free(demux->si);
	held_free(demux->held);
	g_free(demux);
}

static uint16_t pid_of(const struct stream_track *track)
{
	return track && track->codec != STREAM_CODEC_OTHER ? track->pid : TS_PID_NULL;
}

static enum stream_codec codec_of(const struct stream_track *track)
{
	return track ? track->codec : STREAM_CODEC_NONE;
}

static bool is_another(const struct track *track, const struct stream_track *chosen)
{
	return track->pid != pid_of(chosen) || track->codec != codec_of(chosen);
}

static void mark_chosen(struct demux *demux)
{
	for (size_t i = 0; i < demux->programme.n_tracks; i++) {
		struct stream_track *track = &demux->programme.tracks[i];
		track->chosen = (track->kind == STREAM_VIDEO && track->pid == demux->video.pid) ||
				(track->kind == STREAM_AUDIO && track->pid == demux->audio.pid) ||
				programme_is_subtitle(track, &demux->wishes);
	}
}

/* Only what is another stream than before begins anew. */
static void set_tracks(struct demux *demux)
{
	const struct stream_track *video = programme_video(&demux->programme);
	const struct stream_track *audio = programme_audio(&demux->programme, &demux->wishes);

	if (is_another(&demux->video, video)) {
		track_set(&demux->video, pid_of(video), codec_of(video));
		unit_maker_set_video(demux->units, codec_of(video));
	}
	if (is_another(&demux->audio, audio)) {
		track_set(&demux->audio, pid_of(audio), codec_of(audio));
		unit_maker_set_audio(demux->units, codec_of(audio));
	}
	mark_chosen(demux);
	event_queue_push(demux->events, &(struct stream_event){
						.type = STREAM_EVENT_PSI,
						.at_ns = demux->last_arrival_ns,
						.video = codec_of(video),
						.audio = codec_of(audio),
					});
}

static void apply_programme(struct demux *demux)
{
	demux->programme = *tables_programme(demux->tables);
	si_follow(demux->si, demux->programme.number);
	demux->programme_known = true;
	demux->pcr_pid = demux->programme.pcr_pid;
	set_tracks(demux);
}

/* Says so once where it changes, for what a viewer watches, or hears where there is no picture. */
static void set_scrambled(
	struct demux *demux, const struct track *track, bool scrambled, uint64_t arrival_ns)
{
	bool radio = demux->video.pid == TS_PID_NULL;
	if (track != (radio ? &demux->audio : &demux->video) || demux->scrambled == scrambled)
		return;
	demux->scrambled = scrambled;
	event_queue_push(demux->events, &(struct stream_event){.type = STREAM_EVENT_SCRAMBLED,
						.at_ns = arrival_ns,
						.scrambled = scrambled});
}

/* Nothing can be made of it, and what comes later does not follow what came before. */
static void take_scrambled(struct demux *demux, struct track *track, uint64_t arrival_ns)
{
	demux->counters.scrambled++;
	pes_assembler_lose(track->pes);
	if (track == &demux->video)
		unit_maker_close_video(demux->units);
	set_scrambled(demux, track, true, arrival_ns);
}

static void take_pes(
	struct demux *demux, struct track *track, struct pes_packet *pes, uint64_t arrival_ns)
{
	if (pes->scrambled) {
		g_bytes_unref(pes->data);
		take_scrambled(demux, track, arrival_ns);
		return;
	}
	bool whole = track == &demux->video ? unit_maker_video(demux->units, pes)
					    : unit_maker_audio(demux->units, pes);
	if (whole)
		set_scrambled(demux, track, false, arrival_ns);
}

static void push_track(struct demux *demux, struct track *track, const struct ts_packet *packet,
	uint64_t arrival_ns)
{
	struct pes_packet pes;
	enum ts_order order = ts_continuity_check(&track->continuity, packet);

	demux->counters.continuity += order == TS_ORDER_GAP;
	if (order == TS_ORDER_DUPLICATE)
		return;
	if (packet->scrambled) {
		take_scrambled(demux, track, arrival_ns);
		return;
	}
	pes_assembler_push(track->pes, packet, order, arrival_ns);
	while (pes_assembler_next(track->pes, &pes))
		take_pes(demux, track, &pes, arrival_ns);
	if (pes_assembler_take_cut(track->pes) && track == &demux->video)
		unit_maker_close_video(demux->units);
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
	if (!packet->has_payload)
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

/* What is there must not be taken for what is looked for; what comes is held for that. */
static void forget_programme(struct demux *demux)
{
	demux->programme_known = false;
	si_follow(demux->si, 0);
	demux->pcr_pid = TS_PID_NULL;
	track_set(&demux->video, TS_PID_NULL, STREAM_CODEC_NONE);
	track_set(&demux->audio, TS_PID_NULL, STREAM_CODEC_NONE);
	if (!demux->held)
		demux->held = held_new();
}

static void follow_missing(struct demux *demux, uint64_t arrival_ns)
{
	bool missing = tables_lacks_wanted(demux->tables);
	if (missing && !demux->programme_missing) {
		forget_programme(demux);
		event_queue_push(
			demux->events, &(struct stream_event){.type = STREAM_EVENT_NO_PROGRAMME,
					       .at_ns = arrival_ns});
	}
	demux->programme_missing = missing;
}

static void push_table(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns)
{
	bool changed = tables_push(demux->tables, packet, arrival_ns);
	follow_missing(demux, arrival_ns);
	if (changed)
		apply_programme(demux);
}

void demux_push(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns)
{
	if (packet->pid == TS_PID_NULL)
		return;
	demux->last_arrival_ns = arrival_ns;
	if (si_has_pid(packet->pid)) {
		if (packet->has_payload && !packet->scrambled)
			si_push(demux->si, packet, arrival_ns);
		return;
	}
	if (packet->has_payload && !packet->scrambled && tables_has_pid(demux->tables, packet->pid))
		push_table(demux, packet, arrival_ns);
	if (demux->held && demux->programme_known)
		release_held(demux);
	if (demux->held)
		held_add(demux->held, packet, arrival_ns);
	else
		push_stream(demux, packet, arrival_ns);
}

void demux_lose(struct demux *demux)
{
	tables_lose(demux->tables);
	ts_continuity_doubt(&demux->video.continuity);
	ts_continuity_doubt(&demux->audio.continuity);
}

void demux_choose_programme(struct demux *demux, uint16_t number)
{
	tables_choose(demux->tables, number);
	demux->programme_missing = false;
	forget_programme(demux);
}

bool demux_expect(struct demux *demux, const uint8_t *psi, size_t len)
{
	if (demux->programme_known || !tables_expect(demux->tables, psi, len))
		return false;
	apply_programme(demux);
	return true;
}

GBytes *demux_psi(const struct demux *demux)
{
	return tables_psi(demux->tables);
}

const struct stream_programme *demux_programme(const struct demux *demux)
{
	return demux->programme_known ? &demux->programme : NULL;
}

size_t demux_programmes(const struct demux *demux, uint16_t *ret, size_t max)
{
	return tables_programmes(demux->tables, ret, max);
}

/* Another choice, if it is one, is told like another PMT. */
static void choose_again(struct demux *demux)
{
	const struct stream_track *audio = programme_audio(&demux->programme, &demux->wishes);
	if (demux->programme_known && is_another(&demux->audio, audio))
		set_tracks(demux);
}

void demux_prefer_languages(struct demux *demux, const char *const *languages, size_t n)
{
	demux->wishes.n_languages = MIN(n, PROGRAMME_LANGUAGES_MAX);
	for (size_t i = 0; i < demux->wishes.n_languages; i++) {
		g_strlcpy(demux->wishes.languages[i], languages[i],
			sizeof(demux->wishes.languages[i]));
	}
	choose_again(demux);
}

int demux_choose_audio(struct demux *demux, uint16_t pid)
{
	bool there = pid == 0;
	for (size_t i = 0; i < demux->programme.n_tracks && demux->programme_known; i++) {
		const struct stream_track *track = &demux->programme.tracks[i];
		there |= track->kind == STREAM_AUDIO && track->pid == pid &&
			 track->codec != STREAM_CODEC_OTHER;
	}
	if (!there)
		return -ENOENT;
	demux->wishes.audio_pid = pid;
	choose_again(demux);
	return 0;
}

int demux_choose_subtitle(struct demux *demux, uint16_t pid, uint16_t page)
{
	struct programme_wishes wishes = {.subtitle_pid = pid, .subtitle_page = page};
	bool there = pid == 0;
	for (size_t i = 0; i < demux->programme.n_tracks && demux->programme_known; i++)
		there |= programme_is_subtitle(&demux->programme.tracks[i], &wishes);
	if (!there)
		return -ENOENT;
	demux->wishes.subtitle_pid = pid;
	demux->wishes.subtitle_page = page;
	mark_chosen(demux);
	return 0;
}

const struct si *demux_si(const struct demux *demux)
{
	return demux->si;
}

void demux_counters(const struct demux *demux, struct demux_counters *ret)
{
	struct tables_counters tables;
	tables_counters(demux->tables, &tables);
	*ret = demux->counters;
	ret->continuity += tables.continuity;
	ret->crc = tables.crc;
	ret->programme_missing = tables.programme_missing;
}
