#include "client/app/bench_warm.h"

/* So often is looked whether a channel has become warm. */
#define LOOK_NS UINT64_C(5000000)

struct bench_warm_answer bench_warm_ask(struct bench_warm *warm, const struct bench_warm_look *look)
{
	struct bench_warm_answer answer = {.verdict = BENCH_WARM_PRESS};
	if (warm->waited_ns)
		return answer;
	if (!look->is_warm && look->at_ns < warm->due_ns + look->limit_ns)
		return (struct bench_warm_answer){BENCH_WARM_WAIT, look->at_ns + LOOK_NS};
	if (!look->is_warm && !look->any_ahead)
		return (struct bench_warm_answer){.verdict = BENCH_WARM_NEVER};
	warm->waited_ns = look->at_ns - warm->due_ns;
	if (warm->waited_ns)
		answer = (struct bench_warm_answer){BENCH_WARM_WAIT, look->at_ns + look->phase_ns};
	return answer;
}
