#include "channels/sds_list.h"

#include <string.h>

#include "channels/source_fields.h"
#include "channels/text.h"

static void free_service(gpointer data)
{
	struct sds_service *service = data;
	g_array_unref(service->locations);
	g_ptr_array_unref(service->packages);
	g_free(service);
}

struct sds_list *sds_list_create(void)
{
	struct sds_list *list = g_new0(struct sds_list, 1);
	list->strings = g_string_chunk_new(4096);
	list->services = g_ptr_array_new_with_free_func(free_service);
	list->packages = g_array_new(FALSE, FALSE, sizeof(struct sds_package));
	list->members = g_array_new(FALSE, FALSE, sizeof(struct sds_member));
	return list;
}

void sds_list_destroy(struct sds_list *list)
{
	if (!list)
		return;
	g_ptr_array_unref(list->services);
	g_array_unref(list->packages);
	g_array_unref(list->members);
	g_string_chunk_free(list->strings);
	g_free(list);
}

const char *sds_list_keep(struct sds_list *list, const char *text)
{
	if (!*text)
		return "";
	list->held_bytes += strlen(text) + 1;
	return g_string_chunk_insert(list->strings, text);
}

struct sds_service *sds_list_add_service(struct sds_list *list, unsigned line)
{
	struct sds_service *service = g_new(struct sds_service, 1);
	*service = (struct sds_service){.line = line,
		.domain = "",
		.id = "",
		.name = "",
		.logo = "",
		.programme = "",
		.number = "",
		.numbered_by = "",
		.locations = g_array_new(FALSE, FALSE, sizeof(struct sds_location)),
		.packages = g_ptr_array_new()};
	g_ptr_array_add(list->services, service);
	list->held_bytes += sizeof *service + sizeof(GArray) + sizeof(GPtrArray);
	return service;
}

struct sds_location *sds_service_add_location(
	struct sds_list *list, struct sds_service *service, unsigned line)
{
	const struct sds_location location = {.line = line,
		.group = "",
		.port = "",
		.source = "",
		.streaming = "",
		.fec_group = "",
		.fec_port = "",
		.retransmission_address = "",
		.retransmission_port = "",
		.fcc_address = "",
		.fcc_port = ""};
	g_array_append_val(service->locations, location);
	list->held_bytes += sizeof location;
	return &g_array_index(service->locations, struct sds_location, service->locations->len - 1);
}

void sds_list_add_package(struct sds_list *list, const struct sds_package *package)
{
	g_array_append_vals(list->packages, package, 1);
	list->held_bytes += sizeof *package;
}

void sds_list_add_member(struct sds_list *list, const struct sds_member *member)
{
	g_array_append_vals(list->members, member, 1);
	list->held_bytes += sizeof *member;
}

/* "id" alone, and with its domain, which has no blanks. Freed with g_free(). */
static char *key_of(const char *domain, const char *id)
{
	return g_strdup_printf("%s %s", domain, id);
}

/* The first service of each key. */
static GHashTable *index_services(const struct sds_list *list)
{
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < list->services->len; i++) {
		struct sds_service *service = list->services->pdata[i];
		char *whole = key_of(service->domain, service->id),
		     *alone = key_of("", service->id);
		if (!g_hash_table_contains(index, whole))
			g_hash_table_insert(index, g_strdup(whole), service);
		if (!g_hash_table_contains(index, alone))
			g_hash_table_insert(index, g_strdup(alone), service);
		g_free(whole);
		g_free(alone);
	}
	return index;
}

static struct sds_service *find_service(GHashTable *index, const struct sds_member *member)
{
	char *whole = key_of(member->domain, member->id), *alone = key_of("", member->id);
	struct sds_service *service = g_hash_table_lookup(index, whole);
	if (!service)
		service = g_hash_table_lookup(index, alone);
	g_free(whole);
	g_free(alone);
	return service;
}

static void warn_of_number(struct listing *listing, const struct sds_service *service,
	const struct sds_member *member, const char *package)
{
	char *texts[] = {text_quote(service->number), text_quote(service->numbered_by),
		text_quote(member->number), text_quote(package)};
	char *what = g_strdup_printf("has the number %s in %s already; %s in %s is ignored",
		texts[0], texts[1], texts[2], texts[3]);
	listing_warn_of(listing, member->line, CHANNEL_KEPT, service->id, what);
	g_free(what);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
}

static void take_number(struct listing *listing, struct sds_service *service,
	const struct sds_member *member, const char *package)
{
	if (!*member->number || !strcmp(member->number, "0"))
		return;
	if (!*service->number) {
		service->number = member->number;
		service->numbered_by = package;
	} else if (strcmp(service->number, member->number) != 0) {
		warn_of_number(listing, service, member, package);
	}
}

static void add_package(
	struct listing *listing, struct sds_service *service, unsigned line, const char *name)
{
	if (service->packages->len < SDS_PACKAGES)
		g_ptr_array_add(service->packages, (gpointer)name);
	else
		listing_warn_of(listing, line, CHANNEL_KEPT, service->id,
			"is in too many packages; this one is ignored");
}

static void warn_of_missing(struct listing *listing, const struct sds_package *package, guint count)
{
	char *quoted = text_quote(package->name);
	listing_warn(listing, package->line, CHANNEL_KEPT,
		"the package %s has %u services that the list does not describe; they are ignored",
		quoted, count);
	g_free(quoted);
}

static void join_packages(struct sds_list *list, struct listing *listing)
{
	GHashTable *index = index_services(list);
	guint *missing = g_new0(guint, list->packages->len);
	for (guint i = 0; i < list->members->len; i++) {
		const struct sds_member *member =
			&g_array_index(list->members, struct sds_member, i);
		const struct sds_package *package =
			&g_array_index(list->packages, struct sds_package, member->package);
		struct sds_service *service = find_service(index, member);
		if (!service) {
			missing[member->package]++;
			continue;
		}
		take_number(listing, service, member, package->name);
		if (!package->hidden)
			add_package(listing, service, member->line, package->name);
	}
	for (guint i = 0; i < list->packages->len; i++) {
		const struct sds_package *package =
			&g_array_index(list->packages, struct sds_package, i);
		if (missing[i])
			warn_of_missing(listing, package, missing[i]);
	}
	g_free(missing);
	g_hash_table_unref(index);
}

/* As lists write it; IPv6 in brackets. Freed with g_free(). */
static char *uri_of(const struct sds_location *location)
{
	const char *scheme = g_ascii_strcasecmp(location->streaming, "udp") ? "rtp" : "udp";
	bool v6 = strchr(location->group, ':') != NULL;
	return g_strdup_printf("%s://%s%s%s%s%s:%s", scheme, location->source,
		*location->source ? "@" : "", v6 ? "[" : "", location->group, v6 ? "]" : "",
		location->port);
}

/* Addresses that several services have: NULL for one service's, itself for those of more. */
static GHashTable *shared_addresses(const struct sds_list *list)
{
	GHashTable *users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < list->services->len; i++) {
		const struct sds_service *service = list->services->pdata[i];
		for (guint j = 0; j < service->locations->len; j++) {
			char *uri =
				uri_of(&g_array_index(service->locations, struct sds_location, j));
			gpointer user;
			bool known = g_hash_table_lookup_extended(users, uri, NULL, &user);
			bool other = known && user != service;
			g_hash_table_insert(users, uri, other ? NULL : (gpointer)service);
		}
	}
	return users;
}

/* "P", or "A:P", or "" without a port; in `buf`. */
static const char *endpoint_text(GString *buf, const char *address, const char *port)
{
	g_string_truncate(buf, 0);
	if (*port)
		g_string_printf(buf, "%s%s%s", address, *address ? ":" : "", port);
	return buf->str;
}

static void read_servers(
	struct listing *listing, const struct sds_location *location, struct channel_source *source)
{
	const struct {
		enum source_field field;
		const char *address, *port;
	} servers[] = {
		{SOURCE_FEC, location->fec_group, location->fec_port},
		{SOURCE_RET, location->retransmission_address, location->retransmission_port},
		{SOURCE_FCC, location->fcc_address, location->fcc_port},
	};
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(servers); i++)
		source_field_read(listing, location->line, servers[i].field,
			endpoint_text(text, servers[i].address, servers[i].port), source);
	g_string_free(text, TRUE);
}

static void emit_location(struct listing *listing, const struct sds_service *service,
	const struct sds_location *location, GHashTable *users)
{
	struct channel_entry entry = {.line = location->line,
		.name = *service->name ? service->name : service->id,
		.kind = service->kind,
		.guide_id = service->id,
		.logo = service->logo};
	char *uri = uri_of(location);
	if (listing_read_source(listing, location->line, uri, &entry.source)) {
		read_servers(listing, location, &entry.source);
		if (!g_hash_table_lookup(users, uri))
			entry.source.address.programme =
				listing_read_programme(listing, location->line, service->programme);
		listing_read_number(listing, location->line, service->number, &entry);
		for (guint i = 0; i < service->packages->len; i++)
			listing_add_bouquets(
				listing, location->line, service->packages->pdata[i], "");
		listing_emit(listing, &entry);
	}
	listing_drop(listing);
	g_free(uri);
}

static void warn_left_out(struct listing *listing, const struct sds_service *service)
{
	for (guint i = SDS_LOCATIONS; i < service->locations->len; i++)
		listing_warn_of(listing,
			g_array_index(service->locations, struct sds_location, i).line,
			CHANNEL_IGNORED, service->id,
			"has too many addresses; this one is ignored");
}

void sds_list_emit(struct sds_list *list, struct listing *listing)
{
	join_packages(list, listing);
	GHashTable *users = shared_addresses(list);
	for (guint i = 0; i < list->services->len; i++) {
		const struct sds_service *service = list->services->pdata[i];
		if (!service->locations->len)
			listing_warn_lost(listing, service->line,
				*service->name ? service->name : service->id);
		for (guint j = 0; j < MIN(service->locations->len, SDS_LOCATIONS); j++)
			emit_location(listing, service,
				&g_array_index(service->locations, struct sds_location, j), users);
		warn_left_out(listing, service);
	}
	g_hash_table_unref(users);
}
