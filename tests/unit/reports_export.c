#include "reports/export.h"

#include <stdlib.h>

#include "store_temporary.h"

static void fill(struct temporary *temporary)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "b@example.com");

    temporary_new(temporary, NULL);
    event.diagnostic = "550 \"b\", unknown";
    event.stream = "=news";
    temporary_add(temporary, &event, 1, NOON);
    g_assert_true(store_suppress(temporary->store,
                                 &(struct store_order){.subject = "+4917012345@example.org",
                                                       .who = "ann",
                                                       .note = "=HYPERLINK(1)",
                                                       .now = NOON,
                                                       .until = NOON + DAY},
                                 NULL));
    g_assert_true(store_suppress(
        temporary->store,
        &(struct store_order){.subject = "\"a,b\"@example.com", .who = "ann", .note = "two\nlines", .now = NOON},
        NULL));
    g_assert_true(store_suppress(
        temporary->store, &(struct store_order){.subject = "#9@example.com", .who = "ann", .note = "'=1", .now = NOON},
        NULL));
}

static const char *const expected[] = {
    [EXPORT_CSV] = "recipient,scope,state,reason,verdict,since,until,stream,policy,rule,who,note,diagnostic\r\n"
                   "\"\"\"a,b\"\"@example.com\",all,active,,none,2026-11-21T12:00:00Z,,,,,ann,two lines,\r\n"
                   "#9@example.com,all,active,,none,2026-11-21T12:00:00Z,,,,,ann,''=1,\r\n"
                   "'+4917012345@example.org,all,active,,none,2026-11-21T12:00:00Z,2026-11-22T12:00:00Z,,,,ann,"
                   "'=HYPERLINK(1),\r\n"
                   "b@example.com,all,active,user_unknown,hard,2026-11-21T12:00:00Z,,'=news,1,test-rule,policy,,"
                   "\"550 \"\"b\"\", unknown\"\r\n",
    [EXPORT_JSON] = "{\"recipient\":\"\\\"a,b\\\"@example.com\",\"scope\":\"all\",\"state\":\"active\",\"verdict\":"
                    "\"none\",\"who\":\"ann\","
                    "\"note\":\"two\\nlines\",\"since\":\"2026-11-21T12:00:00Z\"}\n"
                    "{\"recipient\":\"#9@example.com\",\"scope\":\"all\",\"state\":\"active\",\"verdict\":\"none\","
                    "\"who\":\"ann\","
                    "\"note\":\"'=1\",\"since\":\"2026-11-21T12:00:00Z\"}\n"
                    "{\"recipient\":\"+4917012345@example.org\",\"scope\":\"all\",\"state\":\"active\",\"verdict\":"
                    "\"none\",\"who\":\"ann\","
                    "\"note\":\"=HYPERLINK(1)\",\"since\":\"2026-11-21T12:00:00Z\","
                    "\"until\":\"2026-11-22T12:00:00Z\"}\n"
                    "{\"recipient\":\"b@example.com\",\"scope\":\"all\",\"state\":\"active\",\"reason\":\"user_"
                    "unknown\",\"verdict\":\"hard\","
                    "\"stream\":\"=news\",\"policy\":\"1\",\"rule\":\"test-rule\","
                    "\"diagnostic\":\"550 \\\"b\\\", unknown\",\"who\":\"policy\","
                    "\"since\":\"2026-11-21T12:00:00Z\"}\n",
    [EXPORT_TEXT] = "\"a,b\"@example.com\n\"#9\"@example.com\n+4917012345@example.org\nb@example.com\n",
    [EXPORT_TEXTHASH] = "\"a,b\"@example.com 550 5.1.1 suppressed: by hand\n"
                        "+4917012345@example.org 550 5.1.1 suppressed: by hand\n"
                        "b@example.com 550 5.1.1 suppressed: user_unknown\n",
    [EXPORT_OPENSMTPD] = "# @list\n\"a,b\"@example.com\n+4917012345@example.org\nb@example.com\n",
    [EXPORT_RSPAMD] = "\"a,b\"@example.com\n+4917012345@example.org\nb@example.com\n",
    [EXPORT_SQLITE] = NULL, /* a file, as cdb and lmdb are: below */
};

/* Rows that begin as comments do. */
static const unsigned lost[] = {
    [EXPORT_TEXTHASH] = 1, [EXPORT_OPENSMTPD] = 1, [EXPORT_RSPAMD] = 1, [EXPORT_SQLITE] = 0};

static const char wording[] = "suppressed: {reason}";

static void check_format(struct store *store, enum export_format format)
{
    const struct export_settings settings = {.format = format, .wording = wording};
    struct export_count count;
    g_autoptr(StorePages) pages = store_pages(store, &(struct store_filter){0}, NOON);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    g_test_message("%s", export_format_names[format]);
    g_assert_true(export_suppressions(pages, &settings, out, &count, &error));
    g_assert_no_error(error);
    fclose(out);
    g_assert_cmpstr(text, ==, expected[format]);
    g_assert_cmpuint(count.rows, ==, 4 - lost[format]);
    g_assert_cmpuint(count.left_out, ==, lost[format]);
    free(text);
}

static void test_formats(void)
{
    struct temporary temporary;

    fill(&temporary);
    g_assert_null(export_format_names[G_N_ELEMENTS(expected)]);
    for (unsigned format = 0; format < G_N_ELEMENTS(expected); format++) {
        g_assert_cmpint(expected[format] != NULL, ==, export_streams(format));
        if (expected[format] != NULL)
            check_format(temporary.store, format);
    }
    temporary_free(&temporary);
}

/* How many lines name a subject that has entries in two scopes. */
static const unsigned lines_of_two[] = {
    [EXPORT_CSV] = 2,       [EXPORT_JSON] = 2,   [EXPORT_TEXT] = 1,  [EXPORT_TEXTHASH] = 1,
    [EXPORT_OPENSMTPD] = 1, [EXPORT_RSPAMD] = 1, [EXPORT_SQLITE] = 0};

static void test_scopes(void)
{
    static const char *const scopes[] = {"stream=news", "all"};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++)
        g_assert_true(store_suppress(
            temporary.store,
            &(struct store_order){.subject = "two@example.com", .who = "ann", .now = NOON, .scope = scopes[i]}, NULL));
    for (unsigned format = 0; format < G_N_ELEMENTS(lines_of_two); format++) {
        const struct export_settings settings = {.format = format, .wording = wording};
        g_autoptr(StorePages) pages = store_pages(temporary.store, &(struct store_filter){0}, NOON);
        struct export_count count;
        char *text = NULL;
        size_t length = 0;
        unsigned n = 0;

        if (!export_streams(format))
            continue;
        FILE *out = open_memstream(&text, &length);
        g_assert_true(export_suppressions(pages, &settings, out, &count, NULL));
        fclose(out);
        for (const char *at = text; (at = strstr(at, "two@example.com")) != NULL; at++)
            n++;
        g_test_message("%s: %s", export_format_names[format], text);
        g_assert_cmpuint(n, ==, lines_of_two[format]);
        free(text);
    }
    temporary_free(&temporary);
}

/* A file that could not be written is not a list. */
static void test_full(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    const struct export_settings settings = {.format = EXPORT_TEXT, .wording = wording};
    struct export_count count;
    FILE *out = fopen("/dev/full", "w");

    fill(&temporary);
    g_assert_nonnull(out);
    struct store_pages *pages = store_pages(temporary.store, &(struct store_filter){0}, NOON);
    g_assert_false(export_suppressions(pages, &settings, out, &count, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    store_pages_free(pages);
    fclose(out);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/export/formats", test_formats);
    g_test_add_func("/reports/export/scopes", test_scopes);
    g_test_add_func("/reports/export/full", test_full);
    return g_test_run();
}
