#include "cmd/bounced/out/feeds/list_outlet.h"

#include "cmd/bounced/out/files/list_file.h"

struct list_outlet {
    struct outlet_parts parts;
    struct list_file *file;
};

static void on_written(void *owner, const struct export_count *count G_GNUC_UNUSED, const char *error)
{
    struct list_outlet *outlet = owner;
    const struct outlet_end end = {.why = error};

    outlet->parts.end(outlet->parts.owner, &end);
}

static void *open_list(const struct outlet_parts *parts)
{
    static const struct list_file_owner calls = {on_written};
    struct list_outlet *outlet = g_new0(struct list_outlet, 1);
    const struct feed_config *config = parts->config;
    const struct feed_plan *plan = parts->shared->plan;
    const char *tenant = config->stream != NULL ? g_hash_table_lookup(plan->tenants, config->stream) : config->tenant;
    const struct list_file_settings settings = {
        .store = parts->shared->store,
        .path = config->path,
        .export = {.format = config->file_format, .wording = plan->wording, .fresh = feed_mode(config)},
        .asker = {.stream = config->stream, .tenant = tenant},
        .every = (guint)config->every,
    };

    outlet->parts = *parts;
    outlet->file = list_file_new(parts->shared->base, &settings, &calls, outlet);
    return outlet;
}

/* Each delivery is one writing, and a delivery comes when the one before has ended. */
static void deliver(void *outlet, const GPtrArray *items G_GNUC_UNUSED)
{
    list_file_want(((struct list_outlet *)outlet)->file);
}

static void close_list(void *data)
{
    struct list_outlet *outlet = data;

    list_file_free(outlet->file);
    g_free(outlet);
}

const struct outlet_type list_outlet = {.open = open_list, .deliver = deliver, .close = close_list, .whole = true};
