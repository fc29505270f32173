#include "cmd/bounced/http/bulk/import_post.h"

#include <malloc.h>

#include "cmd/bounced/http/bulk/import_order.h"
#include "cmd/bounced/http/bulk/turn.h"
#include "cmd/bounced/http/http_body.h"
#include "cmd/bounced/http/http_parts.h"
#include "cmd/files/input.h"
#include "cmd/files/spool.h"
#include "cmd/files/unpacker.h"
#include "reports/json.h"
#include "store/store.h"

enum {
    PIECE = 16 * 1024,     /* octets of the body */
    ROWS_AT_ONCE = 1000,   /* that are read before one looks whether the daemon stops */
    REJECTS_TOLD = 100,    /* rows */
    REJECT_TEXT_MAX = 200, /* octets of each */
};

struct import_work {
    struct http_call *call;
    struct import_order order;
    struct turn turn;
    struct haul *haul;
    GString *rejects; /* JSON, with commas between them */
    guint64 done;
    GError *error; /* of a temporary file */
};

/* --- failures ----------------------------------------------------------------------------------------------------- */

/* It cannot be gone on with: says why, and how far it came. The same again does the rest. */
static bool give_up(struct import_work *work, const char *why)
{
    const char *batch = work->order.store.batch;
    g_autofree char *far = g_strdup_printf("%s; %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                           " entries are done, as batch %s: the same request does the rest",
                                           why, work->done, work->haul != NULL ? haul_count(work->haul) : 0, batch);

    http_answer_problem(&work->call->answer, PROBLEM_UNAVAILABLE, work->done > 0 && batch != NULL ? far : why);
    return false;
}

/* A list that is broken is the client's fault, a file that cannot be written is ours. */
static bool give_up_file(struct import_work *work)
{
    if (work->error->domain == G_FILE_ERROR)
        return give_up(work, "a temporary file cannot be written");
    http_answer_problem(&work->call->answer, PROBLEM_INVALID_BODY, work->error->message);
    g_clear_error(&work->error);
    return false;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

/* Into a file, so that the memory that it came in is free. */
static struct spool *keep_body(struct import_work *work)
{
    g_autoptr(Spool) spool = spool_new_empty(&work->error);
    char piece[PIECE];
    bool good = spool != NULL, packed = false;
    size_t n;

    for (bool first = true; good && (n = http_body_take_some(work->call, piece, PIECE)) > 0; first = false) {
        packed = packed || (first && packing_find(piece, n) != NULL);
        good = spool_add(spool, piece, n, &work->error);
    }
    if (packed) {
        http_answer_problem(&work->call->answer, PROBLEM_UNSUPPORTED_TYPE, "a body that is compressed is not taken");
        return NULL;
    }
    return good || give_up_file(work) ? g_steal_pointer(&spool) : NULL;
}

static void note_reject(struct import_work *work)
{
    struct span text = haul_text(work->haul);
    const char *end = text.at;
    GString *out = work->rejects;

    if (haul_sums(work->haul)->rejected > REJECTS_TOLD)
        return;
    g_utf8_validate_len(text.at, MIN(text.length, REJECT_TEXT_MAX), &end); /* within a character it is cut before */
    g_autofree char *row = g_strndup(text.at, (gsize)(end - text.at));
    g_string_append_printf(out, "%s{\"line\":%" G_GUINT64_FORMAT ",\"reason\":", out->len > 0 ? "," : "",
                           haul_line(work->haul));
    json_text(out, haul_fault(work->haul));
    g_string_append(out, ",\"text\":");
    json_text(out, row);
    g_string_append_c(out, '}');
}

static bool read_list(struct import_work *work)
{
    enum roster_result result = ROSTER_RESULT_ENTRY;

    work->haul = haul_new(&work->order.settings, &work->error);
    if (work->haul == NULL)
        return give_up_file(work);
    for (guint n = 0; (result = haul_read(work->haul, &work->error)) <= ROSTER_RESULT_REJECTED; n++) {
        if (result == ROSTER_RESULT_REJECTED)
            note_reject(work);
        if (n % ROWS_AT_ONCE == 0 && !turn_may_go_on(&work->turn))
            return give_up(work, work->turn.refusal);
    }
    return result == ROSTER_RESULT_END || give_up_file(work);
}

/* --- the store ---------------------------------------------------------------------------------------------------- */

static bool knows_stream(struct import_work *work, const struct snapshot *snapshot)
{
    const char *stream = import_order_strange_stream(snapshot, &work->order);
    bool known = false;

    if (stream == NULL)
        return true;
    struct store *store = turn_begin(&work->turn);
    if (store != NULL) {
        store_knows_stream(store, stream, &known, &work->call->error);
        turn_end(&work->turn);
    }
    if (work->turn.refusal != NULL)
        return give_up(work, work->turn.refusal);
    if (!known)
        http_answer_problem(&work->call->answer, PROBLEM_BAD_REQUEST,
                            "scope: neither the config nor a report names this stream; force=true overrules that");
    return known;
}

/* Those that were taken from the pile. */
static bool put_some(struct import_work *work, struct import **import)
{
    struct store *store = turn_begin(&work->turn);

    if (store == NULL)
        return false;
    if (*import == NULL)
        *import = import_new(store, &work->order.store);
    haul_put(work->haul, *import, &work->call->error);
    return turn_end(&work->turn);
}

static bool take_all(struct import_work *work)
{
    g_autoptr(Import) import = NULL;
    bool writes = !work->order.settings.dry_run;
    guint n = 1;

    while (n > 0) {
        if (!haul_take(work->haul, &n, &work->error))
            return give_up_file(work);
        if (n > 0 && ((writes && !turn_has_room(&work->turn)) || !put_some(work, &import)))
            return give_up(work, work->turn.refusal);
        work->done += n;
    }
    return true;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static void answer(const struct import_work *work)
{
    const struct haul_sums *sums = haul_sums(work->haul);
    guint64 left_out = sums->rejected > REJECTS_TOLD ? sums->rejected - REJECTS_TOLD : 0;
    g_autofree char *form = haul_form(work->haul);
    GString *out = work->call->answer.body;

    http_answer_begin(&work->call->answer, 200, "application/json");
    g_string_append_c(out, '{');
    haul_sums_json(out, sums, work->order.store.batch);
    g_string_append_printf(out, ",\"unknown_lists\":%" G_GUINT64_FORMAT ",\"form\":\"%s\",\"rejects\":[%s]",
                           sums->unknown, form, work->rejects->str);
    g_string_append_printf(out, ",\"rejects_left_out\":%" G_GUINT64_FORMAT "}\n", left_out);
}

/* Somebody may ask for it whose client went away. */
static void tell(const struct import_work *work)
{
    const struct http_call *call = work->call;
    const GError *error = call->error != NULL ? call->error : work->error;

    if (work->haul == NULL || work->order.store.batch == NULL)
        return;
    const struct haul_sums *sums = haul_sums(work->haul);
    struct journal_entry *entry =
        journal_begin(call->parts->journal, error != NULL ? LOG_ERR : LOG_NOTICE, "api-import");
    journal_text(entry, "who", call->grant.name);
    journal_text(entry, "batch", work->order.store.batch);
    for (const struct haul_sum *row = haul_sum_rows; row->name != NULL; row++)
        journal_number(entry, row->name, (gint64)haul_sums_number(sums, row));
    journal_number(entry, "status", call->answer.status);
    journal_text(entry, "error", error != NULL ? error->message : NULL);
    journal_send(entry);
}

static void carry_out(struct import_work *work, const struct snapshot *snapshot)
{
    g_autoptr(Spool) spool = knows_stream(work, snapshot) ? keep_body(work) : NULL;

    if (spool == NULL)
        return;
    work->order.settings.list.path = spool_path(spool);
    if (read_list(work) && take_all(work))
        answer(work);
    tell(work);
    haul_free(work->haul);
    malloc_trim(0); /* the C library would keep the memory, for others like it */
}

void import_post(struct http_call *call)
{
    g_autoptr(Snapshot) snapshot = snapshots_take(call->parts->snapshots);
    struct import_work work = {.call = call, .turn = {.call = call}};

    if (import_order_read(call, snapshot, &work.order)) {
        work.rejects = g_string_new(NULL);
        carry_out(&work, snapshot);
        g_string_free(work.rejects, TRUE);
    }
    g_clear_error(&work.error);
    import_order_clear(&work.order);
}
