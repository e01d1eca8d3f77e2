#include "channels/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static int fail(int error, const char *why, const char **ret_why)
{
	if (ret_why)
		*ret_why = why;
	return error;
}

/* Text that stands between two places of the address, as a dotted quad. */
static int parse_quad(const char *start, const char *end, struct in_addr *ret)
{
	char text[INET_ADDRSTRLEN];
	size_t length = (size_t)(end - start);
	if (length >= sizeof text)
		return -EINVAL;
	memcpy(text, start, length);
	text[length] = '\0';
	return inet_pton(AF_INET, text, ret) == 1 ? 0 : -EINVAL;
}

static int parse_port(const char *start, const char *end, uint16_t *ret)
{
	unsigned port = 0;
	if (start == end)
		return -EINVAL;
	for (const char *c = start; c < end; c++) {
		if (*c < '0' || *c > '9')
			return -EINVAL;
		port = port * 10 + (unsigned)(*c - '0');
		if (port > UINT16_MAX)
			return -EINVAL;
	}
	*ret = (uint16_t)port;
	return port ? 0 : -EINVAL;
}

static bool is_multicast(struct in_addr address)
{
	return IN_MULTICAST(ntohl(address.s_addr));
}

static int parse_scheme(const char **uri, struct channel_address *ret, const char **ret_why)
{
	if (!strncasecmp(*uri, "rtp://", 6))
		ret->transport = CHANNEL_RTP;
	else if (!strncasecmp(*uri, "udp://", 6))
		ret->transport = CHANNEL_UDP;
	else if (strstr(*uri, "://"))
		return fail(-EPROTONOSUPPORT, "only rtp:// and udp:// can be received", ret_why);
	else
		return fail(-EINVAL, "not an address", ret_why);
	*uri += 6;
	return 0;
}

/* What stands before '@'; nothing at all means any source. */
static int parse_source(
	const char *start, const char *end, struct in_addr *ret, const char **ret_why)
{
	if (start == end)
		return 0;
	if (parse_quad(start, end, ret))
		return fail(-EINVAL, "the source before '@' is not an IPv4 address", ret_why);
	if (is_multicast(*ret) || ret->s_addr == htonl(INADDR_ANY) ||
		ret->s_addr == htonl(INADDR_BROADCAST))
		return fail(-EINVAL, "the source before '@' is not a unicast address", ret_why);
	return 0;
}

int channel_address_parse(const char *uri, struct channel_address *ret, const char **ret_why)
{
	struct channel_address address = {0};
	int result = parse_scheme(&uri, &address, ret_why);
	if (result)
		return result;

	/* Path, query, label ("$HD") and Kodi's options ("|k=v") say nothing about the group. */
	const char *end = uri + strcspn(uri, "/?$|# ");
	const char *at = memchr(uri, '@', (size_t)(end - uri));
	if (at) {
		result = parse_source(uri, at, &address.source, ret_why);
		if (result)
			return result;
		uri = at + 1;
	}
	if (*uri == '[')
		return fail(-EPROTONOSUPPORT, "IPv6 groups cannot be received", ret_why);
	const char *colon = memchr(uri, ':', (size_t)(end - uri));
	if (parse_quad(uri, colon ? colon : end, &address.group))
		return fail(-EINVAL, "the group is not an IPv4 address", ret_why);
	if (!is_multicast(address.group))
		return fail(-EADDRNOTAVAIL, "the group is not a multicast address", ret_why);
	if (!colon)
		return fail(-EINVAL, "the port is missing", ret_why);
	if (parse_port(colon + 1, end, &address.port))
		return fail(-EINVAL, "the port is not a number from 1 to 65535", ret_why);
	*ret = address;
	return 0;
}

const char *channel_address_format(const struct channel_address *address, char *buf)
{
	char group[INET_ADDRSTRLEN], source[INET_ADDRSTRLEN];
	bool any = address->source.s_addr == htonl(INADDR_ANY);
	inet_ntop(AF_INET, &address->group, group, sizeof group);
	inet_ntop(AF_INET, &address->source, source, sizeof source);
	snprintf(buf, CHANNEL_ADDRESS_BYTES, "%s://%s%s%s:%u",
		channel_transport_name(address->transport), any ? "" : source, any ? "" : "@",
		group, address->port);
	return buf;
}

const char *channel_transport_name(enum channel_transport transport)
{
	return transport == CHANNEL_RTP ? "rtp" : "udp";
}

bool channel_address_equal(const struct channel_address *a, const struct channel_address *b)
{
	return a->transport == b->transport && a->group.s_addr == b->group.s_addr &&
	       a->source.s_addr == b->source.s_addr && a->port == b->port &&
	       a->programme == b->programme;
}
