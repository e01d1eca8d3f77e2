/*
 * channels/json_list: channels as JSON: an array of objects, or an object that holds one somewhere.
 * Pure.
 *
 * Our own (what `zapper channels --format json` writes) have "sources", an array of objects with
 * "uri" and the members of channels/source_fields.h, beside "number", "name", "kind", "language",
 * "guide_id", "logo" and "bouquets"; what is written comes in again the same. Operators' have an
 * address of their own: userChannelID or channelNumber, channelName, channelURL (several with '|'
 * between them), channelFECPort, ChannelFCCIP, ChannelFCCPort and channelLogoURL, in any case.
 * Members that zapper does not know are ignored. Diagnostics have the line where the object begins.
 */
#pragma once

#include "channels/parser.h"

extern const struct channel_parser_class json_parser_class;
