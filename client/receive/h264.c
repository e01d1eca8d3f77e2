#include "client/receive/h264.h"

#include <bitstream/mpeg/h264.h>
#include <string.h>

static const uint8_t START_CODE[] = {0, 0, 1};

/* Bytes of a NAL unit without the emulation prevention (section 7.3.1); 0 behind the end. */
struct reader {
	const uint8_t *at, *end;
	unsigned zeros;
	unsigned bits_left;
	uint8_t byte;
};

static uint8_t read_byte(struct reader *r)
{
	if (r->zeros >= 2 && r->at < r->end && *r->at == 3) {
		r->at++;
		r->zeros = 0;
	}
	if (r->at >= r->end)
		return 0;
	uint8_t byte = *r->at++;
	r->zeros = byte == 0 ? r->zeros + 1 : 0;
	return byte;
}

static unsigned read_bit(struct reader *r)
{
	if (r->bits_left == 0) {
		r->byte = read_byte(r);
		r->bits_left = 8;
	}
	r->bits_left--;
	return r->byte >> r->bits_left & 1;
}

/* ue(v) of section 9.1; one of more than 31 leading zeros is none, and gives 0. */
static uint32_t read_ue(struct reader *r)
{
	unsigned zeros = 0;
	while (zeros < 32 && read_bit(r) == 0)
		zeros++;
	if (zeros == 32)
		return 0;
	uint32_t value = 1;
	for (unsigned i = 0; i < zeros; i++)
		value = value << 1 | read_bit(r);
	return value - 1;
}

/* Section 7.3.2.3.1: a number as a run of 0xff and one byte that is not. */
static size_t read_sei_number(struct reader *r)
{
	size_t number = 0;
	uint8_t byte;
	do {
		byte = read_byte(r);
		number += byte;
	} while (byte == 0xff && r->at < r->end);
	return number;
}

static bool sei_has_recovery_point(struct reader r)
{
	/* One byte at least is left: the trailing bits. */
	while (r.end - r.at > 2) {
		size_t type = read_sei_number(&r);
		size_t size = read_sei_number(&r);
		if (type == H264SEI_RECOVERY_POINT)
			return true;
		for (; size > 0 && r.at < r.end; size--)
			read_byte(&r);
	}
	return false;
}

static void scan_slice(struct reader r, uint8_t type, struct h264_summary *ret)
{
	ret->slice = true;
	ret->idr = type == H264NAL_TYPE_IDR;
	read_ue(&r); /* first_mb_in_slice */
	uint32_t slice_type = read_ue(&r) % 5;
	ret->intra = slice_type == 2 || slice_type == 4;
}

/* Returns false when nothing behind this NAL unit matters. */
static bool scan_nal(const uint8_t *nal, const uint8_t *end, struct h264_summary *ret)
{
	uint8_t type = h264nalst_get_type(nal[0]);
	struct reader r = {.at = nal + 1, .end = end};

	switch (type) {
	case H264NAL_TYPE_SPS:
		ret->sps = true;
		return true;
	case H264NAL_TYPE_SEI:
		ret->recovery_point |= sei_has_recovery_point(r);
		return true;
	case H264NAL_TYPE_NONIDR:
	case H264NAL_TYPE_PARTA:
	case H264NAL_TYPE_IDR:
		scan_slice(r, type, ret);
		return false;
	default:
		return true;
	}
}

static const uint8_t *find_start_code(const uint8_t *from, const uint8_t *end)
{
	const uint8_t *found = memmem(from, (size_t)(end - from), START_CODE, sizeof(START_CODE));
	return found ? found : end;
}

void h264_scan(const uint8_t *data, size_t len, struct h264_summary *ret)
{
	*ret = (struct h264_summary){0};
	if (len == 0)
		return;
	const uint8_t *end = data + len;
	const uint8_t *start = find_start_code(data, end);
	ret->starts_with_nal =
		start != end && (start == data || (start == data + 1 && data[0] == 0));
	while (end - start > (ptrdiff_t)sizeof(START_CODE)) {
		const uint8_t *nal = start + sizeof(START_CODE);
		/* A slice is long and its end does not matter. */
		bool slice = h264naltype_is_slice(h264nalst_get_type(nal[0]));
		const uint8_t *next = slice ? end : find_start_code(nal, end);
		if (!scan_nal(nal, next, ret))
			break;
		start = next;
	}
}

bool h264_is_random_access(const struct h264_summary *summary, bool random_access_indicator)
{
	return summary->starts_with_nal && summary->sps && summary->slice &&
	       (summary->idr || summary->recovery_point || summary->intra ||
		       random_access_indicator);
}
