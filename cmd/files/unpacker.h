/* unpacker.h: what compressed files hold, a piece at a time: gzip (RFC 1952) and Zstandard (RFC 8878), told by their
 * first octets. It does no I/O, and holds a window of 128 MiB at most. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct unpacker;

/* A way to compress. */
struct packing;

enum { PACKING_START = 16 }; /* octets that packing_find() needs, if the file has as many */

/* NULL if a file that starts so is not compressed in any way that is known. */
const struct packing *packing_find(const char *start, size_t length);
const char *packing_name(const struct packing *packing);

/* NULL if `packing` can only be named. */
struct unpacker *unpacker_new(const struct packing *packing);
void unpacker_free(struct unpacker *unpacker);

enum unpacker_result {
    UNPACKER_GOOD,
    UNPACKER_DAMAGED,
    UNPACKER_BOMB, /* a little that becomes very much: nobody keeps mail of that kind */
};

struct unpacker_piece {
    const char *in; /* what is left of it */
    size_t in_length;
    char *out; /* room, and how much of it was used */
    size_t room, out_length;
};

/* Takes octets of `in` and puts what they hold into `out`, as much of both as there is. */
enum unpacker_result unpacker_run(struct unpacker *unpacker, struct unpacker_piece *piece);

/* May the file end here? */
bool unpacker_complete(const struct unpacker *unpacker);
