#include "parser/text/fields.h"

#include <string.h>

/* `fields` as "name=value|..." with folds as they are; `rest` is what is left. */
static const struct {
    const char *text;
    size_t max_bytes;
    const char *fields;
    const char *rest;
    bool cut;
} cases[] = {
    {"A: 1\nB:2\n\nbody", 100, "A=1|B=2", "body", false},
    {"A: 1\r\nB: 2\r\n\r\nbody", 100, "A=1|B=2", "body", false},
    {"A : 1\nB:\n", 100, "A=1|B=", "", false},
    {"A: 1\n 2\n\t3\nB: 4\n", 100, "A=1\n 2\n\t3|B=4", "", false},
    {" folded into nothing\nA: 1\n", 100, "A=1", "", false},
    {"From anna Sat Nov 21 10:00\nA: 1\n\nx", 100, "A=1", "x", false},
    {"no field\nA: 1\n", 100, "A=1", "", false},
    {": 1\nA B: 2\nC: 3\n", 100, "C=3", "", false},
    {"A: 1\n--b\nB: 2\n", 100, "A=1", "--b\nB: 2\n", false},
    {"\nA: 1\n", 100, "", "A: 1\n", false},
    {"A: 1\nB: 2\nC: 3\n\nx", 10, "A=1|B=2", "x", true},
    {"A: 1\nB: 22222222\n 3\n\nx", 10, "A=1", "x", true},
    {"", 100, "", "", false},
    {"A", 100, "", "", false},
};

static void test_read(void)
{
    struct fields fields;

    fields_init(&fields);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct span rest = span_of(cases[i].text);
        g_autoptr(GString) got = g_string_new(NULL);
        bool any = fields_read(&fields, &rest, cases[i].max_bytes);

        for (guint k = 0; k < fields.items->len; k++) {
            const struct field *field = &g_array_index(fields.items, struct field, k);
            g_string_append_printf(got, "%s%.*s=%.*s", k > 0 ? "|" : "", (int)field->name.length, field->name.at,
                                   (int)field->value.length, field->value.at);
        }
        g_string_replace(got, "\r", "", 0);
        if (strcmp(got->str, cases[i].fields) != 0 || !span_is(rest, cases[i].rest) || fields.cut != cases[i].cut ||
            any != (cases[i].fields[0] != '\0')) {
            g_test_message("%s: got %s, rest '%.*s', cut %d", cases[i].text, got->str, (int)rest.length, rest.at,
                           fields.cut);
            g_test_fail();
        }
    }
    fields_clear(&fields);
}

/* A block of nothing but tiny fields must not cost a multiple of its size: what is more than 5000 is cut. */
static void test_many(void)
{
    for (unsigned n = 5000; n <= 5001; n++) {
        g_autoptr(GString) text = g_string_new(NULL);
        struct fields fields;
        struct span rest;

        for (unsigned i = 0; i < n; i++)
            g_string_append(text, "A:\n");
        g_string_append(text, "\nbody");
        rest = (struct span){text->str, text->len};
        fields_init(&fields);
        g_assert_true(fields_read(&fields, &rest, text->len));
        g_assert_cmpuint(fields.items->len, ==, 5000);
        g_assert_cmpint(fields.cut, ==, n > 5000);
        g_assert_true(span_is(rest, "body"));
        fields_clear(&fields);
    }
}

static void test_find(void)
{
    struct span rest = span_of("To: 1\nCc: 2\nTO: 3\n");
    struct fields fields;
    const struct field *field;

    fields_init(&fields);
    fields_read(&fields, &rest, 100);
    field = fields_find(&fields, "to");
    g_assert_true(span_is(field->value, "1"));
    field = fields_next(&fields, field);
    g_assert_true(span_is(field->value, "3"));
    g_assert_null(fields_next(&fields, field));
    g_assert_null(fields_find(&fields, "t"));
    g_assert_true(fields_get(&fields, "Bcc").at == NULL);
    fields_clear(&fields);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/fields/read", test_read);
    g_test_add_func("/parser/fields/many", test_many);
    g_test_add_func("/parser/fields/find", test_find);
    return g_test_run();
}
