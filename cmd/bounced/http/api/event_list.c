#include "cmd/bounced/http/api/event_list.h"

#include "cmd/bounced/http/api/event_condition.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/routing/http_cursor.h"
#include "cmd/bounced/http/routing/http_page.h"
#include "cmd/bounced/http/routing/http_time.h"
#include "reports/csv.h"
#include "reports/json.h"
#include "store/event_page.h"

#define KIND "events" /* of the cursors */

/* Most conditions have no index: a request, and a piece of a whole list, looks at so many rows at most. */
enum { LIMIT = 100, LIMIT_MAX = 1000, ROWS_READ = 2000 };

enum form { FORM_PAGE, FORM_LINES, FORM_CSV };

struct event_list {
    struct store_filter filter; /* its texts are the request's */
    enum form form;
    struct event_place place; /* behind the last row that was read */
    gint64 limit;             /* of FORM_PAGE */
    gint64 given;
    bool ended;
};

static bool refuse(struct http_call *call, const char *detail)
{
    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, detail);
    return false;
}

/* --- the conditions ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *argument;
    size_t offset;
} times[] = {{"since", offsetof(struct store_filter, since)}, {"until", offsetof(struct store_filter, until)}};

static bool read_texts(struct http_call *call, struct store_filter *filter)
{
    for (const struct event_condition *row = event_conditions; row->name != NULL; row++) {
        g_autofree char *detail = g_strdup_printf("%s: there is none of this name", row->name);

        if (!event_condition_set(filter, row, http_request_argument(&call->request, row->name)))
            return refuse(call, detail);
    }
    return true;
}

static bool read_times(struct http_call *call, struct store_filter *filter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        const char *text = http_request_argument(&call->request, times[i].argument);
        g_autofree char *detail =
            g_strdup_printf("%s: expected a time or a day, as in 2026-11-28T06:45:10Z", times[i].argument);

        if (text != NULL && !http_time_read(text, (gint64 *)(void *)((char *)filter + times[i].offset)))
            return refuse(call, detail);
    }
    return true;
}

static bool read_number(const char *text, gint64 *number)
{
    return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, number, NULL);
}

static bool read_after(struct http_call *call, struct event_place *place)
{
    const char *after = http_request_argument(&call->request, "after");
    char *parts[HTTP_CURSOR_PARTS] = {NULL};

    if (after == NULL)
        return true;
    bool good = http_cursor_read(after, KIND, parts) && read_number(parts[0], &place->received) &&
                read_number(parts[1], &place->id);
    for (size_t i = 0; i < HTTP_CURSOR_PARTS; i++)
        g_free(parts[i]);
    return good || refuse(call, "after: this is no cursor of this list");
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* The columns of an event, then those of how it was received. */
static void append_header(GString *out)
{
    for (const struct event_field *field = event_fields; field->name != NULL; field++)
        csv_text(out, field->name);
    csv_text(out, "received");
    csv_text(out, "digest");
    csv_text(out, "effect");
    csv_end(out);
}

static void append_time(GString *out, gint64 seconds)
{
    g_autofree char *text = seconds != 0 ? event_time_format(seconds) : NULL;

    csv_text(out, text);
}

static void append_record(GString *out, const struct stored_event *row)
{
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        gint64 number = event_field_number(&row->event, field);

        if (field->type == EVENT_TYPE_TIME)
            append_time(out, number);
        else if (field->type != EVENT_TYPE_NUMBER)
            csv_text(out, event_field_text(&row->event, field));
        else if (number != 0)
            csv_number(out, number);
        else
            csv_text(out, NULL);
    }
    append_time(out, row->received);
    csv_text(out, row->digest);
    csv_text(out, policy_effect_names[row->effect]);
    csv_end(out);
}

static void append(const struct event_list *list, const struct stored_event *row, GString *out)
{
    if (list->form == FORM_CSV) {
        append_record(out, row);
        return;
    }
    if (list->form == FORM_PAGE && list->given > 0)
        g_string_append_c(out, ',');
    json_stored_event(out, row);
    if (list->form == FORM_LINES)
        g_string_append_c(out, '\n');
}

/* Goes on behind the last row. False: the store failed. */
static bool read_rows(struct http_call *call, struct event_list *list, GString *out)
{
    const struct audience audience = tenancy_audience(call);
    g_autoptr(StoreCursor) page = store_event_page(call->store, &list->filter, &list->place, ROWS_READ, &call->error);
    bool full = false, meant;
    struct stored_event row;
    guint n = 0;

    while (page != NULL && !full && store_next_of_page(page, &row, &meant, &list->place, &call->error)) {
        n++;
        if (!meant || !audience_hears(&audience, &row))
            continue;
        audience_hide_event(&audience, &row);
        append(list, &row, out);
        list->given++;
        full = list->form == FORM_PAGE && list->given == list->limit;
    }
    list->ended = !full && n < ROWS_READ;
    return call->error == NULL;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* The first rows: an address or a domain that is none is found out then. */
static bool read_first(struct http_call *call, struct event_list *list, GString *out)
{
    if (read_rows(call, list, out))
        return true;
    if (g_error_matches(call->error, STORE_ERROR, STORE_ERROR_ADDRESS)) {
        http_answer_problem(&call->answer, PROBLEM_INVALID_ADDRESS, call->error->message);
        g_clear_error(&call->error);
    }
    return false;
}

static enum http_next go_on(struct http_call *call, GString *piece)
{
    struct event_list *list = call->state;

    return read_rows(call, list, piece) && !list->ended ? HTTP_NEXT_MORE : HTTP_NEXT_END;
}

static void answer_whole(struct http_call *call, struct event_list *list)
{
    bool csv = list->form == FORM_CSV;

    if (csv)
        append_header(call->answer.body);
    if (!read_first(call, list, call->answer.body))
        return;
    http_answer_begin(&call->answer, 200, csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
    if (!list->ended)
        call->next = go_on;
}

static char *next_cursor(const struct event_list *list)
{
    g_autofree char *received = g_strdup_printf("%" G_GINT64_FORMAT, list->place.received);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, list->place.id);
    const char *const parts[HTTP_CURSOR_PARTS] = {received, id};

    return http_cursor_write(KIND, parts);
}

static void answer_page(struct http_call *call, struct event_list *list)
{
    g_autofree char *next = NULL;

    http_page_begin(call);
    if (!read_first(call, list, call->answer.body))
        return;
    next = list->ended ? NULL : next_cursor(list);
    http_page_end(call, next);
}

void event_list(struct http_call *call)
{
    struct event_list *list = g_new0(struct event_list, 1);
    const struct http_request *request = &call->request;

    call->state = list;
    call->free_state = g_free;
    if (!read_texts(call, &list->filter) || !read_times(call, &list->filter) || !read_after(call, &list->place))
        return;
    if (!http_request_number(request, "limit", 1, LIMIT_MAX, LIMIT, &list->limit)) {
        refuse(call, "limit: expected 1 to 1000");
        return;
    }
    list->form = http_request_wants(request, "text/csv")               ? FORM_CSV
                 : http_request_wants(request, "application/x-ndjson") ? FORM_LINES
                                                                       : FORM_PAGE;
    if (list->form == FORM_PAGE)
        answer_page(call, list);
    else
        answer_whole(call, list);
}
