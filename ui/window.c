#include "ui/window.h"

#define NS_PER_MS 1000000u
#define MAX_STAMP_AGE_MS 5000

uint64_t ui_window_press_ns(uint32_t stamp_ms, uint64_t now_ns)
{
	uint32_t age_ms = (uint32_t)(now_ns / NS_PER_MS) - stamp_ms;

	if (age_ms > MAX_STAMP_AGE_MS || now_ns < (uint64_t)age_ms * NS_PER_MS)
		return now_ns;
	return now_ns - (uint64_t)age_ms * NS_PER_MS;
}
