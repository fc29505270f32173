#include "cmd/bounced/http/bulk/snapshot.h"

#include "cmd/batches/haul.h"

struct snapshots {
    GMutex mutex;
    struct snapshot *present;
};

static void clear(void *data)
{
    struct snapshot *snapshot = data;

    classifier_free(snapshot->classifier);
    g_ptr_array_unref(snapshot->policies);
    g_hash_table_unref(snapshot->streams);
    g_hash_table_unref(snapshot->tenant_scopes);
    g_hash_table_unref(snapshot->tenants);
    g_free(snapshot->store_path);
}

static struct snapshot *make(const struct setup *setup)
{
    struct snapshot *snapshot = g_atomic_rc_box_new0(struct snapshot);

    snapshot->classifier = classifier_ref(setup->classifier);
    snapshot->policies = g_ptr_array_ref(setup->config->policies);
    snapshot->streams = haul_streams(setup->config->return_paths);
    snapshot->tenant_scopes = haul_tenants(setup->config->return_paths);
    snapshot->tenants = config_copy_tenants(setup->config);
    snapshot->store_path = g_strdup(setup->config->store_path);
    return snapshot;
}

struct snapshots *snapshots_new(const struct setup *setup)
{
    struct snapshots *snapshots = g_new0(struct snapshots, 1);

    g_mutex_init(&snapshots->mutex);
    snapshots->present = make(setup);
    return snapshots;
}

void snapshots_free(struct snapshots *snapshots)
{
    if (snapshots == NULL)
        return;
    snapshot_unref(snapshots->present);
    g_mutex_clear(&snapshots->mutex);
    g_free(snapshots);
}

void snapshots_renew(struct snapshots *snapshots, const struct setup *setup)
{
    struct snapshot *fresh = make(setup), *old;

    g_mutex_lock(&snapshots->mutex);
    old = snapshots->present;
    snapshots->present = fresh;
    g_mutex_unlock(&snapshots->mutex);
    snapshot_unref(old);
}

struct snapshot *snapshots_take(struct snapshots *snapshots)
{
    struct snapshot *present;

    g_mutex_lock(&snapshots->mutex);
    present = g_atomic_rc_box_acquire(snapshots->present);
    g_mutex_unlock(&snapshots->mutex);
    return present;
}

void snapshot_unref(struct snapshot *snapshot)
{
    g_atomic_rc_box_release_full(snapshot, clear);
}
