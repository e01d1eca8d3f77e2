#include <math.h>

#include "client/bench/random.h"
#include "tests/unit/bench/synthetic.h"

#define START_NS UINT64_C(5000000000)
#define STEP_NS UINT64_C(4000000000)

static const char *const channel_names[] = {
	"Das Erste HD",
	"BBC <One> & Two",
	"الجزيرة مباشر",
	"\"Quoted\" 'n' sharp",
	"France 2",
	"A station whose name is so long that it has to be broken somewhere on a small screen",
	"РТР-Планета",
	"</td><script>alert(1)</script>",
};

static double uniform(struct bench_random *random)
{
	return bench_random_below(random, 1000000) / 1e6;
}

static double exponential(struct bench_random *random, double mean)
{
	return -mean * log(1 - uniform(random));
}

static uint64_t after(const struct bench_zap *zap, double ms)
{
	return zap->scheduled_ns + (uint64_t)(ms * 1e6);
}

struct bench_run *synthetic_empty(void)
{
	struct bench_run *run = bench_run_new();
	for (size_t i = 0; i < G_N_ELEMENTS(channel_names); i++) {
		char number[8];
		g_snprintf(number, sizeof number, i == 4 ? "5.1" : "%zu", i + 1);
		bench_run_add_channel(run, number, channel_names[i]);
	}
	bench_run_add_host(run, "host", "settop");
	bench_run_add_host(run, "system", "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64");
	bench_run_add_host(run, "processor", "2 x Intel(R) Celeron(R) J4125 @ 2.00GHz");
	bench_run_add_host(run, "zapper", "0.1.0");
	bench_run_add_host(run, "GStreamer", "1.22.0");
	bench_run_add_scenario(run, "interface", "eth0 (veth, 10 Gb/s)");
	bench_run_add_scenario(run, "membership", "raw");
	bench_run_add_scenario(run, "video sink", "fakevideosink <headless>");
	run->settings = (struct bench_settings){.pattern = BENCH_MIX,
		.seed = 7,
		.zaps = 1000,
		.dwell_ms = 1000,
		.gop_ms = BENCH_GOP_MS_DEFAULT,
		.prejoin = 2,
		.learned = 500};
	run->limit_ms = 5000;
	run->self_test = (struct bench_self_test){.count = 1000,
		.delay_ms = 20,
		.p50_ms = 0.02,
		.p95_ms = 0.06,
		.p99_ms = 0.09,
		.max_ms = 0.31};
	run->started = g_strdup("2024-05-01T12:00:00Z");
	run->start_ns = START_NS;
	return run;
}

static void reach_picture(struct bench_zap *zap, struct bench_random *random, double decode_ms)
{
	uint64_t *at_ns = zap->record.at_ns;
	at_ns[ZAP_DECODED] =
		MAX(at_ns[ZAP_RAP_COMPLETE], zap->scheduled_ns) + (uint64_t)(decode_ms * 1e6);
	at_ns[ZAP_PICTURE] = at_ns[ZAP_DECODED] + (uint64_t)((0.8 + uniform(random)) * 1e6);
	at_ns[ZAP_MOTION] = at_ns[ZAP_PICTURE] + (uint64_t)((30 + exponential(random, 20)) * 1e6);
	at_ns[ZAP_AUDIO] = at_ns[ZAP_PICTURE] + (uint64_t)((60 + 80 * uniform(random)) * 1e6);
	zap->check = BENCH_GOOD;
	zap->ahead = (struct bench_ahead){.streams = 2, .whole = 1, .kbps = 8432};
}

static void make_cold(struct bench_zap *zap, struct bench_random *random, double slower_ms)
{
	uint64_t *at_ns = zap->record.at_ns;
	bool partial = zap->record.kind == ZAP_PARTIAL;
	double packet_ms = partial ? 0 : 1.4 + exponential(random, 2);
	double rap_ms = packet_ms + 2000 * uniform(random) * (partial ? 0.4 : 1);
	at_ns[ZAP_FIRST_PACKET] = partial ? zap->scheduled_ns - 300000000 : after(zap, packet_ms);
	at_ns[ZAP_PSI] = partial ? zap->scheduled_ns - 200000000 : after(zap, packet_ms + 40);
	at_ns[ZAP_RAP] = after(zap, rap_ms);
	at_ns[ZAP_RAP_COMPLETE] = after(zap, rap_ms + 150 + 100 * uniform(random));
	reach_picture(zap, random, 4 + exponential(random, 2) + slower_ms);
}

static void make_warm(struct bench_zap *zap, struct bench_random *random, double slower_ms)
{
	uint64_t *at_ns = zap->record.at_ns;
	at_ns[ZAP_FIRST_PACKET] = zap->scheduled_ns - 3000000000;
	at_ns[ZAP_PSI] = zap->scheduled_ns - 2900000000;
	at_ns[ZAP_RAP] = zap->scheduled_ns - 1500000000;
	at_ns[ZAP_RAP_COMPLETE] = zap->scheduled_ns - 1300000000;
	/* Once in a while the machine was busy. */
	double tail_ms = uniform(random) < 0.02 ? exponential(random, 60) : 0;
	reach_picture(zap, random, 6 + exponential(random, 3) + tail_ms + slower_ms);
}

static struct bench_zap make(struct bench_random *random, enum zap_kind kind, size_t index)
{
	struct bench_zap zap = {.scheduled_ns = START_NS + index * STEP_NS,
		.action = (enum bench_action)bench_random_below(random, BENCH_ACTIONS)};
	zap.record.n = index + 1;
	zap.record.from = (int)bench_random_below(random, 8);
	zap.record.to = (zap.record.from + 1 + (int)bench_random_below(random, 7)) % 8;
	zap.record.kind = kind;
	zap.record.pressed_ns = zap.scheduled_ns + 20000;
	zap.record.at_ns[ZAP_REPORT] = after(&zap, 0.05 + exponential(random, 0.02));
	zap.wire_ns = zap.record.at_ns[ZAP_REPORT] + 8000;
	return zap;
}

static void time_out(struct bench_zap *zap, bool packets)
{
	uint64_t report_ns = zap->record.at_ns[ZAP_REPORT];
	uint64_t packet_ns = zap->record.at_ns[ZAP_FIRST_PACKET];
	zap->record.result = ZAP_TIMEOUT;
	zap->record.kind = ZAP_COLD;
	memset(zap->record.at_ns, 0, sizeof zap->record.at_ns);
	zap->record.at_ns[ZAP_REPORT] = report_ns;
	zap->record.at_ns[ZAP_FIRST_PACKET] = packets ? packet_ns : 0;
	zap->check = BENCH_UNCHECKED;
}

static bool happens(struct bench_random *random, uint32_t per_mille)
{
	return bench_random_below(random, 1000) < per_mille;
}

static void leave_still(struct bench_zap *zap, bool cut)
{
	zap->record.at_ns[ZAP_MOTION] = 0;
	if (cut)
		zap->record.at_ns[ZAP_AUDIO] = 0;
	zap->cut = cut ? BENCH_CUT_KEY : BENCH_CUT_NONE;
}

static void add(struct bench_run *run, struct bench_random *random,
	const struct synthetic_shape *shape, enum zap_kind kind)
{
	struct bench_zap zap = make(random, kind, bench_run_count(run));
	if (kind == ZAP_WARM)
		make_warm(&zap, random, shape->slower_ms);
	else if (kind != ZAP_SUPERSEDED)
		make_cold(&zap, random, shape->slower_ms);
	bool fails = happens(random, shape->timeouts_per_mille);
	if (fails && kind != ZAP_SUPERSEDED)
		time_out(&zap, bench_random_below(random, 2));
	bool rolls = kind != ZAP_SUPERSEDED && !fails;
	if (rolls && shape->still_per_mille && happens(random, shape->still_per_mille))
		leave_still(&zap, false);
	else if (rolls && shape->cut_per_mille && happens(random, shape->cut_per_mille))
		leave_still(&zap, true);
	bench_run_add_zap(run, &zap);
}

struct bench_run *synthetic_run(const struct synthetic_shape *shape)
{
	struct bench_run *run = synthetic_empty();
	struct bench_random random;
	bench_random_seed(&random, shape->seed);
	size_t left[] = {
		[ZAP_COLD] = shape->cold,
		[ZAP_PARTIAL] = shape->partial,
		[ZAP_WARM] = shape->warm,
		[ZAP_SUPERSEDED] = shape->superseded,
	};
	size_t all = shape->cold + shape->partial + shape->warm + shape->superseded;
	for (; all; all--) { /* drawn without replacement, so that the classes are mixed */
		size_t at = bench_random_below(&random, (uint32_t)all), kind = 0;
		while (at >= left[kind])
			at -= left[kind++];
		left[kind]--;
		add(run, &random, shape, (enum zap_kind)kind);
	}
	run->duration_ns = bench_run_count(run) * STEP_NS;
	bench_run_end(run, BENCH_END_DONE, NULL);
	return run;
}

struct bench_zap synthetic_zap(enum zap_kind kind, double picture_ms)
{
	struct bench_zap zap = {.scheduled_ns = START_NS};
	zap.record = (struct zap_record){.n = 1, .from = 1, .to = 2, .kind = kind};
	zap.record.pressed_ns = START_NS;
	zap.record.at_ns[ZAP_REPORT] = after(&zap, 0.05);
	if (picture_ms < 0)
		zap.record.result = ZAP_TIMEOUT;
	else
		zap.record.at_ns[ZAP_PICTURE] = after(&zap, picture_ms);
	return zap;
}
