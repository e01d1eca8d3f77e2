/*
 * channels/sap: sessions that are announced on the network (RFC 2974), without the socket. Pure.
 *
 * Announcements repeat for as long as a session goes on. Which session one is about is said by its
 * o= line (RFC 8866 section 5.2) without the version, or by the announcer and his hash where there
 * is no such line; a deletion names it in the same way.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAP_PORT 9875
/* Sessions that are held, and bytes of all their descriptions; more are not taken. */
#define SAP_SESSIONS 4096
#define SAP_HELD_BYTES 8388608

struct sap_packet {
	bool deletion; /* else an announcement */
	uint16_t hash; /* of the message, 0: it is not to be compared */
	/* The announcer: 4 bytes (IPv4) or 16 of the packet. */
	const uint8_t *announcer;
	size_t announcer_bytes;
	/* A session description, or a part of one with its o= line in a deletion. */
	const char *description;
	size_t description_bytes;
};

/*
 * Reads a packet (RFC 2974 section 3); *ret points into it, and is untouched on failure, when
 * *ret_why is a constant sentence part such as "it is encrypted". Errors: -EINVAL malformed,
 * -EPROTONOSUPPORT another version or payload, encrypted, or compressed (see sap_unpack()).
 */
int sap_parse(const uint8_t *packet, size_t size, struct sap_packet *ret, const char **ret_why);

/* Of payloads that are unpacked; whoever announces keeps within a kibibyte (section 6). */
#define SAP_UNPACKED_BYTES 65536

/*
 * Whether the packet's payload is compressed, and its copy in `ret` that is not (section 3:
 * zlib's format, RFC 1950), for sap_parse(). -EINVAL where that cannot be had; *ret_why as there.
 */
bool sap_is_packed(const uint8_t *packet, size_t size);
int sap_unpack(const uint8_t *packet, size_t size, uint8_t ret[SAP_UNPACKED_BYTES],
	size_t *ret_size, const char **ret_why);

struct sap_sessions;

struct sap_sessions *sap_sessions_create(void);
void sap_sessions_destroy(struct sap_sessions *sessions); /* accepts NULL */

enum sap_change {
	SAP_NOTHING, /* it was known, or a deletion was of a session that was not */
	SAP_NEW,
	SAP_CHANGED,
	SAP_DELETED,
	SAP_FULL, /* there is no room for it */
};

enum sap_change sap_sessions_take(struct sap_sessions *sessions, const struct sap_packet *packet);

/* Hands the descriptions out, each once, in the order of their first announcements. */
typedef void (*sap_session_fn)(void *ctx, const char *description, size_t size);
void sap_sessions_each(const struct sap_sessions *sessions, sap_session_fn fn, void *ctx);
