#include "client/play/volume.h"

#define VOLUME_MUTED UINT32_C(0x10000)
#define PERCENT 0xffff

void volume_init(struct volume *volume)
{
	*volume = (struct volume){.wanted = 100};
}

void volume_set(struct volume *volume, uint16_t percent, bool muted)
{
	volume->wanted = (percent < 100 ? percent : 100U) | (muted ? VOLUME_MUTED : 0);
}

static float wanted_gain(const struct volume *volume)
{
	uint32_t wanted = volume->wanted;
	float share = (float)(wanted & PERCENT) / 100;
	return wanted & VOLUME_MUTED ? 0 : share * share * share;
}

bool volume_changes(struct volume *volume)
{
	float wanted = wanted_gain(volume);
	/* What is heard first begins as is wanted. */
	if (!volume->begun)
		volume->gain = wanted;
	volume->begun = true;
	return wanted != 1 || volume->gain != 1;
}

static float towards(float gain, float wanted, float step)
{
	if (gain < wanted)
		return gain + step < wanted ? gain + step : wanted;
	return gain - step > wanted ? gain - step : wanted;
}

void volume_apply(
	struct volume *volume, float *samples, size_t frames, unsigned channels, unsigned rate)
{
	float wanted = wanted_gain(volume), gain = volume->gain;
	float step = 1000.0F / ((float)rate * VOLUME_FADE_MS);
	for (size_t i = 0; i < frames; i++) {
		gain = towards(gain, wanted, step);
		for (unsigned channel = 0; channel < channels; channel++)
			samples[i * channels + channel] *= gain;
	}
	volume->gain = gain;
}
