/* record.h: the log's lines about messages and about the clients that sent them. A line that could be repeated for a
 * client again and again is written once a minute. */
#pragma once

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/peers/client.h"
#include "cmd/bounced/smtp/session.h"
#include "cmd/config/network.h"
#include "cmd/ingest/ingest.h"

struct record;

/* `journal` is borrowed. */
struct record *record_new(const struct journal *journal);
void record_free(struct record *record);

/* One line a message, which came from this client. */
void record_message(const struct record *record, const struct client *client, const struct ingest_message *message);
/* A session that is over; only if something was refused. */
void record_session(struct record *record, const struct client *client, const struct session *session);
/* Why there is no TLS. */
void record_tls(struct record *record, const struct client *client, const char *problem);
/* A session that has to wait. `reason` is the name of the limit. */
void record_waits(struct record *record, const char *reason, const struct client *client);
/* A connection that is refused or ended, or a message that is put off. `reason` is the name of a limit, or a word. */
void record_refused(struct record *record, const char *reason, const struct network_host *host, const char *listener);
