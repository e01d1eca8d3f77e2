#include "client/play/tempo.h"

/* A segment, the overlap with the one before, and how far a better place is looked for, in ms. */
#define SEGMENT_MS 30
#define OVERLAP_MS 10
#define SEARCH_MS 12

void tempo_init(struct tempo *tempo, unsigned rate, unsigned channels)
{
	*tempo = (struct tempo){.rate = rate,
		.channels = channels,
		.held = g_array_new(FALSE, FALSE, sizeof(float)),
		.tail = g_array_new(FALSE, FALSE, sizeof(float))};
}

void tempo_clear(struct tempo *tempo)
{
	g_clear_pointer(&tempo->held, g_array_unref);
	g_clear_pointer(&tempo->tail, g_array_unref);
}

static gsize frames_of(const struct tempo *tempo, unsigned ms)
{
	return (gsize)tempo->rate * ms / 1000;
}

gsize tempo_held(const struct tempo *tempo)
{
	return tempo->held->len / tempo->channels;
}

/* How alike the tail and the held sound from this frame on are: the cosine between them. */
static double likeness(const struct tempo *tempo, gsize frame)
{
	const float *a = (const float *)tempo->tail->data;
	const float *b = (const float *)tempo->held->data + frame * tempo->channels;
	double both = 0, energy = 1e-9;
	for (guint i = 0; i < tempo->tail->len; i++) {
		both += (double)a[i] * b[i];
		energy += (double)b[i] * b[i];
	}
	return both > 0 ? both * both / energy : 0;
}

static gsize best_place(const struct tempo *tempo)
{
	gsize best = 0;
	double most = -1;
	for (gsize frame = 0; frame < frames_of(tempo, SEARCH_MS); frame += 2) {
		double alike = likeness(tempo, frame);
		if (alike > most) {
			most = alike;
			best = frame;
		}
	}
	return best;
}

/* Fades from the tail to the held sound from this frame on. Returns the frame behind that. */
static gsize cross_fade(struct tempo *tempo, gsize frame, GArray *out)
{
	const float *a = (const float *)tempo->tail->data;
	const float *b = (const float *)tempo->held->data + frame * tempo->channels;
	for (guint i = 0; i < tempo->tail->len; i++) {
		float weight = (float)(i / tempo->channels) * (float)tempo->channels /
			       (float)tempo->tail->len;
		float mixed = a[i] + (b[i] - a[i]) * weight;
		g_array_append_val(out, mixed);
	}
	gsize behind = frame + tempo->tail->len / tempo->channels;
	g_array_set_size(tempo->tail, 0);
	return behind;
}

static void append(const struct tempo *tempo, gsize from, gsize frames, GArray *to)
{
	g_array_append_vals(to, (const float *)tempo->held->data + from * tempo->channels,
		(guint)(frames * tempo->channels));
}

static void drop(struct tempo *tempo, gsize frames)
{
	g_array_remove_range(tempo->held, 0, (guint)(frames * tempo->channels));
}

static void cut_segment(struct tempo *tempo, double speed, GArray *out)
{
	gsize segment = frames_of(tempo, SEGMENT_MS), overlap = frames_of(tempo, OVERLAP_MS);
	gsize from = tempo->tail->len ? best_place(tempo) : 0;
	gsize end = from + segment;
	if (tempo->tail->len)
		from = cross_fade(tempo, from, out);
	append(tempo, from, end - from, out);
	append(tempo, end, overlap, tempo->tail);
	double used = (double)segment * speed + tempo->rest;
	tempo->rest = used - (double)(gsize)used;
	drop(tempo, (gsize)used);
}

/* Back to sample by sample: one last fade, and all that is held goes out. */
static void end(struct tempo *tempo, GArray *out)
{
	gsize from = cross_fade(tempo, best_place(tempo), out);
	append(tempo, from, tempo_held(tempo) - from, out);
	g_array_set_size(tempo->held, 0);
	tempo->active = false;
}

void tempo_take(struct tempo *tempo, const float *in, gsize frames, double speed, GArray *out)
{
	bool cuts = speed > 1;
	if (!cuts && !tempo->active) {
		g_array_append_vals(out, in, (guint)(frames * tempo->channels));
		return;
	}
	tempo->active = true;
	g_array_append_vals(tempo->held, in, (guint)(frames * tempo->channels));
	gsize least = frames_of(tempo, SEARCH_MS + OVERLAP_MS);
	if (!cuts && tempo_held(tempo) >= least) {
		end(tempo, out);
		return;
	}
	gsize needed = least + (gsize)((double)frames_of(tempo, SEGMENT_MS) * speed) + 1;
	while (cuts && tempo_held(tempo) >= needed)
		cut_segment(tempo, speed, out);
}
