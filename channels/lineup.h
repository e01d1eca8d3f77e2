/*
 * channels/lineup: what can be watched, in SQLite. All that reads channels reads them into memory
 * at once; the zap path never touches the disk. `import` writes channels, `play` what it remembers
 * of them (channels/memory.h) and what the viewer makes of them (channels/viewer.h).
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channels/source.h"

enum channel_kind { CHANNEL_TV, CHANNEL_RADIO };

/* A channel in memory. Strings are UTF-8, never NULL ("" where unknown), owned by the list. */
struct channel {
	int64_t id;	    /* row id, stable across re-imports */
	uint32_t number;    /* 5 in "5.1" */
	uint32_t subnumber; /* 1 in "5.1", 0 where there is none */
	enum channel_kind kind;
	const char *name;
	const char *language; /* ISO 639, as the list has it */
	const char *guide_id;
	const char *guide_name; /* what guides call it, where that is not `name` */
	const char *logo;
	const char *const *bouquets;	      /* NULL-terminated, in the line-up's order of them */
	const struct channel_source *sources; /* in order of preference, at least one */
	size_t source_count;
	bool favourite; /* what the viewer made of it: channels/viewer.h */
	bool locked;
};

/* The whole line-up, sorted by number. Immutable. */
struct channel_list {
	size_t count;
	const struct channel *channels;
	const char *const *bouquets; /* of all channels, each once, in order; NULL-terminated */
	uint64_t file;		     /* which file its row ids are of: lineup_file(); 0: of none */
};

struct lineup;

enum lineup_mode { LINEUP_READ, LINEUP_WRITE /* creates the file and its folder */ };

/*
 * Opens a database and migrates it (write mode) to this program's version. On failure *ret_why is a
 * sentence for the user, freed with g_free(), and a file that was there is as it was, but for a
 * damaged line-up that is opened for writing: that one is moved aside, to "PATH.damaged" or, where
 * this is taken, "PATH.damaged-2", ..., and the next one to write makes a new file. Errors:
 * -ENOENT no such file, or one that holds nothing yet (read mode), -EACCES, -EILSEQ not a line-up
 * or a broken one, -EPROTONOSUPPORT written by a newer zapper, -EBUSY others wrote to it for 10 s,
 * other -errno.
 */
int lineup_open(const char *path, enum lineup_mode mode, struct lineup **ret, char **ret_why);
void lineup_close(struct lineup *lineup); /* accepts NULL */

/*
 * Which file it is, as a number that no other file has as long as this one is open: row ids of
 * another file mean other channels. And which one is at that path now; 0: none.
 */
uint64_t lineup_file(const struct lineup *lineup);
uint64_t lineup_file_at(const char *path);
/* From now on -EBUSY comes when others have written to it for so long. */
void lineup_set_patience(struct lineup *lineup, int patience_ms);

/*
 * Reads everything, as of one moment, into memory; freed with channel_list_free(), which accepts
 * NULL. -EILSEQ where the file is broken.
 */
int lineup_load(struct lineup *lineup, struct channel_list **ret);
void channel_list_free(struct channel_list *list);

/*
 * A number that is another one as soon as somebody else has committed a change to the file: of the
 * channels, or of what `play` and the viewer keep there. It says nothing from one opening to the
 * next. Does not wait for those who write.
 */
int lineup_data_version(struct lineup *lineup, int64_t *ret);

/* Index of the channel with this number, or -1. Binary search. */
ptrdiff_t channel_list_find(const struct channel_list *list, uint32_t number, uint32_t subnumber);

/* Writes "5" or "5.1"; `buf` holds at least CHANNEL_NUMBER_BYTES. Returns buf. */
#define CHANNEL_NUMBER_BYTES 24
const char *channel_number_format(const struct channel *channel, char *buf);

/* Numbers go up to this one, sub-channel numbers too. */
#define CHANNEL_NUMBER_MAX 999999999u

/*
 * Reads "5", "05" or "5.1"; 0 is no channel number. -EINVAL (nothing written) when the text is
 * anything else or above CHANNEL_NUMBER_MAX.
 */
int channel_number_parse(const char *text, uint32_t *ret_number, uint32_t *ret_subnumber);
