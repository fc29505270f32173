#include "cmd/ingest/compressor.h"

#include <zstd.h>

enum { LEVEL = 1 }; /* reports are small: higher levels cost much and save little */

struct compressor {
    GAsyncQueue *idle; /* of ZSTD_CCtx *: to make one costs more than what it does to a report */
};

static void free_context(void *context)
{
    ZSTD_freeCCtx(context);
}

struct compressor *compressor_new(void)
{
    struct compressor *compressor = g_new0(struct compressor, 1);

    compressor->idle = g_async_queue_new_full(free_context);
    return compressor;
}

void compressor_free(struct compressor *compressor)
{
    g_async_queue_unref(compressor->idle);
    g_free(compressor);
}

GBytes *compressor_run(struct compressor *compressor, const GString *bytes)
{
    ZSTD_CCtx *context = g_async_queue_try_pop(compressor->idle);
    size_t room = ZSTD_compressBound(bytes->len), length;
    g_autofree char *out = g_malloc(room);

    if (context == NULL)
        context = ZSTD_createCCtx();
    length = ZSTD_compressCCtx(context, out, room, bytes->str, bytes->len, LEVEL);
    g_assert(!ZSTD_isError(length)); /* only of too little room */
    g_async_queue_push(compressor->idle, context);
    return g_bytes_new(out, length);
}
