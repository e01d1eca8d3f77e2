/*
 * channels/enigma2: Enigma2's bouquets (userbouquet.*.tv, .radio), and the index that names them
 * (bouquets.tv). Pure.
 *
 * A bouquet's #NAME is what its streams are members of, and so is the marker that they stand below.
 * Each #SERVICE is used or named in a diagnostic: those of a DVB tuner cannot be received.
 */
#pragma once

#include "channels/parser.h"

extern const struct channel_parser_class enigma2_parser_class;
