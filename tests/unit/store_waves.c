/* Waves in a store, played through: a receiver that denies mailboxes for some hours, months without that, a domain
 * whose owner took its mailboxes away. A seed draws all that happens, which goes in by store_add().
 *
 * PLAYS=N in the environment plays each N times, by other seeds, and the months without a wave are longer. */
#include <sqlite3.h>

#include "store/verification.h"
#include "store/wave.h"
#include "store/waves/tally.h"
#include "store_temporary.h"

#define MINUTE G_GINT64_CONSTANT(60)
#define HOUR G_GINT64_CONSTANT(3600)
#define START (NOON - NOON % DAY)

enum { RECEIVERS = 51, VICTIMS = 10000, PURGED = 400 };

static const struct wave_settings settings = {.enabled = true, .minimum = 50, .factor = 8, .hold = 7 * DAY};

/* An address that fails as some do each day. */
struct ordinary {
    char *address;
    guint receiver;
    gint64 at;
};

struct play {
    struct temporary temporary;
    GRand *random;
    GArray *ordinary; /* of struct ordinary */
    gint64 wave;      /* when it begins; six hours; 0: none */
    guint victims;    /* of it, so far */
    gint64 purged;    /* when a domain is; 0: it is not */
    double mail;      /* times as much as on an ordinary day */
};

static void clear_ordinary(void *data)
{
    g_free(((struct ordinary *)data)->address);
}

static void begin(struct play *play, guint32 seed)
{
    *play = (struct play){.random = g_rand_new_with_seed(seed),
                          .ordinary = g_array_new(FALSE, FALSE, sizeof(struct ordinary)),
                          .mail = 1};
    g_array_set_clear_func(play->ordinary, clear_ordinary);
    temporary_new(&play->temporary, NULL);
    store_set_waves(play->temporary.store, &settings);
}

static void finish(struct play *play)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(store_verify(play->temporary.store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
    g_rand_free(play->random);
    g_array_unref(play->ordinary);
    temporary_free(&play->temporary);
}

/* --- what happens ------------------------------------------------------------------------------------------------- */

static void fail(struct play *play, const char *address, const char *receiver, gint64 at)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);

    event.receiver = receiver;
    event.mailed = at - at % DAY;
    event.occurred = at;
    temporary_put(&play->temporary, &event, 1, at);
}

/* The first one has a third of the mail. */
static guint draw_receiver(struct play *play)
{
    double draw = g_rand_double(play->random);

    return draw < 0.33 ? 0 : (guint)(1 + draw * draw * (RECEIVERS - 1));
}

static void fail_ordinary(struct play *play, gint64 at)
{
    guint receiver = draw_receiver(play);
    g_autofree char *name = g_strdup_printf("receiver%u", receiver);
    const struct ordinary one = {g_strdup_printf("u%u@r%u.example", play->ordinary->len, receiver), receiver, at};

    g_array_append_val(play->ordinary, one);
    fail(play, one.address, name, at);
}

/* In the hours of a day; most goes out at ten. About 600 in all. */
static const unsigned by_hour[24] = {2,  2,  2,  2,  3,  5,  10, 20, 40, 80, 150, 80,
                                     40, 30, 20, 20, 20, 20, 20, 15, 10, 5,  3,   2};

/* Each second has its chance, of two. */
static void play_ordinary(struct play *play, gint64 minute)
{
    unsigned hour = (unsigned)(minute % DAY / HOUR);
    double chance = play->mail * by_hour[hour] / (double)HOUR / 2;

    for (gint64 half = 0; half < 2 * MINUTE; half++) {
        if (g_rand_double(play->random) < chance)
            fail_ordinary(play, minute + half / 2);
    }
}

/* Six hours, and in each minute as many of the victims. */
static void play_wave(struct play *play, gint64 minute)
{
    gint64 passed = minute - play->wave;

    if (play->wave == 0 || passed < 0 || passed >= 6 * HOUR)
        return;
    for (guint due = (guint)((passed + MINUTE) * VICTIMS / (6 * HOUR)); play->victims < due; play->victims++) {
        g_autofree char *address = g_strdup_printf("victim%u@gmail.com", play->victims);
        fail(play, address, "receiver0", minute + g_rand_int_range(play->random, 0, 60));
    }
}

/* All that are not suppressed are mailed each day at nine, in half an hour. */
static void play_purge(struct play *play, gint64 minute)
{
    gint64 passed = minute % DAY - 9 * HOUR;

    if (play->purged == 0 || minute < play->purged || passed < 0 || passed >= 30 * MINUTE)
        return;
    for (guint i = (guint)(passed * PURGED / (30 * MINUTE)); i < (passed + MINUTE) * PURGED / (30 * MINUTE); i++) {
        g_autofree char *address = g_strdup_printf("gone%u@purged.example", i);
        if (!temporary_suppressed(&play->temporary, address, minute))
            fail(play, address, "purged.example", minute + i % 60);
    }
}

static void play_hour(struct play *play, gint64 hour)
{
    static const struct store_keeping keeping = {0};
    bool more = true;

    g_assert_true(store_begin(play->temporary.store, NULL));
    for (gint64 minute = hour; minute < hour + HOUR; minute += MINUTE) {
        play_ordinary(play, minute);
        play_wave(play, minute);
        play_purge(play, minute);
    }
    g_assert_true(store_commit(play->temporary.store, NULL));
    while (more)
        g_assert_true(store_maintain(play->temporary.store, &keeping, hour + HOUR, 1000, &more, NULL));
}

/* Days as they are: every seventh has three times the mail, every thirtieth six times. */
static void play_days(struct play *play, guint from, guint to)
{
    for (guint day = from; day < to; day++) {
        play->mail = day % 30 == 29 ? 6 : day % 7 == 3 ? 3 : 1;
        for (gint64 hour = 0; hour < 24; hour++)
            play_hour(play, START + day * DAY + hour * HOUR);
    }
}

/* --- what came of it ---------------------------------------------------------------------------------------------- */

static struct wave *only_wave(struct play *play)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) waves = wave_list(play->temporary.store, 0, 100, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(waves->len, ==, 1);
    return g_ptr_array_steal_index(waves, 0);
}

static guint count_victims_suppressed(struct play *play, gint64 now)
{
    guint n = 0;

    for (guint i = 0; i < play->victims; i++) {
        g_autofree char *address = g_strdup_printf("victim%u@gmail.com", i);
        n += temporary_suppressed(&play->temporary, address, now);
    }
    return n;
}

/* All but those that failed at the receiver while it was not believed. */
static void check_ordinary(struct play *play, const struct wave *wave, gint64 now)
{
    for (guint i = 0; i < play->ordinary->len; i++) {
        const struct ordinary *one = &g_array_index(play->ordinary, struct ordinary, i);
        bool excused = wave != NULL && one->receiver == 0 && one->at >= wave->began && one->at <= wave->ended;

        if (!excused && !temporary_suppressed(&play->temporary, one->address, now))
            g_error("%s is not suppressed", one->address);
    }
}

static void test_wave(gconstpointer seed)
{
    struct play play;

    begin(&play, GPOINTER_TO_UINT(seed));
    play_days(&play, 0, 20);
    play.wave = START + 20 * DAY + 14 * HOUR + g_rand_int_range(play.random, 0, 3600);
    play_days(&play, 20, 22);
    gint64 now = START + 22 * DAY;
    g_autoptr(Wave) wave = only_wave(&play);
    g_test_message("alarm after %" G_GINT64_FORMAT " s, by %" G_GINT64_FORMAT " in an hour, baseline %" G_GINT64_FORMAT
                   "; over %" G_GINT64_FORMAT " s after it; %" G_GINT64_FORMAT " held",
                   wave->raised - play.wave, wave->level, wave->baseline, wave->ended - play.wave - 6 * HOUR,
                   wave->held);
    g_assert_cmpstr(wave->receiver, ==, "receiver0");
    g_assert_cmpint(wave->raised, >=, play.wave);
    g_assert_cmpint(wave->raised, <=, play.wave + 15 * MINUTE);
    g_assert_cmpint(wave->ended, >=, play.wave + 6 * HOUR);
    g_assert_cmpint(wave->ended, <=, play.wave + 8 * HOUR);
    g_assert_cmpint(wave->held, >=, VICTIMS);
    g_assert_cmpint(wave->failures, >=, wave->held);
    g_assert_cmpuint(count_victims_suppressed(&play, now), ==, 0);
    play_days(&play, 22, 30);
    now = START + 30 * DAY;
    g_autoptr(Wave) after = only_wave(&play);
    g_assert_cmpint(after->held, ==, 0);
    g_assert_cmpint(after->dropped, ==, wave->held);
    g_assert_cmpuint(count_victims_suppressed(&play, now), ==, 0);
    check_ordinary(&play, wave, now);
    finish(&play);
}

/* A wave on the second day of a new store. */
static void test_early_wave(gconstpointer seed)
{
    struct play play;

    begin(&play, GPOINTER_TO_UINT(seed));
    play.wave = START + DAY + 14 * HOUR;
    play_days(&play, 0, 2);
    g_autoptr(Wave) wave = only_wave(&play);
    g_test_message("alarm after %" G_GINT64_FORMAT " s", wave->raised - play.wave);
    g_assert_cmpint(wave->raised, <=, play.wave + 45 * MINUTE);
    g_assert_cmpuint(count_victims_suppressed(&play, START + 2 * DAY), ==, 0);
    finish(&play);
}

static void test_quiet(gconstpointer seed)
{
    struct play play;
    g_autoptr(GPtrArray) waves = NULL;

    guint days = g_getenv("PLAYS") != NULL ? 100 : 35;

    begin(&play, GPOINTER_TO_UINT(seed));
    play_days(&play, 0, days);
    waves = wave_list(play.temporary.store, 0, 100, NULL);
    g_test_message("%u failures, %u false alarms", play.ordinary->len, waves->len);
    g_assert_cmpuint(waves->len, <=, 1);
    check_ordinary(&play, waves->len == 1 ? waves->pdata[0] : NULL, START + days * DAY);
    finish(&play);
}

static guint count_purged(struct play *play, gint64 now)
{
    guint n = 0;

    for (guint i = 0; i < PURGED; i++) {
        g_autofree char *address = g_strdup_printf("gone%u@purged.example", i);
        n += temporary_suppressed(&play->temporary, address, now);
    }
    return n;
}

static void test_purge(gconstpointer seed)
{
    struct play play;

    begin(&play, GPOINTER_TO_UINT(seed));
    play.purged = START + 10 * DAY;
    play_days(&play, 0, 11);
    g_autoptr(Wave) wave = only_wave(&play);
    g_assert_cmpstr(wave->receiver, ==, "purged.example");
    g_assert_cmpint(wave->held, ==, PURGED);
    play_days(&play, 11, 12);
    g_assert_cmpuint(count_purged(&play, START + 12 * DAY), ==, 0);
    play_days(&play, 12, 13);
    g_assert_cmpuint(count_purged(&play, START + 13 * DAY), ==, PURGED);
    g_autoptr(Wave) after = only_wave(&play);
    g_assert_cmpint(after->confirmed, ==, PURGED);
    check_ordinary(&play, NULL, START + 13 * DAY);
    finish(&play);
}

/* --- how much it may take ----------------------------------------------------------------------------------------- */

static gint64 count_rows(struct play *play, const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_open(play->temporary.path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    gint64 n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return n;
}

static void maintain(struct play *play, gint64 now)
{
    static const struct store_keeping keeping = {0};

    for (bool more = true; more;)
        g_assert_true(store_maintain(play->temporary.store, &keeping, now, 50, &more, NULL));
}

/* Reports that prove nothing name as many domains as they like. */
static void test_bounded(void)
{
    struct play play;

    begin(&play, 1);
    g_assert_true(store_begin(play.temporary.store, NULL));
    for (guint i = 0; i < TALLY_NEW_OF_STRANGERS + 500; i++) {
        g_autofree char *address = g_strdup_printf("user@d%u.example", i);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        event.receiver = strchr(address, '@') + 1;
        event.evidence = REPORT_EVIDENCE_UNPROVEN;
        temporary_put(&play.temporary, &event, 1, NOON);
    }
    fail(&play, "proven@example.org", "example.org", NOON);
    g_assert_true(store_commit(play.temporary.store, NULL));
    g_assert_cmpint(count_rows(&play, "SELECT count(*) FROM tallies"), ==, TALLY_NEW_OF_STRANGERS + 2);
    maintain(&play, NOON + 3 * DAY);
    g_assert_cmpint(count_rows(&play, "SELECT count(*) FROM tally_counts"), ==, 0);
    g_assert_cmpint(count_rows(&play, "SELECT count(*) FROM tally_days"), ==, TALLY_NEW_OF_STRANGERS + 2);
    maintain(&play, NOON + 40 * DAY);
    g_assert_cmpint(count_rows(&play, "SELECT count(*) FROM tally_days"), ==, 0);
    g_assert_cmpint(count_rows(&play, "SELECT count(*) FROM tallies"), ==, 1);
    finish(&play);
}

static void add_play(const char *path, GTestDataFunc test)
{
    const char *plays = g_getenv("PLAYS");
    guint n = plays != NULL ? (guint)g_ascii_strtoull(plays, NULL, 10) : 1;

    for (guint seed = 1; seed <= n; seed++) {
        g_autofree char *name = g_strdup_printf("%s/%u", path, seed);
        g_test_add_data_func(name, GUINT_TO_POINTER(seed), test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_play("/waves/wave", test_wave);
    add_play("/waves/early", test_early_wave);
    add_play("/waves/quiet", test_quiet);
    add_play("/waves/purge", test_purge);
    g_test_add_func("/waves/bounded", test_bounded);
    return g_test_run();
}
