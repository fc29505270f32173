/* Every message of testdata is read as its .json says, whatever the line ends, and every row of dialects.c has one
 * there that it alone reads. */
#include <string.h>

#include "parser/parser.h"
#include "parser/prose/dialects.h"
#include "parser/text/json_scan.h"

/* Not rows, but readers beside them. */
static const char *const readers[] = {"generic", "amazonses", NULL};

static char *data_path(const char *name)
{
    const char *source = g_getenv("SOURCE");

    return g_build_filename(source != NULL ? source : ".", "testdata", name, NULL);
}

static char *load(const char *name, size_t *length)
{
    g_autofree char *path = data_path(name);
    char *bytes = NULL;

    if (!g_file_get_contents(path, &bytes, length, NULL))
        g_error("%s: cannot be read", path);
    return bytes;
}

static const char *value_of(const struct report *report, const struct report_recipient *recipient, const char *key,
                            char reply[8])
{
    g_snprintf(reply, 8, "%u", recipient->reply);
    const struct {
        const char *key;
        const char *value;
    } values[] = {
        {"kind", report_kind_names[recipient->kind]},
        {"recipient", recipient->recipient},
        {"recipient_from", report_from_names[recipient->recipient_from]},
        {"final_recipient", recipient->final_recipient},
        {"action", report_action_names[recipient->action]},
        {"status", recipient->status},
        {"reply", recipient->reply == 0 ? NULL : reply},
        {"diagnostic", recipient->diagnostic},
        {"reporting_mta", report->reporting_mta},
        {"remote_mta", recipient->remote_mta},
        {"dialect", report->dialect},
        {"feedback_type", report->feedback_type},
        {"user_agent", report->user_agent},
        {"source_ip", report->source_ip},
        {"original_mail_from", report->original_mail_from},
        {"reported_domain", report->reported_domain},
        {"auth_failure", report->auth_failure},
        {"sender", report->sender},
        {"message_id", report->message_id},
        {"subject", report->subject},
        {"list_id", report->list_id},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (strcmp(values[i].key, key) == 0)
            return values[i].value == NULL ? "" : values[i].value;
    }
    return NULL; /* the classifier's, or the clock's */
}

/* One field of the recipient that the scalar is about; its index. `object`: the number of the object that is read. */
static guint check_field(const char *name, const struct report *report, const struct json_scan *scan, guint object)
{
    struct span key = json_scan_key(scan, 0);
    g_autofree char *field = g_strndup(key.at, key.length);
    guint n = scan->depth == 2 ? (guint)scan->levels[0].item : object; /* in a list, or not */
    const char *seen;
    char reply[8];

    g_assert_cmpuint(n, <, report->recipients->len);
    seen = value_of(report, g_ptr_array_index(report->recipients, n), field, reply);
    if (seen != NULL && strcmp(seen, scan->value->str) != 0)
        g_error("%s, recipient %u: %s is '%s', expected '%s'", name, n, field, seen, scan->value->str);
    return n;
}

/* `expected` is a list of objects, or objects one after the other. */
static void check(const char *name, const struct report *report, struct span expected)
{
    struct json_scan scan;
    guint n = 0;

    for (guint object = 0; span_trim(expected).length > 0; object++) {
        json_scan_init(&scan, expected);
        while (json_scan_next(&scan))
            n = check_field(name, report, &scan, object);
        g_assert_cmpuint(scan.rest.length, <, expected.length);
        expected = scan.rest;
        json_scan_clear(&scan);
    }
    if (report->recipients->len != n + 1)
        g_error("%s: %u recipients, expected %u", name, report->recipients->len, n + 1);
}

enum line_end { AS_IT_IS, CRLF, CR };

static GString *with_line_ends(const char *bytes, size_t length, enum line_end end)
{
    GString *out = g_string_new_len(bytes, (gssize)length);

    if (end != AS_IT_IS)
        g_string_replace(out, "\n", end == CRLF ? "\r\n" : "\r", 0);
    return out;
}

static void read_pair(const char *name, GHashTable *seen)
{
    g_autofree char *eml = g_strconcat(name, ".eml", NULL);
    g_autofree char *json = g_strconcat(name, ".json", NULL);
    g_autofree char *bytes = NULL;
    g_autofree char *expected = NULL;
    struct report_settings settings;
    size_t length, expected_length;

    bytes = load(eml, &length);
    expected = load(json, &expected_length);
    report_settings_defaults(&settings);
    for (enum line_end end = AS_IT_IS; end <= CR; end++) {
        g_autoptr(GString) message = with_line_ends(bytes, length, end);
        g_autoptr(Report) report = parser_read(&settings, NULL, message->str, message->len);
        check(eml, report, (struct span){expected, expected_length});
        if (report->dialect != NULL)
            g_hash_table_add(seen, g_strdup(report->dialect));
    }
}

static void test_messages(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *path = data_path(".");
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    g_assert_nonnull(folder);
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *base = NULL;
        if (!g_str_has_suffix(name, ".json"))
            continue;
        base = g_strndup(name, strlen(name) - strlen(".json"));
        read_pair(base, seen);
    }
    for (size_t i = 0; i < n_dialects; i++) {
        if (!g_hash_table_contains(seen, dialects[i].name))
            g_error("no message in testdata is read as %s", dialects[i].name);
    }
    for (size_t i = 0; readers[i] != NULL; i++)
        g_assert_true(g_hash_table_contains(seen, readers[i]));
}

static bool is_lower(const char *name)
{
    for (; *name != '\0'; name++) {
        if (!g_ascii_islower(*name) && !g_ascii_isdigit(*name))
            return false;
    }
    return true;
}

/* A row without anything to go by would read every message; one that no opening reaches reads none. */
static void test_rows(void)
{
    for (size_t i = 0; i < n_dialects; i++) {
        const struct dialect *row = &dialects[i];
        if (!is_lower(row->name) || (row->field == NULL) != (row->holds == NULL) ||
            (row->field == NULL && row->openings == NULL))
            g_error("row %zu, %s", i, row->name);
        for (size_t k = 0; row->openings != NULL && row->openings[k] != NULL; k++) {
            struct span opening = span_of(row->openings[k]);
            if (opening.length < (row->field == NULL ? 8 : 4) || dialect_bare(opening).at != opening.at)
                g_error("row %s: '%s' is too short, or starts with decoration", row->name, row->openings[k]);
        }
    }
}

/* Lines that say that the returned message follows, and lines that start it. */
static const char *const returned[] = {
    "----- Below this line is a copy of the message -----",
    "----- Below the next line is a copy of the message -----",
    "----- Below is a copy of the original message -----",
    "----- Enclosed is a copy of the message -----",
    "----- This is a copy of the message -----",
    "----- This is a copy of your message -----",
    "----- This is the start of a copy -----",
    "----- A copy of the original message -----",
    "----- Original message -----",
    "----- Begin original message -----",
    "----- Begin of original message -----",
    "----- Beginning of original message -----",
    "----- Start of original message -----",
    "----- Begin forwarded message -----",
    "----- Original mail -----",
    "----- The header of the original message -----",
    "----- Included is a copy of the message header -----",
    "----- Message header follows -----",
    "----- Message headers follow -----",
    "----- Message text follows -----",
    "----- Returned message -----",
    "----- Returned mail follows -----",
    "----- Unsent message follows -----",
    "----- Start of returned message -----",
    "----- Text of your message follows -----",
    "----- Your original message -----",
    "----- Undelivered message follows -----",
    "----- Old message: -----",
    "Return-Path: <a@example.org>",
    "Received: from a.example.org",
};

static void test_returned(void)
{
    struct span told;

    for (size_t i = 0; i < G_N_ELEMENTS(returned); i++) {
        g_autofree char *text = g_strconcat("It failed.\n\n", returned[i], "\nFrom: a@example.org\n", NULL);

        g_test_message("%s", returned[i]);
        g_assert_nonnull(dialect_cut_returned(NULL, span_of(text), &told).at);
        g_assert_cmpuint(told.length, ==, strlen("It failed.\n\n"));
    }
    g_assert_null(dialect_cut_returned(NULL, span_of("It failed.\nFrom: a@example.org\n"), &told).at);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dialect/rows", test_rows);
    g_test_add_func("/dialect/messages", test_messages);
    g_test_add_func("/dialect/returned", test_returned);
    return g_test_run();
}
