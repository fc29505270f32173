/* relay.h: hands one message to the smart host by SMTP, with libcurl. What counts is what the smart host answers:
 * behind a 250 to the data the message is its own, whatever happens to the connection after that.
 *
 * Where there is TLS the smart host's certificate and name are verified, also when TLS is opportunistic. The octets go
 * as they came, but that every line ends by CRLF: libcurl neither declares 8BITMIME nor converts. */
#pragma once

#include <glib.h>

#include "cmd/config/smart_host.h"

enum relay_result {
    RELAY_DELIVERED,
    RELAY_REFUSED,     /* the message, for good: 5xx */
    RELAY_DEFERRED,    /* the message, for now: 4xx */
    RELAY_UNREACHABLE, /* nothing was said of the message: no connection, TLS or AUTH, or the host broke off */
    RELAY_CANCELLED,
};

struct relay_message {
    const char *recipient;
    const char *trace; /* fields that are put before it */
    GBytes *bytes;
};

/* Before the first thread starts, and at the end. */
void relay_init(void);
void relay_clean_up(void);

/* Blocks until it is over, host->timeout at most; once `*cancel` (atomic) is set, a few seconds. `hostname` is ours.
 * `said` becomes what the host answered, or what went wrong. */
enum relay_result relay_send(const struct smart_host *host, const char *hostname, const struct relay_message *message,
                             const gint *cancel, GString *said);
