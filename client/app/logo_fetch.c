#include "client/app/logo_fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>

#define TIMEOUT_S 10L
#define REDIRECTIONS 5L
#define PROTOCOLS "http,https"

struct fetching {
	GByteArray *bytes;
	size_t max_bytes;
	const gint *cancelled;
	bool is_large;
	char why[CURL_ERROR_SIZE]; /* "": libcurl has nothing to add */
};

/* Less than what came ends the transfer. */
static size_t take(char *data, size_t size, size_t count, void *ctx)
{
	struct fetching *f = ctx;
	f->is_large = size * count > f->max_bytes - f->bytes->len;
	if (f->is_large)
		return 0;
	g_byte_array_append(f->bytes, (const guint8 *)data, (guint)(size * count));
	return size * count;
}

static int on_progress(void *ctx, curl_off_t of, curl_off_t so_far, curl_off_t up, curl_off_t up_to)
{
	const struct fetching *f = ctx;
	(void)of, (void)so_far, (void)up, (void)up_to;
	return g_atomic_int_get(f->cancelled);
}

static CURLcode perform(CURL *curl, const char *uri, struct fetching *f)
{
	curl_easy_setopt(curl, CURLOPT_URL, uri);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, PROTOCOLS);
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, PROTOCOLS);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTIONS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* Else who gives up would wait all the same, for a name server that does not answer. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, f->why);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "zapper");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, f);
	return curl_easy_perform(curl);
}

static int error_of(CURLcode code, const struct fetching *f)
{
	if (code == CURLE_OK)
		return 0;
	if (f->is_large)
		return -EFBIG;
	return code == CURLE_ABORTED_BY_CALLBACK ? -ECANCELED : -EIO;
}

int logo_fetch(
	const char *uri, size_t max_bytes, const gint *cancelled, GByteArray **ret, char **ret_why)
{
	struct fetching f = {
		.bytes = g_byte_array_new(), .max_bytes = max_bytes, .cancelled = cancelled};
	CURL *curl = curl_easy_init();
	CURLcode code = curl ? perform(curl, uri, &f) : CURLE_FAILED_INIT;
	int error = error_of(code, &f);
	curl_easy_cleanup(curl);
	if (error) {
		g_byte_array_unref(f.bytes);
		const char *why = *f.why ? f.why : curl_easy_strerror(code);
		*ret_why = error == -EIO ? g_strdup(why) : NULL;
		return error;
	}
	*ret = f.bytes;
	return 0;
}
