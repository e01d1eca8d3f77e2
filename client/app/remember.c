#include "client/app/remember.h"

#include <glib.h>
#include <string.h>

#include "client/app/channel_ids.h"
#include "client/app/remember_merge.h"
#include "client/app/tracks.h"
#include "client/receive/quality.h"

#define LOOK_MS 1000
/* What was learned is written when a channel is left, and so often while it is not. */
#define WRITE_MS UINT64_C(300000)
#define STEPS_MAX 8192

static const char *const actions[HISTORY_ACTIONS] = {
	[HISTORY_UP] = "up",
	[HISTORY_DOWN] = "down",
	[HISTORY_LAST] = "last",
	[HISTORY_NUMBER] = "number",
	[HISTORY_LIST] = "list",
};

static const char *const contexts[HISTORY_CONTEXTS] = {
	[HISTORY_AFTER_UP] = "up",
	[HISTORY_AFTER_DOWN] = "down",
	[HISTORY_AFTER_LAST] = "last",
	[HISTORY_AFTER_CHOICE] = "choice",
	[HISTORY_WATCHING] = "watching",
};

/* Of a channel; a psi that is NULL: nothing. */
struct known {
	struct channel_memory memory;  /* of all receptions */
	struct channel_memory now;     /* of the one at hand */
	struct channel_memory written; /* the memory as it is in the file */
};

struct remember {
	struct remember_options options;
	struct writer *writer;
	uv_timer_t timer;
	GHashTable *ids;	    /* of the channels */
	struct known *known;	    /* by channel */
	bool loaded;		    /* what was known is here: what is written may replace it */
	uint64_t zap_n, written_ms; /* as of the last write of the viewer's ways */
};

/* ---- what was known ---- */

static int index_of(const struct remember *r, int64_t id)
{
	return channel_ids_find(r->ids, id);
}

static void take_memory(struct remember *r, const struct channel_memory *memory)
{
	int channel = index_of(r, memory->channel);
	if (channel < 0)
		return;
	r->known[channel].memory = channel_memory_copy(memory);
	r->known[channel].written = channel_memory_copy(memory);
	zap_remember_gop(r->options.zap, channel, memory->gop_ns);
	ahead_expect_rate(r->options.ahead, channel, memory->line_bps);
}

/* The name's index, or n. */
static int find_name(const char *const *names, int n, const char *name)
{
	int i = 0;
	while (i < n && strcmp(names[i], name) != 0)
		i++;
	return i;
}

static void load_steps(struct remember *r, const GArray *steps)
{
	struct history_row *rows = g_new(struct history_row, steps->len + 1);
	for (guint i = 0; i < steps->len; i++) {
		const struct viewer_step *step = &g_array_index(steps, struct viewer_step, i);
		rows[i] = (struct history_row){.from = index_of(r, step->from),
			.to = index_of(r, step->to),
			.action = (enum history_action)find_name(
				actions, HISTORY_ACTIONS, step->action),
			.weight = step->weight};
	}
	history_load(ahead_history(r->options.ahead), rows, steps->len);
	g_free(rows);
}

static void load_moods(struct remember *r, const GArray *moods)
{
	double weights[HISTORY_CONTEXTS][HISTORY_ACTIONS] = {0};
	for (guint i = 0; i < moods->len; i++) {
		const struct viewer_mood *mood = &g_array_index(moods, struct viewer_mood, i);
		int context = find_name(contexts, HISTORY_CONTEXTS, mood->context);
		int action = find_name(actions, HISTORY_ACTIONS, mood->action);
		if (context < HISTORY_CONTEXTS && action < HISTORY_ACTIONS)
			weights[context][action] = mood->weight;
	}
	history_load_moods(ahead_history(r->options.ahead), weights);
}

static void on_loaded(void *ctx, const struct writer_loaded *loaded)
{
	struct remember *r = ctx;
	if (loaded->why) {
		char *sentence = g_strdup_printf("nothing will be remembered: %s", loaded->why);
		r->options.log(r->options.ctx, sentence);
		g_free(sentence);
	}
	for (guint i = 0; i < loaded->memories->len; i++)
		take_memory(r, &g_array_index(loaded->memories, struct channel_memory, i));
	load_steps(r, loaded->steps);
	load_moods(r, loaded->moods);
	r->loaded = !loaded->why;
	if (r->loaded)
		r->options.loaded(r->options.ctx);
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

static void look_at(struct remember *r, int channel)
{
	struct stream *stream = net_stream(r->options.net, channel);
	GBytes *psi = stream ? stream_psi(stream) : NULL;
	if (!psi)
		return;
	GBytes *sets = stream_sets(stream);
	struct known *known = &r->known[channel];
	struct channel_memory now = {.channel = r->options.channels->channels[channel].id,
		.line_bps = ahead_rate(r->options.ahead, channel)};
	now.psi = g_bytes_get_data(psi, &now.psi_bytes);
	if (sets)
		now.video_sets = g_bytes_get_data(sets, &now.video_sets_bytes);
	describe_tracks(stream, &now);
	describe_ring(net_ring(r->options.net, channel), &now);
	channel_memory_clear(&known->now);
	known->now = channel_memory_copy(&now);
	g_bytes_unref(psi);
	g_bytes_unref(sets);
}

/* A reception is over, or has lasted long: what it taught is added to `news` if it is any. */
static void learn(struct known *known, GArray *news)
{
	struct channel_memory merged = known->now;
	if (known->memory.psi)
		remember_merge(&merged, &known->memory);
	struct channel_memory now = channel_memory_copy(&merged);
	channel_memory_clear(&known->now);
	channel_memory_clear(&known->memory);
	known->memory = now;
	if (known->written.psi && !remember_differs(&now, &known->written))
		return;
	channel_memory_clear(&known->written);
	known->written = channel_memory_copy(&now);
	g_array_append_val(news, now);
}

bool remember_channel(const struct remember *r, int channel, struct channel_memory *ret)
{
	const struct known *known = r ? &r->known[channel] : NULL;
	if (!known || (!known->now.psi && !known->memory.psi))
		return false;
	*ret = known->now.psi ? known->now : known->memory;
	if (known->now.psi && known->memory.psi)
		remember_merge(ret, &known->memory);
	return true;
}

/* It was never received before, or is another one by now: a cut of the power must not cost that. */
static bool is_new(const struct known *known)
{
	const struct channel_memory *now = &known->now, *written = &known->written;
	bool same = written->psi && remember_same_psi(now, written);
	return !same && now->gop_ns && now->line_bps;
}

/* Looks at what is received, and writes of what is not any more, or is new; or of `all`. */
static void look(struct remember *r, bool all)
{
	if (!r->loaded)
		return;
	GArray *news = g_array_new(FALSE, FALSE, sizeof(struct channel_memory));
	for (size_t i = 0; i < r->options.channels->count; i++) {
		bool received = net_stream(r->options.net, (int)i) != NULL;
		if (received)
			look_at(r, (int)i);
		if (r->known[i].now.psi && (all || !received || is_new(&r->known[i])))
			learn(&r->known[i], news);
	}
	const struct lineup_memory memory = {
		.channels = (const struct channel_memory *)(const void *)news->data,
		.n_channels = news->len};
	if (news->len)
		writer_put(r->writer, &memory);
	g_array_unref(news);
}

static size_t describe_moods(const struct history *history, struct viewer_mood *ret)
{
	double weights[HISTORY_CONTEXTS][HISTORY_ACTIONS];
	size_t n = 0;
	history_moods(history, weights);
	for (size_t i = 0; i < HISTORY_CONTEXTS; i++)
		for (size_t j = 0; j < HISTORY_ACTIONS; j++)
			if (weights[i][j] > 0)
				ret[n++] = (struct viewer_mood){
					contexts[i], actions[j], weights[i][j]};
	return n;
}

static void write_ways(struct remember *r)
{
	uint64_t zap_n = zap_number(r->options.zap);
	if (!r->loaded || zap_n == r->zap_n)
		return;
	const struct history *history = ahead_history(r->options.ahead);
	struct history_row *rows = g_new(struct history_row, STEPS_MAX);
	struct viewer_step *steps = g_new(struct viewer_step, STEPS_MAX);
	struct viewer_mood moods[HISTORY_CONTEXTS * HISTORY_ACTIONS];
	size_t n = MIN(history_rows(history, rows, STEPS_MAX), STEPS_MAX);
	for (size_t i = 0; i < n; i++)
		steps[i] =
			(struct viewer_step){.from = r->options.channels->channels[rows[i].from].id,
				.to = r->options.channels->channels[rows[i].to].id,
				.action = actions[rows[i].action],
				.weight = rows[i].weight};
	const struct lineup_memory memory = {.has_ways = true,
		.steps = steps,
		.n_steps = n,
		.moods = moods,
		.n_moods = describe_moods(history, moods)};
	writer_put(r->writer, &memory);
	g_free(steps);
	g_free(rows);
	r->zap_n = zap_n;
}

static void on_timer(uv_timer_t *timer)
{
	struct remember *r = timer->data;
	bool all = uv_now(timer->loop) >= r->written_ms + WRITE_MS;
	look(r, all);
	if (!all)
		return;
	r->written_ms = uv_now(timer->loop);
	write_ways(r);
}

/* ---- opening and closing ---- */

static struct remember *remember_new(const struct remember_options *options)
{
	struct remember *r = g_new0(struct remember, 1);
	const struct channel_list *channels = options->channels;
	r->options = *options;
	r->known = g_new0(struct known, channels->count);
	r->ids = channel_ids_new(channels);
	return r;
}

static void forget(struct known *known)
{
	channel_memory_clear(&known->memory);
	channel_memory_clear(&known->now);
	channel_memory_clear(&known->written);
}

/* In a line-up of another file it has another id, and that file does not have what was learned. */
static void rename_known(struct known *known, int64_t id)
{
	if (known->written.channel != id)
		channel_memory_clear(&known->written);
	known->memory.channel = known->now.channel = id;
}

/* What was known of a channel that is gone went from the file with it. */
void remember_take(struct remember *r, const struct channel_list *channels, const int *to)
{
	if (!r)
		return;
	struct known *known = g_new0(struct known, channels->count);
	for (size_t i = 0; i < r->options.channels->count; i++) {
		if (to[i] < 0) {
			forget(&r->known[i]);
			continue;
		}
		known[to[i]] = r->known[i];
		rename_known(&known[to[i]], channels->channels[to[i]].id);
	}
	g_free(r->known);
	g_hash_table_unref(r->ids);
	r->known = known;
	r->ids = channel_ids_new(channels);
	r->options.channels = channels;
}

static void remember_free(struct remember *r)
{
	for (size_t i = 0; i < r->options.channels->count; i++)
		forget(&r->known[i]);
	g_free(r->known);
	g_hash_table_unref(r->ids);
	g_free(r);
}

static void on_closed(uv_handle_t *handle)
{
	remember_free(handle->data);
}

static void on_lineup(void *ctx, struct channel_list *list)
{
	struct remember *r = ctx;
	r->options.lineup(r->options.ctx, list);
}

static void on_guide(void *ctx, struct guide_page *page)
{
	struct remember *r = ctx;
	r->options.guide(r->options.ctx, page);
}

struct writer *remember_writer(struct remember *r)
{
	return r ? r->writer : NULL;
}

int remember_open(uv_loop_t *loop, const struct remember_options *options, struct remember **ret)
{
	struct remember *r = remember_new(options);
	const struct writer_options writer = {.path = options->path,
		.channels = options->channels,
		.loaded = on_loaded,
		.lineup = options->lineup ? on_lineup : NULL,
		.guide = options->guide ? on_guide : NULL,
		.ctx = r,
		.log = options->log,
		.log_ctx = options->ctx};
	int error = writer_open(loop, &writer, &r->writer);
	if (error) {
		remember_free(r);
		return error;
	}
	uv_timer_init(loop, &r->timer);
	r->timer.data = r;
	r->written_ms = uv_now(loop);
	uv_timer_start(&r->timer, on_timer, LOOK_MS, LOOK_MS);
	*ret = r;
	return 0;
}

void remember_close(struct remember *r)
{
	if (!r)
		return;
	look(r, true);
	write_ways(r);
	writer_close(r->writer);
	uv_close((uv_handle_t *)&r->timer, on_closed);
}
