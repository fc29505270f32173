/* Notices to authors: of each item once, of each recipient once a day, and not too many for one author, or for all. */
#include "store/telling.h"

#include "store/privacy.h"
#include "store_temporary.h"
#include "tests/unit/names.h"

static const struct {
    const char *id, *author, *recipient;
    gint64 at; /* behind NOON */
    bool ends; /* it is ended */
    enum telling_outcome outcome;
} steps[] = {
    {"1", "anna@example.com", "x@dest.example", 0, false, TELLING_DUE},
    {"1", "anna@example.com", "x@dest.example", 60, true, TELLING_DUE},
    {"1", "anna@example.com", "x@dest.example", 61, false, TELLING_ENDED},
    {"2", "Anna@Example.com", "X@dest.example", 62, false, TELLING_REPEATED},
    {"3", "anna@example.com", "y@dest.example", 63, false, TELLING_DUE},
    {"4", "anna@example.com", "z@dest.example", 64, false, TELLING_DAILY},
    {"5", "ben@example.com", "x@dest.example", 65, false, TELLING_DUE},
    {"6", "carla@example.com", "x@dest.example", 66, false, TELLING_HOURLY},
    {"6", "carla@example.com", "x@dest.example", 66 + 3600, false, TELLING_DUE},
    {"7", "anna@example.com", "x@dest.example", 86399, false, TELLING_REPEATED},
    {"8", "anna@example.com", "z@dest.example", 86400, false, TELLING_DUE},
    {"9", "anna@example.com", "x@dest.example", 86401 + 70, false, TELLING_DUE},
    {"2", "anna@example.com", "y@dest.example", 3 * 86400, false, TELLING_DUE},
};

static void test_steps(void)
{
    static const guint8 key[NAME_KEY_SIZE] = {7};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const struct telling telling = {.id = steps[i].id,
                                        .author = steps[i].author,
                                        .recipient = steps[i].recipient,
                                        .now = NOON + steps[i].at,
                                        .daily = 2,
                                        .hourly = 3};
        g_autoptr(GError) error = NULL;
        enum telling_outcome outcome = TELLING_OUTCOMES;

        g_assert_true(store_telling_begin(temporary.store, key, &telling, &outcome, &error));
        g_assert_no_error(error);
        g_test_message("step %zu", i);
        g_assert_cmpstr(telling_outcome_names[outcome], ==, telling_outcome_names[steps[i].outcome]);
        g_assert_true(!steps[i].ends || store_telling_end(temporary.store, steps[i].id, &error));
    }
    temporary_free(&temporary);
}

static void test_names(void)
{
    names_check(telling_outcome_names, "due told-before told-today daily-limit hourly-limit");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/telling/steps", test_steps);
    g_test_add_func("/store/telling/names", test_names);
    return g_test_run();
}
