#include "client/foresee/predict.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/*
 * What the zap after the next is worth beside the next: a stream must be joined before it can be
 * warm, and who surfs fast is there before.
 */
static const double LATER = 0.4;
static const unsigned STEPS = 4;
/* How much more likely a favourite is chosen than another channel, before habits are known. */
static const double FAVOURITE = 8;
/* What else may still happen while digits are typed. */
static const double NOT_THE_DIGITS = 0.05;

int predict_neighbour(const struct foresee_channel *channels, size_t count, int channel, int step)
{
	int n = (int)count;
	for (int i = 1; channel >= 0 && i < n; i++) {
		int next = ((channel + i * step) % n + n) % n;
		if (!channels[next].skip)
			return next;
	}
	return FORESEE_NONE;
}

static void add(double *scores, int channel, double score)
{
	if (channel >= 0)
		scores[channel] += score;
}

/* On and on in one direction. */
static void add_travel(const struct history *history, const struct foresee_channel *channels,
	size_t count, int channel, int step, double likely, double *ret)
{
	double further[HISTORY_ACTIONS];
	history_next_action(history, step > 0 ? HISTORY_AFTER_UP : HISTORY_AFTER_DOWN, further);
	double goes_on = further[step > 0 ? HISTORY_UP : HISTORY_DOWN];
	for (unsigned i = 0; i < STEPS; i++) {
		channel = predict_neighbour(channels, count, channel, step);
		add(ret, channel, likely);
		likely *= goes_on * LATER;
	}
}

static void make_prior(
	const struct foresee_channel *channels, size_t count, int watched, double *ret)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		bool possible = !channels[i].skip && (int)i != watched;
		ret[i] = possible ? (channels[i].favourite ? FAVOURITE : 1) : 0;
		sum += ret[i];
	}
	for (size_t i = 0; i < count; i++)
		ret[i] = sum > 0 ? ret[i] / sum : 0;
}

/* Can what is typed become this channel's number? It is the number already: most likely meant. */
static double fits_digits(const struct foresee_channel *channel, const char *digits)
{
	char number[24];
	if (channel->subnumber)
		snprintf(number, sizeof number, "%u.%u", channel->number, channel->subnumber);
	else
		snprintf(number, sizeof number, "%u", channel->number);
	while (digits[0] == '0' && digits[1])
		digits++;
	if (strcmp(number, digits) == 0)
		return 1;
	return strncmp(number, digits, strlen(digits)) == 0 ? 0.5 : 0;
}

/* Digits say more than all habits: what they may become goes first, by how likely it is chosen. */
static void apply_digits(const struct foresee_channel *channels, size_t count, const char *digits,
	const double *choice, double *ret)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += choice[i] * fits_digits(&channels[i], digits);
	for (size_t i = 0; sum > 0 && i < count; i++)
		ret[i] = ret[i] * NOT_THE_DIGITS +
			 choice[i] * fits_digits(&channels[i], digits) / sum;
}

void predict(const struct history *history, const struct foresee_channel *channels, size_t count,
	const struct predict_place *place, double *ret)
{
	double action[HISTORY_ACTIONS];
	double *prior = g_new(double, count), *choice = g_new(double, count);
	history_next_action(history, place->context, action);
	make_prior(channels, count, place->channel, prior);
	history_next_choice(history, place->channel, prior, choice);

	for (size_t i = 0; i < count; i++)
		ret[i] = (action[HISTORY_NUMBER] + action[HISTORY_LIST]) * choice[i];
	add_travel(history, channels, count, place->channel, +1, action[HISTORY_UP], ret);
	add_travel(history, channels, count, place->channel, -1, action[HISTORY_DOWN], ret);
	add(ret, place->last, action[HISTORY_LAST]);
	if (place->digits[0])
		apply_digits(channels, count, place->digits, choice, ret);
	for (size_t i = 0; i < count; i++) {
		if (channels[i].skip || (int)i == place->channel)
			ret[i] = 0;
	}
	g_free(choice);
	g_free(prior);
}
