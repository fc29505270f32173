#include "cmd/bounced/http/api/wave_list.h"

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/routing/http_cursor.h"
#include "cmd/bounced/http/routing/http_page.h"
#include "reports/json.h"
#include "store/wave.h"

#define KIND "waves" /* of the cursors */

enum {
    LIMIT = 100,
    LIMIT_MAX = 1000,
    ENTRIES_AT_ONCE = 500, /* in one transaction */
    TRANSACTIONS = 4,      /* of one call: the daemon waits for it */
};

static bool may_all(struct http_call *call)
{
    if (call->grant.tenant == NULL)
        return true;
    http_answer_problem(&call->answer, PROBLEM_FORBIDDEN, "waves are of receivers, and no tenant's");
    return false;
}

static bool read_id(const char *text, gint64 *id)
{
    guint64 number;
    bool good = g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL);

    *id = good ? (gint64)number : 0;
    return good;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static bool read_after(struct http_call *call, gint64 *before)
{
    const char *after = http_request_argument(&call->request, "after");
    char *parts[HTTP_CURSOR_PARTS] = {NULL};

    *before = 0;
    if (after == NULL)
        return true;
    bool good = http_cursor_read(after, KIND, parts) && read_id(parts[0], before);
    for (size_t i = 0; i < HTTP_CURSOR_PARTS; i++)
        g_free(parts[i]);
    if (!good)
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "after: this is no cursor of this list");
    return good;
}

static char *next_cursor(const struct wave *last)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, last->id);
    const char *const parts[HTTP_CURSOR_PARTS] = {text, ""};

    return http_cursor_write(KIND, parts);
}

void wave_list_get(struct http_call *call)
{
    GString *out = call->answer.body;
    g_autofree char *next = NULL;
    gint64 before, limit;

    if (!may_all(call) || !read_after(call, &before))
        return;
    if (!http_request_number(&call->request, "limit", 1, LIMIT_MAX, LIMIT, &limit)) {
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "limit: expected 1 to 1000");
        return;
    }
    g_autoptr(GPtrArray) waves = wave_list(call->store, before, (unsigned)limit, &call->error);
    if (waves == NULL)
        return;
    http_page_begin(call);
    for (guint i = 0; i < waves->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        json_wave(out, waves->pdata[i]);
    }
    next = waves->len == (guint)limit ? next_cursor(waves->pdata[waves->len - 1]) : NULL;
    http_page_end(call, next);
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

typedef bool settle(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
                    GError **error);

/* Some transactions; the client asks again for the rest, which the wave then still holds. */
static bool settle_some(struct http_call *call, gint64 id, const struct store_order *order, settle *settle_next)
{
    unsigned n = ENTRIES_AT_ONCE;

    for (unsigned i = 0; i < TRANSACTIONS && n == ENTRIES_AT_ONCE; i++) {
        if (!settle_next(call->store, id, order, ENTRIES_AT_ONCE, &n, &call->error))
            return false;
    }
    return true;
}

static struct wave *find(struct http_call *call, gint64 id)
{
    struct wave *wave = wave_find(call->store, id, &call->error);

    if (wave == NULL && call->error == NULL)
        http_answer_problem(&call->answer, PROBLEM_NOT_FOUND, "there is no such wave");
    return wave;
}

/* Answers the wave as it is then. */
static void decide(struct http_call *call, const char *reason, settle *settle_next)
{
    gint64 id;

    if (!read_id(call->request.parameters[0], &id)) {
        http_answer_problem(&call->answer, PROBLEM_NOT_FOUND, "there is no such wave");
        return;
    }
    g_autofree char *note = g_strdup_printf("wave %" G_GINT64_FORMAT ": %s", id, reason);
    const struct store_order order = {.who = call->grant.name, .note = note, .now = call->now, .door = STORE_DOOR_API};
    g_autoptr(Wave) before = find(call, id);
    if (before == NULL || !settle_some(call, id, &order, settle_next))
        return;
    g_autoptr(Wave) after = find(call, id);
    if (after == NULL)
        return;
    http_answer_begin(&call->answer, 200, "application/json");
    json_wave(call->answer.body, after);
    g_string_append_c(call->answer.body, '\n');
}

static void read_and_decide(struct http_call *call, settle *settle_next)
{
    static const char *const members[] = {"note", NULL};
    json_t *object = may_all(call) ? body_object(call, false) : NULL;
    const char *note;

    if (object != NULL && body_knows(call, object, members) && body_text(call, object, "note", &note)) {
        if (note != NULL && *note != '\0')
            decide(call, note, settle_next);
        else
            http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, "expected the member \"note\", which is kept");
    }
    json_decref(object);
}

void wave_list_confirm(struct http_call *call)
{
    read_and_decide(call, wave_confirm);
}

void wave_list_drop(struct http_call *call)
{
    read_and_decide(call, wave_drop);
}
