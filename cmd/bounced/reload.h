/* reload.h: SIGHUP: config, rules and certificate are read again, and replace the old ones as soon as no message is at
 * work with those. A thread does what may take long: it reads files, asks name servers and waits for whoever uses the
 * store; the loop goes on meanwhile. When something is wrong nothing changes. */
#pragma once

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/listen/acceptors.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/peers/receiver.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/supervisor.h"

struct reload;

/* Plain data: what a reload is about. All are borrowed; `setup` is the receiver's. */
struct reload_parts {
    struct event_base *base;
    struct setup *setup;
    struct journal *journal;
    struct ingest *ingest;
    struct forwards *forwards;
    struct verifier *verifier;
    struct feeds *feeds;
    struct desk *desk;
    struct http *http;
    struct receiver *receiver;
    struct acceptors *acceptors;
    struct supervisor *supervisor;
};

struct reload *reload_new(const struct reload_parts *parts);
/* To be called before the receiver is freed, and after its loop has ended. */
void reload_free(struct reload *reload);

/* A reload that is asked for while another is under way follows it. */
void reload_begin(struct reload *reload);
/* The same, and tells what came of it through `fd`, a socket that does not block, which it closes (control.h). */
void reload_ask(struct reload *reload, int fd);
/* The daemon stops: no reload begins any more. */
void reload_stop(struct reload *reload);

typedef struct reload Reload;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reload, reload_free)
