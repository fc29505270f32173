#include <glib.h>
#include <string.h>

#include "store/screen/sieve.h"

static void name(guint number, char *subject, gsize size)
{
    g_snprintf(subject, size, "someone.%x@d%u.example", number, number % 97);
}

static void add(struct sieve *sieve, guint from, guint n)
{
    char subject[64];

    for (guint i = from; i < from + n; i++) {
        name(i, subject, sizeof subject);
        sieve_add(sieve, subject, strlen(subject));
    }
}

static guint held(const struct sieve *sieve, guint from, guint n)
{
    char subject[64];
    guint sum = 0;

    for (guint i = from; i < from + n; i++) {
        name(i, subject, sizeof subject);
        sum += sieve_may_hold(sieve, subject, strlen(subject));
    }
    return sum;
}

/* Each that was added, and few others: at the number that it is made for, and at many times it. */
static void test_holds(void)
{
    static const struct {
        guint64 expected;
        gsize most;
        guint added;
        guint others_most; /* of 10000 */
        bool full;
    } rows[] = {
        {0, G_MAXSIZE, 1, 500, false},
        {1000, G_MAXSIZE, 1000, 100, false},
        {100000, G_MAXSIZE, 100000, 100, false},
        {100000, G_MAXSIZE, 120000, 130, false},
        {1000, G_MAXSIZE, 5000, 9000, true},
        {100000, 65536, 100000, 6000, false}, /* a larger one may not be made */
        {10, 0, 20, 10000, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Sieve) sieve = sieve_new(rows[i].expected, rows[i].most);
        g_assert_cmpuint(held(sieve, 0, 10000), ==, 0);
        add(sieve, 0, rows[i].added);
        g_assert_cmpuint(held(sieve, 0, rows[i].added), ==, rows[i].added);
        g_test_message("row %zu: %u of 10000 others", i, held(sieve, 1000000, 10000));
        g_assert_cmpuint(held(sieve, 1000000, 10000), <=, rows[i].others_most);
        g_assert_true(sieve_full(sieve) == rows[i].full);
        g_assert_cmpuint(sieve_octets(sieve), <=, MAX(rows[i].most, 64));
    }
}

/* Adding again takes no room. */
static void test_counts(void)
{
    g_autoptr(Sieve) sieve = sieve_new(1000, G_MAXSIZE);

    for (unsigned i = 0; i < 10; i++)
        add(sieve, 0, 1000);
    g_assert_cmpuint(sieve_count(sieve), <=, 1000);
    g_assert_cmpuint(sieve_count(sieve), >, 985);
    g_assert_false(sieve_full(sieve));
}

/* Each has a key of its own: what one takes for another says nothing of the next one. */
static void test_key(void)
{
    g_autoptr(Sieve) one = sieve_new(20000, G_MAXSIZE);
    g_autoptr(Sieve) two = sieve_new(20000, G_MAXSIZE);
    char subject[64];
    guint both = 0, first = 0;

    add(one, 0, 20000);
    add(two, 0, 20000);
    for (guint i = 1000000; i < 1100000; i++) {
        name(i, subject, sizeof subject);
        if (sieve_may_hold(one, subject, strlen(subject))) {
            first++;
            both += sieve_may_hold(two, subject, strlen(subject));
        }
    }
    g_assert_cmpuint(first, >, 50);
    g_assert_cmpuint(both, <, first / 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/sieve/holds", test_holds);
    g_test_add_func("/store/sieve/counts", test_counts);
    g_test_add_func("/store/sieve/key", test_key);
    return g_test_run();
}
