/* app/record: a zap's record as a line for people and as JSON for programs. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "channels/lineup.h"
#include "client/zap.h"

/* "zap 3: 2 -> 5 cold ok, report 0.06, ... ms". Freed with g_free(). */
char *record_line(const struct zap_record *record, const struct channel_list *channels);

/* {"n":3,"from":2,"to":5,"kind":"cold","result":"ok","ms":{...}}; milestones not reached are null.
 */
json_t *record_json(const struct zap_record *record, const struct channel_list *channels);

/* A channel's number: 5, or "5.1" where there is a sub-channel; null for ZAP_NO_CHANNEL. */
json_t *record_channel(const struct channel_list *channels, int index);

/* "report", "first_packet", ... as in JSON. */
const char *record_milestone_name(enum zap_milestone milestone);
const char *record_state_name(enum zap_state state); /* "tuning", "no-signal", ... */

/* Milliseconds from the press to the milestone; 0 where that came before the press. */
double record_ms(const struct zap_record *record, enum zap_milestone milestone);
