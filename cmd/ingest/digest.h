/* digest.h: the name of a message: the SHA-256 of its envelope recipients and its bytes, but for the line ends. Two
 * deliveries are the same message when their digests are: an MTA that got no answer sends again, perhaps by another
 * protocol. */
#pragma once

#include <glib.h>

#include "store/stored.h"

/* `rcpt_to`: the recipients, comma-separated. */
void digest_message(const char *rcpt_to, const GString *bytes, guint8 digest[STORE_DIGEST_SIZE]);
/* 64 hex digits; the caller frees. */
char *digest_hex(const guint8 digest[STORE_DIGEST_SIZE]);
