/*
 * receive/dvb_text: text of DVB's service information (ETSI EN 300 468 annex A) as UTF-8. Pure.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The first bytes say which character table it is in, without them it is ISO/IEC 6937 with the euro
 * (annex A.2). Emphasis is left out, a line break is '\n', and other control codes are nothing; so
 * is text in a coding that is not known (0x1f). What cannot be decoded becomes U+FFFD. Freed with
 * g_free().
 */
char *dvb_text(const uint8_t *bytes, size_t len);
