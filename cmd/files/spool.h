/* spool.h: a list that can be read twice: what comes by a pipe, or in a request, is kept in a file that has no name, in
 * $TMPDIR. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct spool;

/* `path` is borrowed; "-" is standard input. NULL and an error if it cannot be read, or kept. */
struct spool *spool_new(const char *path, GError **error);
/* Of what the caller adds piece by piece, before it is read. */
struct spool *spool_new_empty(GError **error);
bool spool_add(struct spool *spool, const char *bytes, size_t length, GError **error);
void spool_free(struct spool *spool);

/* A path by which it is read; lives as long as the spool. */
const char *spool_path(const struct spool *spool);
/* When it was written, seconds since 1970 UTC; `now` of a pipe. */
gint64 spool_written(const struct spool *spool, gint64 now);

typedef struct spool Spool;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)
