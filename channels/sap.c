#include "channels/sap.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "channels/sap_header.h"

/* RFC 2974 section 3: the other bits of the first byte. */
#define VERSION_SHIFT 5
#define IS_DELETION 0x04
#define IS_ENCRYPTED 0x02

struct session {
	char *key;
	GString *description;
};

struct sap_sessions {
	GPtrArray *sessions; /* of struct session */
	GHashTable *by_key;
	size_t held_bytes;
};

static int fail(int error, const char *why, const char **ret_why)
{
	*ret_why = why;
	return error;
}

/* Section 6: a payload type may stand in front; a session description without one begins "v=0". */
static int read_payload(
	const uint8_t *at, size_t size, struct sap_packet *ret, const char **ret_why)
{
	static const char sdp[] = "application/sdp";
	bool bare = size >= 2 && (!memcmp(at, "v=", 2) || !memcmp(at, "o=", 2));
	if (!bare) {
		const uint8_t *end = memchr(at, '\0', size);
		if (!end)
			return fail(-EINVAL, "its payload's type does not end", ret_why);
		if (g_ascii_strcasecmp((const char *)at, sdp) != 0)
			return fail(-EPROTONOSUPPORT, "it carries no session description", ret_why);
		size -= (size_t)(end + 1 - at);
		at = end + 1;
	}
	ret->description = (const char *)at;
	ret->description_bytes = size;
	return 0;
}

static int check_flags(uint8_t flags, const char **ret_why)
{
	/* Version 0 differs in what is optional only. */
	if (flags >> VERSION_SHIFT > 1)
		return fail(-EPROTONOSUPPORT, "it is of a version that is not known", ret_why);
	if (flags & IS_ENCRYPTED)
		return fail(-EPROTONOSUPPORT, "it is encrypted", ret_why);
	if (flags & SAP_IS_COMPRESSED)
		return fail(-EPROTONOSUPPORT, "it is compressed", ret_why);
	return 0;
}

int sap_parse(const uint8_t *packet, size_t size, struct sap_packet *ret, const char **ret_why)
{
	size_t start = sap_header_bytes(packet, size);
	if (!start)
		return fail(-EINVAL, "it is too short", ret_why);
	int result = check_flags(packet[0], ret_why);
	if (result)
		return result;
	struct sap_packet found = {.deletion = packet[0] & IS_DELETION,
		.hash = (uint16_t)(packet[2] << 8 | packet[3]),
		.announcer = packet + SAP_HEADER_BYTES,
		.announcer_bytes = sap_announcer_bytes(packet)};
	result = read_payload(packet + start, size - start, &found, ret_why);
	if (!result)
		*ret = found;
	return result;
}

static void free_session(gpointer data)
{
	struct session *session = data;
	g_free(session->key);
	g_string_free(session->description, TRUE);
	g_free(session);
}

struct sap_sessions *sap_sessions_create(void)
{
	struct sap_sessions *sessions = g_new0(struct sap_sessions, 1);
	sessions->sessions = g_ptr_array_new_with_free_func(free_session);
	sessions->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	return sessions;
}

void sap_sessions_destroy(struct sap_sessions *sessions)
{
	if (!sessions)
		return;
	g_hash_table_unref(sessions->by_key);
	g_ptr_array_unref(sessions->sessions);
	g_free(sessions);
}

/* What stands behind "o=", freed with g_free(), or NULL. */
static char *origin_line(const struct sap_packet *packet)
{
	const char *at = packet->description, *end = at + packet->description_bytes;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end;
		if (stop - at > 2 && !memcmp(at, "o=", 2))
			return g_strchomp(g_strndup(at + 2, (gsize)(stop - at - 2)));
		at = stop + 1;
	}
	return NULL;
}

/* "user id version net type address": all but the version say which session it is. */
static char *key_of(const struct sap_packet *packet)
{
	char *origin = origin_line(packet);
	char **words = g_strsplit(origin ? origin : "", " ", -1);
	GString *key = g_string_new(NULL);
	if (g_strv_length(words) == 6) {
		for (size_t i = 0; i < 6; i++)
			g_string_append_printf(key, "%s ", i == 2 ? "" : words[i]);
	} else {
		g_string_printf(key, "%u", packet->hash);
		for (size_t i = 0; i < packet->announcer_bytes; i++)
			g_string_append_printf(key, ".%u", packet->announcer[i]);
	}
	g_strfreev(words);
	g_free(origin);
	return g_string_free(key, FALSE);
}

static enum sap_change drop(struct sap_sessions *sessions, struct session *session)
{
	sessions->held_bytes -= session->description->len;
	g_hash_table_remove(sessions->by_key, session->key);
	g_ptr_array_remove(sessions->sessions, session);
	return SAP_DELETED;
}

static bool is_same(const struct session *session, const struct sap_packet *packet)
{
	return session->description->len == packet->description_bytes &&
	       !memcmp(session->description->str, packet->description, packet->description_bytes);
}

static enum sap_change describe(
	struct sap_sessions *sessions, struct session *session, const struct sap_packet *packet)
{
	size_t others = sessions->held_bytes - session->description->len;
	if (others + packet->description_bytes > SAP_HELD_BYTES)
		return SAP_FULL;
	g_string_truncate(session->description, 0);
	g_string_append_len(
		session->description, packet->description, (gssize)packet->description_bytes);
	sessions->held_bytes = others + packet->description_bytes;
	return SAP_CHANGED;
}

/* Takes the key over. */
static enum sap_change add(
	struct sap_sessions *sessions, char *key, const struct sap_packet *packet)
{
	struct session *session = g_new0(struct session, 1);
	session->key = key;
	session->description = g_string_new(NULL);
	if (sessions->sessions->len == SAP_SESSIONS ||
		describe(sessions, session, packet) == SAP_FULL) {
		free_session(session);
		return SAP_FULL;
	}
	g_ptr_array_add(sessions->sessions, session);
	g_hash_table_insert(sessions->by_key, session->key, session);
	return SAP_NEW;
}

enum sap_change sap_sessions_take(struct sap_sessions *sessions, const struct sap_packet *packet)
{
	char *key = key_of(packet);
	struct session *known = g_hash_table_lookup(sessions->by_key, key);
	if (!known && !packet->deletion)
		return add(sessions, key, packet);
	g_free(key);
	if (!known)
		return SAP_NOTHING;
	if (packet->deletion)
		return drop(sessions, known);
	return is_same(known, packet) ? SAP_NOTHING : describe(sessions, known, packet);
}

void sap_sessions_each(const struct sap_sessions *sessions, sap_session_fn fn, void *ctx)
{
	for (guint i = 0; i < sessions->sessions->len; i++) {
		const struct session *session = sessions->sessions->pdata[i];
		fn(ctx, session->description->str, session->description->len);
	}
}
