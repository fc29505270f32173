#include "cmd/lists/members.h"

#include <string.h>

enum { NAMES_MAX_OCTETS = 4096 };

void members_init(struct members *members)
{
    *members = (struct members){
        /* Never more: the names that are in it do not move. */
        .joined = g_string_sized_new(NAMES_MAX_OCTETS),
        .key = g_string_new(NULL),
        .before = g_string_new(NULL),
    };
    for (unsigned i = 0; i < MEMBERS_MAX; i++)
        members->texts[i] = g_string_new(NULL);
}

void members_clear(struct members *members)
{
    json_decref(members->object);
    g_string_free(members->joined, TRUE);
    g_string_free(members->key, TRUE);
    g_string_free(members->before, TRUE);
    for (unsigned i = 0; i < MEMBERS_MAX; i++)
        g_string_free(members->texts[i], TRUE);
}

static void add(struct members *members, struct span name, const json_t *value)
{
    if (members->n == MEMBERS_MAX)
        return;
    members->names[members->n] = name;
    members->values[members->n++] = value;
    g_string_append_len(members->key, name.at, (gssize)name.length);
    g_string_append_c(members->key, '\0'); /* no name has it */
}

static void add_inner(struct members *members, const char *name, json_t *object)
{
    GString *joined = members->joined;
    const char *inner_name;
    json_t *value;

    json_object_foreach(object, inner_name, value)
    {
        size_t begin = joined->len, length = strlen(name) + strlen(inner_name);
        if (begin + length >= NAMES_MAX_OCTETS)
            break;
        g_string_append(joined, name);
        g_string_append(joined, inner_name);
        add(members, (struct span){joined->str + begin, length}, value);
    }
}

bool members_read(struct members *members, struct span object)
{
    GString *before = members->before;
    const char *name;
    json_error_t bad;
    json_t *value;

    json_decref(members->object);
    members->object = json_loadb(object.at, object.length, JSON_REJECT_DUPLICATES, &bad);
    members->n = 0;
    if (members->object == NULL) {
        enum json_error_code code = json_error_code(&bad);
        bool nul = code == json_error_null_character || code == json_error_null_byte_in_key;

        g_snprintf(members->fault, sizeof members->fault, nul ? "it holds a NUL, \\u0000" : "it is no JSON: %s",
                   bad.text);
        return false;
    }
    members->before = members->key;
    members->key = before;
    g_string_truncate(members->key, 0);
    g_string_truncate(members->joined, 0);
    json_object_foreach(members->object, name, value)
    {
        if (json_is_object(value))
            add_inner(members, name, value);
        else
            add(members, span_of(name), value);
    }
    return true;
}

bool members_same(const struct members *members)
{
    return g_string_equal(members->key, members->before);
}

const char *members_text(struct members *members, unsigned i)
{
    const json_t *value = members->values[i];
    GString *text = members->texts[i];

    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        g_string_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return text->str;
    case JSON_REAL:
        g_string_printf(text, "%.0f", json_real_value(value));
        return text->str;
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_ARRAY:
        return json_array_size(value) == 1 ? json_string_value(json_array_get(value, 0)) : NULL;
    default:
        return NULL;
    }
}
