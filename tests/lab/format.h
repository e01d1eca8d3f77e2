/*
 * lab/format: the figures of the reference scenario that the head-end's files share (doc: "The
 * reference scenario"). 380 RTP packets of seven TS packets a second are 4,000,640 b/s exactly; 64
 * s are a whole number of RTP packets (24320), pictures (1600) and AAC frames (3000), which is why
 * a clip of that length can be looped without a seam.
 */
#pragma once

enum {
	LAB_TS_BYTES = 188,
	LAB_TS_PER_PACKET = 7,
	LAB_PACKET_PAYLOAD = LAB_TS_BYTES * LAB_TS_PER_PACKET,
	LAB_PACKETS_PER_S = 380,
	LAB_TS_PER_S = LAB_PACKETS_PER_S * LAB_TS_PER_PACKET,
	LAB_CLIP_S = 64,
	LAB_CLIP_PACKETS = LAB_CLIP_S * LAB_PACKETS_PER_S,
	LAB_CLIPS = 8, /* channels beyond the eighth send these again */
	LAB_WIDTH = 1280,
	LAB_HEIGHT = 720,
	LAB_PICTURE_BYTES = LAB_WIDTH * LAB_HEIGHT * 3 / 2, /* I420 */
	LAB_PICTURES_PER_S = 25,
	LAB_PICTURES = LAB_CLIP_S * LAB_PICTURES_PER_S,
	LAB_GOP = 50,
	LAB_B_PICTURES = 2,
	LAB_AUDIO_RATE_HZ = 48000,
	LAB_AUDIO_CHANNELS = 2,
	LAB_PCR_HZ = 27000000,
	LAB_PTS_HZ = 90000,
	LAB_PORT = 5004,
};
