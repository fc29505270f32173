#include "cmd/lists/objects.h"

#include <glib.h>
#include <string.h>

#include "parser/text/csv_record.h"

/* The objects, with blanks between them; "!" where it is broken. */
static const struct {
    const char *text;
    const char *objects;
} rows[] = {
    {"", ""},
    {" \n", ""},
    {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":1} {\"a\":2}"},
    {"{\"a\":1}{\"a\":2}", "{\"a\":1} {\"a\":2}"},
    {"[]", ""},
    {"[{\"a\":1},\r\n {\"a\":2}]", "{\"a\":1} {\"a\":2}"},
    {"[{\"a\":[1,[2]],\"b\":{\"c\":[{}]}}]", "{\"a\":[1,[2]],\"b\":{\"c\":[{}]}}"},
    {"{\"n\":1,\"items\": [ {\"a\":1}, {\"a\":2} ],\"x\":{\"y\":[\"]}\\\"\"]}}\n", "{\"a\":1} {\"a\":2}"},
    {"{\"items\":[{\"a\":1}]}{\"items\":[{\"a\":2}]}", "{\"a\":1} {\"a\":2}"},
    {"{\"items\":[]}", "{\"items\":[]}"},
    {"{\"tags\":[\"{\"],\"a\":\"}\\\"{\"}", "{\"tags\":[\"{\"],\"a\":\"}\\\"{\"}"},
    {"{\"a\":1", "!"},
    {"[{\"a\":1}", "{\"a\":1} !"},
    {"{\"items\":[{\"a\":1}]", "{\"a\":1} !"},
    {"{\"items\":[{\"a\":1}],\"x\":\"}", "{\"a\":1} !"},
    {"{\"items\":[{\"a\":1}],\"x\\", "{\"a\":1} !"},
    {"x", "!"},
    {"{\"a\":1}]", "{\"a\":1} !"},
    {"[[{\"a\":1}]]", "!"},
    {"[1]", "!"},
};

static char *take_all(struct span text)
{
    g_autoptr(GString) found = g_string_new(NULL);
    struct objects objects = {0};
    enum objects_result result;
    struct span object;
    size_t used;

    while ((result = objects_take(&objects, text, &object, &used)) <= OBJECTS_RESULT_SKIPPED) {
        g_assert_cmpuint(used, >, 0);
        if (result == OBJECTS_RESULT_OBJECT)
            g_string_append_printf(found, "%s%.*s", found->len > 0 ? " " : "", (int)object.length, object.at);
        text = span_skip(text, used);
    }
    if (result == OBJECTS_RESULT_BROKEN)
        g_string_append(found, found->len > 0 ? " !" : "!");
    return g_strdup(found->str);
}

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *found = take_all(span_of(rows[i].text));

        if (strcmp(found, rows[i].objects) != 0)
            g_error("%s: %s", rows[i].text, found);
    }
}

/* The object around the array may be longer than an object. */
static void test_limits(void)
{
    g_autofree char *filling = g_strnfill(2 * CSV_RECORD_MAX, 'x');
    g_autofree char *around = g_strdup_printf("{\"items\":[{\"a\":1}],\"x\":\"%s\"}", filling);
    g_autofree char *object = g_strdup_printf("{\"x\":\"%s\"}", filling);
    g_autofree char *found = take_all(span_of(around));
    g_autofree char *broken = take_all(span_of(object));

    g_assert_cmpstr(found, ==, "{\"a\":1}");
    g_assert_cmpstr(broken, ==, "!");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/objects/rows", test_rows);
    g_test_add_func("/bouncectl/objects/limits", test_limits);
    return g_test_run();
}
