#include "channels/report.h"

#include <stdarg.h>

void channel_fail(const struct channel_report *report, const char *file, unsigned line,
	const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	struct channel_diagnostic diagnostic = {
		.file = file, .line = line, .error = true, .text = text};
	report->diagnostic(report->user, &diagnostic);
	g_free(text);
}

void channel_warn(const struct channel_report *report, const char *file, unsigned line,
	enum channel_loss loss, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	struct channel_diagnostic diagnostic = {
		.file = file, .line = line, .ignored = loss == CHANNEL_IGNORED, .text = text};
	report->diagnostic(report->user, &diagnostic);
	g_free(text);
}
