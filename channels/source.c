#include "channels/source.h"

#include <string.h>

struct channel_source channel_source_of(const struct channel_address *address)
{
	return (struct channel_source){
		.address = *address, .iface = "", .fcc_type = "", .http = "", .label = ""};
}

int channel_source_parse(
	const char *text, GStringChunk *strings, struct channel_source *ret, const char **ret_why)
{
	struct channel_address address;
	(void)strings;
	int result = channel_address_parse(text, &address, ret_why);
	if (!result)
		*ret = channel_source_of(&address);
	return result;
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
