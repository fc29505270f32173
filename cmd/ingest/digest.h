/* digest.h: the name of a message: the SHA-256 of its envelope recipients and its bytes, but for the line ends. Two
 * deliveries are the same message when their digests are: an MTA that got no reply sends again, perhaps by another
 * protocol. A report that an MTA of ours made is another than its copy that came as a stranger's, and proved nothing.
 */
#pragma once

#include <glib.h>

#include "cmd/ingest/testimony.h"
#include "parser/report.h"
#include "store/stored.h"

/* `rcpt_to`: the recipients, comma-separated. */
void digest_message(const char *rcpt_to, enum report_evidence evidence, const GString *bytes,
                    guint8 digest[STORE_DIGEST_SIZE]);
/* The same of a testimony that came at `received`. One that has a key is another's, unless the rest is the same, too:
 * the key alone decides the first DIGEST_KEY_SIZE octets. One that has none is told by what it says, and when. */
enum { DIGEST_KEY_SIZE = STORE_DIGEST_SIZE / 2 };
void digest_testimony(const struct testimony *testimony, gint64 received, guint8 digest[STORE_DIGEST_SIZE]);
/* 64 hex digits; the caller frees. */
char *digest_hex(const guint8 digest[STORE_DIGEST_SIZE]);
