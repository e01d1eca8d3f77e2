#include "channels/sds.h"

#include <arpa/inet.h>
#include <string.h>

#include "channels/sds_list.h"
#include "channels/text.h"
#include "channels/xml.h"

struct sds_parser {
	struct listing listing;
	struct xml *xml;
	struct sds_list *list;
	sds_offer_fn offer;
	void *offer_ctx;
	const char *domain;	     /* of the document */
	struct sds_service *service; /* that is being read, or NULL */
	struct sds_package package;
	struct sds_member member;
	/* of a ServerBasedEnhancementServiceInfo: */
	bool fast_change, retransmission;
	const char *server_address, *server_port;
};

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static const char *keep_attribute(
	struct sds_parser *parser, const char *const *attributes, const char *name)
{
	return sds_list_keep(parser->list, xml_attribute(parser->xml, attributes, name));
}

static const char *domain_of(struct sds_parser *parser, const char *const *attributes)
{
	const char *own = keep_attribute(parser, attributes, "DomainName");
	return *own ? own : parser->domain;
}

/* The address that is being read, or NULL. */
static struct sds_location *last_location(struct sds_parser *parser)
{
	GArray *locations = parser->service ? parser->service->locations : NULL;
	return locations && locations->len
		       ? &g_array_index(locations, struct sds_location, locations->len - 1)
		       : NULL;
}

static void begin_location(struct sds_parser *parser, const char *const *attributes)
{
	struct sds_location *location =
		sds_service_add_location(parser->list, parser->service, xml_line(parser->xml));
	location->group = keep_attribute(parser, attributes, "Address");
	location->port = keep_attribute(parser, attributes, "Port");
	location->source = keep_attribute(parser, attributes, "Source");
	location->streaming = keep_attribute(parser, attributes, "Streaming");
}

static void take_fec(struct sds_parser *parser, const char *const *attributes)
{
	struct sds_location *location = last_location(parser);
	if (!location)
		return;
	location->fec_group = keep_attribute(parser, attributes, "Address");
	location->fec_port = keep_attribute(parser, attributes, "Port");
}

/* Where reports go is the server: of retransmission, or of whatever it is that encloses it. */
static void take_reporting(
	struct sds_parser *parser, const char *parent, const char *const *attributes)
{
	struct sds_location *location = last_location(parser);
	if (!location)
		return;
	parser->server_address = keep_attribute(parser, attributes, "DestinationAddress");
	parser->server_port = keep_attribute(parser, attributes, "DestinationPort");
	if (!is(parent, "RTPRetransmission"))
		return;
	location->retransmission_address = parser->server_address;
	location->retransmission_port = parser->server_port;
}

/* Clause I.2.14: a server that does both is described here only. */
static void end_server(struct sds_parser *parser)
{
	struct sds_location *location = last_location(parser);
	if (location && parser->fast_change) {
		location->fcc_address = parser->server_address;
		location->fcc_port = parser->server_port;
	}
	if (location && parser->retransmission) {
		location->retransmission_address = parser->server_address;
		location->retransmission_port = parser->server_port;
	}
}

static void start_in_location(
	struct sds_parser *parser, const char *name, const char *const *attributes)
{
	const char *parent = xml_ancestor(parser->xml, 1);
	if (is(name, "IPMulticastAddress")) {
		begin_location(parser, attributes);
	} else if (is(name, "FECBaseLayer")) {
		take_fec(parser, attributes);
	} else if (is(name, "RTCPReporting")) {
		take_reporting(parser, parent, attributes);
	} else if (is(name, "ServerBasedEnhancementServiceInfo")) {
		parser->fast_change = parser->retransmission = false;
		parser->server_address = parser->server_port = "";
	}
}

static void start_in_service(
	struct sds_parser *parser, const char *name, const char *const *attributes)
{
	struct sds_service *service = parser->service;
	if (!is(xml_ancestor(parser->xml, 1), "SingleService")) {
		start_in_location(parser, name, attributes);
	} else if (is(name, "TextualIdentifier")) {
		service->id = keep_attribute(parser, attributes, "ServiceName");
		service->domain = domain_of(parser, attributes);
		service->logo = keep_attribute(parser, attributes, "logoURI");
	} else if (is(name, "DVBTriplet")) {
		service->programme = keep_attribute(parser, attributes, "ServiceId");
	} else if (is(name, "SI")) {
		service->kind = listing_kind_of_service(
			xml_attribute(parser->xml, attributes, "ServiceType"));
	}
}

static void begin_package(struct sds_parser *parser, const char *const *attributes)
{
	const char *visible = xml_attribute(parser->xml, attributes, "Visible");
	parser->package = (struct sds_package){
		.line = xml_line(parser->xml), .hidden = is(visible, "false") || is(visible, "0")};
	parser->package.name = keep_attribute(parser, attributes, "Id");
}

static void start_in_package(
	struct sds_parser *parser, const char *name, const char *const *attributes)
{
	if (is(name, "Package"))
		begin_package(parser, attributes);
	else if (is(name, "Service"))
		parser->member = (struct sds_member){.line = xml_line(parser->xml),
			.package = parser->list->packages->len,
			.domain = parser->domain,
			.id = "",
			.number = ""};
	else if ((is(name, "TextualID") || is(name, "TextualIdentifier")) &&
		 is(xml_ancestor(parser->xml, 1), "Service")) {
		parser->member.id = keep_attribute(parser, attributes, "ServiceName");
		parser->member.domain = domain_of(parser, attributes);
	}
}

static void name_offer(struct sds_parser *parser, const struct sds_offer *offer)
{
	char group[INET_ADDRSTRLEN], *provider = text_quote(offer->provider);
	inet_ntop(AF_INET, &offer->group, group, sizeof group);
	listing_warn(&parser->listing, offer->line, CHANNEL_KEPT,
		"this lists providers; the channels of %s are to be had with 'zapper import "
		"sds:%s:%u'",
		provider, group, offer->port);
	g_free(provider);
}

static void take_push(struct sds_parser *parser, const char *const *attributes)
{
	struct channel_source source;
	const struct sds_location location = {
		.group = keep_attribute(parser, attributes, "Address"),
		.port = keep_attribute(parser, attributes, "Port"),
		.source = keep_attribute(parser, attributes, "Source")};
	unsigned line = xml_line(parser->xml);
	char *uri =
		g_strdup_printf("udp://%s@%s:%s", location.source, location.group, location.port);
	if (listing_read_source(&parser->listing, line, uri, &source)) {
		const struct sds_offer offer = {line, parser->domain, source.address.group,
			source.address.source, source.address.port};
		if (parser->offer)
			parser->offer(parser->offer_ctx, &offer);
		else
			name_offer(parser, &offer);
	}
	listing_drop(&parser->listing);
	g_free(uri);
}

static void start_in_provider(
	struct sds_parser *parser, const char *name, const char *const *attributes)
{
	if (is(name, "Push"))
		take_push(parser, attributes);
	else if (is(name, "Pull"))
		listing_warn_of(&parser->listing, xml_line(parser->xml), CHANNEL_KEPT,
			xml_attribute(parser->xml, attributes, "Location"),
			"offers lists over HTTP; it is ignored");
}

static void check_held(struct sds_parser *parser)
{
	if (parser->list->held_bytes > SDS_HELD_BYTES)
		xml_fail(parser->xml, "there is more in the list than zapper holds");
}

static void on_start(void *ctx, const char *name, const char *const *attributes)
{
	struct sds_parser *parser = ctx;
	if (is(name, "BroadcastDiscovery") || is(name, "PackageDiscovery") ||
		is(name, "ServiceProvider"))
		parser->domain = keep_attribute(parser, attributes, "DomainName");
	else if (is(name, "SingleService"))
		parser->service = sds_list_add_service(parser->list, xml_line(parser->xml));
	else if (parser->service)
		start_in_service(parser, name, attributes);
	else
		start_in_package(parser, name, attributes);
	if (is(xml_ancestor(parser->xml, 1), "Offering"))
		start_in_provider(parser, name, attributes);
	check_held(parser);
}

static void end_in_service(struct sds_parser *parser, const char *name, const char *text)
{
	struct sds_service *service = parser->service;
	const char *parent = xml_ancestor(parser->xml, 1);
	if (is(name, "SingleService")) {
		parser->service = NULL;
	} else if (is(name, "Name") && is(parent, "SI") && !*service->name) {
		/* There may be one in each language. */
		service->name = sds_list_keep(parser->list, text);
	} else if (is(name, "EnhancementService")) {
		parser->fast_change |= is(text, "FCC");
		parser->retransmission |= is(text, "RET");
	} else if (is(name, "ServerBasedEnhancementServiceInfo")) {
		end_server(parser);
	}
}

static void end_in_package(struct sds_parser *parser, const char *name, const char *text)
{
	const char *parent = xml_ancestor(parser->xml, 1);
	if (is(name, "PackageName") && is(parent, "Package") && *text)
		parser->package.name = sds_list_keep(parser->list, text);
	else if (is(name, "LogicalChannelNumber") && is(parent, "Service"))
		parser->member.number = sds_list_keep(parser->list, text);
	else if (is(name, "Service") && is(parent, "Package"))
		sds_list_add_member(parser->list, &parser->member);
	else if (is(name, "Package"))
		sds_list_add_package(parser->list, &parser->package);
}

static void on_end(void *ctx, const char *name, const char *text)
{
	struct sds_parser *parser = ctx;
	if (parser->service)
		end_in_service(parser, name, text);
	else
		end_in_package(parser, name, text);
	check_held(parser);
}

void sds_take_offers(void *parser, sds_offer_fn fn, void *ctx)
{
	((struct sds_parser *)parser)->offer = fn;
	((struct sds_parser *)parser)->offer_ctx = ctx;
}

static void *sds_create(const char *file, const struct channel_sink *sink)
{
	struct sds_parser *parser = g_new0(struct sds_parser, 1);
	const struct xml_handler handler = {on_start, on_end, parser, sink->report};
	listing_init(&parser->listing, file, sink);
	parser->xml = xml_create(file, &handler);
	parser->list = sds_list_create();
	parser->domain = parser->server_address = parser->server_port = "";
	parser->package.name = parser->member.domain = "";
	parser->member.id = parser->member.number = "";
	return parser;
}

static void sds_feed(void *parser, const char *bytes, size_t size)
{
	xml_feed(((struct sds_parser *)parser)->xml, bytes, size);
}

static void sds_finish(void *data)
{
	struct sds_parser *parser = data;
	if (xml_finish(parser->xml))
		sds_list_emit(parser->list, &parser->listing);
}

static void sds_destroy(void *data)
{
	struct sds_parser *parser = data;
	if (!parser)
		return;
	xml_destroy(parser->xml);
	sds_list_destroy(parser->list);
	listing_clear(&parser->listing);
	g_free(parser);
}

/* Some leave the outermost element away. */
static bool sds_detect(const char *head, size_t size)
{
	static const char *const roots[] = {"ServiceDiscovery", "BroadcastDiscovery",
		"PackageDiscovery", "ServiceProviderDiscovery"};
	for (size_t i = 0; i < G_N_ELEMENTS(roots); i++)
		if (xml_root_is(head, size, roots[i]))
			return true;
	return false;
}

const struct channel_parser_class sds_parser_class = {
	.format = CHANNEL_FORMAT_SDS,
	.name = "sds",
	.detect = sds_detect,
	.create = sds_create,
	.feed = sds_feed,
	.finish = sds_finish,
	.destroy = sds_destroy,
};
