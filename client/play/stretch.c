#include "client/play/stretch.h"

/* The resampler's rates are whole numbers: finer ones give steps of a millionth. */
#define RATE_SCALE 20

static int scaled_rate(const struct stretch *stretch)
{
	return (int)stretch->rate * RATE_SCALE;
}

/*
 * It would rather keep a table of its filter at every phase, which is one for each unit of the
 * rate: hundreds of megabytes, cleared whenever the rate changes. Between phases nothing is heard.
 */
static GstStructure *make_options(int rate)
{
	GstStructure *options = gst_structure_new_empty("options");
	gst_audio_resampler_options_set_quality(GST_AUDIO_RESAMPLER_METHOD_KAISER,
		GST_AUDIO_RESAMPLER_QUALITY_DEFAULT, rate, rate + 1, options);
	gst_structure_set(options, GST_AUDIO_RESAMPLER_OPT_FILTER_MODE,
		GST_TYPE_AUDIO_RESAMPLER_FILTER_MODE, GST_AUDIO_RESAMPLER_FILTER_MODE_INTERPOLATED,
		NULL);
	return options;
}

void stretch_init(struct stretch *stretch, unsigned rate, unsigned channels)
{
	*stretch = (struct stretch){.rate = rate, .channels = channels};
	int scaled = scaled_rate(stretch);
	GstStructure *options = make_options(scaled);
	stretch->resampler = gst_audio_resampler_new(GST_AUDIO_RESAMPLER_METHOD_KAISER,
		GST_AUDIO_RESAMPLER_FLAG_VARIABLE_RATE, GST_AUDIO_FORMAT_F32, (int)channels, scaled,
		scaled + 1, options);
	gst_structure_free(options);
}

void stretch_clear(struct stretch *stretch)
{
	g_clear_pointer(&stretch->resampler, gst_audio_resampler_free);
}

void stretch_reset(struct stretch *stretch)
{
	gst_audio_resampler_reset(stretch->resampler);
}

gsize stretch_ask(struct stretch *stretch, gsize in_frames, double longer)
{
	int in_rate = scaled_rate(stretch);
	int out_rate = (int)((double)in_rate * longer + 0.5);
	/* At equal rates it would copy instead, half a filter's length beside what it has given. */
	if (out_rate == in_rate)
		out_rate++;
	gst_audio_resampler_update(stretch->resampler, in_rate, out_rate, NULL);
	return gst_audio_resampler_get_out_frames(stretch->resampler, in_frames);
}

void stretch_take(
	struct stretch *stretch, const float *in, gsize in_frames, float *out, gsize out_frames)
{
	gpointer ins[] = {(gpointer)in}, outs[] = {out};
	gst_audio_resampler_resample(stretch->resampler, ins, in_frames, outs, out_frames);
}

gsize stretch_held(const struct stretch *stretch)
{
	return gst_audio_resampler_get_max_latency(stretch->resampler);
}
