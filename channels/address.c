#include "channels/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int fail(int error, const char *why, const char **ret_why)
{
	*ret_why = why;
	return error;
}

int channel_quad_parse(const char *text, size_t size, struct in_addr *ret)
{
	char quad[INET_ADDRSTRLEN];
	struct in_addr address;
	if (size >= sizeof quad)
		return -EINVAL;
	memcpy(quad, text, size);
	quad[size] = '\0';
	if (inet_pton(AF_INET, quad, &address) != 1)
		return -EINVAL;
	*ret = address;
	return 0;
}

int channel_port_parse(const char *text, size_t size, uint16_t *ret)
{
	unsigned port = 0;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		port = port * 10 + (unsigned)(text[i] - '0');
		if (port > UINT16_MAX)
			return -EINVAL;
	}
	if (!port)
		return -EINVAL;
	*ret = (uint16_t)port;
	return 0;
}

static bool is_multicast(struct in_addr address)
{
	return IN_MULTICAST(ntohl(address.s_addr));
}

bool channel_is_unicast(struct in_addr address)
{
	return !is_multicast(address) && address.s_addr != htonl(INADDR_ANY) &&
	       address.s_addr != htonl(INADDR_BROADCAST);
}

/* What stands before '@'; nothing at all means any source. */
static int parse_source(const char *text, size_t size, struct in_addr *ret, const char **ret_why)
{
	const char *colon = memchr(text, ':', size);
	if (colon)
		size = (size_t)(colon - text);
	if (!size)
		return 0;
	if (channel_quad_parse(text, size, ret))
		return fail(-EINVAL, "the source before '@' is not an IPv4 address", ret_why);
	if (!channel_is_unicast(*ret))
		return fail(-EINVAL, "the source before '@' is not a unicast address", ret_why);
	return 0;
}

static int parse_group(const char *text, const char *end, const char *separators,
	uint16_t usual_port, struct channel_address *ret, const char **ret_why)
{
	const char *stop = text;
	while (stop < end && !strchr(separators, *stop))
		stop++;
	if (channel_quad_parse(text, (size_t)(stop - text), &ret->group))
		return fail(-EINVAL, "the group is not an IPv4 address", ret_why);
	if (!is_multicast(ret->group))
		return fail(-EADDRNOTAVAIL, "the group is not a multicast address", ret_why);
	ret->port = usual_port;
	if (stop == end && usual_port)
		return 0;
	if (stop == end)
		return fail(-EINVAL,
			"the port is missing, which belongs behind the group as in 239.1.2.3:5004",
			ret_why);
	if (channel_port_parse(stop + 1, (size_t)(end - stop - 1), &ret->port))
		return fail(-EINVAL, "the port is not a number from 1 to 65535", ret_why);
	return 0;
}

int channel_address_parse(const char *text, size_t size, const char *separators,
	uint16_t usual_port, struct channel_address *ret, const char **ret_why)
{
	struct channel_address address = {0};
	const char *end = text + size, *at = memchr(text, '@', size);
	int result = at ? parse_source(text, (size_t)(at - text), &address.source, ret_why) : 0;
	if (result)
		return result;
	if (at)
		text = at + 1;
	if (text < end && *text == '[')
		return fail(-EPROTONOSUPPORT, "IPv6 groups cannot be received", ret_why);
	result = parse_group(text, end, separators, usual_port, &address, ret_why);
	if (!result)
		*ret = address;
	return result;
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
