#include "client/app/on_air.h"

#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define MS_NS INT64_C(1000000)
/* 2024-01-01: a clock that is before that has not been set. */
#define EARLIEST_S INT64_C(1704067200)
/* An import may have changed the guide meanwhile. */
#define ASK_AGAIN_S 600

/* Of a channel's stream. */
struct heard {
	int64_t channel;
	uint64_t serial;
	struct guide_page *page; /* NULL: nothing yet */
};

struct on_air {
	GHashTable *heard; /* by channel: struct heard */
	struct guide_page
		*answer;     /* of the guide, of the channel that was asked for last; or NULL */
	int64_t asked;	     /* that channel */
	int64_t ask_again_s; /* then it is to be asked again */
	bool has_time;
	int64_t utc_s;
	uint64_t arrival_ns;
};

static void free_heard(gpointer data)
{
	struct heard *heard = data;
	guide_page_free(heard->page);
	g_free(heard);
}

struct on_air *on_air_new(void)
{
	struct on_air *o = g_new0(struct on_air, 1);
	o->heard = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_heard);
	return o;
}

void on_air_free(struct on_air *o)
{
	if (!o)
		return;
	g_hash_table_unref(o->heard);
	guide_page_free(o->answer);
	g_free(o);
}

static bool is_same_event(const struct guide_event *a, const struct guide_event *b)
{
	return a->known == b->known && a->start_utc_s == b->start_utc_s &&
	       a->stop_utc_s == b->stop_utc_s && !strcmp(a->title, b->title) &&
	       !strcmp(a->subtitle, b->subtitle) && !strcmp(a->description, b->description) &&
	       !strcmp(a->category, b->category) && !strcmp(a->rating, b->rating);
}

static bool is_among(int64_t channel, const int64_t *channels, size_t n)
{
	size_t i = 0;
	while (i < n && channels[i] != channel)
		i++;
	return i < n;
}

void on_air_receive_only(struct on_air *o, const int64_t *channels, size_t n)
{
	GHashTableIter i;
	gpointer heard;
	g_hash_table_iter_init(&i, o->heard);
	while (g_hash_table_iter_next(&i, NULL, &heard))
		if (!is_among(((const struct heard *)heard)->channel, channels, n))
			g_hash_table_iter_remove(&i);
}

void on_air_forget(struct on_air *o)
{
	g_hash_table_remove_all(o->heard);
	g_clear_pointer(&o->answer, guide_page_free);
	o->asked = o->ask_again_s = 0;
}

static struct heard *heard_of(struct on_air *o, int64_t channel)
{
	struct heard *heard = g_hash_table_lookup(o->heard, &channel);
	if (!heard) {
		heard = g_new0(struct heard, 1);
		heard->channel = channel;
		g_hash_table_insert(o->heard, &heard->channel, heard);
	}
	return heard;
}

bool on_air_has_to_hear(struct on_air *o, int64_t channel, uint64_t serial)
{
	struct heard *heard = heard_of(o, channel);
	bool is_news = heard->serial != serial;
	heard->serial = serial;
	return is_news;
}

bool on_air_heard(struct on_air *o, const struct guide_page *page)
{
	struct heard *heard = heard_of(o, page->channel);
	const struct guide_page *before = heard->page;
	bool same = before && is_same_event(&before->now, &page->now) &&
		    is_same_event(&before->next, &page->next);
	if (same)
		return false;
	/* Where the guide has it, it says it with the next answer. */
	if (page->channel == o->asked)
		o->ask_again_s = page->at_utc_s;
	guide_page_free(heard->page);
	heard->page = guide_page_copy(page);
	return page->now.known || page->next.known;
}

static int64_t earlier(int64_t a_s, int64_t b_s)
{
	return b_s && b_s < a_s ? b_s : a_s;
}

/* What it says holds until what is on ends, or what is next begins. */
void on_air_answered(struct on_air *o, struct guide_page *page)
{
	int64_t until_s = page->at_utc_s + ASK_AGAIN_S;
	if (page->channel != o->asked) {
		guide_page_free(page);
		return;
	}
	until_s = earlier(until_s, page->now.stop_utc_s);
	o->ask_again_s = MIN(o->ask_again_s, earlier(until_s, page->next.start_utc_s));
	guide_page_free(o->answer);
	o->answer = page;
}

/* A clock that was set back must not make it wait for longer. */
bool on_air_has_to_ask(struct on_air *o, int64_t channel, int64_t now_utc_s)
{
	bool is_waiting = now_utc_s < o->ask_again_s && o->ask_again_s <= now_utc_s + ASK_AGAIN_S;
	if (channel == o->asked && is_waiting)
		return false;
	if (channel != o->asked)
		g_clear_pointer(&o->answer, guide_page_free);
	o->asked = channel;
	o->ask_again_s = now_utc_s + ASK_AGAIN_S;
	return true;
}

static bool is_on(const struct guide_event *event, int64_t at_utc_s)
{
	return event->known && event->start_utc_s <= at_utc_s && at_utc_s < event->stop_utc_s;
}

/* By the stream, what is on is on, whatever this machine takes for the time. */
static const struct guide_event *choose_now(
	const struct guide_page *answer, const struct guide_page *heard, int64_t now_utc_s)
{
	if (answer && is_on(&answer->now, now_utc_s))
		return &answer->now;
	return heard && heard->now.known ? &heard->now : NULL;
}

static const struct guide_event *choose_next(
	const struct guide_page *answer, const struct guide_page *heard, int64_t now_utc_s)
{
	if (answer && answer->next.known && answer->next.start_utc_s > now_utc_s)
		return &answer->next;
	return heard && heard->next.known ? &heard->next : NULL;
}

struct guide_now on_air_now(const struct on_air *o, int64_t channel, int64_t now_utc_s)
{
	const struct heard *heard = g_hash_table_lookup(o->heard, &channel);
	const struct guide_page *said = heard ? heard->page : NULL;
	const struct guide_page *answer = channel == o->asked ? o->answer : NULL;
	const struct guide_event *now = choose_now(answer, said, now_utc_s);
	const struct guide_event *next = choose_next(answer, said, now_utc_s);
	struct guide_now found = {0};
	if (now)
		found.now = *now;
	if (next)
		found.next = *next;
	return found;
}

void on_air_told_time(struct on_air *o, int64_t utc_s, uint64_t arrival_ns)
{
	if (o->has_time && arrival_ns <= o->arrival_ns)
		return;
	o->has_time = true;
	o->utc_s = utc_s;
	o->arrival_ns = arrival_ns;
}

/* What the stream's clock shows at the moment of `clocks`. */
static int64_t stream_ns(const struct on_air *o, const struct on_air_clocks *clocks)
{
	return o->utc_s * SECOND_NS + (int64_t)(clocks->monotonic_ns - o->arrival_ns);
}

bool on_air_offset(const struct on_air *o, const struct on_air_clocks *clocks, int64_t *ret_ns)
{
	if (o->has_time)
		*ret_ns = stream_ns(o, clocks) - clocks->realtime_ns;
	return o->has_time;
}

bool on_air_is_unset(const struct on_air_clocks *clocks)
{
	return clocks->realtime_ns < EARLIEST_S * SECOND_NS;
}

int64_t on_air_utc_ms(const struct on_air *o, const struct on_air_clocks *clocks)
{
	bool is_stream = o->has_time && on_air_is_unset(clocks);
	return (is_stream ? stream_ns(o, clocks) : clocks->realtime_ns) / MS_NS;
}

int64_t on_air_utc_s(const struct on_air *o, const struct on_air_clocks *clocks)
{
	return on_air_utc_ms(o, clocks) / 1000;
}
