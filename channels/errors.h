/* channels/errors: what a negative errno of this room means to a user. Pure. */
#pragma once

/* A part of a sentence, such as "it is damaged", for as long as g_strerror()'s. */
const char *channel_error_text(int error);
