/*
 * client/unpack: the files in a file: itself where it is plain or compressed (gzip, bzip2, xz,
 * zstd), or those of an archive (zip, tar), as a stream. What it holds is never in memory as a
 * whole, and what grows beyond all reason is given up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beyond the first bytes, what comes out is so many times what went in at most. */
#define UNPACK_FREE_BYTES (UINT64_C(64) << 20)
#define UNPACK_RATIO 250
#define UNPACK_BYTES (UINT64_C(4) << 30)
/* Files of one archive. */
#define UNPACK_FILES 4096

struct unpack_sink {
	/*
	 * A file begins, and has this name in the archive (UTF-8 without control characters), or
	 * NULL where it is no archive. False: its bytes and its end are left out.
	 */
	bool (*begin)(void *ctx, const char *name);
	void (*bytes)(void *ctx, const char *bytes, size_t size);
	void (*end)(void *ctx);
	void (*progress)(void *ctx, uint64_t read_bytes); /* of the packed input */
	void *ctx;
};

/*
 * Reads from the descriptor to its end. Errors, with a part of a sentence such as "it is encrypted"
 * in *ret_why (freed with g_free()): -EILSEQ it is damaged, encrypted or unreasonable, other -errno
 * it cannot be read. A file that was begun has not ended then.
 */
int unpack(int fd, const struct unpack_sink *sink, char **ret_why);
