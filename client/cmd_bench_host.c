/* zapper bench: what is said of the machine and the program. */
#include <gst/gst.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "client/cmd_bench.h"

/* "model name	: ..." of /proc/cpuinfo, which not every architecture has. */
static char *processor(void)
{
	char *text = NULL, *name = NULL;
	if (!g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL))
		return NULL;
	const char *line = strstr(text, "\nmodel name");
	const char *colon = line ? strchr(line, ':') : NULL;
	if (colon)
		name = g_strstrip(g_strndup(colon + 1, strcspn(colon + 1, "\n")));
	g_free(text);
	return name;
}

void bench_note_host(struct bench_run *run)
{
	struct utsname system;
	char *gstreamer = gst_version_string();
	char *model = processor();
	uname(&system);
	char *cpus = g_strdup_printf(
		"%ld%s%s", sysconf(_SC_NPROCESSORS_ONLN), model ? " x " : "", model ? model : "");
	char *kernel = g_strdup_printf("%s %s", system.sysname, system.release);
	bench_run_add_host(run, "zapper", ZAPPER_VERSION);
	bench_run_add_host(run, "GStreamer", gstreamer);
	bench_run_add_host(run, "kernel", kernel);
	bench_run_add_host(run, "machine", system.machine);
	bench_run_add_host(run, "processors", cpus);
	bench_run_add_host(run, "host", g_get_host_name());
	g_free(kernel);
	g_free(cpus);
	g_free(model);
	g_free(gstreamer);
}
