/* dns.h: TXT records (RFC 1035) by c-ares on an event loop, which never waits. Records are kept as long as their
 * owner says, within bounds; that there are none is kept for a minute, and a failure is not kept. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

struct dns;

struct dns_settings {
    const char *servers; /* "ADDRESS[:PORT],..."; NULL: those of resolv.conf */
    unsigned timeout;    /* milliseconds that a server has for its first answer */
    unsigned tries;      /* of each server */
    guint cached;        /* answers that are kept at most */
    guint pending;       /* names that are asked for at one time; more fail at once */
};

enum dns_outcome {
    DNS_FOUND,
    DNS_ABSENT, /* the name servers say that there is none */
    DNS_FAILED, /* no answer, or none of use: ask again later */
};

/* `texts` (of char *), one a record, its strings joined; empty but for DNS_FOUND. Borrowed until the function returns.
 */
typedef void (*dns_answer)(void *user, enum dns_outcome outcome, const GPtrArray *texts);

struct dns *dns_new(struct event_base *base, const struct dns_settings *settings, GError **error);
/* Answers all who still wait with DNS_FAILED. NULL is fine. */
void dns_free(struct dns *dns);

/* Asks for the TXT records of `name`. `answer` is called once, perhaps before this returns. */
void dns_txt(struct dns *dns, const char *name, dns_answer answer, void *user);

/* Questions that went to a name server, and answers out of what was kept. */
guint64 dns_queries(const struct dns *dns);
guint64 dns_hits(const struct dns *dns);

typedef struct dns Dns;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dns, dns_free)
