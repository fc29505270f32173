#include "parser/text/csv_record.h"

#include <string.h>

/* Fields are shown with "|" between them. */
static const struct {
    const char *text;
    const char *fields; /* NULL: it is broken */
    size_t used;        /* 0: all */
    unsigned lines;
} rows[] = {
    {"a,b", "a|b", 0, 0},
    {"a,b\n", "a|b", 0, 1},
    {"a,b\r\nc", "a|b", 5, 1},
    {"a,b\rc", "a|b", 4, 1},
    {"\n", "", 0, 1},
    {",", "|", 0, 0},
    {",\n", "|", 0, 1},
    {"\"\"", "", 0, 0},
    {"\"a,b\",c", "a,b|c", 0, 0},
    {"\"a\nb\r\nc\rd\",e\nf", "a\nb\r\nc\rd|e", 13, 4},
    {"\"say \"\"yes\"\"\"", "say \"yes\"", 0, 0},
    {"\"\"\"\"\"\"", "\"\"", 0, 0},
    {"a\"b\"c,d", "a\"b\"c|d", 0, 0},
    {" \"a\"", " \"a\"", 0, 0},
    {"\"a\"b", NULL, 0, 0},
    {"\"a\" ,b", NULL, 0, 0},
    {"\"a", NULL, 0, 0},
    {"\"", NULL, 0, 0},
    {"\"a\"\"", NULL, 0, 0},
};

static void test_rows(void)
{
    struct csv_record record;

    csv_record_init(&record);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct span text = {rows[i].text, strlen(rows[i].text)};
        const char *fault = csv_record_take(&record, text, ',');

        if ((fault == NULL) != (rows[i].fields != NULL))
            g_error("%s: %s", rows[i].text, fault);
        if (fault != NULL)
            continue;
        g_autoptr(GString) fields = g_string_new(NULL);
        for (unsigned j = 0; j < record.n; j++) {
            g_string_append(fields, j > 0 ? "|" : "");
            g_string_append_len(fields, record.fields[j].at, (gssize)record.fields[j].length);
        }
        if (strcmp(fields->str, rows[i].fields) != 0 || record.lines != rows[i].lines ||
            record.used != (rows[i].used != 0 ? rows[i].used : text.length))
            g_error("%s: \"%s\", %zu octets, %u lines", rows[i].text, fields->str, record.used, record.lines);
    }
    csv_record_clear(&record);
}

static void test_limits(void)
{
    g_autofree char *text = g_malloc(2 * CSV_RECORD_MAX);
    struct csv_record record;

    csv_record_init(&record);
    memset(text, 'a', 2 * CSV_RECORD_MAX);
    text[CSV_RECORD_MAX - 1] = '\n';
    g_assert_null(csv_record_take(&record, (struct span){text, 2 * CSV_RECORD_MAX}, ','));
    g_assert_cmpuint(record.used, ==, CSV_RECORD_MAX);
    text[CSV_RECORD_MAX - 1] = 'a';
    g_assert_nonnull(csv_record_take(&record, (struct span){text, 2 * CSV_RECORD_MAX}, ','));
    memset(text, ',', CSV_RECORD_FIELDS_MAX - 1);
    g_assert_null(csv_record_take(&record, (struct span){text, CSV_RECORD_FIELDS_MAX - 1}, ','));
    g_assert_cmpuint(record.n, ==, CSV_RECORD_FIELDS_MAX);
    memset(text, ',', CSV_RECORD_FIELDS_MAX);
    g_assert_nonnull(csv_record_take(&record, (struct span){text, CSV_RECORD_FIELDS_MAX}, ','));
    /* A field of nothing but doubled quotes does not move the fields before it. */
    memset(text, '"', CSV_RECORD_MAX);
    g_assert_null(csv_record_take(&record, (struct span){text, CSV_RECORD_MAX}, ','));
    g_assert_cmpuint(record.fields[0].length, ==, CSV_RECORD_MAX / 2 - 1);
    csv_record_clear(&record);
}

static void test_separators(void)
{
    static const struct {
        const char *text;
        char separator;
    } lines[] = {
        {"a,b", ','},     {"a;b;c,d", ';'}, {"a\tb", '\t'},       {"a", '\0'},
        {"a\nb,c", '\0'}, {"", '\0'},       {"\"a,b,c\";d", ';'}, {"\"a,b\"", '\0'},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        g_assert_cmpint(csv_record_separator(span_of(lines[i].text)), ==, lines[i].separator);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/csv_record/rows", test_rows);
    g_test_add_func("/bouncectl/csv_record/limits", test_limits);
    g_test_add_func("/bouncectl/csv_record/separators", test_separators);
    return g_test_run();
}
