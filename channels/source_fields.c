#include "channels/source_fields.h"

#include <stdio.h>

const char *source_field_name(enum source_field field)
{
	static const char *const names[SOURCE_FIELDS] = {
		[SOURCE_PROGRAMME] = "programme",
		[SOURCE_IFACE] = "iface",
		[SOURCE_FEC] = "fec",
		[SOURCE_FCC] = "fcc",
		[SOURCE_FCC_TYPE] = "fcc_type",
		[SOURCE_RET] = "ret",
		[SOURCE_HTTP] = "http",
		[SOURCE_LABEL] = "label",
	};
	return names[field];
}

/* Where the source keeps it, or NULL. */
static struct channel_endpoint *endpoint_of(struct channel_source *source, enum source_field field)
{
	switch (field) {
	case SOURCE_FEC:
		return &source->fec;
	case SOURCE_FCC:
		return &source->fcc;
	case SOURCE_RET:
		return &source->retransmission;
	default:
		return NULL;
	}
}

static const char **text_of(struct channel_source *source, enum source_field field)
{
	switch (field) {
	case SOURCE_IFACE:
		return &source->iface;
	case SOURCE_FCC_TYPE:
		return &source->fcc_type;
	case SOURCE_HTTP:
		return &source->http;
	case SOURCE_LABEL:
		return &source->label;
	default:
		return NULL;
	}
}

void source_field_read(struct listing *listing, unsigned line, enum source_field field,
	const char *text, struct channel_source *source)
{
	struct channel_endpoint *endpoint = endpoint_of(source, field);
	const char **kept = text_of(source, field);
	if (!*text)
		return;
	if (kept)
		*kept = g_string_chunk_insert(listing->strings, text);
	else if (!endpoint)
		source->address.programme = listing_read_programme(listing, line, text);
	else if (channel_endpoint_parse(text, endpoint))
		listing_warn_of(listing, line, CHANNEL_KEPT, text,
			"is neither a port nor ADDRESS:PORT; it is ignored");
}

const char *source_field_write(
	const struct channel_source *source, enum source_field field, char *buf)
{
	struct channel_source copy = *source;
	const struct channel_endpoint *endpoint = endpoint_of(&copy, field);
	const char **text = text_of(&copy, field);
	if (text)
		return *text;
	if (endpoint)
		return channel_endpoint_format(endpoint, buf);
	snprintf(buf, SOURCE_FIELD_BYTES, "%u", source->address.programme);
	return source->address.programme ? buf : "";
}
