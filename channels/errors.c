#include "channels/errors.h"

#include <errno.h>
#include <glib.h>

const char *channel_error_text(int error)
{
	switch (error) {
	case -EILSEQ:
		return "it is damaged";
	case -EPROTONOSUPPORT:
		return "it was written by a newer zapper";
	case -EBUSY:
		return "another program is writing to it";
	default:
		return g_strerror(-error);
	}
}
