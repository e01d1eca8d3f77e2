/* zapper bench: what is said of the machine, the program and its settings. */
#include <gst/gst.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "client/cmd_bench.h"
#include "client/settings.h"

#define SUM_CHARS 12

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

/* The descriptor of a note that the linker left, if it is the build's (elf(5)); as text. */
static char *build_in(const uint8_t *notes, size_t size)
{
	const ElfW(Nhdr) * note;
	for (size_t at = 0; at + sizeof *note <= size;) {
		note = (const void *)(notes + at);
		size_t name_at = at + sizeof *note, id_at = name_at + ((note->n_namesz + 3u) & ~3u);
		at = id_at + ((note->n_descsz + 3u) & ~3u);
		if (at > size || note->n_type != NT_GNU_BUILD_ID)
			continue;
		GString *text = g_string_new(NULL);
		for (size_t i = 0; i < note->n_descsz; i++)
			g_string_append_printf(text, "%02x", notes[id_at + i]);
		return g_string_free(text, FALSE);
	}
	return NULL;
}

/* Of the program, which comes first. */
static int find_build(struct dl_phdr_info *program, size_t size, void *ctx)
{
	char **ret = ctx;
	(void)size;
	for (int i = 0; i < program->dlpi_phnum && !*ret; i++) {
		const ElfW(Phdr) *part = &program->dlpi_phdr[i];
		if (part->p_type == PT_NOTE)
			*ret = build_in((const uint8_t *)(program->dlpi_addr + part->p_vaddr),
				part->p_memsz);
	}
	return 1;
}

static void note_build(struct bench_run *run)
{
	char *build = NULL;
	dl_iterate_phdr(find_build, &build);
	if (build)
		bench_run_add_host(run, "build", build);
	g_free(build);
}

void bench_note_load(struct bench_run *run, const char *when)
{
	double load;
	if (getloadavg(&load, 1) != 1)
		return;
	char *key = g_strdup_printf("load of the machine %s the run", when);
	char *value = g_strdup_printf("%.2f", load);
	bench_run_add_scenario(run, key, value);
	g_free(key);
	g_free(value);
}

static void note_settings_file(struct bench_run *run)
{
	char *path = settings_find_file(), *text = NULL;
	gsize size;
	if (path && g_file_get_contents(path, &text, &size, NULL)) {
		char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)text, size);
		char *note = g_strdup_printf("%s, sha256 %.*s", path, SUM_CHARS, sum);
		bench_run_add_scenario(run, "settings file", note);
		g_free(note);
		g_free(sum);
	}
	g_free(text);
	g_free(path);
}

void bench_note_settings(struct bench_run *run, char *const *assignments)
{
	note_settings_file(run);
	if (!assignments)
		return;
	char *all = g_strjoinv(", ", (char **)assignments);
	bench_run_add_scenario(run, "options", all);
	g_free(all);
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
	note_build(run);
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
