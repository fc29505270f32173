/* Every list of testdata/lists is read as the file NAME.entries beside it says: a line an entry or a rejected row. */
#include "cmd/lists/roster.h"

#define NOW ((gint64)1795339800) /* 2026-11-22T09:30:00Z */

static char *path_of(const char *name)
{
    const char *source = g_getenv("SOURCE");

    return g_build_filename(source != NULL ? source : ".", "testdata", "lists", name, NULL);
}

static void append_time(GString *out, const char *name, gint64 seconds)
{
    g_autofree char *time = seconds != 0 ? event_time_format(seconds) : NULL;

    if (time != NULL)
        g_string_append_printf(out, " %s %s", name, time);
}

static void append_text(GString *out, const char *name, const char *text)
{
    if (text != NULL)
        g_string_append_printf(out, " %s \"%s\"", name, text);
}

static void append_entry(GString *out, const struct entry *entry)
{
    const struct suppression *row = &entry->row;

    g_string_append_printf(out, "%s %s %s", row->subject, row->reason != REASON_NONE ? reason_names[row->reason] : "-",
                           verdict_names[row->verdict]);
    append_text(out, "scope", row->scope);
    append_time(out, "since", row->since);
    append_time(out, "until", row->until);
    append_text(out, "place", entry->place);
    if (entry->unplaced)
        g_string_append(out, " unplaced");
    append_text(out, "who", row->who);
    append_text(out, "note", row->note);
    append_text(out, "diagnostic", row->diagnostic);
}

static char *read_list(const struct roster_settings *settings)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Roster) roster = roster_open(settings, &error);
    enum roster_result result = ROSTER_RESULT_FAILED;
    struct entry entry;

    while (roster != NULL && (result = roster_next(roster, &entry, &error)) <= ROSTER_RESULT_REJECTED) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT ": ", roster_line(roster));
        if (result == ROSTER_RESULT_ENTRY)
            append_entry(out, &entry);
        else
            g_string_append_printf(out, "rejected: %s", roster_fault(roster));
        g_string_append_c(out, '\n');
    }
    g_assert((result == ROSTER_RESULT_FAILED) == (error != NULL));
    if (error != NULL)
        g_string_append_printf(out, "%s\n", error->message);
    if (roster != NULL) {
        g_autofree char *form = roster_form(roster);
        g_string_prepend_c(out, '\n');
        g_string_prepend(out, form);
    }
    return g_strdup(out->str);
}

static void test_lists(void)
{
    g_autoptr(Classifier) classifier = classifier_new(NULL, 0, NULL);
    g_autofree char *folder = path_of("");
    g_autoptr(GDir) lists = g_dir_open(folder, 0, NULL);
    g_autoptr(GHashTable) streams = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    const char *name;
    unsigned n = 0;

    g_assert(lists != NULL);
    g_hash_table_insert(streams, (void *)"newsletter", (void *)"stream=newsletter");
    g_hash_table_insert(tenants, (void *)"shop", (void *)"tenant=shop");
    while ((name = g_dir_read_name(lists)) != NULL) {
        struct grounds kind;

        if (g_str_has_suffix(name, ".entries"))
            continue;
        g_autofree char *path = path_of(name);
        g_autofree char *beside = g_strconcat(path, ".entries", NULL);
        g_autofree char *expected = NULL;
        const struct roster_settings settings = {
            .path = path,
            .name = name,
            .rules = {.classifier = classifier,
                      .kind = grounds_of_name(name, &kind) ? &kind : NULL,
                      .streams = streams,
                      .tenants = tenants,
                      .who = "ann",
                      .now = NOW},
        };
        g_autofree char *got = read_list(&settings);
        if (g_getenv("WRITE") != NULL)
            g_file_set_contents(beside, got, -1, NULL);
        g_assert(g_file_get_contents(beside, &expected, NULL, NULL));
        if (strcmp(got, expected) != 0)
            g_error("%s is read as\n%s", name, got);
        n++;
    }
    g_assert_cmpuint(n, >=, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bouncectl/roster/lists", test_lists);
    return g_test_run();
}
