#include "cmd/bounced/http/api/suppression_list.h"

#include <string.h>

#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/routing/http_cursor.h"
#include "cmd/bounced/http/routing/http_page.h"
#include "cmd/bounced/http/routing/http_time.h"
#include "reports/export.h"
#include "reports/json.h"
#include "store/store.h"

#define KIND "suppressions" /* of the cursors */

/* Conditions have no index: a request reads so many rows at most, whatever it finds, so that it holds nobody up. A
 * piece of a whole list likewise. */
enum { LIMIT = 100, LIMIT_MAX = 1000, ROWS_READ = 5000, PAGE = 500 };

/* The conditions of a request; texts are its own. */
struct conditions {
    const char *domain, *reason, *stream, *tenant, *q;
    char *scope; /* NULL: any */
    enum store_state state;
    gint64 since, until; /* of when it began; 0: none */
};

struct suppression_list {
    struct conditions conditions;
    enum export_format format;
    char *after[HTTP_CURSOR_PARTS]; /* the last row that was read */
    gint64 limit;                   /* 0: the whole list, in the format */
    gint64 given;
    bool ended;
};

static void free_list(void *data)
{
    struct suppression_list *list = data;

    g_free(list->conditions.scope);
    for (size_t i = 0; i < HTTP_CURSOR_PARTS; i++)
        g_free(list->after[i]);
    g_free(list);
}

/* --- the conditions ----------------------------------------------------------------------------------------------- */

static bool refuse(struct http_call *call, const char *detail)
{
    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, detail);
    return false;
}

static bool read_name(struct http_call *call, const char *argument, const char *const *names, unsigned *value)
{
    const char *text = http_request_argument(&call->request, argument);
    g_autofree char *detail = g_strdup_printf("%s: there is none of this name", argument);

    *value = event_value(names, text);
    return text == NULL || (*text != '\0' && strcmp(names[*value], text) == 0) || refuse(call, detail);
}

static bool read_time(struct http_call *call, const char *argument, gint64 *seconds)
{
    const char *text = http_request_argument(&call->request, argument);
    g_autofree char *detail = g_strdup_printf("%s: expected a time or a day, as in 2026-11-28T06:45:10Z", argument);

    return text == NULL || http_time_read(text, seconds) || refuse(call, detail);
}

static bool read_conditions(struct http_call *call, struct conditions *conditions)
{
    const struct http_request *request = &call->request;
    const char *scope = http_request_argument(request, "scope");
    unsigned state, reason;
    struct store_asker asker;

    conditions->domain = http_request_argument(request, "domain");
    conditions->reason = http_request_argument(request, "reason");
    conditions->stream = http_request_argument(request, "stream");
    conditions->tenant = http_request_argument(request, "tenant");
    conditions->q = http_request_argument(request, "q");
    if (!read_name(call, "state", store_state_names, &state) || !read_name(call, "reason", reason_names, &reason) ||
        !read_time(call, "since", &conditions->since) || !read_time(call, "until", &conditions->until) ||
        !tenancy_ask(call, conditions->stream, conditions->tenant, &asker))
        return false;
    conditions->state = http_request_argument(request, "state") != NULL ? STORE_STATE_ACTIVE + state : STORE_STATE_ANY;
    conditions->scope = scope != NULL ? tenancy_scope(call, scope) : NULL;
    return scope == NULL || conditions->scope != NULL;
}

/* Is it an address of the domain, in any case, or the entry of the domain? */
static bool is_of_domain(const char *subject, const char *domain)
{
    const char *at = strrchr(subject, '@');

    return at != NULL && g_ascii_strcasecmp(at + 1, domain) == 0;
}

static bool holds_text(const char *text, const char *part)
{
    g_autofree char *lower = text != NULL ? g_ascii_strdown(text, -1) : NULL;
    g_autofree char *wanted = g_ascii_strdown(part, -1);

    return lower != NULL && strstr(lower, wanted) != NULL;
}

/* By its scope: which the token may see, and which are wanted. */
static bool is_within(const struct http_call *call, const struct conditions *wanted, const char *scope)
{
    const struct audience audience = tenancy_audience(call);

    return audience_owns(&audience, scope) && (wanted->scope == NULL || strcmp(wanted->scope, scope) == 0) &&
           (wanted->tenant == NULL || g_strcmp0(audience_tenant_of(call->tenants, scope), wanted->tenant) == 0);
}

static bool is_as_wanted(const struct conditions *wanted, const struct suppression *row)
{
    enum store_state state = row->wave == 0 ? STORE_STATE_ACTIVE : STORE_STATE_HELD;

    return (wanted->state == STORE_STATE_ANY || wanted->state == state) &&
           (wanted->reason == NULL || strcmp(reason_names[row->reason], wanted->reason) == 0) &&
           (wanted->stream == NULL || g_strcmp0(row->stream, wanted->stream) == 0) &&
           (wanted->domain == NULL || is_of_domain(row->subject, wanted->domain));
}

static bool is_meant(const struct http_call *call, const struct conditions *wanted, const struct suppression *row)
{
    return is_within(call, wanted, row->scope) && is_as_wanted(wanted, row) &&
           (wanted->since == 0 || row->since >= wanted->since) && (wanted->until == 0 || row->since < wanted->until) &&
           (wanted->q == NULL || holds_text(row->subject, wanted->q) || holds_text(row->note, wanted->q));
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void remember(struct suppression_list *list, const struct suppression *row)
{
    g_free(list->after[0]);
    g_free(list->after[1]);
    list->after[0] = g_strdup(row->subject);
    list->after[1] = g_strdup(row->scope);
}

static bool is_full(const struct suppression_list *list)
{
    return list->limit != 0 && list->given == list->limit;
}

static void append(const struct suppression_list *list, const struct suppression *row, GString *out)
{
    if (list->limit == 0) {
        export_line(out, list->format, row);
        return;
    }
    if (list->given > 0)
        g_string_append_c(out, ',');
    json_suppression(out, row);
}

/* Those of a page that are meant, until there are enough. Returns how many rows were looked at. */
static guint take_page(const struct http_call *call, struct suppression_list *list, const struct suppression *page,
                       guint n, GString *out)
{
    guint i;

    for (i = 0; i < n && !is_full(list); i++) {
        remember(list, &page[i]);
        if (!is_meant(call, &list->conditions, &page[i]))
            continue;
        append(list, &page[i], out);
        list->given++;
    }
    return i;
}

/* Goes on behind the last row. False: the store failed. */
static bool read_rows(struct http_call *call, struct suppression_list *list, GString *out)
{
    const struct store_filter filter = {.after_subject = list->after[0], .after_scope = list->after[1]};
    g_autoptr(StorePages) pages = store_pages(call->store, &filter, call->now);
    guint n;

    for (guint read = 0; read < ROWS_READ && !list->ended && !is_full(list); read += n) {
        const struct suppression *page = store_next_page(pages, PAGE, &n, &call->error);

        if (page == NULL)
            return false;
        list->ended = take_page(call, list, page, n, out) == n && n < PAGE;
    }
    return true;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static enum http_next go_on(struct http_call *call, GString *piece)
{
    struct suppression_list *list = call->state;

    return read_rows(call, list, piece) && !list->ended ? HTTP_NEXT_MORE : HTTP_NEXT_END;
}

static void answer_whole(struct http_call *call, struct suppression_list *list)
{
    list->limit = 0;
    http_answer_begin(&call->answer, 200,
                      list->format == EXPORT_CSV ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
    g_string_append(call->answer.body, export_header(list->format));
    call->next = go_on;
}

static void answer_page(struct http_call *call, struct suppression_list *list)
{
    g_autofree char *next = NULL;

    http_page_begin(call);
    if (!read_rows(call, list, call->answer.body))
        return;
    next = list->ended ? NULL : http_cursor_write(KIND, (const char *const *)list->after);
    http_page_end(call, next);
}

void suppression_list(struct http_call *call)
{
    struct suppression_list *list = g_new0(struct suppression_list, 1);
    const char *after = http_request_argument(&call->request, "after");

    call->state = list;
    call->free_state = free_list;
    if (!read_conditions(call, &list->conditions))
        return;
    if (!http_request_number(&call->request, "limit", 1, LIMIT_MAX, LIMIT, &list->limit)) {
        refuse(call, "limit: expected 1 to 1000");
        return;
    }
    if (after != NULL && !http_cursor_read(after, KIND, list->after)) {
        refuse(call, "after: this is no cursor of this list");
        return;
    }
    list->format = http_request_wants(&call->request, "text/csv") ? EXPORT_CSV : EXPORT_JSON;
    if (list->format == EXPORT_CSV || http_request_wants(&call->request, "application/x-ndjson"))
        answer_whole(call, list);
    else
        answer_page(call, list);
}
