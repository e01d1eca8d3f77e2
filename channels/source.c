#include "channels/source.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct channel_source channel_source_of(const struct channel_address *address)
{
	return (struct channel_source){
		.address = *address, .iface = "", .fcc_type = "", .http = "", .label = ""};
}

bool channel_source_equal(const struct channel_source *a, const struct channel_source *b)
{
	return channel_address_equal(&a->address, &b->address);
}

static bool same_endpoint(const struct channel_endpoint *a, const struct channel_endpoint *b)
{
	return a->address.s_addr == b->address.s_addr && a->port == b->port;
}

bool channel_source_identical(const struct channel_source *a, const struct channel_source *b)
{
	return channel_source_equal(a, b) && !strcmp(a->iface, b->iface) &&
	       same_endpoint(&a->fec, &b->fec) && same_endpoint(&a->fcc, &b->fcc) &&
	       !strcmp(a->fcc_type, b->fcc_type) &&
	       same_endpoint(&a->retransmission, &b->retransmission) && !strcmp(a->http, b->http) &&
	       !strcmp(a->label, b->label);
}

static void complete_endpoint(
	struct channel_endpoint *endpoint, const struct channel_endpoint *other)
{
	if (!endpoint->port)
		*endpoint = *other;
}

static void complete_text(const char **text, const char *other)
{
	if (!**text)
		*text = other;
}

bool channel_source_complete(struct channel_source *source, const struct channel_source *other)
{
	const struct channel_source before = *source;
	/* One server's protocol is not that of another. */
	if (!source->fcc.port || same_endpoint(&source->fcc, &other->fcc))
		complete_text(&source->fcc_type, other->fcc_type);
	complete_endpoint(&source->fec, &other->fec);
	complete_endpoint(&source->fcc, &other->fcc);
	complete_endpoint(&source->retransmission, &other->retransmission);
	complete_text(&source->iface, other->iface);
	complete_text(&source->http, other->http);
	complete_text(&source->label, other->label);
	return !channel_source_identical(source, &before);
}

int channel_endpoint_parse(const char *text, struct channel_endpoint *ret)
{
	struct channel_endpoint endpoint = {0};
	const char *colon = strchr(text, ':');
	if (colon && channel_quad_parse(text, (size_t)(colon - text), &endpoint.address))
		return -EINVAL;
	const char *port = colon ? colon + 1 : text;
	if (channel_port_parse(port, strlen(port), &endpoint.port))
		return -EINVAL;
	*ret = endpoint;
	return 0;
}

const char *channel_endpoint_format(const struct channel_endpoint *endpoint, char *buf)
{
	char address[INET_ADDRSTRLEN];
	bool alone = endpoint->address.s_addr == htonl(INADDR_ANY);
	*buf = '\0';
	if (endpoint->port && alone)
		snprintf(buf, CHANNEL_ENDPOINT_BYTES, "%u", endpoint->port);
	else if (endpoint->port)
		snprintf(buf, CHANNEL_ENDPOINT_BYTES, "%s:%u",
			inet_ntop(AF_INET, &endpoint->address, address, sizeof address),
			endpoint->port);
	return buf;
}
