#include "client/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib.h>
#include <unistd.h>

#include "channels/text.h"

#define PIECE_BYTES 65536

struct unpacking {
	const struct unpack_sink *sink;
	struct archive *archive;
	int fd;
	int read_error;	 /* of the descriptor, negative */
	uint64_t offset; /* in the descriptor */
	uint64_t read_bytes, unpacked_bytes;
	size_t files;
	char *why;
	char piece[PIECE_BYTES];
};

/* ---- the descriptor ---- */

static la_ssize_t on_read(struct archive *archive, void *data, const void **ret)
{
	struct unpacking *u = data;
	ssize_t got;
	do
		got = read(u->fd, u->piece, sizeof u->piece);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		u->read_error = -errno;
		archive_set_error(archive, errno, "%s", g_strerror(errno));
		return -1;
	}
	u->offset += (uint64_t)got;
	u->read_bytes += (uint64_t)got;
	u->sink->progress(u->sink->ctx, u->offset);
	*ret = u->piece;
	return got;
}

static la_int64_t on_seek(struct archive *archive, void *data, la_int64_t offset, int whence)
{
	struct unpacking *u = data;
	off_t at = lseek(u->fd, offset, whence);
	if (at < 0) {
		archive_set_error(archive, errno, "%s", g_strerror(errno));
		return ARCHIVE_FATAL;
	}
	u->offset = (uint64_t)at;
	return at;
}

/* ---- what is in it ---- */

static int fail(struct unpacking *u, const char *why)
{
	if (!u->why)
		u->why = g_strdup(why);
	return -EILSEQ;
}

static int fail_by_archive(struct unpacking *u)
{
	const char *why = archive_error_string(u->archive);
	if (!u->read_error)
		return fail(u, why ? why : "it is damaged");
	fail(u, g_strerror(-u->read_error));
	return u->read_error;
}

static int check_size(struct unpacking *u, size_t size)
{
	u->unpacked_bytes += size;
	if (u->unpacked_bytes > UNPACK_FREE_BYTES &&
		u->unpacked_bytes / UNPACK_RATIO > u->read_bytes)
		return fail(u, "it unpacks to more than 250 times its size");
	if (u->unpacked_bytes > UNPACK_BYTES && u->unpacked_bytes > u->read_bytes)
		return fail(u, "it unpacks to more than 4 GiB");
	return 0;
}

static int read_data(struct unpacking *u)
{
	const void *bytes;
	size_t size;
	la_int64_t offset;
	int result = 0, code = ARCHIVE_OK;
	while (!result && (code = archive_read_data_block(u->archive, &bytes, &size, &offset)) !=
				  ARCHIVE_EOF) {
		result = code < ARCHIVE_WARN ? fail_by_archive(u) : check_size(u, size);
		if (!result)
			u->sink->bytes(u->sink->ctx, bytes, size);
	}
	if (!result)
		u->sink->end(u->sink->ctx);
	return result;
}

/* Freed with g_free(). */
static char *name_of(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname_utf8(entry);
	if (!name)
		name = archive_entry_pathname(entry);
	GString *text = g_string_new(name ? name : "?");
	text_clean(text);
	return g_string_free(text, FALSE);
}

static int read_file(struct unpacking *u, struct archive_entry *entry)
{
	bool alone = archive_format(u->archive) == ARCHIVE_FORMAT_RAW;
	if (archive_entry_filetype(entry) != AE_IFREG)
		return 0;
	if (u->files++ == UNPACK_FILES)
		return fail(u, "it has more than 4096 files");
	char *name = alone ? NULL : name_of(entry);
	bool wanted = u->sink->begin(u->sink->ctx, name);
	g_free(name);
	return wanted ? read_data(u) : 0;
}

/* Also where the archive has folders only, or is nothing but zeros, which is an empty tar. */
static int end_without_files(struct unpacking *u)
{
	if (archive_format(u->archive) != ARCHIVE_FORMAT_EMPTY)
		return fail(u, "there is no file in it");
	if (u->sink->begin(u->sink->ctx, NULL))
		u->sink->end(u->sink->ctx);
	return 0;
}

static int read_files(struct unpacking *u)
{
	struct archive_entry *entry;
	int result = 0, code = ARCHIVE_OK;
	while (!result && (code = archive_read_next_header(u->archive, &entry)) != ARCHIVE_EOF)
		result = code < ARCHIVE_WARN ? fail_by_archive(u) : read_file(u, entry);
	return result || u->files ? result : end_without_files(u);
}

static void choose_formats(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_zip(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
}

int unpack(int fd, const struct unpack_sink *sink, char **ret_why)
{
	struct unpacking *u = g_new0(struct unpacking, 1);
	u->sink = sink;
	u->fd = fd;
	u->archive = archive_read_new();
	if (!u->archive)
		g_error("out of memory");
	choose_formats(u->archive);
	archive_read_set_read_callback(u->archive, on_read);
	archive_read_set_callback_data(u->archive, u);
	/* A zip's list of files is at its end; where that is out of reach, its files say enough. */
	if (lseek(fd, 0, SEEK_CUR) >= 0)
		archive_read_set_seek_callback(u->archive, on_seek);
	int result =
		archive_read_open1(u->archive) == ARCHIVE_OK ? read_files(u) : fail_by_archive(u);
	archive_read_free(u->archive);
	if (result)
		*ret_why = u->why;
	g_free(u);
	return result;
}
