/* chunk.h: the octets that follow BDAT (RFC 3030 section 2): counted, so that nothing in them ends them. They are taken
 * also when the command is refused, since the peer sends them all the same. */
#pragma once

#include <stddef.h>

struct session;

/* Reads "BDAT"'s argument, chunk-size [ SP "LAST" ], and takes the octets from then on. `refusal` is the reply that
 * they get in the end, NULL when they belong to a transaction. */
void chunk_begin(struct session *session, const char *argument, const char *refusal);

/* Takes octets of the chunk; returns how many. */
size_t chunk_feed(struct session *session, const char *bytes, size_t length);
