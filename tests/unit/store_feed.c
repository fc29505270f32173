/* The rows of feeds: what is the daemon's is written by it, what is the operator's by him, and none undoes the other.
 */
#include "store/feed.h"

#include "store/privacy.h"
#include "store/tail.h"
#include "store_temporary.h"

static struct feed_state *open_feed(struct store *store, const char *name)
{
    g_autoptr(GError) error = NULL;
    struct feed_state *state = store_feed_open(store, name, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(state->name, ==, name);
    return state;
}

static void save(struct store *store, struct feed_state *state)
{
    g_autoptr(GPtrArray) states = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(states, state);
    g_assert_true(store_feeds_save(store, states, &error));
    g_assert_no_error(error);
}

/* All that a row holds, but for its name. */
static char *describe(const struct feed_state *state)
{
    return g_strdup_printf(
        "turn %d paused %d asked %d tested %d at %d,%d dead %d failing %d attempts %u tried %d next %d"
        " delivered %d: %s",
        (int)state->turn, state->paused, (int)state->asked, (int)state->tested, (int)state->position.event,
        (int)state->position.change, state->dead, (int)state->failing_since, state->attempts, (int)state->tried,
        (int)state->next, (int)state->delivered, state->error != NULL ? state->error : "-");
}

static void is(struct store *store, const char *name, const char *expected)
{
    g_autoptr(FeedState) state = store_feed_find(store, name, NULL);
    g_autofree char *got = describe(state);

    g_assert_cmpstr(got, ==, expected);
}

/* It begins at the end that was when it was made, and is where it was when it is opened again. */
static void test_open(void)
{
    struct temporary temporary;
    struct store_position end;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "a@example.org", 0));
    g_autoptr(FeedState) none = store_feed_find(temporary.store, "crm", NULL);
    g_assert_null(none);
    g_autoptr(FeedState) state = open_feed(temporary.store, "crm");
    g_assert_true(store_position_end(temporary.store, &end, NULL));
    g_assert_true(store_position_same(&state->position, &end));
    g_assert_true(temporary_suppress(temporary.store, "b@example.org", 0));
    g_autoptr(FeedState) again = open_feed(temporary.store, "crm");
    g_assert_true(store_position_same(&again->position, &end));
    is(temporary.store, "crm",
       "turn 1 paused 0 asked 0 tested 0 at 0,1 dead 0 failing 0 attempts 0 tried 0 next 0 delivered 0: -");
    temporary_free(&temporary);
}

static void test_save(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_autoptr(FeedState) crm = open_feed(temporary.store, "crm");
    feed_state_free(open_feed(temporary.store, "a list"));
    crm->tested = 3;
    crm->position.event = 4;
    crm->position.change = 5;
    crm->dead = true;
    crm->failing_since = 7;
    crm->attempts = 8;
    crm->tried = 9;
    crm->next = 10;
    crm->delivered = 11;
    crm->error = g_strdup("500 no");
    save(temporary.store, crm);
    is(temporary.store, "crm",
       "turn 1 paused 0 asked 0 tested 3 at 4,5 dead 1 failing 7 attempts 8 tried 9 next 10 delivered 11: 500 no");
    is(temporary.store, "a list",
       "turn 1 paused 0 asked 0 tested 0 at 0,0 dead 0 failing 0 attempts 0 tried 0 next 0 delivered 0: -");
    g_autoptr(GPtrArray) all = store_feeds(temporary.store, NULL);
    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpstr(((struct feed_state *)g_ptr_array_index(all, 0))->name, ==, "a list");
    g_assert_cmpstr(((struct feed_state *)g_ptr_array_index(all, 1))->name, ==, "crm");
    temporary_free(&temporary);
}

static void test_orders(void)
{
    struct store_position there, other = {1, 2, 3};
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    bool found = false;

    temporary_new(&temporary, NULL);
    g_autoptr(FeedState) known = open_feed(temporary.store, "crm");
    there = (struct store_position){1, 2, known->position.timeline};
    other.timeline = there.timeline ^ 1;
    known->attempts = 4;
    known->failing_since = known->next = 6;
    known->dead = true;
    known->error = g_strdup("410");

    /* A pause and a test leave what the daemon writes alone, and it leaves them alone. */
    g_assert_true(store_feed_pause(temporary.store, "crm", &found, NULL));
    g_assert_true(found);
    g_assert_true(store_feed_test(temporary.store, "crm", 100, &found, NULL));
    g_assert_true(store_feed_test(temporary.store, "crm", 100, &found, NULL));
    g_assert_true(found);
    save(temporary.store, known);
    is(temporary.store, "crm",
       "turn 1 paused 1 asked 101 tested 0 at 0,0 dead 1 failing 6 attempts 4 tried 0 next 6 delivered 0: 410");

    /* After the others the daemon's word is of another turn, until it has read the row again. */
    g_assert_true(store_feed_resume(temporary.store, "crm", &found, NULL));
    g_assert_true(found);
    save(temporary.store, known);
    is(temporary.store, "crm",
       "turn 2 paused 0 asked 101 tested 0 at 0,0 dead 0 failing 0 attempts 0 tried 0 next 0 delivered 0: 410");
    known->turn = 2;
    known->position.event = 9;
    save(temporary.store, known);
    g_assert_true(store_feed_replay(temporary.store, "crm", &there, &found, NULL));
    g_assert_true(found);
    save(temporary.store, known);
    is(temporary.store, "crm",
       "turn 3 paused 0 asked 101 tested 0 at 1,2 dead 0 failing 0 attempts 0 tried 0 next 0 delivered 0: 410");

    g_assert_false(store_feed_replay(temporary.store, "crm", &other, &found, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_GONE);
    g_assert_true(store_feed_pause(temporary.store, "other", &found, NULL));
    g_assert_false(found);
    g_assert_true(store_feed_resume(temporary.store, "other", &found, NULL));
    g_assert_false(found);
    g_assert_true(store_feed_test(temporary.store, "other", 1, &found, NULL));
    g_assert_false(found);
    g_assert_true(store_feed_replay(temporary.store, "other", &there, &found, NULL));
    g_assert_false(found);
    temporary_free(&temporary);
}

static void lags(struct store *store, const struct store_position *position, gint64 events, gint64 changes,
                 gint64 oldest)
{
    struct feed_lag lag;

    g_assert_true(store_feed_lag(store, position, &lag, NULL));
    g_assert_cmpint(lag.events, ==, events);
    g_assert_cmpint(lag.changes, ==, changes);
    g_assert_cmpint(lag.oldest, ==, oldest);
}

static void test_lag(void)
{
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_EXPIRED, "a@example.org");
    struct temporary temporary;
    struct store_position end;

    temporary_new(&temporary, NULL);
    g_autoptr(FeedState) state = open_feed(temporary.store, "crm");
    lags(temporary.store, &state->position, 0, 0, 0);
    temporary_suppress(temporary.store, "b@example.org", 0);
    lags(temporary.store, &state->position, 0, 1, NOON);
    temporary_add(&temporary, &event, 1, NOON - 5);
    temporary_add(&temporary, &event, 1, NOON - 3);
    lags(temporary.store, &state->position, 2, 1, NOON - 5);
    g_assert_true(store_position_end(temporary.store, &end, NULL));
    lags(temporary.store, &end, 0, 0, 0);
    temporary_free(&temporary);
}

/* An address that is forgotten goes out of the words of receivers, too, and is told no more; the feed goes on where it
 * was. */
static void test_forgotten(void)
{
    const struct store_order order = {.subject = "a@example.org", .who = "ann", .now = NOON};
    const struct store_filter all = {0};
    struct temporary temporary;
    struct privacy_traces traces;
    struct store_tail_item item;
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    g_autoptr(FeedState) crm = open_feed(temporary.store, "crm"), other = open_feed(temporary.store, "other");
    temporary_suppress(temporary.store, "a@example.org", 0);
    crm->error = g_strdup("422: no contact A@example.org here");
    other->error = g_strdup("500: no");
    save(temporary.store, crm);
    save(temporary.store, other);
    g_assert_true(store_forget(temporary.store, &order, PRIVACY_ERASE, &traces, &error));
    g_assert_no_error(error);
    g_assert_cmpint(traces.texts, ==, 1);
    g_autoptr(FeedState) crm_now = open_feed(temporary.store, "crm"), other_now = open_feed(temporary.store, "other");
    g_assert_cmpstr(crm_now->error, ==, "(forgotten)");
    g_assert_cmpstr(other_now->error, ==, "500: no");
    const struct store_tail_settings settings = {
        .filter = &all, .events = true, .changes = true, .position = &crm_now->position};
    g_autoptr(StoreTail) tail = store_tail_new(temporary.store, &settings, &error);
    g_assert_no_error(error);
    g_assert_true(store_tail_next(tail, &item, &error));
    g_assert_cmpstr(item.change->change, ==, "forget");
    g_assert_false(store_tail_next(tail, &item, &error));
    g_assert_no_error(error);
    g_clear_pointer(&tail, store_tail_free);
    temporary_free(&temporary);
}

/* A row goes, and no other; its name begins anew. */
static void test_drop(void)
{
    struct temporary temporary;
    bool found;

    temporary_new(&temporary, NULL);
    feed_state_free(store_feed_open(temporary.store, "crm", NULL));
    feed_state_free(store_feed_open(temporary.store, "other", NULL));
    g_assert_true(store_feed_drop(temporary.store, "crm", &found, NULL) && found);
    g_assert_true(store_feed_drop(temporary.store, "crm", &found, NULL) && !found);
    g_autoptr(GPtrArray) states = store_feeds(temporary.store, NULL);
    g_assert_cmpuint(states->len, ==, 1);
    g_assert_cmpstr(((const struct feed_state *)states->pdata[0])->name, ==, "other");
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/feed/open", test_open);
    g_test_add_func("/store/feed/save", test_save);
    g_test_add_func("/store/feed/orders", test_orders);
    g_test_add_func("/store/feed/lag", test_lag);
    g_test_add_func("/store/feed/forgotten", test_forgotten);
    g_test_add_func("/store/feed/drop", test_drop);
    return g_test_run();
}
