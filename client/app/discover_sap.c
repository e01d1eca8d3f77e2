#include <errno.h>
#include <glib.h>

#include "channels/sap.h"
#include "client/app/discover.h"
#include "client/app/hear.h"

struct discovery {
	const struct discover_options *options;
	struct sap_sessions *sessions;
	size_t heard, refused, untaken;
	const char *why_refused; /* the first one */
	uint8_t unpacked[SAP_UNPACKED_BYTES];
};

static int parse(struct discovery *discovery, const struct receive_datagram *datagram,
	struct sap_packet *ret, const char **ret_why)
{
	if (!sap_is_packed(datagram->payload, datagram->len))
		return sap_parse(datagram->payload, datagram->len, ret, ret_why);
	size_t size;
	int result =
		sap_unpack(datagram->payload, datagram->len, discovery->unpacked, &size, ret_why);
	return result ? result : sap_parse(discovery->unpacked, size, ret, ret_why);
}

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct discovery *discovery = ctx;
	struct sap_packet packet;
	const char *why;
	if (parse(discovery, datagram, &packet, &why)) {
		if (!discovery->refused++)
			discovery->why_refused = why;
		return;
	}
	enum sap_change change = sap_sessions_take(discovery->sessions, &packet);
	discovery->heard += change == SAP_NEW;
	discovery->heard -= change == SAP_DELETED;
	discovery->untaken += change == SAP_FULL;
}

static bool on_tick(void *ctx, uint64_t left_ns)
{
	struct discovery *discovery = ctx;
	const struct discover_options *options = discovery->options;
	options->tick(options->ctx, discovery->heard, left_ns);
	return true;
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	const struct discover_options *options = ((struct discovery *)ctx)->options;
	options->log(options->ctx, level, sentence);
}

static void on_session(void *ctx, const char *description, size_t size)
{
	const struct discover_options *options = ctx;
	options->document(options->ctx, description, size);
	/* Its last line may not end. */
	options->document(options->ctx, "\r\n", 2);
}

static void say_refused(const struct discovery *discovery)
{
	const struct discover_options *options = discovery->options;
	if (discovery->refused)
		channel_warn(&options->report, options->name, 1, CHANNEL_KEPT,
			"%zu packets are no announcements that can be read (the first one: %s); "
			"they are ignored",
			discovery->refused, discovery->why_refused);
	if (discovery->untaken)
		channel_warn(&options->report, options->name, 1, CHANNEL_KEPT,
			"more is announced than zapper holds; %zu announcements are ignored",
			discovery->untaken);
}

static int listen_to(
	struct discovery *discovery, const struct channel_address *groups, size_t count)
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
	struct hear *hear;
	int error = hear_open(&hearing, &hear);
	if (error)
		return error;
	for (size_t i = 0; !error && i < count; i++)
		error = hear_join(hear, &groups[i]);
	if (!error)
		error = hear_run(hear);
	hear_close(hear);
	return error;
}

int discover_sap(
	const struct discover_options *options, const struct channel_address *groups, size_t count)
{
	struct discovery *discovery = g_new0(struct discovery, 1);
	discovery->options = options;
	discovery->sessions = sap_sessions_create();
	int error = listen_to(discovery, groups, count);
	say_refused(discovery);
	if (!error && !discovery->heard)
		error = -ENODATA;
	if (!error)
		sap_sessions_each(discovery->sessions, on_session, (void *)options);
	sap_sessions_destroy(discovery->sessions);
	g_free(discovery);
	return error;
}
