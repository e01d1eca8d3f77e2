/* channels/sds_list: services and packages that are held until both are complete. Pure. */
#pragma once

#include "channels/listing.h"

/* Of one service; more are ignored, which is said. */
#define SDS_LOCATIONS 64
#define SDS_PACKAGES 256

/* Of all texts: "" where the document says nothing; they belong to the list. */
struct sds_location {
	unsigned line;
	const char *group, *port, *source, *streaming;
	const char *fec_group, *fec_port;
	const char *retransmission_address, *retransmission_port;
	const char *fcc_address, *fcc_port;
};

struct sds_service {
	unsigned line;
	const char *domain, *id, *name, *logo;
	const char *programme; /* ServiceId */
	enum channel_kind kind;
	GArray *locations; /* of struct sds_location */
	/* by its packages: */
	const char *number, *numbered_by;
	GPtrArray *packages; /* their names */
};

struct sds_package {
	unsigned line;
	const char *name;
	bool hidden;
};

/* A service in a package. */
struct sds_member {
	unsigned line;
	size_t package; /* index */
	const char *domain, *id;
	const char *number;
};

struct sds_list {
	size_t held_bytes;
	GStringChunk *strings;
	GPtrArray *services; /* of struct sds_service */
	GArray *packages;    /* of struct sds_package */
	GArray *members;     /* of struct sds_member */
};

struct sds_list *sds_list_create(void);
void sds_list_destroy(struct sds_list *list); /* accepts NULL */

const char *sds_list_keep(struct sds_list *list, const char *text);
struct sds_service *sds_list_add_service(struct sds_list *list, unsigned line);
struct sds_location *sds_service_add_location(
	struct sds_list *list, struct sds_service *service, unsigned line);
void sds_list_add_package(struct sds_list *list, const struct sds_package *package);
void sds_list_add_member(struct sds_list *list, const struct sds_member *member);

/* Joins packages and services, and hands all channels out. Once. */
void sds_list_emit(struct sds_list *list, struct listing *listing);
