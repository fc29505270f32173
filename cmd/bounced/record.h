/* record.h: what the log says of messages and of those who sent them. */
#pragma once

#include "cmd/bounced/journal.h"
#include "cmd/bounced/session.h"
#include "cmd/ingest.h"

struct peer;

/* One line a message; its owner is a struct peer. */
void record_message(const struct journal *journal, const struct ingest_message *message);
/* One line a session at most, and only when something was refused. */
void record_session(const struct journal *journal, const struct peer *peer, const struct session *session);
/* Why there is no TLS. */
void record_tls(const struct journal *journal, const struct peer *peer, const char *problem);
