/*
 * Files of keys: whatever they hold, the keys that come out are in order and of the line-up, and
 * what is said of the others can be shown.
 */
#include <glib.h>
#include <stdlib.h>

#include "client/bench/script.h"

#define CHANNELS 3

static int find(void *ctx, const char *number)
{
	(void)ctx;
	return *number >= '0' && *number < '0' + CHANNELS && !number[1] ? *number - '0' : -1;
}

static void check_diagnostic(void *ctx, const char *diagnostic)
{
	(void)ctx;
	if (!g_utf8_validate(diagnostic, -1, NULL))
		abort();
	for (const char *c = diagnostic; *c; c++)
		if (g_ascii_iscntrl(*c))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bench_script_reader reader = {
		.name = "keys", .find = find, .report = check_diagnostic};
	struct bench_script *script;
	if (bench_script_parse(&reader, (const char *)data, size, &script) < 0)
		return 0;
	for (size_t i = 0; i < script->count; i++) {
		const struct bench_key *key = &script->keys[i];
		if (i && key->at_ns < key[-1].at_ns)
			abort();
		if (key->action == BENCH_PRESS_NUMBER &&
			(key->channel < 0 || key->channel >= CHANNELS))
			abort();
	}
	bench_script_free(script);
	return 0;
}
