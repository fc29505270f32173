/* worker.h: a program that is given lines on its standard input, and says of each that it is done by a line with the
 * id. It has no more rights than we have, and fewer means: no descriptors but the three, an environment of PATH and
 * LANG alone, a process group of its own, and no way to gain privileges. It is killed, and all that it started in its
 * group, when it is freed, when it breaks the protocol, or when we die. It is not started again: that is the owner's.
 */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

/* Limits of its output: a longer line on standard output breaks the protocol; of standard error the last octets are
 * kept.
 */
enum { WORKER_ID_MAX = 255, WORKER_ERROR_MAX = 400 };

struct worker;

struct worker_owner {
    /* It says that what has this id is done. The owner may not free it meanwhile. */
    void (*done)(void *owner, const char *id);
    /* It is gone, or was killed since it broke the protocol: `why` has the last line of its standard error, too. The
     * owner frees it, but not from within this call. */
    void (*gone)(void *owner, const char *why);
};

/* Starts `arguments` (the first is the path of the program), NULL and an error if that fails. Whether the file can be
 * run is told by `gone`. SIGPIPE is ignored. */
struct worker *worker_new(struct event_base *base, char *const *arguments, const struct worker_owner *calls,
                          void *owner, GError **error);
/* Kills it, and waits for its end. NULL is fine. */
void worker_free(struct worker *worker);

/* Sends it `line`, with a line end. Lines that it does not read wait in memory. */
void worker_send(struct worker *worker, const char *line);

typedef struct worker Worker;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worker, worker_free)
