/* evidence.h: what may prove the events of a message beside its return path: who signed it (cmd/proof/proof.h). The
 * findings of the operator's own mail server count at once; for other mail the events say whose signature would count,
 * and a claim waits for it in the store. */
#pragma once

#include <glib.h>

#include "cmd/config/config.h"
#include "cmd/proof/signature.h"
#include "parser/report.h"

/* A message as it came. */
struct evidence_mail {
    const char *source;       /* "smtp", "lmtp" or a path */
    const GPtrArray *rcpt_to; /* of char * */
    const GString *bytes;
};

/* `events` (of struct event) are those of `report`, whose strings may become theirs. True when a claim is to wait. */
bool evidence_find(const struct config *config, const struct signatures *signatures, const struct evidence_mail *mail,
                   struct report *report, GArray *events);
