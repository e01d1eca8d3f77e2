#include "tests/system/support/benchmark.h"

#include <glib.h>
#include <unistd.h>

#include "tests/support/test.h"

enum { SHORT_MS = 30000 };

/* What makes a run; other things want no line-up. */
static bool is_run(const char *const *more)
{
	static const char *const others[] = {"--read", "--compare", "--self-test", NULL};
	return !more[0] || !g_strv_contains(others, more[0]);
}

pid_t benchmark_start(const struct lab *lab, const char *const *more)
{
	const char *const first[] = {lab->zapper, "bench", is_run(more) ? "--db" : NULL, lab->db,
		"--iface", "eth0", NULL};
	g_autofree char *out = lab_path(lab, "bench.out");
	g_autofree char *err = lab_path(lab, "bench.err");
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	for (const char *const *item = first; *item; item++)
		g_ptr_array_add(argv, (char *)*item);
	for (const char *const *item = more; *item; item++)
		g_ptr_array_add(argv, (char *)*item);
	g_ptr_array_add(argv, NULL);
	unlink(out);
	unlink(err);
	return lab_spawn(lab, "box", (const char *const *)argv->pdata, out, err);
}

int benchmark_wait(pid_t pid, unsigned limit_ms)
{
	int code = lab_wait(pid, limit_ms);
	if (code < 0)
		fail_msg("zapper bench has not ended within %u ms", limit_ms);
	return code;
}

int benchmark_run(const struct lab *lab, const char *const *more)
{
	return benchmark_wait(benchmark_start(lab, more), SHORT_MS);
}

static char *read_output(const struct lab *lab, const char *name)
{
	g_autofree char *path = lab_path(lab, name);
	return lab_read(path);
}

char *benchmark_output(const struct lab *lab)
{
	return read_output(lab, "bench.out");
}

char *benchmark_errors(const struct lab *lab)
{
	return read_output(lab, "bench.err");
}

json_t *benchmark_report(const struct lab *lab, const char *name)
{
	g_autofree char *path = lab_path(lab, name);
	json_error_t error;
	json_t *report = json_load_file(path, 0, &error);
	if (!report) {
		g_autofree char *errors = benchmark_errors(lab);
		fail_msg("%s: %s; zapper bench said: %s", name, error.text, errors);
	}
	return report;
}
