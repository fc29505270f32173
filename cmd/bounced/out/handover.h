/* handover.h: hands one message to the smart host by SMTP, with libcurl. The smart host's replies alone count: after a
 * 250 to the data the message is its own, whatever happens to the connection then.
 *
 * Under TLS the smart host's certificate and name are verified, even if TLS is opportunistic. The octets go as they
 * came, but that every line ends by CRLF: libcurl neither declares 8BITMIME nor converts. */
#pragma once

#include <glib.h>

#include "cmd/config/smart_host.h"

enum handover_result {
    HANDOVER_DELIVERED,
    HANDOVER_REFUSED,     /* the message, for good: 5xx */
    HANDOVER_DEFERRED,    /* the message, for now: 4xx */
    HANDOVER_UNREACHABLE, /* nothing was said of the message: no connection, TLS or AUTH, or the host broke off */
    HANDOVER_CANCELLED,
};

struct handover_message {
    const char *sender; /* "" is the null sender */
    const char *recipient;
    const char *trace; /* fields that are put before it; NULL: none */
    GBytes *bytes;
};

/* Before the first thread starts, and at the end. */
void handover_init(void);
void handover_clean_up(void);

/* Blocks until it is over, host->timeout at most; once `*cancel` (atomic) is set, a few seconds. `hostname` is ours.
 * `said` becomes the host's reply, or what went wrong. */
enum handover_result handover_send(const struct smart_host *host, const char *hostname,
                                   const struct handover_message *message, const gint *cancel, GString *said);
