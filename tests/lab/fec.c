#include "tests/lab/fec.h"

#include <string.h>

#include <bitstream/ietf/rtp.h>

enum {
	FEC_HEADER_BYTES = FEC_PACKET_BYTES - FEED_PACKET_BYTES,
	FEC_PAYLOAD_TYPE = 96,
	EXTENSION = 0x80,
	IS_ROW = 0x40,
};

static void add(struct fec_sum *sum, const uint8_t *packet)
{
	sum->length ^= LAB_PACKET_PAYLOAD;
	sum->payload_type ^= rtp_get_type(packet);
	sum->timestamp ^= rtp_get_timestamp(packet);
	for (size_t i = 0; i < LAB_PACKET_PAYLOAD; i++)
		sum->payload[i] ^= packet[RTP_HEADER_SIZE + i];
}

/* The header of SMPTE 2022-1, 8.3: a column's packets are offset from each other, a row's follow.
 */
static void put_header(const struct fec_sum *sum, bool is_row, uint8_t *header)
{
	const uint8_t bytes[FEC_HEADER_BYTES] = {(uint8_t)(sum->first_sequence >> 8),
		(uint8_t)sum->first_sequence, (uint8_t)(sum->length >> 8), (uint8_t)sum->length,
		EXTENSION | sum->payload_type, 0, 0, 0, (uint8_t)(sum->timestamp >> 24),
		(uint8_t)(sum->timestamp >> 16), (uint8_t)(sum->timestamp >> 8),
		(uint8_t)sum->timestamp, is_row ? IS_ROW : 0, is_row ? 1 : FEC_COLUMNS,
		is_row ? FEC_COLUMNS : FEC_ROWS, 0};
	memcpy(header, bytes, sizeof bytes);
}

static void finish(struct fec_sum *sum, bool is_row, uint16_t sequence, const uint8_t *last,
	fec_emit *emit, void *user)
{
	uint8_t packet[FEC_PACKET_BYTES] = {0};
	rtp_set_hdr(packet);
	rtp_set_type(packet, FEC_PAYLOAD_TYPE);
	rtp_set_seqnum(packet, sequence);
	rtp_set_timestamp(packet, rtp_get_timestamp(last));
	put_header(sum, is_row, packet + RTP_HEADER_SIZE);
	memcpy(packet + RTP_HEADER_SIZE + FEC_HEADER_BYTES, sum->payload, sizeof sum->payload);
	emit(user, is_row ? FEC_ROW_PORT : FEC_COLUMN_PORT, packet, sizeof packet);
}

void fec_take(struct fec *fec, const uint8_t packet[FEED_PACKET_BYTES], fec_emit *emit, void *user)
{
	unsigned column = fec->at % FEC_COLUMNS, row = fec->at / FEC_COLUMNS;
	struct fec_sum *of_column = &fec->columns[column];
	if (row == 0)
		*of_column = (struct fec_sum){.first_sequence = rtp_get_seqnum(packet)};
	if (column == 0)
		fec->row = (struct fec_sum){.first_sequence = rtp_get_seqnum(packet)};
	add(of_column, packet);
	add(&fec->row, packet);
	if (row == FEC_ROWS - 1)
		finish(of_column, false, fec->column_sequence++, packet, emit, user);
	if (column == FEC_COLUMNS - 1)
		finish(&fec->row, true, fec->row_sequence++, packet, emit, user);
	fec->at = (fec->at + 1) % (FEC_COLUMNS * FEC_ROWS);
}
