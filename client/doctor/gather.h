/*
 * doctor/gather: fills doctor/facts, one function per source. They look and try, and change
 * nothing: no report is sent, no window opened. Each is called at most once for the same facts.
 */
#pragma once

#include "client/control_client.h"
#include "client/doctor/facts.h"
#include "client/settings.h"

/* Flags, address and VLAN of the interface called so ("": none was found). */
void gather_iface(const char *name, struct doctor_iface *ret);
/* The features of the interface called so; fd: any socket. All off where they cannot be asked for.
 */
void gather_merging(int fd, const char *name, struct doctor_merging *ret);
/* The kernel's groups, queriers and limits there. */
void gather_kernel(const struct doctor_iface *iface, struct doctor_kernel *ret);

/* What the settings say for the interface called so. */
struct doctor_rules gather_rules(const struct settings *settings, const char *iface);
/* Opens the back end that `play` would, and raw, and closes them again. */
void gather_backend(const struct settings *settings, const char *iface, struct doctor_backend *ret);
/* Listens for queries with our own link for wait_s seconds. */
void gather_heard(const struct settings *settings, const char *iface, unsigned wait_s,
	struct doctor_heard *ret);

/* The line-up of --db (NULL: the usual one). */
void gather_lineup(const char *db, struct doctor_lineup *ret);

/* Parsers, decoders, sinks and a display, by the settings. */
void gather_media(const struct settings *settings, struct doctor_media *ret);
/* Which of Wayland, X11 and KMS answers; ret_why, freed with g_free(): what was tried. */
const char *gather_display(char **ret_why);

/* Asks who listens at that control socket. */
void gather_player(const char *path, struct doctor_player *ret);
