#include "client/receive/pcr_clock.h"

#include <math.h>
#include <stdlib.h>

enum {
	OFFSET,
	BOTH,
	RATE,
};

static const uint64_t WRAP_90KHZ = UINT64_C(1) << 33;
static const double NS_PER_TICK = 1e9 / 27e6;
/* Arrival jitter as assumed: +-10 ms, evenly spread, has this variance. */
static const double JITTER_S2 = 0.01 * 0.01 / 3;
/* ISO/IEC 13818-1 section 2.4.2.1 allows 30 ppm; cheap head-ends and our own crystal add theirs. */
static const double RATE_SIGMA = 100e-6;
static const double RATE_MAX = 500e-6;
/* How fast the rate wanders, per second: makes the filter's final time constant about 50 s. */
static const double RATE_WANDER = 2e-13;
/* An arrival this far off pulls no harder than this; for this long, the line is wrong. */
static const double ODD_S = 0.030;
static const uint64_t ODD_NS = UINT64_C(1000000000);
/* Two time bases are told apart by this. */
static const int64_t NEAR_90KHZ = 10 * 90000;

static uint64_t unwrap_near(uint64_t reference, uint64_t value)
{
	uint64_t delta = (value - reference) & (WRAP_90KHZ - 1);
	return delta < WRAP_90KHZ / 2 ? reference + delta : reference + delta - WRAP_90KHZ;
}

uint64_t pcr_clock_unwrap(struct pcr_clock *clock, uint64_t time_33bit)
{
	uint64_t time = time_33bit & (WRAP_90KHZ - 1);
	if (clock->reference_90khz == 0)
		clock->reference_90khz = time + WRAP_90KHZ;
	uint64_t unwrapped = unwrap_near(clock->reference_90khz, time);
	/* Never within reach of zero: a stream that jumps back stays above the wrap. */
	if (unwrapped < WRAP_90KHZ / 2)
		unwrapped += WRAP_90KHZ;
	return unwrapped;
}

static int64_t line_predict(const struct pcr_line *line, uint64_t time_27mhz)
{
	double ticks = (double)(int64_t)(time_27mhz - line->time_27mhz);
	return (int64_t)line->at_ns + llround(ticks * NS_PER_TICK * (1 + line->rate));
}

static void line_start(struct pcr_line *line, uint64_t time_27mhz, uint64_t at_ns)
{
	*line = (struct pcr_line){
		.set = true,
		.time_27mhz = time_27mhz,
		.at_ns = at_ns,
		.variance = {[OFFSET] = JITTER_S2, [RATE] = RATE_SIGMA * RATE_SIGMA},
	};
}

/* One step of the filter: the line moves on to this PCR, then towards its arrival. */
static void line_follow(struct pcr_line *line, uint64_t time_27mhz, uint64_t arrival_ns)
{
	double *p = line->variance;
	double dt = (double)(time_27mhz - line->time_27mhz) / 27e6;
	int64_t predicted_ns = line_predict(line, time_27mhz);
	double error = (double)((int64_t)arrival_ns - predicted_ns) / 1e9;
	error = fmin(fmax(error, -ODD_S), ODD_S);

	p[OFFSET] += dt * (2 * p[BOTH] + dt * p[RATE]);
	p[BOTH] += dt * p[RATE];
	p[RATE] += dt * RATE_WANDER;
	double offset_gain = p[OFFSET] / (p[OFFSET] + JITTER_S2);
	double rate_gain = p[BOTH] / (p[OFFSET] + JITTER_S2);
	p[RATE] -= rate_gain * p[BOTH];
	p[BOTH] *= 1 - offset_gain;
	p[OFFSET] *= 1 - offset_gain;

	line->time_27mhz = time_27mhz;
	line->at_ns = (uint64_t)(predicted_ns + llround(offset_gain * error * 1e9));
	line->rate = fmin(fmax(line->rate + rate_gain * error, -RATE_MAX), RATE_MAX);
}

/* Have PCRs been coming far from the line for so long that it is the line that is wrong? */
static bool line_is_wrong(struct pcr_line *line, int64_t error_ns, uint64_t arrival_ns)
{
	if (llabs(error_ns) < (int64_t)(ODD_S * 1e9))
		line->odd_since_ns = 0;
	else if (line->odd_since_ns == 0)
		line->odd_since_ns = arrival_ns;
	return line->odd_since_ns != 0 && arrival_ns > line->odd_since_ns + ODD_NS;
}

static bool fits(struct pcr_clock *clock, uint64_t time_27mhz, uint64_t arrival_ns)
{
	struct pcr_line *line = &clock->now;
	if (!line->set || clock->guessed || time_27mhz < line->time_27mhz)
		return false;
	int64_t error_ns = (int64_t)arrival_ns - line_predict(line, time_27mhz);
	return llabs(error_ns) <= PCR_CLOCK_JUMP_NS && !line_is_wrong(line, error_ns, arrival_ns);
}

bool pcr_clock_receive(
	struct pcr_clock *clock, uint64_t pcr_27mhz, uint64_t arrival_ns, bool discontinuity)
{
	uint64_t base_90khz = pcr_clock_unwrap(clock, pcr_27mhz / 300);
	uint64_t time_27mhz = base_90khz * 300 + pcr_27mhz % 300;

	clock->reference_90khz = base_90khz;
	if (!discontinuity && fits(clock, time_27mhz, arrival_ns)) {
		line_follow(&clock->now, time_27mhz, arrival_ns);
		return false;
	}
	if (!clock->guessed)
		clock->before = clock->now;
	clock->guessed = false;
	line_start(&clock->now, time_27mhz, arrival_ns);
	return true;
}

void pcr_clock_guess(struct pcr_clock *clock, uint64_t time_90khz, uint64_t due_ns)
{
	clock->guessed = true;
	clock->reference_90khz = time_90khz;
	line_start(&clock->now, time_90khz * 300, due_ns);
}

bool pcr_clock_ready(const struct pcr_clock *clock)
{
	return clock->now.set;
}

static bool is_near(const struct pcr_line *line, uint64_t time_90khz)
{
	return line->set && llabs((int64_t)(time_90khz - line->time_27mhz / 300)) <= NEAR_90KHZ;
}

uint64_t pcr_clock_due(const struct pcr_clock *clock, uint64_t time_90khz)
{
	const struct pcr_line *line = &clock->now;
	if (!line->set)
		return 0;
	if (!is_near(line, time_90khz) && is_near(&clock->before, time_90khz))
		line = &clock->before;
	int64_t due_ns = line_predict(line, time_90khz * 300);
	return due_ns > 0 ? (uint64_t)due_ns : 0;
}
