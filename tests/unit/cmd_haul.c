/* A list is read onto a pile and put into the store: for which mail its entries hold, what is rejected, and the sums.
 */
#include "cmd/batches/haul.h"

#include "parser/return_path.h"
#include "store_temporary.h"

struct list {
    struct temporary temporary;
    char *path;
    GHashTable *streams, *own_streams, *tenants;
    struct haul_settings settings;
};

static void list_new(struct list *list, const char *text)
{
    GHashTable *streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    temporary_new(&list->temporary, NULL);
    list->path = g_build_filename(list->temporary.directory, "list", NULL);
    g_assert_true(g_file_set_contents(list->path, text, -1, NULL));
    g_hash_table_insert(streams, g_strdup("news"), g_strdup("stream=news"));
    g_hash_table_insert(streams, g_strdup("alerts"), g_strdup("stream=alerts"));
    list->streams = streams;
    list->own_streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(list->own_streams, g_strdup("news"), g_strdup("stream=news"));
    list->tenants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(list->tenants, g_strdup("news"), g_strdup("shop"));
    g_hash_table_insert(list->tenants, g_strdup("alerts"), g_strdup("bank"));
    list->settings = (struct haul_settings){
        .list = {.path = list->path, .name = "list", .rules = {.who = "ann", .door = STORE_DOOR_API, .now = NOON}}};
}

static void list_free(struct list *list)
{
    g_remove(list->path);
    g_free(list->path);
    g_hash_table_unref(list->streams);
    g_hash_table_unref(list->own_streams);
    g_hash_table_unref(list->tenants);
    temporary_free(&list->temporary);
}

/* All of it; what was rejected goes into `faults`, "LINE: FAULT LF". */
static struct haul *read_all(const struct list *list, GString *faults)
{
    g_autoptr(GError) error = NULL;
    struct haul *haul = haul_new(&list->settings, &error);
    enum roster_result result;

    g_assert_no_error(error);
    while ((result = haul_read(haul, &error)) <= ROSTER_RESULT_REJECTED) {
        if (result == ROSTER_RESULT_REJECTED)
            g_string_append_printf(faults, "%" G_GUINT64_FORMAT ": %s\n", haul_line(haul), haul_fault(haul));
    }
    g_assert_no_error(error);
    g_assert_cmpint(result, ==, ROSTER_RESULT_END);
    return haul;
}

static void put_all(const struct list *list, struct haul *haul)
{
    const struct import_settings settings = {.who = "ann",
                                             .door = STORE_DOOR_API,
                                             .batch = list->settings.dry_run ? NULL : "b1",
                                             .now = NOON,
                                             .known = NOON};
    g_autoptr(Import) import = import_new(list->temporary.store, &settings);
    g_autoptr(GError) error = NULL;
    guint n = 1;

    while (n > 0) {
        g_assert_true(haul_take(haul, &n, &error));
        g_assert_true(n == 0 || haul_put(haul, import, &error));
    }
    g_assert_no_error(error);
}

/* The list as it is now: "SUBJECT SCOPE DOOR BATCH LF". */
static char *show(const struct list *list)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const struct store_filter filter = {0};
    g_autoptr(StoreCursor) cursor = store_suppressions(list->temporary.store, &filter, NOON, NULL);
    struct suppression row;

    while (store_next_suppression(cursor, &row, NULL))
        g_string_append_printf(out, "%s %s %s %s\n", row.subject, row.scope, store_door_names[row.door], row.batch);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* --- scopes ------------------------------------------------------------------------------------------------------- */

#define SCOPES                                                                                                         \
    "[{\"email\":\"none@example.org\"},{\"email\":\"named@example.org\",\"group_name\":\"news\",\"reason\":"           \
    "\"unsubscribe\"},{\"email\":\"other@example.org\",\"group_name\":\"alerts\",\"reason\":\"unsubscribe\"},"         \
    "{\"email\":\"unknown@example.org\",\"group_name\":\"weekly\",\"reason\":\"unsubscribe\"}]"

static const struct {
    const char *name;
    const char *scope;  /* of rows that name none */
    bool owned;         /* by the tenant */
    const char *all_of; /* of all entries */
    const char *faults, *list;
    guint64 unknown;
} scopes[] = {
    {"as the list says", NULL, false, NULL, "",
     "named@example.org stream=news api b1\nnone@example.org all api b1\nother@example.org stream=alerts api b1\n"
     "unknown@example.org all api b1\n",
     1},
    {"all of one", NULL, false, "tenant=shop", "",
     "named@example.org tenant=shop api b1\nnone@example.org tenant=shop api b1\n"
     "other@example.org tenant=shop api b1\nunknown@example.org tenant=shop api b1\n",
     0},
    {"a tenant's own alone", "tenant=shop", true, NULL, "",
     "named@example.org stream=news api b1\nnone@example.org tenant=shop api b1\n"
     "other@example.org tenant=shop api b1\nunknown@example.org tenant=shop api b1\n",
     2},
};

static void test_scopes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++) {
        g_autoptr(GString) faults = g_string_new(NULL);
        struct list list;

        g_test_message("%s", scopes[i].name);
        list_new(&list, SCOPES);
        list.settings.scope = scopes[i].scope;
        list.settings.audience = (struct audience){scopes[i].owned ? "shop" : NULL, list.tenants};
        list.settings.list.rules.streams = scopes[i].owned ? list.own_streams : list.streams;
        list.settings.list.rules.scope = scopes[i].all_of;
        g_autoptr(Haul) haul = read_all(&list, faults);
        put_all(&list, haul);
        g_autofree char *there = show(&list);
        g_assert_cmpstr(faults->str, ==, scopes[i].faults);
        g_assert_cmpstr(there, ==, scopes[i].list);
        g_assert_cmpuint(haul_sums(haul)->unknown, ==, scopes[i].unknown);
        list_free(&list);
    }
}

/* Our own export names the scope of each entry: those of others are rejected, and so are those of all mail. */
static void test_owned(void)
{
    g_autoptr(GString) faults = g_string_new(NULL);
    struct list list;

    list_new(&list,
             "recipient,scope,state,reason,verdict,stream,policy,rule,diagnostic,who,door,batch,note,since,until\n"
             "a@example.org,all,active,,none,,,,,bob,cli,,,,\n"
             "b@example.org,tenant=shop,active,,none,,,,,bob,cli,,,,\n"
             "c@example.org,tenant=bank,active,,none,,,,,bob,cli,,,,\n"
             "d@example.org,stream=news,active,,none,,,,,bob,cli,old,,,\n"
             "e@example.org,,active,,none,,,,,bob,cli,,,,\n");
    list.settings.scope = "tenant=shop";
    list.settings.audience = (struct audience){"shop", list.tenants};
    list.settings.list.rules.streams = list.own_streams;
    list.settings.list.rules.any_scope = true;
    g_autoptr(Haul) haul = read_all(&list, faults);
    g_assert_cmpstr(faults->str, ==, "2: its scope is another tenant's\n4: its scope is another tenant's\n");
    put_all(&list, haul);
    g_autofree char *there = show(&list), *form = haul_form(haul);
    g_assert_cmpstr(there, ==,
                    "b@example.org tenant=shop cli b1\nd@example.org stream=news cli old\n"
                    "e@example.org tenant=shop cli b1\n");
    g_assert_cmpstr(form, ==, "csv, in the form of bouncectl export");
    g_assert_cmpuint(haul_sums(haul)->rejected, ==, 2);
    list_free(&list);
}

/* --- sums --------------------------------------------------------------------------------------------------------- */

static char *sums_of(const struct list *list, const char *batch)
{
    g_autoptr(GString) faults = g_string_new(NULL), out = g_string_new(NULL);
    g_autoptr(Haul) haul = read_all(list, faults);

    put_all(list, haul);
    haul_sums_json(out, haul_sums(haul), batch);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_sums(void)
{
    struct list list;

    list_new(&list, "a@example.org\nb@example.org\nA@example.org\nnobody\n");
    list.settings.dry_run = true;
    g_autofree char *tried = sums_of(&list, NULL);
    g_assert_cmpstr(tried, ==,
                    "\"added\":2,\"changed\":0,\"already_there\":0,\"longer_there\":0,\"removed_by_hand\":0,"
                    "\"duplicates\":1,\"rejected\":1,\"dry_run\":true");
    g_autofree char *nothing = show(&list);
    g_assert_cmpstr(nothing, ==, "");
    list.settings.dry_run = false;
    g_autofree char *done = sums_of(&list, "b1");
    g_assert_cmpstr(done, ==,
                    "\"added\":2,\"changed\":0,\"already_there\":0,\"longer_there\":0,\"removed_by_hand\":0,"
                    "\"duplicates\":1,\"rejected\":1,\"batch\":\"b1\"");
    g_autofree char *again = sums_of(&list, "b1");
    g_assert_cmpstr(again, ==,
                    "\"added\":0,\"changed\":0,\"already_there\":2,\"longer_there\":0,\"removed_by_hand\":0,"
                    "\"duplicates\":1,\"rejected\":1,\"batch\":\"b1\"");
    list_free(&list);
}

/* Each of the numbers has a name of its own in JSON. */
static void test_names(void)
{
    const struct haul_sums sums = {.outcomes = {[IMPORT_ADDED] = 11,
                                                [IMPORT_CHANGED] = 12,
                                                [IMPORT_LISTED] = 13,
                                                [IMPORT_LONGER] = 14,
                                                [IMPORT_REMOVED] = 15},
                                   .duplicates = 16,
                                   .rejected = 17};
    g_autoptr(GString) out = g_string_new(NULL);

    haul_sums_json(out, &sums, "b1");
    g_assert_cmpstr(out->str, ==,
                    "\"added\":11,\"changed\":12,\"already_there\":13,\"longer_there\":14,\"removed_by_hand\":15,"
                    "\"duplicates\":16,\"rejected\":17,\"batch\":\"b1\"");
}

static void test_streams(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct return_path news = {.stream = (char *)"news", .tenant = (char *)"shop"}, none = {.stream = NULL};

    g_ptr_array_add(paths, &news);
    g_ptr_array_add(paths, &none);
    g_ptr_array_add(paths, &news);
    g_autoptr(GHashTable) streams = haul_streams(paths);
    g_assert_cmpuint(g_hash_table_size(streams), ==, 1);
    g_assert_cmpstr(g_hash_table_lookup(streams, "news"), ==, "stream=news");
    g_autoptr(GHashTable) tenants = haul_tenants(paths);
    g_assert_cmpuint(g_hash_table_size(tenants), ==, 1);
    g_assert_cmpstr(g_hash_table_lookup(tenants, "shop"), ==, "tenant=shop");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/haul/scopes", test_scopes);
    g_test_add_func("/cmd/haul/owned", test_owned);
    g_test_add_func("/cmd/haul/sums", test_sums);
    g_test_add_func("/cmd/haul/names", test_names);
    g_test_add_func("/cmd/haul/streams", test_streams);
    return g_test_run();
}
