#include "cmd/bounced/out/feeds/webhook_exchange.h"

#include <jansson.h>
#include <string.h>

#include "cmd/bounced/out/feeds/mautic.h"
#include "reports/json.h"
#include "reports/template.h"
#include "store/event.h"

#define JSON "application/json"

struct webhook_exchange {
    const struct feed_config *config;
    const GPtrArray *items;
    gint64 now;
    const struct form *form;
    GQueue requests; /* of struct webhook_request *, the first of which was given */
    bool given;
};

static void free_request(void *data)
{
    struct webhook_request *request = data;

    g_free(request->path);
    g_string_free(request->body, TRUE);
    g_free(request);
}

/* Its body is to be appended to; `path` becomes its. */
static struct webhook_request *add_request(struct webhook_exchange *exchange, char *path, const char *content_type)
{
    struct webhook_request *request = g_new0(struct webhook_request, 1);

    request->path = path;
    request->content_type = content_type;
    request->body = g_string_new(NULL);
    g_queue_push_tail(&exchange->requests, request);
    return request;
}

static const struct feed_item *first_item(const struct webhook_exchange *exchange)
{
    return exchange->items->pdata[0];
}

/* --- standard: one item as it is; more as {"type": "batch", "timestamp", "data": [...]} -----------------------------
 */

static bool begin_standard(struct webhook_exchange *exchange)
{
    GString *out = add_request(exchange, NULL, JSON)->body;
    g_autofree char *time = event_time_format(exchange->now);

    if (exchange->items->len > 1)
        g_string_append_printf(out, "{\"type\":\"batch\",\"timestamp\":\"%s\",\"data\":[", time);
    for (guint i = 0; i < exchange->items->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        g_string_append(out, ((const struct feed_item *)exchange->items->pdata[i])->json);
    }
    if (exchange->items->len > 1)
        g_string_append(out, "]}");
    return true;
}

/* --- listmonk: POST /webhooks/bounce of one report; it takes hard, soft and complaint alone, of addresses ------------
 */

static bool begin_listmonk(struct webhook_exchange *exchange)
{
    static const char *const kinds[] = {"hard", "soft", "complaint", NULL};
    const struct feed_item *item = first_item(exchange);
    g_autofree char *time = event_time_format(item->at);
    GString *out;

    if (!g_str_has_prefix(item->type, "report.") || item->recipient == NULL || item->verdict == NULL ||
        !g_strv_contains(kinds, item->verdict))
        return false;
    out = add_request(exchange, NULL, JSON)->body;
    g_string_append(out, "{\"email\":");
    json_text(out, item->recipient);
    g_string_append_printf(out, ",\"type\":\"%s\",\"source\":\"bounced\",\"created_at\":\"%s\",\"meta\":%s}",
                           item->verdict, time, item->json);
    return true;
}

/* --- mautic ---------------------------------------------------------------------------------------------------------
 */

static bool begin_mautic(struct webhook_exchange *exchange)
{
    struct mautic_order order;

    if (!mautic_order_of(first_item(exchange), &order))
        return false;
    add_request(exchange, mautic_search(&order), NULL);
    return true;
}

static bool answer_mautic(struct webhook_exchange *exchange, const GString *answer)
{
    struct mautic_order order = {0};
    bool good = mautic_order_of(first_item(exchange), &order);
    g_autoptr(GPtrArray) paths = good ? mautic_paths(&order, answer->str, answer->len) : NULL;

    for (guint i = 0; paths != NULL && i < paths->len; i++)
        mautic_append(add_request(exchange, g_strdup(paths->pdata[i]), JSON)->body, &order);
    return paths != NULL;
}

/* --- template -------------------------------------------------------------------------------------------------------
 */

static void escape_json(GString *out, const char *text)
{
    g_autoptr(GString) quoted = g_string_new(NULL);

    json_text(quoted, text);
    g_string_append_len(out, quoted->str + 1, (gssize)quoted->len - 2);
}

static void escape_form(GString *out, const char *text)
{
    g_string_append_uri_escaped(out, text, NULL, FALSE);
}

static void escape_nothing(GString *out, const char *text)
{
    g_string_append(out, text);
}

static void (*const escapes[])(GString *out, const char *text) = {
    [FEED_CONTENT_JSON] = escape_json,
    [FEED_CONTENT_FORM] = escape_form,
    [FEED_CONTENT_TEXT] = escape_nothing,
};

/* A member of the item's object, or of its data; "event" is the object. Absent ones are empty. */
static void append_member(GString *out, const struct webhook_exchange *exchange, json_t *object, const char *name)
{
    json_t *inner = json_object_get(json_object_get(object, "data"), name);
    json_t *value = inner != NULL ? inner : json_object_get(object, name);
    g_autofree char *number =
        json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : NULL;
    enum feed_content content = exchange->config->content;

    if (strcmp(name, "event") == 0 && content == FEED_CONTENT_JSON)
        g_string_append(out, first_item(exchange)->json);
    else if (strcmp(name, "event") == 0)
        escapes[content](out, first_item(exchange)->json);
    else if (number != NULL || json_is_string(value))
        escapes[content](out, number != NULL ? number : json_string_value(value));
}

static bool begin_template(struct webhook_exchange *exchange)
{
    const struct feed_config *config = exchange->config;
    GString *out = add_request(exchange, NULL, feed_content_names[config->content])->body;
    json_t *object = json_loads(first_item(exchange)->json, 0, NULL);
    struct template_piece piece;

    for (const char *rest = config->body; template_next(&rest, &piece);) {
        g_autofree char *text = g_strndup(piece.start, piece.length);
        if (piece.is_name)
            append_member(out, exchange, object, text);
        else
            g_string_append(out, text);
    }
    json_decref(object);
    return true;
}

/* --- the forms ------------------------------------------------------------------------------------------------------
 */

static const struct form {
    bool (*begin)(struct webhook_exchange *exchange); /* false: the receiver has no use for the items */
    bool (*answer)(struct webhook_exchange *exchange, const GString *answer);
} forms[] = {
    [FEED_FORMAT_STANDARD] = {begin_standard, NULL},
    [FEED_FORMAT_LISTMONK] = {begin_listmonk, NULL},
    [FEED_FORMAT_MAUTIC] = {begin_mautic, answer_mautic},
    [FEED_FORMAT_TEMPLATE] = {begin_template, NULL},
};

struct webhook_exchange *webhook_exchange_new(const struct feed_config *config, const GPtrArray *items, gint64 now)
{
    struct webhook_exchange *exchange = g_new0(struct webhook_exchange, 1);

    exchange->config = config;
    exchange->items = items;
    exchange->now = now;
    exchange->form = &forms[config->format];
    g_queue_init(&exchange->requests);
    if (exchange->form->begin(exchange))
        return exchange;
    webhook_exchange_free(exchange);
    return NULL;
}

void webhook_exchange_free(struct webhook_exchange *exchange)
{
    if (exchange == NULL)
        return;
    g_queue_clear_full(&exchange->requests, free_request);
    g_free(exchange);
}

const struct webhook_request *webhook_exchange_next(struct webhook_exchange *exchange)
{
    if (exchange->given)
        free_request(g_queue_pop_head(&exchange->requests));
    exchange->given = !g_queue_is_empty(&exchange->requests);
    return g_queue_peek_head(&exchange->requests);
}

bool webhook_exchange_answer(struct webhook_exchange *exchange, const GString *answer)
{
    return exchange->form->answer(exchange, answer);
}
