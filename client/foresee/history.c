#include "client/foresee/history.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* After so many transitions a habit counts half: some weeks of an ordinary viewer. */
static const double HALF_LIFE = 2000;
/* Moods pass faster than habits. */
static const double CONTEXT_HALF_LIFE = 200;
/* Lighter rows say nothing any more. */
static const double WEIGHT_MIN = 0.05;
/* How many transitions the assumptions weigh: of actions, of choices from here, of all choices. */
static const double ACTION_PRIOR = 10, FROM_PRIOR = 4, ALL_PRIOR = 10;

/*
 * That most zaps are steps up or down is published (tests/unit/client/foresee/viewer.h says where);
 * how they follow each other is assumed, and soon outweighed. In the order of enum history_action.
 */
static const double ASSUMED[HISTORY_CONTEXTS][HISTORY_ACTIONS] = {
	[HISTORY_AFTER_UP] = {.60, .12, .08, .10, .10},
	[HISTORY_AFTER_DOWN] = {.15, .57, .08, .10, .10},
	[HISTORY_AFTER_LAST] = {.24, .16, .30, .15, .15},
	[HISTORY_AFTER_CHOICE] = {.34, .20, .16, .15, .15},
	[HISTORY_WATCHING] = {.34, .20, .16, .15, .15},
};

struct row {
	struct history_row row;
	unsigned long at; /* the weight is as of this transition */
};

struct history {
	size_t channels;
	unsigned long n; /* transitions so far */
	GArray **from;	 /* struct row, by the channel they lead away from; NULL: none */
	double *chosen;	 /* by channel: how often it was chosen, grown instead of decayed */
	double chosen_unit;
	double actions[HISTORY_CONTEXTS][HISTORY_ACTIONS];
};

struct history *history_new(size_t channels)
{
	struct history *h = g_new0(struct history, 1);
	h->channels = channels;
	h->from = g_new0(GArray *, channels);
	h->chosen = g_new0(double, channels);
	h->chosen_unit = 1;
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->channels; i++) {
		if (h->from[i])
			g_array_unref(h->from[i]);
	}
	g_free(h->from);
	g_free(h->chosen);
	g_free(h);
}

static bool is_choice(enum history_action action)
{
	return action == HISTORY_NUMBER || action == HISTORY_LIST;
}

static bool is_channel(const struct history *h, int channel)
{
	return channel >= 0 && (size_t)channel < h->channels;
}

static double weight_now(const struct history *h, const struct row *row)
{
	return row->row.weight * exp2(-(double)(h->n - row->at) / HALF_LIFE);
}

static struct row *find_row(struct history *h, int from, enum history_action action, int to)
{
	GArray *rows = h->from[from];
	if (!rows)
		rows = h->from[from] = g_array_new(FALSE, FALSE, sizeof(struct row));
	for (guint i = 0; i < rows->len; i++) {
		struct row *row = &g_array_index(rows, struct row, i);
		if (row->row.to == to && row->row.action == action)
			return row;
	}
	struct row row = {.row = {.from = from, .to = to, .action = action}, .at = h->n};
	g_array_append_val(rows, row);
	return &g_array_index(rows, struct row, rows->len - 1);
}

static void add_weight(struct history *h, const struct history_row *add)
{
	struct row *row = find_row(h, add->from, add->action, add->to);
	row->row.weight = weight_now(h, row) + add->weight;
	row->at = h->n;
	if (is_choice(add->action))
		h->chosen[add->to] += add->weight * h->chosen_unit;
}

/* One transition more: what was before weighs less, by making the unit grow. */
static void pass(struct history *h)
{
	h->n++;
	h->chosen_unit *= exp2(1 / HALF_LIFE);
	if (h->chosen_unit < 1e9)
		return;
	for (size_t i = 0; i < h->channels; i++)
		h->chosen[i] /= h->chosen_unit;
	h->chosen_unit = 1;
}

void history_add(struct history *h, enum history_context context, int from,
	enum history_action action, int to)
{
	if (!is_channel(h, from) || !is_channel(h, to))
		return;
	pass(h);
	add_weight(h, &(struct history_row){.from = from, .to = to, .action = action, .weight = 1});
	double *actions = h->actions[context];
	for (size_t i = 0; i < HISTORY_ACTIONS; i++)
		actions[i] *= exp2(-1 / CONTEXT_HALF_LIFE);
	actions[action] += 1;
}

void history_load(struct history *h, const struct history_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool fits = is_channel(h, rows[i].from) && is_channel(h, rows[i].to) &&
			    rows[i].action < HISTORY_ACTIONS && rows[i].weight > 0;
		if (fits)
			add_weight(h, &rows[i]);
	}
}

static gint compare_weights(gconstpointer a, gconstpointer b)
{
	double left = ((const struct history_row *)a)->weight;
	double right = ((const struct history_row *)b)->weight;
	return left < right ? 1 : left > right ? -1 : 0;
}

size_t history_rows(const struct history *h, struct history_row *ret, size_t max)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct history_row));
	for (size_t from = 0; from < h->channels; from++) {
		for (guint i = 0; h->from[from] && i < h->from[from]->len; i++) {
			const struct row *row = &g_array_index(h->from[from], struct row, i);
			struct history_row now = row->row;
			now.weight = weight_now(h, row);
			if (now.weight >= WEIGHT_MIN)
				g_array_append_val(rows, now);
		}
	}
	size_t n = rows->len;
	if (n > max)
		g_array_sort(rows, compare_weights);
	if (MIN(n, max) > 0)
		memcpy(ret, rows->data, MIN(n, max) * sizeof *ret);
	g_array_unref(rows);
	return n;
}

void history_moods(const struct history *h, double ret[HISTORY_CONTEXTS][HISTORY_ACTIONS])
{
	memcpy(ret, h->actions, sizeof h->actions);
}

void history_load_moods(struct history *h, double moods[HISTORY_CONTEXTS][HISTORY_ACTIONS])
{
	for (size_t i = 0; i < HISTORY_CONTEXTS; i++)
		for (size_t j = 0; j < HISTORY_ACTIONS; j++)
			h->actions[i][j] += MAX(moods[i][j], 0);
}

/* Rows that lead to what is gone go with it; NULL for NULL. */
static GArray *move_rows(GArray *rows, int from, const int *to)
{
	for (guint i = rows ? rows->len : 0; i-- > 0;) {
		struct history_row *row = &g_array_index(rows, struct row, i).row;
		row->from = from;
		row->to = to[row->to];
		if (row->to < 0)
			g_array_remove_index(rows, i);
	}
	return rows;
}

void history_move(struct history *h, const int *to, size_t channels)
{
	GArray **from = g_new0(GArray *, channels);
	double *chosen = g_new0(double, channels);
	for (size_t i = 0; i < h->channels; i++) {
		if (to[i] >= 0) {
			from[to[i]] = move_rows(h->from[i], to[i], to);
			chosen[to[i]] = h->chosen[i];
		} else if (h->from[i]) {
			g_array_unref(h->from[i]);
		}
	}
	g_free(h->from);
	g_free(h->chosen);
	h->from = from;
	h->chosen = chosen;
	h->channels = channels;
}

void history_next_action(
	const struct history *h, enum history_context context, double ret[HISTORY_ACTIONS])
{
	const double *seen = h->actions[context];
	double sum = ACTION_PRIOR;
	for (size_t i = 0; i < HISTORY_ACTIONS; i++)
		sum += seen[i];
	for (size_t i = 0; i < HISTORY_ACTIONS; i++)
		ret[i] = (seen[i] + ACTION_PRIOR * ASSUMED[context][i]) / sum;
}

void history_next_choice(const struct history *h, int from, const double *prior, double *ret)
{
	double all = 0, here = 0;
	for (size_t i = 0; i < h->channels; i++)
		all += h->chosen[i] / h->chosen_unit;
	const GArray *rows = is_channel(h, from) ? h->from[from] : NULL;
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct row *row = &g_array_index(rows, struct row, i);
		here += is_choice(row->row.action) ? weight_now(h, row) : 0;
	}
	/* What is known of this channel leans on what is known of all, and that on the prior. */
	for (size_t i = 0; i < h->channels; i++)
		ret[i] = (h->chosen[i] / h->chosen_unit + ALL_PRIOR * prior[i]) /
			 (all + ALL_PRIOR) * FROM_PRIOR / (here + FROM_PRIOR);
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct row *row = &g_array_index(rows, struct row, i);
		if (is_choice(row->row.action))
			ret[row->row.to] += weight_now(h, row) / (here + FROM_PRIOR);
	}
}
