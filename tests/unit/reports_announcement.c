/* Every kind of report and every change of the list has its type, and its object is what json.h prints. */
#include "reports/announcement.h"

#include <string.h>

static const struct {
    const char *change, *type;
} changes[] = {
    {"add", "suppression.added"},         {"update", "suppression.updated"}, {"hold", "suppression.held"},
    {"confirm", "suppression.confirmed"}, {"remove", "suppression.removed"}, {"expire", "suppression.expired"},
    {"forget", "suppression.forgotten"},
};

static void test_changes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        const struct change change = {.change = changes[i].change};

        g_assert_cmpstr(announcement_type_of_change(&change), ==, changes[i].type);
    }
}

static void test_events(void)
{
    for (unsigned kind = 0; report_kind_names[kind] != NULL; kind++) {
        const struct stored_event event = {.event.kind = kind};
        g_autofree char *type = announcement_type_of_event(&event);

        g_assert_true(g_str_has_prefix(type, "report."));
        g_assert_cmpstr(type + strlen("report."), ==, report_kind_names[kind]);
    }
}

/* A word makes its own type wanted and no other, "report" and "suppression" all of theirs; nothing wanted is all. */
static void test_wanted(void)
{
    static const char *const bad[] = {"",       "report.",  "bounce", "suppression.add", "suppression.*",
                                      "Report", "feed.test"};
    struct announcement_types types = {0};
    char *unknown;

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        types = (struct announcement_types){0};
        g_assert_true(announcement_wants_change(&types, &(struct change){.change = changes[i].change}));
        g_assert_true(announcement_types_add(&types, changes[i].type));
        for (size_t j = 0; j < G_N_ELEMENTS(changes); j++)
            g_assert_cmpint(announcement_wants_change(&types, &(struct change){.change = changes[j].change}), ==,
                            i == j);
        g_assert_true(announcement_wants_changes(&types));
        g_assert_false(announcement_wants_reports(&types));
    }
    g_assert_false(announcement_wants_change(&types, &(struct change){.change = "new"}));
    types = (struct announcement_types){0};
    g_assert_true(announcement_wants_reports(&types) && announcement_wants_changes(&types));
    g_assert_true(announcement_types_read(&types, "report.bounce, suppression", &unknown));
    g_assert_true(announcement_wants_event(&types, &(struct stored_event){.event.kind = REPORT_KIND_BOUNCE}));
    g_assert_false(announcement_wants_event(&types, &(struct stored_event){.event.kind = REPORT_KIND_DELAY}));
    g_assert_true(announcement_wants_change(&types, &(struct change){.change = "forget"}));
    types = (struct announcement_types){0};
    g_assert_true(announcement_types_add(&types, "report"));
    for (unsigned kind = 0; report_kind_names[kind] != NULL; kind++)
        g_assert_true(announcement_wants_event(&types, &(struct stored_event){.event.kind = kind}));
    g_assert_false(announcement_wants_change(&types, &(struct change){.change = "add"}));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(announcement_types_add(&types, bad[i]));
    }
    g_assert_false(announcement_types_read(&types, "report.bounce,nothing", &unknown));
    g_assert_cmpstr(unknown, ==, "nothing");
    g_free(unknown);
}

/* Names that a template may use are those of members, and the other way. */
static void test_members(void)
{
    static const char *const names[] = {"id",  "type", "timestamp", "change",    "scope",      "until",
                                        "who", "door", "note",      "recipient", "diagnostic", "occurred"};
    static const char *const others[] = {"", "i", "ids", "event", "data"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_true(announcement_has(names[i], strlen(names[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(announcement_has(others[i], strlen(others[i])));
    g_assert_true(announcement_has("id}", 2));
}

static void test_objects(void)
{
    const struct stored_event event = {
        .event = {.kind = REPORT_KIND_BOUNCE, .recipient = "a@example.org"}, .received = 1795262400, .digest = "00"};
    const struct change change = {
        .sequence = 7, .at = 1795262401, .change = "remove", .subject = "a@example.org", .scope = "all", .who = "ann"};
    g_autoptr(GString) out = g_string_new(NULL);

    announcement_event(out, NULL, &event);
    g_assert_true(g_str_has_prefix(out->str,
                                   "{\"type\":\"report.bounce\",\"timestamp\":\"2026-11-21T12:00:00Z\",\"data\":"
                                   "{\"kind\":\"bounce\",\"recipient\":\"a@example.org\","));
    g_assert_true(g_str_has_suffix(out->str, "}}"));
    g_string_truncate(out, 0);
    announcement_change(out, "evt_1", &change);
    g_assert_true(g_str_has_prefix(
        out->str, "{\"id\":\"evt_1\",\"type\":\"suppression.removed\",\"timestamp\":\"2026-11-21T12:00:01Z\","
                  "\"data\":{\"sequence\":7,"));
    g_assert_true(g_str_has_suffix(out->str, "}}"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/announcement/changes", test_changes);
    g_test_add_func("/reports/announcement/events", test_events);
    g_test_add_func("/reports/announcement/wanted", test_wanted);
    g_test_add_func("/reports/announcement/members", test_members);
    g_test_add_func("/reports/announcement/objects", test_objects);
    return g_test_run();
}
