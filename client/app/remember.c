#include "client/app/remember.h"

#include <glib.h>
#include <string.h>

#include "client/app/tracks.h"
#include "client/app/writer.h"
#include "client/receive/quality.h"

#define LOOK_MS 1000
/* The viewer's ways are written so often where he went somewhere, and at the end. */
#define STEPS_MS UINT64_C(300000)
#define STEPS_MAX 8192
/* What differs by less, of what varies with every GOP, is not worth a write. */
#define SAME_SHARE 0.25
#define SAME_SLACK_NS INT64_C(20000000)

static const char *const actions[HISTORY_ACTIONS] = {
	[HISTORY_UP] = "up",
	[HISTORY_DOWN] = "down",
	[HISTORY_LAST] = "last",
	[HISTORY_NUMBER] = "number",
	[HISTORY_LIST] = "list",
};

struct remember {
	struct remember_options options;
	struct writer *writer;
	uv_timer_t timer;
	GHashTable *indexes;	       /* a channel's id -> its index */
	struct channel_memory *memory; /* by channel; psi NULL: nothing is known */
	bool loaded;		       /* what was known is here: what is written may replace it */
	uint64_t zap_n, steps_ms;      /* as of the last write of the viewer's ways */
};

const uint8_t *remember_psi(const struct remember *r, int channel, size_t *ret_len)
{
	*ret_len = r ? r->memory[channel].psi_bytes : 0;
	return r ? r->memory[channel].psi : NULL;
}

/* ---- what was known ---- */

static int index_of(const struct remember *r, int64_t id)
{
	gpointer index;
	return g_hash_table_lookup_extended(r->indexes, &id, NULL, &index) ? GPOINTER_TO_INT(index)
									   : -1;
}

static void take_memory(struct remember *r, const struct channel_memory *memory)
{
	int channel = index_of(r, memory->channel);
	if (channel < 0 || r->memory[channel].psi)
		return;
	r->memory[channel] = writer_copy_memory(memory);
	zap_remember_gop(r->options.zap, channel, memory->gop_ns);
	ahead_expect_rate(r->options.ahead, channel, memory->line_bps);
}

static bool row_of(
	const struct remember *r, const struct channel_step *step, struct history_row *ret)
{
	*ret = (struct history_row){.from = index_of(r, step->from),
		.to = index_of(r, step->to),
		.action = HISTORY_ACTIONS,
		.weight = step->weight};
	for (int i = 0; i < HISTORY_ACTIONS; i++)
		if (!strcmp(step->action, actions[i]))
			ret->action = (enum history_action)i;
	return ret->from >= 0 && ret->to >= 0 && ret->action < HISTORY_ACTIONS;
}

static void on_loaded(void *ctx, const GArray *memories, const GArray *steps, const char *why)
{
	struct remember *r = ctx;
	if (why) {
		char *sentence = g_strdup_printf("nothing will be remembered: %s", why);
		r->options.log(r->options.log_ctx, sentence);
		g_free(sentence);
	}
	for (guint i = 0; i < memories->len; i++)
		take_memory(r, &g_array_index(memories, struct channel_memory, i));
	struct history_row *rows = g_new(struct history_row, steps->len + 1);
	size_t n = 0;
	for (guint i = 0; i < steps->len; i++)
		n += row_of(r, &g_array_index(steps, struct channel_step, i), &rows[n]);
	history_load(ahead_history(r->options.ahead), rows, n);
	g_free(rows);
	r->loaded = !why;
}

/* ---- what is new ---- */

static void describe_tracks(const struct stream *stream, struct channel_memory *memory)
{
	const struct stream_programme *programme = stream_programme(stream);
	memory->pcr_pid = programme->pcr_pid;
	memory->video_codec = memory->audio_codec = "";
	for (size_t i = 0; i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (track->chosen && track->kind == STREAM_VIDEO) {
			memory->video_pid = track->pid;
			memory->video_codec = tracks_codec_name(track->codec);
		} else if (track->chosen && track->kind == STREAM_AUDIO) {
			memory->audio_pid = track->pid;
			memory->audio_codec = tracks_codec_name(track->codec);
		}
	}
}

static void describe_ring(const struct ring *ring, struct channel_memory *memory)
{
	struct ring_info info;
	ring_info(ring, &info);
	memory->gop_ns = info.gop_ns;
	memory->rap_bytes = info.rap_bytes;
	memory->video_slack_ns = info.video_slack_ns;
	memory->audio_slack_ns = info.audio_slack_ns;
}

static bool differs_much(double a, double b)
{
	return MAX(a - b, b - a) > MAX(a, b) * SAME_SHARE;
}

static bool slack_differs(int64_t a, int64_t b)
{
	if (a == RING_NO_SLACK || b == RING_NO_SLACK)
		return a != b;
	return MAX(a - b, b - a) > SAME_SLACK_NS;
}

static bool differs(const struct channel_memory *a, const struct channel_memory *b)
{
	return a->psi_bytes != b->psi_bytes || memcmp(a->psi, b->psi, a->psi_bytes) != 0 ||
	       a->video_pid != b->video_pid || a->audio_pid != b->audio_pid ||
	       differs_much((double)a->gop_ns, (double)b->gop_ns) ||
	       differs_much((double)a->rap_bytes, (double)b->rap_bytes) ||
	       differs_much((double)a->line_bps, (double)b->line_bps) ||
	       slack_differs(a->video_slack_ns, b->video_slack_ns) ||
	       slack_differs(a->audio_slack_ns, b->audio_slack_ns);
}

/* Where not all of it has been seen yet, what was known before stands. */
static void fill_in(struct channel_memory *now, const struct channel_memory *before)
{
	now->gop_ns = now->gop_ns ? now->gop_ns : before->gop_ns;
	now->rap_bytes = now->rap_bytes ? now->rap_bytes : before->rap_bytes;
	now->line_bps = now->line_bps ? now->line_bps : before->line_bps;
	if (now->video_slack_ns == RING_NO_SLACK)
		now->video_slack_ns = before->video_slack_ns;
	if (now->audio_slack_ns == RING_NO_SLACK)
		now->audio_slack_ns = before->audio_slack_ns;
}

static void remember_as(struct remember *r, int channel, struct channel_memory *now)
{
	struct channel_memory *before = &r->memory[channel];
	if (before->psi)
		fill_in(now, before);
	if (before->psi && !differs(now, before))
		return;
	writer_clear_memory(before);
	*before = writer_copy_memory(now);
	writer_put_memory(r->writer, now);
}

static void look_at(struct remember *r, int channel)
{
	struct stream *stream = net_stream(r->options.net, channel);
	GBytes *psi = stream ? stream_psi(stream) : NULL;
	if (!psi)
		return;
	struct channel_memory now = {.channel = r->options.channels->channels[channel].id,
		.line_bps = ahead_rate(r->options.ahead, channel)};
	now.psi = g_bytes_get_data(psi, &now.psi_bytes);
	describe_tracks(stream, &now);
	describe_ring(net_ring(r->options.net, channel), &now);
	remember_as(r, channel, &now);
	g_bytes_unref(psi);
}

static void look(struct remember *r)
{
	size_t n;
	if (!r->loaded)
		return;
	const int *received = net_received(r->options.net, &n);
	for (size_t i = 0; i < n; i++)
		look_at(r, received[i]);
}

static void write_steps(struct remember *r)
{
	uint64_t zap_n = zap_number(r->options.zap);
	if (!r->loaded || zap_n == r->zap_n)
		return;
	struct history_row *rows = g_new(struct history_row, STEPS_MAX);
	struct channel_step *steps = g_new(struct channel_step, STEPS_MAX);
	size_t n = MIN(history_rows(ahead_history(r->options.ahead), rows, STEPS_MAX), STEPS_MAX);
	for (size_t i = 0; i < n; i++)
		steps[i] = (struct channel_step){
			.from = r->options.channels->channels[rows[i].from].id,
			.to = r->options.channels->channels[rows[i].to].id,
			.action = actions[rows[i].action],
			.weight = rows[i].weight};
	writer_replace_steps(r->writer, steps, n);
	g_free(steps);
	g_free(rows);
	r->zap_n = zap_n;
}

static void on_timer(uv_timer_t *timer)
{
	struct remember *r = timer->data;
	look(r);
	if (uv_now(timer->loop) < r->steps_ms + STEPS_MS)
		return;
	r->steps_ms = uv_now(timer->loop);
	write_steps(r);
}

/* ---- opening and closing ---- */

static struct remember *remember_new(const struct remember_options *options)
{
	struct remember *r = g_new0(struct remember, 1);
	const struct channel_list *channels = options->channels;
	r->options = *options;
	r->memory = g_new0(struct channel_memory, channels->count);
	r->indexes = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (size_t i = 0; i < channels->count; i++)
		g_hash_table_insert(
			r->indexes, (gpointer)&channels->channels[i].id, GINT_TO_POINTER((int)i));
	return r;
}

static void remember_free(struct remember *r)
{
	for (size_t i = 0; i < r->options.channels->count; i++)
		writer_clear_memory(&r->memory[i]);
	g_free(r->memory);
	g_hash_table_unref(r->indexes);
	g_free(r);
}

static void on_closed(uv_handle_t *handle)
{
	remember_free(handle->data);
}

int remember_open(uv_loop_t *loop, const struct remember_options *options, struct remember **ret)
{
	struct remember *r = remember_new(options);
	struct writer_listener listener = {on_loaded, r};
	int error = writer_open(loop, options->path, &listener, &r->writer);
	if (error) {
		remember_free(r);
		return error;
	}
	uv_timer_init(loop, &r->timer);
	r->timer.data = r;
	r->steps_ms = uv_now(loop);
	uv_timer_start(&r->timer, on_timer, LOOK_MS, LOOK_MS);
	*ret = r;
	return 0;
}

void remember_close(struct remember *r)
{
	if (!r)
		return;
	look(r);
	write_steps(r);
	writer_close(r->writer);
	uv_close((uv_handle_t *)&r->timer, on_closed);
}
