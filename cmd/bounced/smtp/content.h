/* content.h: the message of a transaction as it comes, by DATA (RFC 5321 section 4.1.1.4) or in the chunks of BDAT (RFC
 * 3030 section 2): the octets of a chunk are counted, so that nothing in them ends them. They are taken also when the
 * command is refused, since the peer sends them all the same. A count that cannot be read ends the session: what
 * follows would be taken for commands. */
#pragma once

#include <stddef.h>

struct session;

/* Mail data is expected from now on. */
void content_begin_data(struct session *session);

/* Reads "BDAT"'s argument, chunk-size [ SP "LAST" ]; its octets are expected from now on. They belong to the
 * transaction, or get `refusal` in the end, which is constant. */
void content_begin_chunk(struct session *session, const char *argument);
void content_begin_refused_chunk(struct session *session, const char *argument, const char *refusal);

/* Takes octets of the data or the chunk; returns how many. A message that is complete is refused, or waits for the
 * owner.
 */
size_t content_feed(struct session *session, const char *bytes, size_t length);
