/* A field block, and every value in it as an address, a list of addresses and a diagnostic. */
#include <stdint.h>
#include <string.h>

#include "parser/address.h"
#include "parser/text/fields.h"
#include "parser/text/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(struct span value, GString *address)
{
    struct reply found;
    struct span list = value;

    reply_find(value, &found);
    g_assert(found.status.length == 0 || reply_is_status(found.status));
    g_assert(found.code == 0 || (found.code >= 200 && found.code < 600));
    if (address_read(value, ADDRESS_XTEXT, address)) {
        g_assert(g_utf8_validate(address->str, (gssize)address->len, NULL));
        g_assert(strlen(address->str) == address->len && strchr(address->str, '@') != NULL);
    }
    while (address_next(&list, address))
        g_assert(address->len > 2);
}

static void check_fields(const struct fields *fields, GString *address)
{
    for (guint i = 0; i < fields->items->len; i++) {
        const struct field *field = &g_array_index(fields->items, struct field, i);
        const struct field *next = fields_next(fields, field);

        g_assert(field->name.length > 0);
        g_assert(next == NULL || next > field);
        check_value(field->value, address);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = {(const char *)data, size};
    g_autoptr(GString) address = g_string_new(NULL);
    struct fields fields;
    struct span line;

    fields_init(&fields);
    while (rest.length > 0) {
        const char *before = rest.at;
        fields_read(&fields, &rest, 4096);
        if (rest.at == before && !span_line(&rest, &line)) /* at a boundary */
            break;
        check_fields(&fields, address);
    }
    fields_clear(&fields);
    return 0;
}
