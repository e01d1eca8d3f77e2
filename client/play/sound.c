#include "client/play/sound.h"

/* Sound that begins anew is faded in, so that it does not click. */
#define FADE_MS 5
/* A sink takes the next piece when it has played the last: so soon another volume is heard. */
#define PIECE_MS 16

static void make_loud(struct volume *volume, GstBuffer *piece, GstCaps *caps)
{
	GstAudioInfo info;
	GstMapInfo map;
	if (!gst_audio_info_from_caps(&info, caps) ||
		!gst_buffer_map(piece, &map, GST_MAP_READWRITE))
		return;
	volume_apply(volume, (float *)(void *)map.data, map.size / (gsize)GST_AUDIO_INFO_BPF(&info),
		(unsigned)info.channels, (unsigned)info.rate);
	gst_buffer_unmap(piece, &map);
}

static void set_volume(struct sound *sound, GstPad *pad, GstPadProbeInfo *info)
{
	GstBuffer *piece = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
	GstCaps *caps = gst_pad_get_current_caps(pad);
	if (caps) {
		make_loud(sound->volume, piece, caps);
		gst_caps_unref(caps);
	}
	GST_PAD_PROBE_INFO_DATA(info) = piece;
}

/* A device would take pieces sooner than it needs them. No longer than they come too soon. */
static void await_leave(const struct sound *sound, const GstBuffer *piece)
{
	uint64_t from_ns = GST_BUFFER_PTS(piece) - sound->lead_ns;
	uint64_t now_ns = gst_util_get_timestamp();
	if (sound->lead_ns && from_ns > now_ns && from_ns - now_ns <= GATE_SOUND_AHEAD_NS)
		g_usleep((gulong)((from_ns - now_ns) / 1000));
}

/* Tells of a piece that is no old sound; false for one that is. */
static bool tell_leave(struct sound *sound, const GstBuffer *piece)
{
	g_mutex_lock(&sound->lock);
	bool is_ours = GST_BUFFER_OFFSET(piece) == sound->age;
	if (is_ours)
		sound->left(sound->ctx, GST_BUFFER_PTS(piece), sound->first_due_ns);
	g_mutex_unlock(&sound->lock);
	return is_ours;
}

/* Between `out` and the sink nothing is queued: this is the last moment. */
static GstPadProbeReturn on_leave(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	struct sound *sound = data;
	await_leave(sound, GST_PAD_PROBE_INFO_BUFFER(info));
	bool is_old = !tell_leave(sound, GST_PAD_PROBE_INFO_BUFFER(info));
	if (is_old && sound->faded)
		return GST_PAD_PROBE_DROP;
	sound->faded = is_old;
	if (is_old)
		volume_end(sound->volume);
	if (is_old || volume_changes(sound->volume))
		set_volume(sound, pad, info);
	return GST_PAD_PROBE_OK;
}

void sound_init(struct sound *sound, GstAppSrc *out, const struct sound_options *options)
{
	sound->gate = options->gate;
	sound->volume = options->volume;
	sound->lead_ns = options->lead_ns;
	sound->left = options->left;
	sound->ctx = options->ctx;
	sound->out = gst_object_ref(out);
	sound->frames = g_array_new(FALSE, FALSE, sizeof(float));
	gst_audio_info_init(&sound->info);
	g_mutex_init(&sound->lock);
	sound->faded = true; /* there is no old sound */
	sound_cut(sound);
	GstPad *pad = gst_element_get_static_pad(GST_ELEMENT(out), "src");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_leave, sound, NULL);
	gst_object_unref(pad);
}

void sound_clear(struct sound *sound)
{
	if (!sound->out)
		return;
	g_clear_pointer(&sound->out, gst_object_unref);
	g_clear_pointer(&sound->frames, g_array_unref);
	stretch_clear(&sound->stretch);
	tempo_clear(&sound->tempo);
	g_mutex_clear(&sound->lock);
}

void sound_cut(struct sound *sound)
{
	sound->clock.running = false;
	sound->first_due_ns = 0;
	g_mutex_lock(&sound->lock);
	sound->age++;
	g_mutex_unlock(&sound->lock);
}

GstCaps *sound_caps(void)
{
	return gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE(F32),
		"layout", G_TYPE_STRING, "interleaved", NULL);
}

static void follow_format(struct sound *sound, GstCaps *caps)
{
	GstAudioInfo info;
	if (!gst_audio_info_from_caps(&info, caps) || gst_audio_info_is_equal(&info, &sound->info))
		return;
	sound->info = info;
	sound->clock.running = false;
	stretch_clear(&sound->stretch);
	stretch_init(&sound->stretch, (unsigned)info.rate, (unsigned)info.channels);
	tempo_clear(&sound->tempo);
	tempo_init(&sound->tempo, (unsigned)info.rate, (unsigned)info.channels);
	gst_app_src_set_caps(sound->out, caps);
}

static void begin_anew(struct sound *sound)
{
	stretch_reset(&sound->stretch);
	tempo_clear(&sound->tempo);
	tempo_init(&sound->tempo, (unsigned)sound->info.rate, (unsigned)sound->info.channels);
}

static void fade_in(const struct sound *sound, float *samples, gsize frames)
{
	gsize faded = MIN(frames, (gsize)sound->info.rate * FADE_MS / 1000);
	for (gsize i = 0; i < faded; i++)
		for (int channel = 0; channel < sound->info.channels; channel++)
			samples[i * (gsize)sound->info.channels + (gsize)channel] *=
				(float)i / (float)faded;
}

/* The frames at hand, made longer or shorter; their number is returned. */
static gsize stretch(struct sound *sound, double longer, GstBuffer **ret)
{
	gsize in_frames = sound->frames->len / (guint)sound->info.channels;
	gsize frames = stretch_ask(&sound->stretch, in_frames, longer);
	*ret = gst_buffer_new_allocate(
		NULL, frames * (gsize)GST_AUDIO_INFO_BPF(&sound->info), NULL);
	GstMapInfo map;
	gst_buffer_map(*ret, &map, GST_MAP_WRITE);
	stretch_take(&sound->stretch, (float *)sound->frames->data, in_frames, (float *)map.data,
		frames);
	gst_buffer_unmap(*ret, &map);
	return frames;
}

static uint64_t span_ns(const struct sound *sound, gsize frames)
{
	return gst_util_uint64_scale(frames, GST_SECOND, (guint64)sound->info.rate);
}

/* Frames from `from` on, behind at_ns. */
static GstBuffer *cut_piece(
	const struct sound *sound, GstBuffer *buffer, gsize from, gsize frames, uint64_t at_ns)
{
	gsize bpf = (gsize)GST_AUDIO_INFO_BPF(&sound->info);
	GstBuffer *piece =
		gst_buffer_copy_region(buffer, GST_BUFFER_COPY_MEMORY, from * bpf, frames * bpf);
	GST_BUFFER_PTS(piece) = at_ns + span_ns(sound, from);
	GST_BUFFER_DURATION(piece) = span_ns(sound, frames);
	GST_BUFFER_OFFSET(piece) = sound->age;
	return piece;
}

static void play(struct sound *sound, const struct sound_step *step)
{
	GstBuffer *buffer;
	if (step->anew)
		fade_in(sound, (float *)sound->frames->data,
			sound->frames->len / (guint)sound->info.channels);
	gsize frames = stretch(sound, step->longer, &buffer);
	/* Of one length, so that the last one has room for a fade, too. */
	gsize most = (gsize)sound->info.rate * PIECE_MS / 1000;
	gsize pieces = (frames + most - 1) / most;
	for (gsize i = 0; i < pieces; i++) {
		gsize from = frames * i / pieces, to = frames * (i + 1) / pieces;
		GstBuffer *piece = cut_piece(sound, buffer, from, to - from, step->at_ns);
		if (step->anew && !i)
			GST_BUFFER_FLAG_SET(piece, GST_BUFFER_FLAG_DISCONT);
		gst_app_src_push_buffer(sound->out, piece);
	}
	gst_buffer_unref(buffer);
	sound_clock_count(&sound->clock, frames);
}

static uint64_t held_ns(const struct sound *sound)
{
	return span_ns(sound, tempo_held(&sound->tempo) + stretch_held(&sound->stretch));
}

static void take_piece(struct sound *sound, GstBuffer *buffer, const struct gate_sound *when)
{
	struct sound_step step = sound_clock_take(
		&sound->clock, when->at_ns, held_ns(sound), (unsigned)sound->info.rate);
	GstMapInfo map;
	if (step.anew)
		begin_anew(sound);
	if (step.anew && sound->first_due_ns)
		sound->gaps++;
	if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
		return;
	g_array_set_size(sound->frames, 0);
	tempo_take(&sound->tempo, (const float *)map.data,
		map.size / (gsize)GST_AUDIO_INFO_BPF(&sound->info), when->speed, sound->frames);
	gst_buffer_unmap(buffer, &map);
	if (!sound->first_due_ns)
		sound->first_due_ns = GST_BUFFER_PTS(buffer);
	if (sound->frames->len)
		play(sound, &step);
}

void sound_take(struct sound *sound, GstSample *sample)
{
	GstBuffer *buffer = gst_sample_get_buffer(sample);
	struct gate_sound when;
	follow_format(sound, gst_sample_get_caps(sample));
	gsize bpf = (gsize)GST_AUDIO_INFO_BPF(&sound->info);
	if (sound->stretch.resampler && GST_BUFFER_PTS_IS_VALID(buffer)) {
		uint64_t duration_ns = gst_util_uint64_scale(
			gst_buffer_get_size(buffer) / bpf, GST_SECOND, (guint64)sound->info.rate);
		if (gate_await_sound(sound->gate, GST_BUFFER_PTS(buffer), duration_ns, &when))
			take_piece(sound, buffer, &when);
		else
			sound->clock.running = false; /* what comes next does not follow */
	}
	gst_sample_unref(sample);
}
