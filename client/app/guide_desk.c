#include "client/app/guide_desk.h"

#include <errno.h>

/* What a stream said is kept so long when it is over. */
#define KEPT_S (24 * 3600)
/* Unless somebody sets another one. */
#define PATIENCE_MS 10000

struct guide_desk {
	char *path;
	int patience_ms;
	struct guide *guide;
	enum guide_mode mode;
	bool is_told; /* that it cannot be written */
};

static const struct guide_event nothing = {.title = "",
	.subtitle = "",
	.description = "",
	.category = "",
	.episode = "",
	.rating = ""};

struct guide_page *guide_page_new(const struct channel *channel, int64_t at_utc_s)
{
	struct guide_page *page = g_new0(struct guide_page, 1);
	page->channel = channel->id;
	page->at_utc_s = at_utc_s;
	page->guide_id = g_strdup(channel->guide_id);
	page->guide_name = g_strdup(channel->guide_name);
	page->name = g_strdup(channel->name);
	page->texts = g_string_chunk_new(1024);
	page->now = page->next = nothing;
	return page;
}

void guide_page_free(struct guide_page *page)
{
	if (!page)
		return;
	g_string_chunk_free(page->texts);
	g_free(page->guide_id);
	g_free(page->guide_name);
	g_free(page->name);
	g_free(page);
}

struct guide_page *guide_page_copy(const struct guide_page *page)
{
	const struct channel channel = {.id = page->channel,
		.guide_id = page->guide_id,
		.guide_name = page->guide_name,
		.name = page->name};
	struct guide_page *copy = guide_page_new(&channel, page->at_utc_s);
	guide_page_put(copy, &copy->now, &page->now);
	guide_page_put(copy, &copy->next, &page->next);
	return copy;
}

static struct guide_subject subject_of(const struct guide_page *page)
{
	return (struct guide_subject){page->guide_id, page->guide_name, page->name};
}

static const char *keep(struct guide_page *page, const char *text)
{
	return text && *text ? g_string_chunk_insert(page->texts, text) : "";
}

void guide_page_put(
	struct guide_page *page, struct guide_event *into, const struct guide_event *event)
{
	*into = *event;
	into->title = keep(page, event->title);
	into->subtitle = keep(page, event->subtitle);
	into->description = keep(page, event->description);
	into->category = keep(page, event->category);
	into->episode = keep(page, event->episode);
	into->rating = keep(page, event->rating);
}

struct guide_desk *guide_desk_new(const char *lineup_path)
{
	struct guide_desk *desk = g_new0(struct guide_desk, 1);
	desk->path = guide_path_beside(lineup_path);
	desk->patience_ms = PATIENCE_MS;
	return desk;
}

void guide_desk_free(struct guide_desk *desk)
{
	if (!desk)
		return;
	guide_close(desk->guide);
	g_free(desk->path);
	g_free(desk);
}

void guide_desk_set_patience(struct guide_desk *desk, int patience_ms)
{
	desk->patience_ms = patience_ms;
	if (desk->guide)
		guide_set_patience(desk->guide, patience_ms);
}

/* What is open for writing can be read, too. One that was moved into its place counts. */
static int open_guide(struct guide_desk *desk, enum guide_mode mode, char **ret_why)
{
	bool fits = desk->guide && (desk->mode == mode || desk->mode == GUIDE_WRITE);
	if (fits && guide_is_current(desk->guide))
		return 0;
	g_clear_pointer(&desk->guide, guide_close);
	desk->mode = mode;
	return guide_open_within(desk->path, mode, desk->patience_ms, &desk->guide, ret_why);
}

int guide_desk_write(struct guide_desk *desk, const struct guide_page *page, char **ret_why)
{
	const struct guide_event events[] = {page->now, page->next};
	const struct guide_subject subject = subject_of(page);
	char *why = NULL;
	int error = open_guide(desk, GUIDE_WRITE, &why);
	if (!error)
		error = guide_complete(desk->guide, &subject, events, G_N_ELEMENTS(events),
			page->at_utc_s - KEPT_S);
	*ret_why = NULL;
	if (error && error != -EBUSY && !desk->is_told) {
		*ret_why = g_strdup_printf("what is on by the streams is not kept: %s",
			why ? why : g_strerror(-error));
		desk->is_told = true;
	}
	g_free(why);
	return error;
}

static int find_channel(struct guide_desk *desk, const struct guide_subject *subject, int64_t *ret)
{
	char *why = NULL;
	int error = open_guide(desk, GUIDE_READ, &why);
	g_free(why);
	return error ? error : guide_find(desk->guide, subject, ret);
}

void guide_desk_read(struct guide_desk *desk, struct guide_page *page)
{
	const struct guide_subject subject = subject_of(page);
	struct guide_now found;
	int64_t channel;
	int error = find_channel(desk, &subject, &channel);
	if (!error)
		error = guide_now_next(desk->guide, channel, page->at_utc_s, &found);
	if (error)
		return;
	guide_page_put(page, &page->now, &found.now);
	guide_page_put(page, &page->next, &found.next);
}

/* Each event says when the next one is asked for; time goes on whatever the guide says. */
void guide_desk_read_span(
	struct guide_desk *desk, const struct guide_span *span, guide_desk_event_fn fn, void *ctx)
{
	int64_t channel, at_utc_s = span->from_utc_s;
	bool is_more = !find_channel(desk, &span->subject, &channel);
	while (is_more && at_utc_s < span->to_utc_s) {
		struct guide_now found;
		if (guide_now_next(desk->guide, channel, at_utc_s, &found))
			return;
		bool goes_on = found.next.known && found.next.start_utc_s > at_utc_s;
		at_utc_s = found.next.start_utc_s;
		if (found.now.known)
			is_more = fn(ctx, &found.now);
		is_more = is_more && goes_on;
	}
}
