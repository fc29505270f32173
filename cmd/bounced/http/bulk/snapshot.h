/* snapshot.h: what routes that take long read of the config: theirs stays as it is while a reload brings another one.
 */
#pragma once

#include <glib.h>

#include "cmd/bounced/setup/setup.h"

/* Plain data; it changes no more. */
struct snapshot {
    struct classifier *classifier;
    GPtrArray *policies;       /* of struct policy * */
    GHashTable *streams;       /* haul_streams() */
    GHashTable *tenant_scopes; /* haul_tenants() */
    GHashTable *tenants;       /* of a stream the tenant */
    char *store_path;
};

/* The present one. */
struct snapshots;
struct snapshots *snapshots_new(const struct setup *setup);
void snapshots_free(struct snapshots *snapshots);
/* The setup is another. */
void snapshots_renew(struct snapshots *snapshots, const struct setup *setup);

/* On any thread. The caller releases it. */
struct snapshot *snapshots_take(struct snapshots *snapshots);
void snapshot_unref(struct snapshot *snapshot);

typedef struct snapshot Snapshot;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_unref)
