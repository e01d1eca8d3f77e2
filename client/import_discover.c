#include "client/import_discover.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "channels/dvbstp.h"
#include "channels/sap.h"
#include "client/app/discover.h"
#include "client/app/output.h"
#include "client/cmd_lineup.h"
#include "client/iface.h"
#include "client/igmp_settings.h"

/*
 * Players and head-ends announce each few seconds, though RFC 2974 section 3.1 would have them wait
 * for 300 s. A round of SD&S takes some 30 s: that of the providers, and then that of their lists.
 */
#define SAP_LISTEN_S 20
#define SDS_LISTEN_S 65

/* RFC 2974 section 3: those of the global scope, and of the administrative scope 239.255/16. */
static const char *const sap_groups[] = {"224.2.127.254", "239.255.255.255"};
/* TS 102 034 clause 5.2.4. */
static const char sds_entry[] = "224.0.23.14";

struct place {
	bool sap; /* else SD&S */
	struct channel_address groups[G_N_ELEMENTS(sap_groups)];
	size_t count;
};

struct listening {
	const struct import_discover *discover;
	const char *name;
};

static const char *behind(const char *source, const char *prefix)
{
	return g_str_has_prefix(source, prefix) ? source + strlen(prefix) : NULL;
}

bool import_discover_is(const char *source)
{
	return behind(source, "sap:") || behind(source, "sds:");
}

static struct channel_address address_of(const char *group, uint16_t port)
{
	struct channel_address address = {.port = port};
	inet_pton(AF_INET, group, &address.group);
	return address;
}

static int parse_place(const char *source, struct place *ret, const char **ret_why)
{
	const char *text = behind(source, "sap:");
	*ret = (struct place){.sap = text != NULL, .count = 1};
	if (!text)
		text = behind(source, "sds:");
	if (*text)
		return channel_address_parse(text, strlen(text), ":",
			ret->sap ? SAP_PORT : DVBSTP_PORT, &ret->groups[0], ret_why);
	if (ret->sap)
		ret->count = G_N_ELEMENTS(sap_groups);
	for (size_t i = 0; i < ret->count; i++)
		ret->groups[i] = ret->sap ? address_of(sap_groups[i], SAP_PORT)
					  : address_of(sds_entry, DVBSTP_PORT);
	return 0;
}

static void on_tick(void *ctx, size_t heard, uint64_t left_ns)
{
	struct listening *listening = ctx;
	const struct import_discover *discover = listening->discover;
	discover->progress(discover->progress_ctx, listening->name, heard, left_ns);
}

static void on_document(void *ctx, const char *bytes, size_t size)
{
	struct listening *listening = ctx;
	import_next_document(listening->discover->import);
	import_bytes(listening->discover->import, bytes, size);
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	const struct listening *listening = ctx;
	if (level <= IGMP_LOG_WARNING)
		output_line(OUTPUT_LOG,
			g_strdup_printf("%s: %s: %s", listening->name,
				level == IGMP_LOG_ERROR ? "error" : "warning", sentence));
}

static enum igmp_backend backend_of(const struct settings *settings)
{
	const char *wanted = settings_text(settings, "net.membership");
	if (!strcmp(wanted, "raw"))
		return IGMP_BACKEND_RAW;
	return strcmp(wanted, "kernel") ? IGMP_BACKEND_AUTO : IGMP_BACKEND_KERNEL;
}

static enum exit_code explain(
	const struct listening *listening, const char *iface, double listen_s, int error)
{
	char *why;
	if (error == -ENODATA)
		why = g_strdup_printf("nothing was announced within %g s on %s", listen_s, iface);
	else if (error == -EINTR)
		why = g_strdup("interrupted");
	else
		why = g_strdup_printf("interface %s: %s", iface, iface_sentence(error));
	output_line(OUTPUT_LOG, g_strdup_printf("%s: error: %s", listening->name, why));
	g_free(why);
	if (error == -ENODATA)
		return EXIT_NO_INPUT;
	return error == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED;
}

static enum exit_code listen_to(
	struct listening *listening, const struct place *place, const char *iface)
{
	const struct import_discover *discover = listening->discover;
	double usual_s = place->sap ? SAP_LISTEN_S : SDS_LISTEN_S;
	double listen_s = discover->listen_s > 0 ? discover->listen_s : usual_s;
	const struct discover_options options = {.name = listening->name,
		.iface = iface,
		.backend = backend_of(discover->settings),
		.host = igmp_settings_on(discover->settings, iface),
		.listen_ns = (uint64_t)(listen_s * 1e9),
		.tick = on_tick,
		.document = on_document,
		.log = on_log,
		.report = discover->report,
		.ctx = listening};
	import_begin(discover->import, listening->name,
		place->sap ? CHANNEL_FORMAT_SDP : CHANNEL_FORMAT_SDS);
	int error = place->sap ? discover_sap(&options, place->groups, place->count)
			       : discover_sds(&options, &place->groups[0]);
	if (error)
		return explain(listening, iface, listen_s, error);
	return exit_code_of(import_end(discover->import));
}

enum exit_code import_discover_read(const struct import_discover *discover, const char *source)
{
	struct listening listening = {.discover = discover, .name = source};
	struct place place;
	const char *why;
	if (parse_place(source, &place, &why)) {
		output_line(OUTPUT_LOG, g_strdup_printf("%s: error: %s", source, why));
		return EXIT_USAGE;
	}
	char *iface = iface_choose(settings_text(discover->settings, "net.iface"));
	enum exit_code code = EXIT_FAILED;
	if (iface)
		code = listen_to(&listening, &place, iface);
	else
		output_line(OUTPUT_LOG,
			g_strdup_printf("%s: error: no network interface is up that can receive "
					"multicast",
				source));
	g_free(iface);
	return code;
}
