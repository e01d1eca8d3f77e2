#include "igmp/log.h"

#include <stdarg.h>
#include <stdio.h>

void igmp_log(const struct igmp_log *log, enum igmp_log_level level, const char *format, ...)
{
	char sentence[512];
	va_list args;
	if (!log->fn)
		return;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	log->fn(log->ctx, level, sentence);
}
