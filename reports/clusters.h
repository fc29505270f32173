/* clusters.h: diagnostics that say the same but for addresses, hosts, numbers and ids, put together and counted, each
 * with the draft of a rule (classifier/rules.h). */
#pragma once

#include <glib.h>

#include "store/store.h"

/* A diagnostic without the words that differ from one message to the next: "550 <address> zorbled by <host>", in the
 * normal form of classifier/diagnostic.h; the caller frees. */
char *clusters_mask(const char *diagnostic);

struct cluster {
    char *text;    /* masked; "" when there is no diagnostic */
    char *example; /* the first that came; addresses are user@ their domain; NULL when there is none */
    char *host;    /* that said it; NULL when not known */
    char *status;  /* of the first event; NULL when it has none */
    char *dialect;
    gint64 last; /* when one was last received */
    guint64 count;
};

struct clusters;

/* Keeps no more than `most` of them; what comes later and is new is only counted, as others. */
struct clusters *clusters_new(guint most);
void clusters_free(struct clusters *clusters);
void clusters_add(struct clusters *clusters, const struct stored_event *row);

/* The n-th in the order of their counts, from 0; NULL when there are no more. Lives as long as `clusters`. */
const struct cluster *clusters_at(struct clusters *clusters, guint n);
guint64 clusters_others(const struct clusters *clusters);

/* A rule that decides its example, for a person to give it a reason and a better pattern; `number` makes its id
 * another one. NULL when there is nothing to hold on to. The caller frees. */
char *cluster_rule(const struct cluster *cluster, guint number);

typedef struct clusters Clusters;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clusters, clusters_free)
