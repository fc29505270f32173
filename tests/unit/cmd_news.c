/* News of waves: each is told once, and none is lost when a program ends before it was told. */
#include "cmd/ingest/news.h"
#include "store_temporary.h"

#define HOUR G_GINT64_CONSTANT(3600)

enum { MANY = 100 }; /* ten times the minimum, since the store is new */

static const struct wave_settings settings = {.enabled = true, .minimum = 10, .factor = 8, .hold = 7 * DAY};

static void raise_wave(struct temporary *temporary)
{
    g_assert_true(store_begin(temporary->store, NULL));
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *address = g_strdup_printf("user%u@gmail.com", i);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);

        event.receiver = "google";
        temporary_put(temporary, &event, 1, NOON);
    }
    g_assert_true(store_commit(temporary->store, NULL));
}

static void end_wave(struct temporary *temporary)
{
    static const struct store_keeping keeping = {0};

    for (bool more = true; more;)
        g_assert_true(store_maintain(temporary->store, &keeping, NOON + 3 * HOUR, 50, &more, NULL));
}

/* Programs, one after the other, to which `news` come; each tells of the first `tells`. */
static const struct program {
    const char *name;
    void (*happens)(struct temporary *temporary);
    guint looks;
    unsigned on;
    guint news;
    bool ended[2];
    guint tells;
    bool notes; /* looks once more before it ends */
} programs[] = {
    {"nothing happened", NULL, 1, 0, 0, {0}, 0, true},
    {"one that tells of nothing, as bouncectl ingest", raise_wave, 3, 1, 1, {false}, 0, true},
    {"one that is killed behind that", NULL, 1, 1, 1, {false}, 1, false},
    {"one that tells", NULL, 2, 1, 1, {false}, 1, true},
    {"the next one", NULL, 1, 1, 0, {0}, 0, true},
    {"it ends", end_wave, 2, 0, 1, {true}, 1, true},
    {"told of all", NULL, 1, 0, 0, {0}, 0, true},
};

static void run(struct temporary *temporary, const struct program *program)
{
    g_autoptr(News) news = news_new();
    struct wave *wave;
    guint n = 0;

    if (program->happens != NULL)
        program->happens(temporary);
    for (guint i = 0; i < program->looks; i++)
        news_look(news, temporary->store);
    g_assert_cmpuint(news_waves(news), ==, program->on);
    for (; (wave = news_next(news)) != NULL; n++) {
        g_assert_cmpuint(n, <, program->news);
        g_assert_cmpint(wave->ended != 0, ==, program->ended[n]);
        if (n < program->tells)
            news_told(news, wave);
        else
            wave_free(wave);
    }
    g_assert_cmpuint(n, ==, program->news);
    if (program->notes)
        news_look(news, temporary->store);
    g_assert_null(news_next(news));
}

static void test_programs(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    store_set_waves(temporary.store, &settings);
    for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
        g_test_message("%s", programs[i].name);
        run(&temporary, &programs[i]);
    }
    temporary_free(&temporary);
}

/* It began and ended before anybody looked, or was told of: one news, or two. */
static void test_short(void)
{
    for (guint looks = 0; looks < 2; looks++) {
        g_autoptr(News) news = news_new();
        struct temporary temporary;
        struct wave *wave;
        guint n = 0;

        temporary_new(&temporary, NULL);
        store_set_waves(temporary.store, &settings);
        raise_wave(&temporary);
        for (guint i = 0; i < looks; i++)
            news_look(news, temporary.store);
        end_wave(&temporary);
        for (news_look(news, temporary.store); (wave = news_next(news)) != NULL; n++)
            news_told(news, wave);
        g_assert_cmpuint(n, ==, looks + 1);
        news_look(news, temporary.store);
        g_assert_null(news_next(news));
        temporary_free(&temporary);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/news/programs", test_programs);
    g_test_add_func("/cmd/news/short", test_short);
    return g_test_run();
}
