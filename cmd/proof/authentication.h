/* authentication.h: what a mail server of the operator's own found out about signatures, as Authentication-Results
 * (RFC 8601) tells it.
 *
 * Anybody can write such a field. It counts when its authserv-id is one of the operator's and it stands above the first
 * Received of the message: who added that field came before. For who takes mail from strangers himself it must not be
 * asked at all. */
#pragma once

#include <glib.h>

#include "cmd/proof/header.h"

/* The domains (of char *, lower case) whose DKIM signatures the servers `authserv_ids` (of char *) found good. */
GPtrArray *authentication_domains(const struct header *header, const GPtrArray *authserv_ids);
