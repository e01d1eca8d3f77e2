/*
 * channels/aside: a damaged line-up is kept for those who want to save what can be saved of it. Not
 * for other rooms.
 */
#pragma once

/*
 * Moves the file, which nobody here has open, and its WAL to a name that is not taken yet:
 * "PATH.damaged", "PATH.damaged-2", ... Returns that name, freed with g_free(), or NULL where all
 * is as it was: the file does not begin as a line-up does, so it may be anything, or it cannot be
 * renamed.
 */
char *lineup_set_aside(const char *path);
