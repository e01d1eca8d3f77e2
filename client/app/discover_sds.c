#include <errno.h>
#include <glib.h>
#include <uv.h>

#include "channels/dvbstp.h"
#include "channels/sds.h"
#include "channels/text.h"
#include "client/app/discover.h"
#include "client/app/hear.h"

/* Nothing new may have come for so long before it counts as complete. */
#define QUIET_NS UINT64_C(1000000000)

/* What is sent to one group. */
struct carousel {
	struct channel_address address;
	struct dvbstp *dvbstp;
	GPtrArray *documents; /* of struct document, in the order of their first segments */
};

struct document {
	struct dvbstp_segment segment; /* `bytes` is the document's own */
};

struct discovery {
	const struct discover_options *options;
	struct hear *hear;
	GPtrArray *carousels;
	size_t heard, held_bytes;
	size_t refused; /* packets that cannot be read */
	size_t untaken; /* packets and segments that there is no room for */
	bool crowded;	/* there are more groups than are listened to, which was said */
	int error;	/* of joining a provider's group */
	uint64_t news_ns;
};

/* ---- documents ---- */

static void free_document(gpointer data)
{
	struct document *document = data;
	g_free((gpointer)document->segment.bytes);
	g_free(document);
}

static void free_carousel(gpointer data)
{
	struct carousel *carousel = data;
	dvbstp_destroy(carousel->dvbstp);
	g_ptr_array_unref(carousel->documents);
	g_free(carousel);
}

/* The document of that segment, whatever its version. */
static struct document *find(const struct carousel *carousel, const struct dvbstp_segment *segment)
{
	for (guint i = 0; i < carousel->documents->len; i++) {
		struct document *document = carousel->documents->pdata[i];
		if (document->segment.provider == segment->provider &&
			document->segment.payload == segment->payload &&
			document->segment.id == segment->id)
			return document;
	}
	return NULL;
}

static void keep(struct discovery *discovery, struct carousel *carousel,
	const struct dvbstp_segment *segment)
{
	struct document *document = find(carousel, segment);
	size_t before = document ? document->segment.size : 0;
	if (discovery->held_bytes - before + segment->size > DISCOVER_BYTES) {
		discovery->untaken++;
		return;
	}
	if (!document) {
		document = g_new0(struct document, 1);
		g_ptr_array_add(carousel->documents, document);
		discovery->heard++;
	}
	discovery->held_bytes += segment->size - before;
	g_free((gpointer)document->segment.bytes);
	document->segment = *segment;
	document->segment.bytes = g_memdup2(segment->bytes, segment->size);
}

/* ---- where else to listen ---- */

static bool is_known(const struct discovery *discovery, const struct channel_address *address)
{
	for (guint i = 0; i < discovery->carousels->len; i++) {
		const struct carousel *carousel = discovery->carousels->pdata[i];
		if (channel_address_equal(&carousel->address, address))
			return true;
	}
	return false;
}

static int listen_to(struct discovery *discovery, const struct channel_address *address)
{
	int error = hear_join(discovery->hear, address);
	if (error)
		return error;
	struct carousel *carousel = g_new0(struct carousel, 1);
	carousel->address = *address;
	carousel->dvbstp = dvbstp_create();
	carousel->documents = g_ptr_array_new_with_free_func(free_document);
	g_ptr_array_add(discovery->carousels, carousel);
	return 0;
}

static void say_crowded(struct discovery *discovery, const struct sds_offer *offer)
{
	const struct discover_options *options = discovery->options;
	char *provider = text_quote(offer->provider);
	if (!discovery->crowded)
		channel_warn(&options->report, options->name, offer->line, CHANNEL_KEPT,
			"providers send their lists to more than %d groups; %s and those behind "
			"are not listened to",
			DISCOVER_GROUPS, provider);
	discovery->crowded = true;
	g_free(provider);
}

static void on_offer(void *ctx, const struct sds_offer *offer)
{
	struct discovery *discovery = ctx;
	const struct channel_address address = {
		.group = offer->group, .source = offer->source, .port = offer->port};
	if (is_known(discovery, &address))
		return;
	if (discovery->carousels->len == DISCOVER_GROUPS) {
		say_crowded(discovery, offer);
		return;
	}
	int error = listen_to(discovery, &address);
	if (!discovery->error)
		discovery->error = error;
}

static void on_entry(void *ctx, const struct channel_entry *entry)
{
	(void)ctx;
	(void)entry;
}

static void follow_offers(struct discovery *discovery, const struct dvbstp_segment *segment)
{
	const struct discover_options *options = discovery->options;
	const struct channel_sink sink = {
		.entry = on_entry, .user = discovery, .report = options->report};
	void *parser = sds_parser_class.create(options->name, &sink);
	sds_take_offers(parser, on_offer, discovery);
	sds_parser_class.feed(parser, segment->bytes, segment->size);
	sds_parser_class.finish(parser);
	sds_parser_class.destroy(parser);
}

/* ---- what arrives ---- */

static struct carousel *carousel_of(
	const struct discovery *discovery, const struct receive_flow *flow)
{
	for (guint i = 0; i < discovery->carousels->len; i++) {
		struct carousel *carousel = discovery->carousels->pdata[i];
		const struct channel_address *address = &carousel->address;
		const struct receive_flow wanted = {address->group, address->source, address->port};
		if (receive_flow_matches(&wanted, flow))
			return carousel;
	}
	return NULL;
}

static bool is_of_use(const struct dvbstp_segment *segment)
{
	return segment->payload == DVBSTP_PROVIDERS || segment->payload == DVBSTP_BROADCAST ||
	       segment->payload == DVBSTP_PACKAGES;
}

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct discovery *discovery = ctx;
	struct carousel *carousel = carousel_of(discovery, &datagram->flow);
	struct dvbstp_segment segment;
	if (!carousel)
		return;
	int result = dvbstp_take(carousel->dvbstp, datagram->payload, datagram->len, &segment);
	discovery->refused += result < 0 && result != -ENOSPC;
	discovery->untaken += result == -ENOSPC;
	if (result != 1)
		return;
	discovery->news_ns = uv_hrtime();
	if (is_of_use(&segment))
		keep(discovery, carousel, &segment);
	if (segment.payload == DVBSTP_PROVIDERS)
		follow_offers(discovery, &segment);
}

static bool has_channels(const struct discovery *discovery)
{
	for (guint i = 0; i < discovery->carousels->len; i++) {
		const struct carousel *carousel = discovery->carousels->pdata[i];
		for (guint j = 0; j < carousel->documents->len; j++) {
			const struct document *document = carousel->documents->pdata[j];
			if (document->segment.payload == DVBSTP_BROADCAST)
				return true;
		}
	}
	return false;
}

static bool is_complete(const struct discovery *discovery)
{
	for (guint i = 0; i < discovery->carousels->len; i++) {
		const struct carousel *carousel = discovery->carousels->pdata[i];
		if (!dvbstp_is_settled(carousel->dvbstp))
			return false;
	}
	return has_channels(discovery) && uv_hrtime() > discovery->news_ns + QUIET_NS;
}

static bool on_tick(void *ctx, uint64_t left_ns)
{
	struct discovery *discovery = ctx;
	const struct discover_options *options = discovery->options;
	options->tick(options->ctx, discovery->heard, left_ns);
	return !discovery->error && !is_complete(discovery);
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	const struct discover_options *options = ((struct discovery *)ctx)->options;
	options->log(options->ctx, level, sentence);
}

/* ---- the whole ---- */

static void say_refused(const struct discovery *discovery)
{
	const struct discover_options *options = discovery->options;
	if (discovery->refused)
		channel_warn(&options->report, options->name, 1, CHANNEL_KEPT,
			"%zu packets are no segments that can be read; they are ignored",
			discovery->refused);
	if (discovery->untaken)
		channel_warn(&options->report, options->name, 1, CHANNEL_KEPT,
			"more is sent than zapper holds; %zu packets and segments are ignored",
			discovery->untaken);
}

/* Lists of providers say where to listen, which was done: unless nothing came of it. */
static void hand_out(const struct discovery *discovery)
{
	const struct discover_options *options = discovery->options;
	bool channels = has_channels(discovery);
	for (guint i = 0; i < discovery->carousels->len; i++) {
		const struct carousel *carousel = discovery->carousels->pdata[i];
		for (guint j = 0; j < carousel->documents->len; j++) {
			const struct document *document = carousel->documents->pdata[j];
			const struct dvbstp_segment *segment = &document->segment;
			if (!channels || segment->payload != DVBSTP_PROVIDERS)
				options->document(options->ctx, segment->bytes, segment->size);
		}
	}
}

static int run(struct discovery *discovery, const struct channel_address *entry)
{
	const struct discover_options *options = discovery->options;
	const struct hear_options hearing = {.iface = options->iface,
		.backend = options->backend,
		.host = options->host,
		.listen_ns = options->listen_ns,
		.datagram = on_datagram,
		.tick = on_tick,
		.log = on_log,
		.ctx = discovery};
	int error = hear_open(&hearing, &discovery->hear);
	if (error)
		return error;
	error = listen_to(discovery, entry);
	if (!error)
		error = hear_run(discovery->hear);
	hear_close(discovery->hear);
	return error ? error : discovery->error;
}

int discover_sds(const struct discover_options *options, const struct channel_address *entry)
{
	struct discovery discovery = {
		.options = options, .carousels = g_ptr_array_new_with_free_func(free_carousel)};
	int error = run(&discovery, entry);
	say_refused(&discovery);
	if (!error && !discovery.heard)
		error = -ENODATA;
	if (!error)
		hand_out(&discovery);
	g_ptr_array_unref(discovery.carousels);
	return error;
}
