#include "client/receive/video_framer.h"

#include "client/receive/nal.h"
#include "client/receive/parameter_sets.h"
#include "client/receive/video_alignment.h"
#include "client/receive/video_packets.h"

enum {
	/* What is looked at of a part whose end has not come. */
	LOOK_BYTES = 1024,
	/* No unit is cut into so many. */
	PACKETS_MAX = 4096,
};

/* An access unit that is being put together. */
struct unit {
	bool begun;
	size_t offset; /* where it begins */
	struct video_info info;
	struct parameter_sets sets;
	size_t sets_at; /* where foreign ones belong, from its beginning */
	bool lacks_set; /* a slice refers to one that is neither there nor known */
	bool indicated; /* its PES packet has the random_access_indicator */
	bool hurt;	/* what was lost may have been of it */
	bool ended;
	bool has_pts;
	uint64_t pts_90khz, dts_90khz;
};

struct video_framer {
	const struct video_codec *codec;
	void *state;

	/* Of PES packets that came, from the unit at hand on; or the PES packet itself. */
	GByteArray *kept;
	GBytes *pes;
	const uint8_t *data;
	size_t len;
	size_t looked;		/* so far */
	struct unit unit, next; /* `next`: it may yet be a second field's beginning */
	struct parameter_sets sets;
	bool misled; /* to be said with the next frame */

	struct video_packets packets; /* the last one is at hand */
	bool any_part, begins_well;   /* that begins with a unit's beginning */
	struct video_alignment alignment;
	bool pushed, cut;
	GArray *out; /* struct video_frame */
	guint n_taken;
};

struct video_framer *video_framer_new(const struct video_codec *codec)
{
	struct video_framer *f = g_new0(struct video_framer, 1);
	f->codec = codec;
	f->state = g_malloc0(codec->state_bytes);
	f->kept = g_byte_array_new();
	f->out = g_array_new(FALSE, FALSE, sizeof(struct video_frame));
	f->alignment.aligned = true;
	return f;
}

bool video_framer_expect(struct video_framer *f, const uint8_t *sets, size_t len)
{
	return !f->pushed && parameter_sets_expect(&f->sets, f->codec, f->state, sets, len);
}

GBytes *video_framer_sets(const struct video_framer *f)
{
	return parameter_sets_bytes(&f->sets, f->codec);
}

static void reset_unit(struct unit *unit)
{
	parameter_sets_clear(&unit->sets);
	*unit = (struct unit){0};
}

static void drop_all(struct video_framer *f)
{
	reset_unit(&f->unit);
	reset_unit(&f->next);
	g_byte_array_set_size(f->kept, 0);
	video_packets_clear(&f->packets);
	f->looked = 0;
}

void video_framer_free(struct video_framer *f)
{
	if (!f)
		return;
	drop_all(f);
	parameter_sets_clear(&f->sets);
	while (f->n_taken < f->out->len)
		g_bytes_unref(g_array_index(f->out, struct video_frame, f->n_taken++).data);
	g_array_unref(f->out);
	g_byte_array_unref(f->kept);
	g_free(f->state);
	g_free(f);
}

static void begin_unit(struct video_framer *f, struct unit *unit, size_t offset)
{
	struct video_packet *packet = video_packets_at(&f->packets, offset);
	reset_unit(unit);
	unit->begun = true;
	unit->offset = offset;
	unit->indicated = packet->indicated;
	packet->indicated = false;
}

static void take_times(struct video_framer *f, struct unit *unit, size_t offset)
{
	struct video_packet *packet = video_packets_at(&f->packets, offset);
	if (!packet->has_pts || unit->has_pts)
		return;
	packet->has_pts = false;
	unit->has_pts = true;
	unit->pts_90khz = packet->info.pts_33bit;
	unit->dts_90khz = packet->info.dts_33bit;
}

static bool is_key(const struct video_framer *f, const struct unit *unit)
{
	const struct video_info *info = &unit->info;
	bool sets_known = !(f->codec->sets_wanted & ~(info->sets | f->sets.which)) &&
			  !(f->sets.expected && unit->lacks_set);
	/* The mux's word counts only for what a decoder could begin with by itself. */
	bool intra = f->codec->intra_enters && !info->inter &&
		     ((info->sets & VIDEO_SET_SEQUENCE) || unit->indicated);
	return info->picture && sets_known && (info->entry || intra);
}

/* Memory shared with the PES packet where that holds little else. */
static GBytes *unit_bytes(struct video_framer *f, const struct unit *unit, size_t end, bool key)
{
	const uint8_t *data = f->data + unit->offset;
	size_t len = end - unit->offset;
	if (key && (f->codec->sets_wanted & ~unit->info.sets))
		return parameter_sets_insert(&f->sets, data, len, unit->sets_at);
	return f->pes ? pes_slice(f->pes, unit->offset, len) : g_bytes_new(data, len);
}

static bool is_damaged(const struct video_framer *f, size_t end)
{
	return f->unit.hurt || video_packets_arrival(&f->packets, f->unit.offset, end).damaged;
}

/* The unit at hand, which ends before `end`, without its data. */
static struct video_frame describe(const struct video_framer *f, size_t end)
{
	const struct unit *unit = &f->unit;
	const struct video_info *info = &unit->info;
	struct video_arrival arrival = video_packets_arrival(&f->packets, unit->offset, end);
	struct video_frame frame = {
		.key = is_key(f, unit),
		.damaged = is_damaged(f, end),
		.skipped = info->skipped,
		.has_pts = unit->has_pts,
		.pts_90khz = unit->pts_90khz,
		.dts_90khz = unit->dts_90khz,
		.first_arrival_ns = arrival.first_ns,
		.last_arrival_ns = arrival.last_ns,
		.group = info->group,
		.has_order = info->has_order,
		.order = info->order,
		.step_90khz = info->step_90khz,
	};
	frame.expected_sets = frame.key && f->sets.expected;
	frame.recovery_pictures = frame.key ? info->recovery_pictures : 0;
	return frame;
}

/* The unit at hand ends before `end`; parts without a picture are none. Damaged sets are no news.
 */
static void finish_unit(struct video_framer *f, size_t end)
{
	struct unit *unit = &f->unit;
	if (!is_damaged(f, end))
		f->misled |= parameter_sets_update(&f->sets, &unit->sets);
	if (unit->info.picture && end > unit->offset) {
		struct video_frame frame = describe(f, end);
		frame.misled = f->misled;
		f->misled = false;
		frame.data = unit_bytes(f, unit, end, frame.key);
		g_array_append_val(f->out, frame);
	}
	reset_unit(unit);
}

/* What the next part belongs to, unless it begins something. */
static struct unit *latest(struct video_framer *f)
{
	return f->next.begun ? &f->next : &f->unit;
}

/* What began with `offset`, or with `next` before it, is another access unit. */
static void separate(struct video_framer *f, size_t offset)
{
	if (f->next.begun) {
		finish_unit(f, f->next.offset);
		f->unit = f->next;
		f->next = (struct unit){0};
	} else {
		finish_unit(f, offset);
		begin_unit(f, &f->unit, offset);
	}
}

/* The unit at hand goes on with what was taken for the next one's beginning. */
static void join(struct video_framer *f)
{
	f->unit.info.field = false;
	if (!f->next.begun)
		return;
	struct video_info *info = &f->unit.info;
	video_info_add(info, &f->next.info);
	info->field = false;
	f->unit.hurt |= f->next.hurt;
	parameter_sets_move(&f->unit.sets, &f->next.sets);
	reset_unit(&f->next);
}

/* Brings the unit at hand to where a part of this kind belongs to it. */
static void place(struct video_framer *f, enum video_part kind, size_t offset)
{
	struct unit *unit = &f->unit;

	if (kind == VIDEO_SECOND_FIELD && unit->begun && unit->info.field)
		join(f);
	else if (!unit->begun)
		begin_unit(f, unit, offset);
	else if (unit->ended)
		separate(f, offset);
	else if (kind != VIDEO_HEAD && unit->info.picture)
		separate(f, offset);
	else if (unit->info.picture && !unit->info.field)
		separate(f, offset);
	else if (unit->info.picture && !f->next.begun)
		begin_unit(f, &f->next, offset);
}

static bool knows_set(const struct video_framer *f, const struct unit *unit, unsigned id)
{
	return parameter_sets_have(&unit->sets, VIDEO_SET_PICTURE, id) ||
	       parameter_sets_have(&f->sets, VIDEO_SET_PICTURE, id);
}

static void add_part(struct video_framer *f, enum video_part kind, const struct video_info *part,
	size_t offset, size_t end)
{
	struct unit *unit = latest(f);
	if (!unit->begun)
		return;
	video_info_add(&unit->info, part);
	if (kind == VIDEO_END)
		unit->ended = true;
	if (part->sets)
		parameter_sets_add(
			&unit->sets, part->sets, part->set_id, f->data + offset, end - offset);
	if (part->refers)
		unit->lacks_set |= !knows_set(f, unit, part->refers_to);
	if (part->delimiter)
		unit->sets_at = end - unit->offset;
	if (f->codec->timed_by_header ? part->header : video_part_begins(kind))
		take_times(f, unit, offset);
	/* The frame has its first field's. */
	if (kind == VIDEO_SECOND_FIELD)
		video_packets_at(&f->packets, offset)->has_pts = false;
}

/* Looks at the part that begins with the start code at `offset` and ends before `end`. */
static void look(struct video_framer *f, size_t offset, size_t end)
{
	struct video_info part = {0};
	size_t behind = offset + START_CODE_BYTES;
	/* Start codes one behind the other have nothing between them. */
	enum video_part kind = VIDEO_INSIDE;
	if (behind < end)
		kind = f->codec->look(f->state, f->data + behind, end - behind, &part);
	bool zero = f->codec->zero_byte && offset > 0 && f->data[offset - 1] == 0;
	size_t begin = offset - zero;

	size_t packet = video_packets_last(&f->packets)->offset;
	if (!f->any_part && offset >= packet) {
		f->any_part = true;
		f->begins_well = video_part_begins(kind) && offset - packet <= 1;
	}
	if (video_part_begins(kind))
		place(f, kind, begin);
	add_part(f, kind, &part, offset, end);
}

/* `whole`: nothing follows that belongs to what is there. */
static void scan(struct video_framer *f, bool whole)
{
	const uint8_t *end = f->data + f->len;
	const uint8_t *at = start_code_find(f->data + f->looked, end);
	while (end - at > START_CODE_BYTES) {
		const uint8_t *next = start_code_find(at + START_CODE_BYTES, end);
		if (next == end && !whole && end - at < LOOK_BYTES)
			break;
		look(f, (size_t)(at - f->data), (size_t)(next - f->data));
		at = next;
	}
	/* A start code may straddle the end, with a zero_byte before it. */
	size_t behind = MIN(f->len, START_CODE_BYTES);
	size_t found = (size_t)(at - f->data);
	f->looked = at < end ? found - MIN(found, 1) : f->len - behind;
}

/* Is the unit at hand whole, because its PES packet is? */
static bool ends_here(const struct video_framer *f)
{
	const struct video_packet *packet = video_packets_last(&f->packets);
	return video_alignment_ends(&f->alignment, &packet->info, f->len - packet->offset) &&
	       f->unit.info.picture && !f->unit.info.field && !f->next.begun;
}

static void take_in(struct video_framer *f, const struct pes_packet *pes, uint64_t pts_90khz,
	uint64_t dts_90khz)
{
	struct video_packet packet = {.offset = f->kept->len,
		.info = *pes,
		.has_pts = pes->has_pts,
		.indicated = pes->random_access};
	packet.info.pts_33bit = pts_90khz;
	packet.info.dts_33bit = dts_90khz;
	video_packets_add(&f->packets, &packet);
	gsize len;
	const uint8_t *data = g_bytes_get_data(pes->data, &len);
	if (f->kept->len == 0) {
		f->pes = pes->data;
		f->data = data;
		f->len = len;
		return;
	}
	g_byte_array_append(f->kept, data, (guint)len);
	f->data = f->kept->data;
	f->len = f->kept->len;
}

/* Keeps what belongs to a unit that goes on, or may begin one. */
static void keep(struct video_framer *f)
{
	size_t from = f->unit.begun ? f->unit.offset : f->alignment.aligned ? f->len : f->looked;
	if (f->pes)
		g_byte_array_append(f->kept, f->data + from, (guint)(f->len - from));
	else if (from > 0)
		g_byte_array_remove_range(f->kept, 0, (guint)from);
	f->looked = MAX(f->looked, from) - from;
	f->unit.offset -= f->unit.begun ? from : 0;
	f->next.offset -= f->next.begun ? from : 0;
	video_packets_forget(&f->packets, from);
	f->pes = NULL;
	f->data = NULL;
	f->len = 0;
	if (f->kept->len > PES_BYTES_MAX || video_packets_count(&f->packets) > PACKETS_MAX) {
		drop_all(f);
		f->cut = true;
	} else if (f->kept->len == 0) {
		video_packets_clear(&f->packets);
	}
}

void video_framer_push(struct video_framer *f, const struct pes_packet *pes, uint64_t pts_90khz,
	uint64_t dts_90khz)
{
	if (f->n_taken == f->out->len) {
		g_array_set_size(f->out, 0);
		f->n_taken = 0;
	}
	f->any_part = f->begins_well = false;
	f->pushed = true;
	/* Its rest may be what was lost. */
	if (pes->after_loss)
		latest(f)->hurt = latest(f)->begun;
	take_in(f, pes, pts_90khz, dts_90khz);
	scan(f, f->alignment.aligned);
	f->cut |= video_alignment_learn(&f->alignment, pes, f->begins_well);
	f->alignment.out_at_end = ends_here(f);
	if (f->alignment.out_at_end)
		finish_unit(f, f->len);
	keep(f);
}

bool video_framer_take_cut(struct video_framer *f)
{
	bool cut = f->cut;
	f->cut = false;
	return cut;
}

bool video_framer_next(struct video_framer *f, struct video_frame *ret)
{
	if (f->n_taken == f->out->len)
		return false;
	*ret = g_array_index(f->out, struct video_frame, f->n_taken++);
	return true;
}
