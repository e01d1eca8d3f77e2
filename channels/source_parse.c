#include <errno.h>
#include <string.h>

#include "channels/source.h"
#include "channels/text.h"

/* What zapper reads of an address in a list; `note` is about what it does not understand of it, or
 * has guessed. */
struct reading {
	GStringChunk *strings;
	struct channel_source source;
	const char *note;
};

/* A piece of the text. */
struct span {
	const char *start, *end;
};

/* As VLC has it, where an address names no port. */
#define USUAL_RTP_PORT 5004
#define USUAL_UDP_PORT 1234

#define LEFT_OUT "; this part is ignored"

static const char only_multicast[] = "only rtp:// and udp:// can be received";

static int fail(int error, const char *why, const char **ret_why)
{
	*ret_why = why;
	return error;
}

static bool has_prefix(struct span span, const char *prefix)
{
	size_t length = strlen(prefix);
	return (size_t)(span.end - span.start) >= length &&
	       !g_ascii_strncasecmp(span.start, prefix, length);
}

/* Cuts what stands before the first of `stops` off the front. */
static struct span cut(struct span *rest, const char *stops)
{
	struct span front = {rest->start, rest->start};
	while (front.end < rest->end && !strchr(stops, *front.end))
		front.end++;
	rest->start = front.end;
	return front;
}

/* Without what percent signs hide; what comes to light is cleaned. Freed with g_free(). */
static char *decode(struct span span)
{
	char *decoded = g_uri_unescape_segment(span.start, span.end, NULL);
	GString *text = decoded ? g_string_new(decoded)
				: g_string_new_len(span.start, span.end - span.start);
	text_clean(text);
	g_free(decoded);
	return g_strstrip(g_string_free(text, FALSE));
}

static void take_endpoint(struct reading *reading, const char *value, bool needs_address,
	struct channel_endpoint *ret, const char *note)
{
	struct channel_endpoint endpoint;
	if (channel_endpoint_parse(value, &endpoint) ||
		(needs_address && !channel_is_unicast(endpoint.address)))
		reading->note = note;
	else
		*ret = endpoint;
}

static void take_fcc(struct reading *reading, const char *value)
{
	take_endpoint(reading, value, true, &reading->source.fcc,
		"its fcc= is not the address and port of a server" LEFT_OUT);
}

static void take_fec(struct reading *reading, const char *value)
{
	take_endpoint(
		reading, value, false, &reading->source.fec, "its fec= is not a port" LEFT_OUT);
}

static void take_retransmission(struct reading *reading, const char *value)
{
	take_endpoint(reading, value, true, &reading->source.retransmission,
		"its ret= is not the address and port of a server" LEFT_OUT);
}

static void take_fcc_type(struct reading *reading, const char *value)
{
	if (!g_ascii_strcasecmp(value, "telecom"))
		reading->source.fcc_type = "telecom";
	else if (!g_ascii_strcasecmp(value, "huawei"))
		reading->source.fcc_type = "huawei";
	else
		reading->note = "its fcc-type= is neither telecom nor huawei" LEFT_OUT;
}

static void take_iface(struct reading *reading, const char *value)
{
	reading->source.iface = g_string_chunk_insert(reading->strings, value);
}

static void take_source(struct reading *reading, const char *value, size_t size)
{
	struct in_addr *source = &reading->source.address.source, found;
	if (source->s_addr != htonl(INADDR_ANY))
		return;
	if (channel_quad_parse(value, size, &found) || !channel_is_unicast(found))
		reading->note = "the sender that it names is not a unicast IPv4 address" LEFT_OUT;
	else
		*source = found;
}

/* ffmpeg's list of senders that are wanted: all of these are as good as the first. */
static void take_sources(struct reading *reading, const char *value)
{
	take_source(reading, value, strcspn(value, ","));
}

/* GStreamer's "+wanted-unwanted+wanted"; an URI may have a space for '+'. */
static void take_multicast_source(struct reading *reading, const char *value)
{
	const char *wanted = strpbrk(value, "+ ");
	if (wanted)
		take_source(reading, wanted + 1, strcspn(wanted + 1, "+- "));
	else if (*value != '-')
		take_source(reading, value, strcspn(value, "-"));
}

static void take_option(struct reading *reading, struct span option)
{
	static const struct {
		const char *key;
		void (*take)(struct reading *reading, const char *value);
	} options[] = {
		{"fcc=", take_fcc},
		{"fcc-type=", take_fcc_type},
		{"fec=", take_fec},
		{"ret=", take_retransmission},
		{"localaddr=", take_iface},
		{"multicast-iface=", take_iface},
		{"ifindex=", take_iface},
		{"ifaddr=", take_iface},
		{"sources=", take_sources},
		{"multicast-source=", take_multicast_source},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		if (!has_prefix(option, options[i].key))
			continue;
		option.start += strlen(options[i].key);
		char *value = decode(option);
		if (*value)
			options[i].take(reading, value);
		g_free(value);
	}
}

/* What stands behind the port: "/options?query#fragment". */
static void take_rest(struct reading *reading, struct span rest)
{
	rest = cut(&rest, "# ");
	while (rest.start < rest.end) {
		rest.start++;
		take_option(reading, cut(&rest, "/?&"));
	}
}

/* "[S@]G": a port of the source says nothing. */
static bool is_bare(struct span authority)
{
	size_t size = (size_t)(authority.end - authority.start);
	const char *at = memchr(authority.start, '@', size);
	const char *group = at ? at : authority.start;
	return !memchr(group, ':', (size_t)(authority.end - group));
}

static int parse_authority(struct reading *reading, enum channel_transport transport,
	struct span rest, const char **ret_why)
{
	struct channel_address address;
	struct span authority = cut(&rest, "/?# ");
	bool rtp = transport == CHANNEL_RTP;
	int result =
		channel_address_parse(authority.start, (size_t)(authority.end - authority.start),
			":", rtp ? USUAL_RTP_PORT : USUAL_UDP_PORT, &address, ret_why);
	if (result)
		return result;
	address.transport = transport;
	reading->source = channel_source_of(&address);
	if (is_bare(authority))
		reading->note = rtp ? "it has no port; 5004 is taken, as VLC does"
				    : "it has no port; 1234 is taken, as VLC does";
	take_rest(reading, rest);
	return 0;
}

/* '%' may be what udpxy wants in front of the port, or begin an escape: "%4056", "%3A4056". */
static int parse_relayed_group(struct span group, struct channel_address *ret, const char **ret_why)
{
	static const char separators[] = ":%~+-^;";
	int result = channel_address_parse(
		group.start, (size_t)(group.end - group.start), separators, 0, ret, ret_why);
	if (!result || !memchr(group.start, '%', (size_t)(group.end - group.start)))
		return result;
	char *decoded = decode(group);
	result = channel_address_parse(decoded, strlen(decoded), separators, 0, ret, ret_why);
	g_free(decoded);
	return result;
}

/* Of the path's parts, "rtp" or "udp" stands in front of the group; others may precede it. */
static int parse_relay(struct reading *reading, struct span uri, const char **ret_why)
{
	struct span rest = {strstr(uri.start, "://") + 3, uri.end};
	cut(&rest, "/?# ");
	while (rest.start < rest.end && *rest.start == '/') {
		bool rtp = has_prefix(rest, "/rtp/");
		if (!rtp && !has_prefix(rest, "/udp/")) {
			rest.start++;
			cut(&rest, "/?# ");
			continue;
		}
		rest.start += strlen("/rtp/");
		struct channel_address address;
		int result = parse_relayed_group(cut(&rest, "/?# "), &address, ret_why);
		if (result)
			return result;
		address.transport = rtp ? CHANNEL_RTP : CHANNEL_UDP;
		reading->source = channel_source_of(&address);
		take_rest(reading, rest);
		reading->source.http =
			g_string_chunk_insert_len(reading->strings, uri.start, uri.end - uri.start);
		return 0;
	}
	return fail(-EPROTONOSUPPORT, only_multicast, ret_why);
}

/* One address without label and player's options. */
static int parse_uri(struct reading *reading, struct span uri, const char **ret_why)
{
	static const struct {
		const char *prefix;
		enum channel_transport transport;
	} schemes[] = {
		{"rtp://", CHANNEL_RTP},
		{"igmp://", CHANNEL_RTP},
		{"udp://", CHANNEL_UDP},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (!has_prefix(uri, schemes[i].prefix))
			continue;
		uri.start += strlen(schemes[i].prefix);
		return parse_authority(reading, schemes[i].transport, uri, ret_why);
	}
	if (has_prefix(uri, "http://") || has_prefix(uri, "https://"))
		return parse_relay(reading, uri, ret_why);
	if (memmem(uri.start, (size_t)(uri.end - uri.start), "://", 3))
		return fail(-EPROTONOSUPPORT, only_multicast, ret_why);
	return fail(-EINVAL, "not an address", ret_why);
}

/* The first address in a command that can be received, or else why the first one cannot. */
static int parse_command(struct reading *reading, struct span command, const char **ret_why)
{
	int result = 0;
	while (command.start < command.end) {
		struct span word = cut(&command, " \"'|");
		command.start += command.start < command.end;
		const char *why;
		if (!memmem(word.start, (size_t)(word.end - word.start), "://", 3))
			continue;
		int parsed = parse_uri(reading, word, &why);
		if (!parsed)
			return 0;
		if (!result)
			result = fail(parsed, why, ret_why);
	}
	return result ? result : fail(-EINVAL, "there is no address in the command", ret_why);
}

static void take_label(struct reading *reading, struct span tail)
{
	cut(&tail, "$");
	if (tail.start == tail.end)
		return;
	tail.start++;
	struct span label = cut(&tail, "|");
	char *copy = g_strstrip(g_strndup(label.start, (gsize)(label.end - label.start)));
	reading->source.label = g_string_chunk_insert(reading->strings, copy);
	g_free(copy);
}

int channel_source_parse(
	const char *text, GStringChunk *strings, struct channel_source *ret, const char **ret_why)
{
	static const char pipe[] = "pipe://";
	struct reading reading = {.strings = strings};
	struct span rest = {text, text + strlen(text)};
	int result;
	if (has_prefix(rest, pipe)) {
		rest.start += strlen(pipe);
		result = parse_command(&reading, rest, ret_why);
	} else {
		struct span uri = cut(&rest, "$|");
		while (uri.end > uri.start && uri.end[-1] == ' ')
			uri.end--;
		result = parse_uri(&reading, uri, ret_why);
		if (!result)
			take_label(&reading, rest);
	}
	if (result)
		return result;
	*ret = reading.source;
	*ret_why = reading.note;
	return 0;
}
