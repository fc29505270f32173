/* smart_host.h: [smart-host] of the config: the MTA that takes the mail that goes on to a person, and how it is used.
 * Plain data, counted: a sender that uses it keeps it while a reload replaces the config. */
#pragma once

#include <glib.h>

extern const char *const smart_host_tls_names[];
enum smart_host_tls {
    SMART_HOST_TLS_NONE,
    SMART_HOST_TLS_OPPORTUNISTIC, /* STARTTLS when it is offered */
    SMART_HOST_TLS_REQUIRED,      /* STARTTLS, or no mail */
    SMART_HOST_TLS_IMPLICIT,      /* from the first octet on (RFC 8314 section 3.3) */
};

struct smart_host {
    char *address; /* "host:port" or "[v6]:port" */
    enum smart_host_tls tls;
    char *user;           /* for AUTH, both NULL without */
    char *password;       /* the first line of the password-file */
    char *ca_file;        /* the authorities that are believed; NULL: the system's */
    char *from;           /* the envelope sender; NULL: the null sender */
    gint64 timeout;       /* of one attempt, seconds */
    gint64 retry;         /* seconds from the first attempt to the second */
    gint64 give_up;       /* seconds from when a message came */
    gint64 hops;          /* Received fields that a message may have */
    gint64 hourly;        /* messages that may go on in an hour */
    gint64 sender_hourly; /* likewise, of one domain's senders */
};

struct smart_host *smart_host_new(void);
/* NULL is fine, and stays NULL. */
struct smart_host *smart_host_ref(struct smart_host *host);
void smart_host_unref(struct smart_host *host);

typedef struct smart_host SmartHost;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmartHost, smart_host_unref)
