#include "client/app/logo_store.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app/logo_fetch.h"

/* What was fetched is fetched anew after so long. */
#define FETCHED_S (30 * 24 * 3600)
/* A loader says what size a picture has as soon as it knows: no more is decoded before. */
#define PIECE_BYTES 4096

/* ---- pictures ---- */

/* A loader makes room for all pixels at once; a size of 0 is an error to it before that. */
static void on_size(GdkPixbufLoader *loader, int width, int height, gpointer ctx)
{
	bool *is_large = ctx;
	double scale = MIN(1, MIN((double)LOGO_WIDTH / width, (double)LOGO_HEIGHT / height));
	*is_large = width < 1 || height < 1 || (int64_t)width * height > LOGO_PIXELS;
	if (*is_large)
		gdk_pixbuf_loader_set_size(loader, 0, 0);
	else
		gdk_pixbuf_loader_set_size(
			loader, MAX((int)(width * scale), 1), MAX((int)(height * scale), 1));
}

static bool feed(GdkPixbufLoader *loader, const GByteArray *file, const bool *is_large)
{
	bool good = true;
	for (guint at = 0; at < file->len && good && !*is_large; at += PIECE_BYTES)
		good = gdk_pixbuf_loader_write(
			loader, file->data + at, MIN(PIECE_BYTES, file->len - at), NULL);
	return good;
}

/* A loader takes a PNG that breaks off for one that is empty from there on. */
static bool is_whole(const GByteArray *file)
{
	static const char begin[] = "\x89PNG\r\n\x1a\n", end[] = "IEND\xae\x42\x60\x82";
	bool is_png = file->len >= 8 && !memcmp(file->data, begin, 8);
	return !is_png || memmem(file->data, file->len, end, 8);
}

/* NULL where it is no picture; *ret_is_large: one that is too large. */
static GdkPixbuf *decode(const GByteArray *file, bool *ret_is_large)
{
	GdkPixbufLoader *loader = gdk_pixbuf_loader_new();
	*ret_is_large = false;
	g_signal_connect(loader, "size-prepared", G_CALLBACK(on_size), ret_is_large);
	bool good = feed(loader, file, ret_is_large);
	good = gdk_pixbuf_loader_close(loader, NULL) && good && is_whole(file);
	GdkPixbuf *pixbuf = good && !*ret_is_large ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
	if (pixbuf)
		g_object_ref(pixbuf);
	g_object_unref(loader);
	return pixbuf;
}

static uint32_t premultiply(const uint8_t *rgba, bool has_alpha)
{
	uint32_t alpha = has_alpha ? rgba[3] : 255, argb = alpha;
	for (size_t i = 0; i < 3; i++)
		argb = argb << 8 | (rgba[i] * alpha + 127) / 255;
	return argb;
}

static struct ui_logo convert(const GdkPixbuf *pixbuf)
{
	int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf);
	int channels = gdk_pixbuf_get_n_channels(pixbuf);
	int from_stride = gdk_pixbuf_get_rowstride(pixbuf);
	const uint8_t *from = gdk_pixbuf_read_pixels(pixbuf);
	size_t stride = (size_t)width * sizeof(uint32_t);
	uint32_t *pixels = g_malloc(stride * (size_t)height);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			pixels[y * width + x] =
				premultiply(from + y * from_stride + x * channels, channels == 4);
	return (struct ui_logo){
		width, height, (int)stride, g_bytes_new_take(pixels, stride * (size_t)height)};
}

/* At the size at which it just fits. */
static struct ui_logo scale(const GdkPixbuf *pixbuf, int width, int height)
{
	double from_width = gdk_pixbuf_get_width(pixbuf),
	       from_height = gdk_pixbuf_get_height(pixbuf);
	double factor = MIN(width / from_width, height / from_height);
	GdkPixbuf *scaled =
		gdk_pixbuf_scale_simple(pixbuf, CLAMP((int)lround(from_width * factor), 1, width),
			CLAMP((int)lround(from_height * factor), 1, height), GDK_INTERP_BILINEAR);
	struct ui_logo logo = convert(scaled);
	g_object_unref(scaled);
	return logo;
}

/* ---- files ---- */

/* What is no file, or may be one without an end, is not waited for. */
static int open_file(const char *path, struct stat *ret)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int error = fstat(fd, ret) ? -errno : 0;
	if (!error && !S_ISREG(ret->st_mode))
		error = S_ISDIR(ret->st_mode) ? -EISDIR : -EBADMSG;
	if (!error && (uint64_t)ret->st_size > LOGO_FILE_BYTES)
		error = -EFBIG;
	if (error)
		close(fd);
	return error ? error : fd;
}

static int read_file(const char *path, GByteArray **ret)
{
	struct stat status;
	int fd = open_file(path, &status);
	if (fd < 0)
		return fd;
	GByteArray *file = g_byte_array_new();
	g_byte_array_set_size(file, (guint)status.st_size);
	ssize_t len = read(fd, file->data, file->len);
	int error = len < 0 ? -errno : 0;
	close(fd);
	if (error) {
		g_byte_array_unref(file);
		return error;
	}
	g_byte_array_set_size(file, (guint)len);
	*ret = file;
	return 0;
}

/* ---- the cache ---- */

static char *cache_folder(void)
{
	return g_build_filename(g_get_user_cache_dir(), "zapper", "logos", NULL);
}

/* Of a logo, and of which state of it. */
static char *cache_path(const char *logo, const char *state)
{
	char *text = g_strdup_printf("%s\n%s\n%dx%d", logo, state, LOGO_WIDTH, LOGO_HEIGHT);
	char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
	char *name = g_strconcat(sum, ".png", NULL), *folder = cache_folder();
	char *path = g_build_filename(folder, name, NULL);
	g_free(folder);
	g_free(name);
	g_free(sum);
	g_free(text);
	return path;
}

struct cached {
	char *path;
	int64_t at_s;
};

static void clear_cached(gpointer cached)
{
	g_free(((struct cached *)cached)->path);
}

static gint compare_age(gconstpointer a, gconstpointer b)
{
	int64_t left = ((const struct cached *)a)->at_s, right = ((const struct cached *)b)->at_s;
	return left < right ? -1 : left > right;
}

static GArray *list_cached(const char *folder)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct cached));
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	g_array_set_clear_func(list, clear_cached);
	while (dir && (name = g_dir_read_name(dir))) {
		struct cached cached = {.path = g_build_filename(folder, name, NULL)};
		GStatBuf status;
		if (!g_stat(cached.path, &status))
			cached.at_s = status.st_mtime;
		g_array_append_val(list, cached);
	}
	if (dir)
		g_dir_close(dir);
	return list;
}

/* Makes room for one more. */
static void prune(const char *folder)
{
	GArray *list = list_cached(folder);
	if (list->len >= LOGO_CACHED) {
		g_array_sort(list, compare_age);
		for (guint i = 0; i < list->len - LOGO_CACHED * 9 / 10; i++)
			g_unlink(g_array_index(list, struct cached, i).path);
	}
	g_array_unref(list);
}

/* Without a place for it there is none; that is no reason to be without the logo. */
static void keep(GdkPixbuf *pixbuf, const char *path)
{
	char *folder = g_path_get_dirname(path), *png;
	gsize len;
	if (!g_mkdir_with_parents(folder, 0700) &&
		gdk_pixbuf_save_to_buffer(pixbuf, &png, &len, "png", NULL, NULL)) {
		prune(folder);
		g_file_set_contents(path, png, (gssize)len, NULL);
		g_free(png);
	}
	g_free(folder);
}

static bool is_fresh(const char *path, int64_t for_s)
{
	GStatBuf status;
	return !g_stat(path, &status) &&
	       g_get_real_time() / G_USEC_PER_SEC < status.st_mtime + for_s;
}

/* NULL where it is not kept, or is damaged. */
static GdkPixbuf *find_kept(const char *path)
{
	GByteArray *file;
	bool is_large;
	if (read_file(path, &file) < 0)
		return NULL;
	GdkPixbuf *pixbuf = decode(file, &is_large);
	g_byte_array_unref(file);
	return pixbuf;
}

/* ---- a logo ---- */

/* Takes the file over. */
static int make(GByteArray *file, const char *kept_path, GdkPixbuf **ret)
{
	bool is_large;
	GdkPixbuf *pixbuf = decode(file, &is_large);
	g_byte_array_unref(file);
	if (!pixbuf)
		return is_large ? -EFBIG : -EBADMSG;
	keep(pixbuf, kept_path);
	*ret = pixbuf;
	return 0;
}

static int fetch(
	const struct logo_request *request, const char *kept_path, GdkPixbuf **ret, char **ret_why)
{
	GByteArray *file;
	int error = logo_fetch(request->logo, LOGO_FILE_BYTES, request->cancelled, &file, ret_why);
	return error ? error : make(file, kept_path, ret);
}

/* An old one is better than none. */
static int load_from_network(const struct logo_request *request, GdkPixbuf **ret, char **ret_why)
{
	if (!request->may_fetch)
		return -EOPNOTSUPP;
	char *kept = cache_path(request->logo, "fetched");
	int error = 0;
	*ret = is_fresh(kept, FETCHED_S) ? find_kept(kept) : NULL;
	if (!*ret)
		error = fetch(request, kept, ret, ret_why);
	if (error && (*ret = find_kept(kept))) {
		g_clear_pointer(ret_why, g_free);
		error = 0;
	}
	g_free(kept);
	return error;
}

/* A file that was changed is another one. */
static int load_from_disk(const char *path, GdkPixbuf **ret)
{
	struct stat status;
	GByteArray *file;
	if (stat(path, &status))
		return -errno;
	char *state = g_strdup_printf("%lld.%09ld %lld", (long long)status.st_mtim.tv_sec,
		status.st_mtim.tv_nsec, (long long)status.st_size);
	char *kept = cache_path(path, state);
	int error = 0;
	*ret = find_kept(kept);
	if (!*ret)
		error = read_file(path, &file);
	if (!*ret && !error)
		error = make(file, kept, ret);
	g_free(kept);
	g_free(state);
	return error;
}

/* Whether the text between "data:" and the comma ends with ";base64". */
static bool is_base64(const char *type, const char *comma)
{
	static const char ending[] = ";base64";
	size_t length = strlen(ending);
	return (size_t)(comma - type) >= length &&
	       !g_ascii_strncasecmp(comma - length, ending, length);
}

static GByteArray *bytes_of(GBytes *text, bool base64)
{
	if (!base64)
		return g_bytes_unref_to_array(text);
	gsize length, size;
	const char *letters = g_bytes_get_data(text, &length);
	char *copy = g_strndup(letters ? letters : "", length);
	guchar *bytes = g_base64_decode(copy, &size);
	g_free(copy);
	g_bytes_unref(text);
	return g_byte_array_new_take(bytes, size);
}

/* RFC 2397: the picture is in the address itself. */
static int load_from_address(const char *logo, GdkPixbuf **ret)
{
	const char *comma = strchr(logo, ',');
	GBytes *text = comma ? g_uri_unescape_bytes(comma + 1, -1, NULL, NULL) : NULL;
	if (!text)
		return -EBADMSG;
	char *kept = cache_path(logo, "data");
	int error = 0;
	*ret = find_kept(kept);
	if (*ret)
		g_bytes_unref(text);
	else
		error = make(bytes_of(text, is_base64(logo, comma)), kept, ret);
	g_free(kept);
	return error;
}

static bool has_scheme(const char *logo, const char *scheme)
{
	return !g_ascii_strncasecmp(logo, scheme, strlen(scheme));
}

static int load(const struct logo_request *request, GdkPixbuf **ret, char **ret_why)
{
	const char *logo = request->logo;
	if (has_scheme(logo, "http://") || has_scheme(logo, "https://"))
		return load_from_network(request, ret, ret_why);
	if (has_scheme(logo, "data:"))
		return load_from_address(logo, ret);
	if (strstr(logo, "://") && !has_scheme(logo, "file://"))
		return -EPROTONOSUPPORT;
	char *path = has_scheme(logo, "file://") ? g_filename_from_uri(logo, NULL, NULL)
		     : g_path_is_absolute(logo)	 ? g_strdup(logo)
						 : g_build_filename(request->folder, logo, NULL);
	int error = path ? load_from_disk(path, ret) : -EINVAL;
	g_free(path);
	return error;
}

int logo_load(const struct logo_request *request, struct ui_logo *ret, char **ret_why)
{
	GdkPixbuf *pixbuf = NULL;
	*ret_why = NULL;
	int error = load(request, &pixbuf, ret_why);
	if (error)
		return error;
	*ret = scale(pixbuf, request->width, request->height);
	g_object_unref(pixbuf);
	return 0;
}
