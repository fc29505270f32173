#include "cmd/bouncectl/display/layout.h"

#include <glib.h>
#include <locale.h>

#include "cmd/bouncectl/display/cell.h"

enum { MOST = 4 };

/* wanted, least, rank of each column; and the widths that are expected. */
static const struct {
    const char *what;
    unsigned room;
    struct layout_column columns[MOST];
} cases[] = {
    {"all of it fits", 80, {{10, 10, 0, 10}, {20, 5, 1, 20}, {10, 10, 2, 10}}},
    {"empty columns take no room, and no blank", 21, {{10, 10, 0, 10}, {0, 0, 0, 0}, {10, 10, 2, 10}}},
    {"what may be cut is cut", 30, {{10, 10, 0, 10}, {30, 5, 1, 19}}},
    {"the less important one first", 40, {{20, 5, 0, 20}, {20, 5, 1, 19}}},
    {"and then the other", 26, {{20, 10, 0, 20}, {20, 5, 1, 5}}},
    {"the highest rank goes", 30, {{10, 10, 0, 10}, {15, 15, 1, 15}, {10, 10, 2, 0}}},
    {"wherever it stands", 30, {{10, 10, 2, 0}, {15, 15, 1, 15}, {10, 10, 0, 10}}},
    {"of equal ranks the last", 20, {{10, 10, 0, 10}, {8, 8, 1, 8}, {8, 8, 1, 0}}},
    {"rank 0 stays, however narrow it is", 10, {{30, 20, 0, 20}, {5, 5, 1, 0}}},
    {"no end of room", 0, {{100, 10, 0, 100}, {200, 20, 1, 200}}},
    {"least may be more than wanted", 40, {{10, 20, 0, 10}, {20, 20, 1, 20}}},
};

static void test_layout(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct layout_column columns[MOST];
        for (size_t j = 0; j < MOST; j++) {
            columns[j] = cases[i].columns[j];
            columns[j].width = 99;
        }
        layout_fit(columns, MOST, cases[i].room);
        for (size_t j = 0; j < MOST; j++) {
            if (columns[j].width != cases[i].columns[j].width)
                g_error("%s: column %zu is %u wide, expected %u", cases[i].what, j, columns[j].width,
                        cases[i].columns[j].width);
        }
    }
}

static void test_cut(void)
{
    static const struct {
        const char *text;
        unsigned width;
        enum cell_cut cut;
        const char *shown;
    } texts[] = {
        {"fits", 4, CELL_END, "fits"},
        {"is too long", 6, CELL_END, "is to~"},
        {"is too long", 6, CELL_START, "~ long"},
        {"is too long", 6, CELL_WHOLE, "is too long"},
        {"is too long", 1, CELL_END, "~"},
        {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 6, CELL_END, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"},
        {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, CELL_END, "\xe6\x97\xa5~"},
        {"e\xcc\x81t\xc3\xa9", 3, CELL_END, "e\xcc\x81t\xc3\xa9"},
        {"user@example.org", 16, CELL_ADDRESS, "user@example.org"},
        {"long.user.name@example.org", 20, CELL_ADDRESS, "long.us~@example.org"},
        {"long.user.name@example.org", 16, CELL_ADDRESS, "long~@~ample.org"},
        {"long.user.name@example.org", 12, CELL_ADDRESS, "lon~@~le.org"},
        {"me@a.very.long.domain.example.org", 20, CELL_ADDRESS, "me@~main.example.org"},
        {"\"a@b\"@example.org", 15, CELL_ADDRESS, "\"a@b\"@~mple.org"},
        {"no.address.at.all", 10, CELL_ADDRESS, "no.addres~"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *shown = cell_cut(texts[i].text, texts[i].width, texts[i].cut);
        if (g_strcmp0(shown, texts[i].shown) != 0)
            g_error("%s, %u wide: got %s, expected %s", texts[i].text, texts[i].width, shown, texts[i].shown);
        if (texts[i].cut != CELL_WHOLE)
            g_assert_cmpuint(cell_width(shown), <=, texts[i].width);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/fit", test_layout);
    g_test_add_func("/layout/cut", test_cut);
    return g_test_run();
}
