#include "channels/sdp_media.h"

#include <glib.h>
#include <string.h>

#include "channels/text.h"

/* What an m= may collect; the rest of it is left out. */
#define COLLECTED_BYTES 8192

static void collect(char **field, const char *value)
{
	if (!*field) {
		*field = g_strdup(value);
		return;
	}
	if (strlen(*field) + strlen(value) > COLLECTED_BYTES)
		return;
	char *joined = g_strconcat(*field, "\n", value, NULL);
	g_free(*field);
	*field = joined;
}

void sdp_scope_attribute(struct sdp_scope *scope, const char *value)
{
	static const char filter[] = "source-filter:", rtpmap[] = "rtpmap:";
	if (g_str_has_prefix(value, filter))
		collect(&scope->filters, value + strlen(filter));
	else if (g_str_has_prefix(value, rtpmap))
		collect(&scope->rtpmaps, value + strlen(rtpmap));
}

void sdp_scope_clear(struct sdp_scope *scope)
{
	g_free(scope->connection);
	g_free(scope->filters);
	g_free(scope->rtpmaps);
	g_free(scope->language);
	g_free(scope->title);
	*scope = (struct sdp_scope){0};
}

void sdp_media_parse(struct sdp_media *media, const char *value)
{
	media->line = g_strdup(value);
	media->audio = g_str_has_prefix(value, "audio ");
}

void sdp_media_clear(struct sdp_media *media)
{
	g_free(media->line);
	sdp_scope_clear(&media->scope);
	*media = (struct sdp_media){0};
}

/* Words with any number of spaces between them. Freed with g_strfreev(). */
static char **split_words(const char *text, gint most)
{
	GString *single = g_string_new(NULL);
	for (; *text; text++)
		if (*text != ' ' || (single->len && text[1] != ' '))
			g_string_append_c(single, *text);
	char **words = g_strsplit(single->str, " ", most);
	g_string_free(single, TRUE);
	return words;
}

/* What a payload type of RTP carries, such as "MP2T/90000". Freed with g_free(); NULL: not said. */
static char *encoding_of(const struct sdp_scope *scope, const char *payload)
{
	char *found = NULL;
	char **maps = g_strsplit(scope->rtpmaps ? scope->rtpmaps : "", "\n", -1);
	for (char **map = maps; *map && !found; map++) {
		char **words = split_words(*map, 2);
		if (g_strv_length(words) == 2 && !strcmp(words[0], payload))
			found = g_strdup(words[1]);
		g_strfreev(words);
	}
	g_strfreev(maps);
	return found;
}

/* RFC 3551: 33 is a transport stream wherever no rtpmap says anything else. */
static bool rtp_carries_ts(const char *payload, const char *encoding)
{
	if (encoding && g_ascii_strncasecmp(encoding, "MP2T", 4))
		return false;
	return !strcmp(payload, "33");
}

/* Of an m= over RTP; NULL where it is a transport stream. Freed with g_free(). */
static char *refuse_rtp(const struct sdp_media *media, char *const *payloads, const char *quoted)
{
	char *first = NULL, *why = NULL;
	for (size_t i = 0; payloads[i] && i < SDP_FORMATS; i++) {
		char *encoding = encoding_of(&media->scope, payloads[i]);
		if (rtp_carries_ts(payloads[i], encoding)) {
			g_free(encoding);
			g_free(first);
			return NULL;
		}
		if (!first)
			first = g_strdup(encoding ? encoding : "");
		g_free(encoding);
	}
	if (!g_ascii_strncasecmp(first, "MP2T", 4))
		why = g_strdup_printf(
			"%s: a transport stream is received with payload type 33 only", quoted);
	else
		why = g_strdup_printf("%s carries %s%s, not a transport stream", quoted,
			*first ? "" : "payload type ", *first ? first : payloads[0]);
	g_free(first);
	return why;
}

static bool is_udp(const char *protocol)
{
	return !g_ascii_strcasecmp(protocol, "udp") ||
	       !g_ascii_strcasecmp(protocol, "MP2T/H2221/UDP") ||
	       !g_ascii_strcasecmp(protocol, "RAW/RAW/UDP");
}

static bool is_rtp(const char *protocol)
{
	return !g_ascii_strcasecmp(protocol, "RTP/AVP") ||
	       !g_ascii_strcasecmp(protocol, "RTP/AVPF") ||
	       !g_ascii_strcasecmp(protocol, "MP2T/H2221/RTP");
}

static bool udp_carries_ts(const char *format)
{
	return !strcmp(format, "33") || !g_ascii_strcasecmp(format, "MP2T") ||
	       !g_ascii_strcasecmp(format, "mpeg");
}

/* Takes kind, port, protocol and formats. NULL, or why it is refused. */
static char *read_line(
	const struct sdp_media *media, char *const *words, struct channel_address *ret)
{
	char *why = NULL, *quoted = text_quote(media->line);
	const char *protocol = words[2];
	ret->transport = is_udp(protocol) ? CHANNEL_UDP : CHANNEL_RTP;
	if (strcmp(words[0], "video") != 0 && !media->audio)
		why = g_strdup_printf("%s is neither video nor audio", quoted);
	else if (channel_port_parse(words[1], strcspn(words[1], "/"), &ret->port))
		why = g_strdup_printf("%s has no port from 1 to 65535", quoted);
	else if (is_rtp(protocol))
		why = refuse_rtp(media, words + 3, quoted);
	else if (!is_udp(protocol))
		why = g_strdup_printf("%s: only RTP/AVP and udp can be received", quoted);
	else if (!udp_carries_ts(words[3]))
		why = g_strdup_printf("%s does not carry a transport stream", quoted);
	g_free(quoted);
	return why;
}

/* "IN IP4 G/ttl[/count]", RFC 8866 section 5.7. */
static char *read_connection(
	const char *connection, struct channel_address *ret, const char **ret_note)
{
	if (!connection)
		return g_strdup("the media has no connection address (c=)");
	char *why = NULL, *quoted = text_quote(connection);
	char **words = split_words(connection, 3);
	guint count = g_strv_length(words);
	if (count == 3 && !g_ascii_strcasecmp(words[1], "IP6"))
		why = g_strdup_printf("%s: IPv6 groups cannot be received", quoted);
	else if (count != 3 || g_ascii_strcasecmp(words[1], "IP4") ||
		 channel_quad_parse(words[2], strcspn(words[2], "/"), &ret->group))
		why = g_strdup_printf("%s is not an IPv4 address", quoted);
	else if (!IN_MULTICAST(ntohl(ret->group.s_addr)))
		why = g_strdup_printf("%s is not a multicast address", quoted);
	const char *addresses = why ? NULL : strchr(words[2], '/');
	if (addresses && strchr(addresses + 1, '/'))
		*ret_note = "of the layers at several groups only the first is used";
	g_strfreev(words);
	g_free(quoted);
	return why;
}

/* 1 where there is a sender more. */
static size_t read_sender(const char *word, const struct channel_address *address,
	struct channel_address *ret, size_t count, const char **ret_note)
{
	struct in_addr sender;
	if (count == SDP_SENDERS) {
		*ret_note = "there are too many senders; the last ones are ignored";
		return 0;
	}
	if (channel_quad_parse(word, strlen(word), &sender) || !channel_is_unicast(sender)) {
		*ret_note = "a sender that is not a unicast IPv4 address is ignored";
		return 0;
	}
	*ret = *address;
	ret->source = sender;
	return 1;
}

/* One filter: "incl|excl IN IP4 G|* S…". Returns how many senders there are now. */
static size_t read_filter(const char *filter, const struct channel_address *address,
	struct channel_address *ret, size_t count, const char **ret_note)
{
	struct in_addr group;
	char **words = split_words(filter, -1);
	guint length = g_strv_length(words);
	bool all = length > 3 && !strcmp(words[3], "*");
	bool group_read = length > 3 && !channel_quad_parse(words[3], strlen(words[3]), &group);
	bool applies = all || (group_read && group.s_addr == address->group.s_addr);
	if (length < 5)
		*ret_note = "a source filter without senders is ignored";
	else if (applies && g_ascii_strcasecmp(words[0], "incl"))
		*ret_note = "senders that a source filter excludes are taken all the same";
	else if (applies)
		for (guint i = 4; i < length; i++)
			count += read_sender(words[i], address, &ret[count], count, ret_note);
	g_strfreev(words);
	return count;
}

static size_t read_filters(const char *filters, const struct channel_address *address,
	struct channel_address *ret, const char **ret_note)
{
	size_t count = 0;
	char **lines = g_strsplit(filters ? filters : "", "\n", -1);
	for (char **line = lines; *line; line++)
		count = read_filter(*line, address, ret, count, ret_note);
	g_strfreev(lines);
	return count;
}

size_t sdp_media_addresses(const struct sdp_media *media, const struct sdp_scope *session,
	struct channel_address *ret, char **ret_why, const char **ret_note)
{
	struct channel_address address = {0};
	const char *own = media->scope.connection;
	char **words = split_words(media->line, 3 + SDP_FORMATS);
	char *why = g_strv_length(words) >= 4 ? read_line(media, words, &address)
					      : g_strdup("the media line (m=) is malformed");
	g_strfreev(words);
	if (!why)
		why = read_connection(own ? own : session->connection, &address, ret_note);
	*ret_why = why;
	if (why)
		return 0;
	/* RFC 4570 section 3.1: a filter of the media goes before one of the session. */
	const char *filters = media->scope.filters ? media->scope.filters : session->filters;
	size_t count = read_filters(filters, &address, ret, ret_note);
	if (!count)
		ret[count++] = address;
	return count;
}
