#include "client/import_source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channels/errors.h"
#include "channels/text.h"
#include "client/app/output.h"
#include "client/cmd_lineup.h"
#include "client/unpack.h"

static const char standard_input[] = "<stdin>";

/* One file, which may hold several. */
struct reading {
	const struct import_source *source;
	const char *name;
	uint64_t total_bytes;
	bool optional;
	bool archive;
	size_t lists, known; /* `known` were read before */
	size_t others;	     /* files of an archive that are no lists */
	char *first_other;   /* or NULL */
	int error;	     /* of the first list that failed */
};

static bool on_begin(void *ctx, const char *member)
{
	struct reading *reading = ctx;
	struct import *import = reading->source->import;
	enum channel_format format = reading->source->format;
	char *path =
		member ? g_strdup_printf("%s/%s", reading->name, member) : g_strdup(reading->name);
	bool known = member && import_has_read(import, path);
	reading->archive |= member != NULL;
	reading->known += known;
	if (!known && (member || reading->optional))
		import_begin_optional(import, path, format);
	else if (!known)
		import_begin(import, path, format);
	if (member && !reading->others) {
		g_free(reading->first_other);
		reading->first_other = g_strdup(member);
	}
	g_free(path);
	return !known;
}

static void on_bytes(void *ctx, const char *bytes, size_t size)
{
	struct reading *reading = ctx;
	import_bytes(reading->source->import, bytes, size);
}

static void on_end(void *ctx)
{
	struct reading *reading = ctx;
	int result = import_end(reading->source->import);
	reading->lists += !result;
	reading->others += result == -ENODATA;
	if (result != -ENODATA && !reading->error)
		reading->error = result;
}

static void on_progress(void *ctx, uint64_t read_bytes)
{
	struct reading *reading = ctx;
	const struct import_source *source = reading->source;
	if (source->progress)
		source->progress(
			source->progress_ctx, reading->name, read_bytes, reading->total_bytes);
}

static void say(const char *name, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(const char *name, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *sentence = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	char *line = g_strconcat(name, ": ", sentence, NULL);
	output_line(OUTPUT_LOG, text_tame(line));
	g_free(line);
	g_free(sentence);
}

static int say_others(const struct reading *reading)
{
	if (reading->known)
		say(reading->name,
			"warning: %zu files in this archive were read already; they are not read "
			"again",
			reading->known);
	if (!reading->lists && !reading->known && !reading->error) {
		say(reading->name,
			"error: there is no channel list in this archive; it is ignored");
		return -EILSEQ;
	}
	char *quoted = text_quote(reading->first_other ? reading->first_other : "");
	if (reading->others)
		say(reading->name,
			"warning: of the files in this archive %zu are no channel lists; they are "
			"ignored (the first one is %s)",
			reading->others, quoted);
	g_free(quoted);
	return reading->error;
}

static enum exit_code code_of_file(int error)
{
	enum exit_code code = exit_code_of(error);
	/* Whatever the reason, a file that is not to be had is no input. */
	return code == EXIT_NO_PERMISSION ? code : EXIT_NO_INPUT;
}

static enum exit_code refuse_file(const char *name, int error)
{
	say(name, "error: cannot be read: %s", channel_error_text(error));
	return code_of_file(error);
}

static enum exit_code refuse_content(const char *name, int error, const char *why)
{
	if (error != -EILSEQ)
		return refuse_file(name, error);
	say(name, "error: cannot be unpacked: %s; it is ignored", why);
	return EXIT_BAD_DATA;
}

/* 0, -ENODATA (an optional list that is none), or an error that was said; and its exit code. */
static int read_fd(const struct import_source *source, const char *name, int fd, bool optional,
	enum exit_code *ret_code)
{
	struct stat status;
	struct reading reading = {.source = source, .name = name, .optional = optional};
	const struct unpack_sink sink = {on_begin, on_bytes, on_end, on_progress, &reading};
	char *why = NULL;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		reading.total_bytes = (uint64_t)status.st_size;
	int result = unpack(fd, &sink, &why);
	if (result) {
		*ret_code = refuse_content(name, result, why);
	} else {
		if (reading.archive && !optional)
			result = say_others(&reading);
		else
			result = reading.lists || reading.error ? reading.error : -ENODATA;
		*ret_code = exit_code_of(result);
	}
	g_free(reading.first_other);
	g_free(why);
	return result;
}

static int open_file(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &status) && S_ISDIR(status.st_mode)) {
		close(fd);
		return -EISDIR;
	}
	return fd;
}

int import_source_beside(void *ctx, const char *index, const char *file)
{
	/* Beside what comes through a pipe there is nothing. */
	int fd = strcmp(index, standard_input) ? open_file(file) : -ENOENT;
	if (fd < 0)
		return fd;
	enum exit_code code;
	int result = read_fd(ctx, file, fd, true, &code);
	close(fd);
	return result;
}

/* A list, and those that it names. */
static enum exit_code read_file(const struct import_source *source, const char *name, int fd)
{
	enum exit_code code;
	if (read_fd(source, name, fd, false, &code))
		return code;
	return exit_code_of(import_follow(source->import));
}

static enum exit_code read_path(const struct import_source *source, const char *path)
{
	if (import_has_read(source->import, path)) {
		say(path, "warning: this list was read already; it is not read again");
		return EXIT_OK;
	}
	int fd = open_file(path);
	if (fd < 0)
		return refuse_file(path, fd);
	enum exit_code code = read_file(source, path, fd);
	close(fd);
	return code;
}

/* Where Enigma2 keeps its bouquets there is an index of those for television, one for radio. */
static enum exit_code read_folder(const struct import_source *source, const char *folder)
{
	static const char *const indexes[] = {"bouquets.tv", "bouquets.radio"};
	enum exit_code code = EXIT_OK;
	bool found = false;
	for (size_t i = 0; i < G_N_ELEMENTS(indexes); i++) {
		char *path = g_build_filename(folder, indexes[i], NULL);
		if (code == EXIT_OK && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
			code = read_path(source, path);
			found = true;
		}
		g_free(path);
	}
	return found ? code : refuse_file(folder, -EISDIR);
}

enum exit_code import_source_read(const struct import_source *source, const char *name)
{
	if (!strcmp(name, "-"))
		return read_file(source, standard_input, STDIN_FILENO);
	if (g_file_test(name, G_FILE_TEST_IS_DIR))
		return read_folder(source, name);
	return read_path(source, name);
}
