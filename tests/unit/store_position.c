/* A position is where somebody goes on, whatever became of the rows meanwhile, or it is gone and says so. */
#include "store/position.h"

#include "store/backup.h"
#include "store/privacy.h"
#include "store/tail.h"
#include "store_temporary.h"

static void add(struct temporary *temporary, const char *recipient, gint64 at)
{
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, recipient);

    temporary_add(temporary, &event, 1, at);
}

static struct store_position end_of(struct store *store)
{
    struct store_position position;
    g_autoptr(GError) error = NULL;

    g_assert_true(store_position_end(store, &position, &error));
    g_assert_no_error(error);
    return position;
}

/* All that comes behind the position, "a@example.org +a@example.org", as far as it is read: `limit` items; and the
 * position then. "gone" if it is. */
static char *follow(struct store *store, struct store_position *position, guint limit)
{
    const struct store_filter all = {0};
    const struct store_tail_settings settings = {.filter = &all, .events = true, .changes = true, .position = position};
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreTail) tail = store_tail_new(store, &settings, &error);
    GString *got = g_string_new(NULL);
    struct store_tail_item item;

    while (tail != NULL && error == NULL && limit > 0 && store_tail_stirred(tail)) {
        while (limit > 0 && store_tail_next(tail, &item, &error)) {
            const char *address = item.event != NULL ? item.event->event.recipient : item.change->subject;
            g_string_append_printf(got, "%s%s%s", got->len > 0 ? " " : "", item.event == NULL ? "+" : "", address);
            limit--;
        }
    }
    if (error != NULL) {
        g_assert_error(error, STORE_ERROR, STORE_ERROR_GONE);
        g_string_assign(got, "gone");
    }
    if (tail != NULL)
        store_tail_position(tail, position);
    return g_string_free(got, FALSE);
}

static void comes(struct store *store, struct store_position *position, guint limit, const char *expected)
{
    g_autofree char *got = follow(store, position, limit);

    g_assert_cmpstr(got, ==, expected);
}

static void test_text(void)
{
    static const struct store_position good[] = {
        {0, 0, 1}, {1, 2, 3}, {G_MAXINT64, G_MAXINT64, G_MAXUINT32}, {62, 63, 0xfbffbffb}, {G_MAXINT64 - 1, 255, 256}};
    static const char *const bad[] = {
        "",
        "7d",
        "2026-11-28",
        "AQAAAAMAAAAAAAAAAQAAAAAAAAA",
        "AQAAAAMAAAAAAAAAAQAAAAAAAAACA",
        "AgAAAAMAAAAAAAAAAQAAAAAAAAAC",
        "AQAAAAAAAAAAAAAAAQAAAAAAAAAC",
        "AQAAAAOAAAAAAAAAAQAAAAAAAAAC",
        "AQAAAAMAAAAAAAAAAYAAAAAAAAAC",
        "AQAAAAMAAAAAAAAAAQAAAAAAAAA=",
        "AQAAAAMAAAAAAAAAAQAAAAAAAA\nC",
        "AQAAAAMAAAAAAAAAAQAAAAAAAA+C",
        "AQAAAAMAAAAAAAAAAQAAAAAAAA/C",
        "\303\251AAAAMAAAAAAAAAAAQAAAAAAAAAC",
        "\xff",
    };
    struct store_position position;

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *text = store_position_format(&good[i]);
        g_test_message("%s", text);
        g_assert_cmpuint(strlen(text), ==, POSITION_TEXT);
        g_assert_cmpuint(strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"), ==, POSITION_TEXT);
        g_assert_true(store_position_parse(text, &position));
        g_assert_true(store_position_same(&position, &good[i]));
    }
    g_assert_true(store_position_parse("AQAAAAMAAAAAAAAAAQAAAAAAAAAC", &position));
    g_assert_true(store_position_same(&position, &good[1]));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(store_position_parse(bad[i], &position));
    }
    for (size_t i = 0; i < 3; i++) {
        struct store_position other = good[1];
        *(gint64 *[]){&other.event, &other.change, &other.timeline}[i] += 1;
        g_assert_false(store_position_same(&good[1], &other));
    }
}

/* By whatever steps it is read, nothing is missed and nothing comes twice. */
static void test_steps(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    struct store_position start = end_of(temporary.store);
    add(&temporary, "a@example.org", NOON);
    add(&temporary, "b@example.org", NOON);
    temporary_suppress(temporary.store, "c@example.org", 0);
    add(&temporary, "d@example.org", NOON + 1);
    for (guint limit = 1; limit < 9; limit++) {
        struct store_position position = start;
        g_autoptr(GString) got = g_string_new(NULL);

        for (bool more = true; more;) {
            g_autofree char *part = follow(temporary.store, &position, limit);
            more = *part != '\0';
            if (more)
                g_string_append_printf(got, "%s ", part);
        }
        g_assert_cmpstr(got->str, ==,
                        "a@example.org +a@example.org b@example.org +b@example.org +c@example.org d@example.org"
                        " +d@example.org ");
        struct store_position end = end_of(temporary.store);
        g_assert_true(store_position_same(&position, &end));
    }
    temporary_free(&temporary);
}

static struct store_position since(struct store *store, gint64 time)
{
    struct store_position position;
    g_autoptr(GError) error = NULL;

    g_assert_true(store_position_since(store, time, &position, &error));
    g_assert_no_error(error);
    return position;
}

static void test_since(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    add(&temporary, "a@example.org", NOON);
    add(&temporary, "b@example.org", NOON + 10);
    struct store_position position = since(temporary.store, NOON);
    comes(temporary.store, &position, 9, "a@example.org +a@example.org b@example.org +b@example.org");
    position = since(temporary.store, NOON + 1);
    comes(temporary.store, &position, 9, "b@example.org +b@example.org");
    position = since(temporary.store, NOON + 11);
    comes(temporary.store, &position, 9, "");
    temporary_free(&temporary);
}

static void forget(struct temporary *temporary, const char *address)
{
    const struct store_order order = {.subject = address, .who = "ann", .now = NOON};
    struct privacy_traces traces;
    g_autoptr(GError) error = NULL;

    g_assert_true(store_forget(temporary->store, &order, PRIVACY_ERASE, &traces, &error));
    g_assert_no_error(error);
}

/* Whatever is forgotten, the last row too: nothing is missed, and no number is used again. */
static void test_forgotten(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    struct store_position start = end_of(temporary.store);
    add(&temporary, "a@example.org", NOON);
    add(&temporary, "b@example.org", NOON);
    struct store_position both = end_of(temporary.store);
    struct store_position between = start;
    comes(temporary.store, &between, 2, "a@example.org +a@example.org");
    forget(&temporary, "b@example.org");
    struct store_position after = end_of(temporary.store);
    g_assert_cmpint(after.event, ==, both.event);
    g_assert_cmpint(after.change, ==, both.change + 1);
    add(&temporary, "c@example.org", NOON);
    comes(temporary.store, &after, 9, "c@example.org +c@example.org");
    g_autofree char *rest = follow(temporary.store, &both, 9);
    g_assert_true(g_str_has_suffix(rest, "c@example.org +c@example.org"));
    g_assert_null(strstr(rest, "b@example.org"));
    g_autofree char *whole = follow(temporary.store, &start, 9);
    g_assert_true(g_str_has_prefix(whole, "a@example.org +a@example.org "));
    g_assert_null(strstr(whole, "b@example.org"));
    temporary_free(&temporary);
}

static void maintain(struct temporary *temporary, gint64 now)
{
    const struct store_keeping keeping = {.events = DAY, .changes = DAY};
    bool more = true;

    while (more)
        g_assert_true(store_maintain(temporary->store, &keeping, now, 100, &more, NULL));
}

/* One who is behind what was dropped learns it; one who had it all goes on, with nothing left at all. The beginning is
 * always there. */
static void test_dropped(void)
{
    const struct store_position beginning = {0};
    struct temporary temporary;
    bool removed;

    temporary_new(&temporary, NULL);
    struct store_position behind = end_of(temporary.store);
    add(&temporary, "a@example.org", NOON);
    const struct store_order order = {.subject = "a@example.org", .who = "ann", .now = NOON};
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    struct store_position end = end_of(temporary.store), first = beginning, old = since(temporary.store, NOON);
    comes(temporary.store, &first, 9, "a@example.org +a@example.org +a@example.org");
    maintain(&temporary, NOON + 2 * DAY);
    struct store_position still = end_of(temporary.store);
    g_assert_true(store_position_same(&end, &still));
    comes(temporary.store, &behind, 9, "gone");
    comes(temporary.store, &old, 9, "gone");
    comes(temporary.store, &end, 9, "");
    add(&temporary, "b@example.org", NOON + 2 * DAY);
    comes(temporary.store, &end, 9, "b@example.org +b@example.org");
    first = beginning;
    comes(temporary.store, &first, 9, "b@example.org +b@example.org");
    first = since(temporary.store, NOON);
    comes(temporary.store, &first, 9, "b@example.org +b@example.org");
    comes(temporary.store, &behind, 9, "gone");
    temporary_free(&temporary);
}

/* A side that is not wanted is not missed; one that is slow with an open tail learns it, too. */
static void test_slow(void)
{
    const struct store_filter all = {0};
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    struct store_tail_item item;
    bool removed;

    temporary_new(&temporary, NULL);
    const struct store_tail_settings both = {.filter = &all, .events = true, .changes = true};
    const struct store_tail_settings changes = {.filter = &all, .changes = true};
    g_autoptr(StoreTail) slow = store_tail_new(temporary.store, &both, NULL);
    g_autoptr(StoreTail) half = store_tail_new(temporary.store, &changes, NULL);
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_EXPIRED, "a@example.org");
    temporary_add(&temporary, &event, 1, NOON);
    maintain(&temporary, NOON + 2 * DAY);
    g_assert_false(store_tail_next(half, &item, &error));
    g_assert_no_error(error);
    g_assert_false(store_tail_next(slow, &item, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_GONE);
    g_clear_error(&error);
    g_assert_true(temporary_suppress(temporary.store, "b@example.org", 0));
    const struct store_order order = {.subject = "b@example.org", .who = "ann", .now = NOON};
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    maintain(&temporary, NOON + 2 * DAY);
    g_assert_false(store_tail_next(half, &item, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_GONE);
    g_clear_pointer(&slow, store_tail_free);
    g_clear_pointer(&half, store_tail_free);
    temporary_free(&temporary);
}

/* Another thing follows a position in a database that was restored; and one from beyond the end is nobody's. */
static void test_restored(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    enum backup_state state;
    double part;

    temporary_new(&temporary, NULL);
    add(&temporary, "a@example.org", NOON);
    g_autofree char *file = g_strconcat(temporary.path, ".backup", NULL);
    g_autofree char *kept = NULL;
    g_autoptr(Backup) backup = backup_new(temporary.path, file, &error);
    do
        state = backup_step(backup, &part, &error);
    while (state == BACKUP_MORE);
    g_assert_cmpint(state, ==, BACKUP_DONE);
    struct store_position early = end_of(temporary.store), beyond = early;
    beyond.event++;
    comes(temporary.store, &beyond, 9, "gone");
    beyond = (struct store_position){early.event, early.change + 1, early.timeline};
    comes(temporary.store, &beyond, 9, "gone");
    g_clear_pointer(&temporary.store, store_free);
    g_assert_true(backup_restore(file, temporary.path, &kept, &error));
    g_assert_no_error(error);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    add(&temporary, "b@example.org", NOON);
    comes(temporary.store, &early, 9, "gone");
    temporary_free(&temporary);
}

/* A store that is asked holds a snapshot, which is no news. */
static void test_asked(void)
{
    struct temporary temporary;
    struct store_answer answer;
    const struct store_asker asker = {0};

    temporary_new(&temporary, NULL);
    g_autoptr(Store) asked = temporary_open(&temporary, STORE_MODE_ASK, NULL);
    g_assert_true(store_look_up(asked, "a@example.org", &asker, NOON, &answer, NULL));
    add(&temporary, "a@example.org", NOON);
    struct store_position end = end_of(temporary.store), seen = end_of(asked);
    g_assert_true(store_position_same(&end, &seen));
    comes(asked, &end, 9, "");
    g_clear_pointer(&asked, store_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/position/text", test_text);
    g_test_add_func("/store/position/steps", test_steps);
    g_test_add_func("/store/position/since", test_since);
    g_test_add_func("/store/position/forgotten", test_forgotten);
    g_test_add_func("/store/position/dropped", test_dropped);
    g_test_add_func("/store/position/slow", test_slow);
    g_test_add_func("/store/position/restored", test_restored);
    g_test_add_func("/store/position/asked", test_asked);
    return g_test_run();
}
