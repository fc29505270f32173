#include "cmd/bounced/out/feeds/mautic.h"

#include <jansson.h>
#include <string.h>

#include "reports/json.h"

#define MARK "bounced: " /* begins the comments that are ours */

static const struct {
    const char *type; /* of the item */
    bool lifts;
} types[] = {
    {"suppression.added", false},
    {"suppression.confirmed", false},
    {"suppression.removed", true},
    {"suppression.expired", true},
};

static const struct {
    const char *verdict;
    int why;
} whys[] = {
    {"hard", 2}, {"soft", 2}, {"complaint", 1}, {"unsubscribe", 1}, {"none", 3},
};

/* One that is a word of the search, whatever its local part. */
static bool is_searchable(const char *address)
{
    if (address == NULL || strchr(address, '@') == NULL || *address == '@' || *address == '.')
        return false;
    for (const char *c = address; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr("@.!#$&'*+-/=?^_`{|}~", *c) == NULL)
            return false;
    }
    return true;
}

bool mautic_order_of(const struct feed_item *item, struct mautic_order *order)
{
    size_t type = 0, verdict = 0;

    while (type < G_N_ELEMENTS(types) && g_strcmp0(types[type].type, item->type) != 0)
        type++;
    while (verdict < G_N_ELEMENTS(whys) && g_strcmp0(whys[verdict].verdict, item->verdict) != 0)
        verdict++;
    /* It has one mark for all scopes: that stays while there is another entry. */
    if (type < G_N_ELEMENTS(types) && types[type].lifts && item->listed)
        return false;
    if (type == G_N_ELEMENTS(types) || verdict == G_N_ELEMENTS(whys) || !is_searchable(item->recipient))
        return false;
    *order = (struct mautic_order){item->recipient, types[type].lifts, whys[verdict].why, item->reason};
    return true;
}

char *mautic_search(const struct mautic_order *order)
{
    g_autofree char *address = g_uri_escape_string(order->address, NULL, FALSE);

    return g_strdup_printf("/api/contacts?search=email:%s&limit=100", address);
}

/* --- the answer: {"contacts": {ID: {"fields": {"all": {"email": ...}}, "doNotContact": [...]}}} ---------------------
 */

/* The search finds more than it is asked for, as addresses that hold this one. */
static bool has_address(json_t *contact, const char *address)
{
    json_t *fields = json_object_get(contact, "fields");
    json_t *all = json_object_get(json_object_get(fields, "all"), "email");
    json_t *core = json_object_get(json_object_get(json_object_get(fields, "core"), "email"), "value");
    const char *email = json_string_value(all != NULL ? all : core);

    return email != NULL && g_ascii_strcasecmp(email, address) == 0;
}

/* Why it may not be sent mail, as a comment; NULL: it may. */
static const char *refusal_of(json_t *contact)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(contact, "doNotContact"), i, row)
    {
        const char *comments = json_string_value(json_object_get(row, "comments"));

        if (g_strcmp0(json_string_value(json_object_get(row, "channel")), "email") == 0)
            return comments != NULL ? comments : "";
    }
    return NULL;
}

static bool is_to_change(json_t *contact, const struct mautic_order *order)
{
    const char *refusal = refusal_of(contact);

    return order->lifts ? refusal != NULL && g_str_has_prefix(refusal, MARK) : refusal == NULL;
}

static bool is_number(const char *id)
{
    return *id != '\0' && strspn(id, "0123456789") == strlen(id);
}

GPtrArray *mautic_paths(const struct mautic_order *order, const char *answer, size_t length)
{
    json_t *root = json_loadb(answer, length, 0, NULL), *contacts = json_object_get(root, "contacts"), *contact;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    const char *id;

    json_object_foreach(contacts, id, contact)
    {
        if (is_number(id) && has_address(contact, order->address) && is_to_change(contact, order))
            g_ptr_array_add(paths,
                            g_strdup_printf("/api/contacts/%s/dnc/email/%s", id, order->lifts ? "remove" : "add"));
    }
    if (!json_is_object(contacts) && !json_is_array(contacts)) /* without any it is an array */
        g_clear_pointer(&paths, g_ptr_array_unref);
    json_decref(root);
    return paths;
}

void mautic_append(GString *out, const struct mautic_order *order)
{
    g_autofree char *comments =
        g_strconcat(MARK, order->reason != NULL && *order->reason != '\0' ? order->reason : "by hand", NULL);

    if (order->lifts) {
        g_string_append(out, "{}");
        return;
    }
    g_string_append_printf(out, "{\"reason\":%d,\"comments\":", order->why);
    json_text(out, comments);
    g_string_append_c(out, '}');
}
