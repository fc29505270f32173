/* What the addresses that reports come to tell, and that what we make is what we accept. */
#include "parser/return_path.h"

#include <string.h>

static struct return_path *make_path(const char *name, const char *domain, enum return_path_scheme scheme)
{
    struct return_path *path = g_new0(struct return_path, 1);

    path->name = g_strdup(name);
    path->domain = g_strdup(domain);
    path->scheme = scheme;
    path->keys = g_ptr_array_new_with_free_func(g_free);
    return path;
}

static GPtrArray *make_paths(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *signed_path = make_path("signed", "s.example.com", RETURN_PATH_SIGNED);
    struct return_path *feedback = make_path("feedback", NULL, RETURN_PATH_PLAIN);
    struct return_path *inside = make_path("inside", NULL, RETURN_PATH_PLAIN);

    g_ptr_array_add(signed_path->keys, g_strdup("new key"));
    g_ptr_array_add(signed_path->keys, g_strdup("old key"));
    feedback->address = g_strdup("fbl@example.com");
    inside->address = g_strdup("fbl@s.example.com");
    g_ptr_array_add(paths, make_path("plain", "p.example.com", RETURN_PATH_PLAIN));
    g_ptr_array_add(paths, make_path("verp", "v.example.com", RETURN_PATH_VERP));
    g_ptr_array_add(paths, make_path("batv", "b.example.com", RETURN_PATH_BATV));
    g_ptr_array_add(paths, make_path("srs", "r.example.com", RETURN_PATH_SRS));
    g_ptr_array_add(paths, signed_path);
    g_ptr_array_add(paths, feedback);
    g_ptr_array_add(paths, inside);
    return paths;
}

static const struct {
    const char *address;
    const char *path;      /* NULL: not accepted */
    const char *recipient; /* NULL: holds none */
} cases[] = {
    {"anything@p.example.com", "plain", NULL},
    {"a+user=example.org@p.example.com", "plain", NULL},
    {"a+user=example.org@V.Example.COM", "verp", "user@example.org"},
    {"a+first+tag=example.org@v.example.com", "verp", "first+tag@example.org"},
    {"a+b=c=example.org@v.example.com", "verp", "b=c@example.org"},
    {"a@v.example.com", "verp", NULL},
    {"\"a+b c=example.org\"@v.example.com", "verp", "\"b c\"@example.org"},
    {"\"a+b\\\"\\\\c=example.org\"@v.example.com", "verp", "\"b\\\"\\\\c\"@example.org"},
    {"\"a+b@c=example.org\"@v.example.com", "verp", "\"b@c\"@example.org"},
    {"\"a+b=example.org\"@v.example.com", "verp", "b@example.org"},
    {"a+b..c=example.org@v.example.com", "verp", "\"b..c\"@example.org"},
    {"\"@v.example.com", "verp", NULL},
    {"\"\"@v.example.com", "verp", NULL},
    {"\"a+\\\"@v.example.com", "verp", NULL},
    {"a+@v.example.com", "verp", NULL},
    {"a+=example.org@v.example.com", "verp", NULL},
    {"a+user=@v.example.com", "verp", NULL},
    {"prvs=0123456789=a+user=example.org@v.example.com", "verp", "user@example.org"},
    {"prvs=0123456789=news@b.example.com", "batv", NULL},
    {"PRVS=news/0123456789@b.example.com", "batv", NULL},
    {"prvs=a+user=example.org/0123456789@b.example.com", "batv", "user@example.org"},
    {"SRS0=xyz=AB=example.net=user@r.example.com", "srs", NULL},
    {"bounces+user=example.org+0123456789abcdef0123@s.example.com", "signed", NULL},
    {"FBL@Example.com", "feedback", NULL},
    {"fbl@s.example.com", "inside", NULL},
    {"fbl@example.net", NULL, NULL},
    {"someone@example.com", NULL, NULL},
    {"no-domain", NULL, NULL},
    {"", NULL, NULL},
};

static void test_match(void)
{
    g_autoptr(GPtrArray) paths = make_paths();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct return_path_match match;
        bool accepted = return_path_match(paths, cases[i].address, &match);

        g_test_message("row %zu: %s", i, cases[i].address);
        g_assert_cmpint(accepted, ==, cases[i].path != NULL);
        if (accepted)
            g_assert_cmpstr(match.path->name, ==, cases[i].path);
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_UNPROVEN);
        if (cases[i].path == NULL || strcmp(cases[i].path, "signed") != 0)
            g_assert_cmpstr(match.recipient, ==, cases[i].recipient);
        g_free(match.recipient);
    }
}

/* What the first key signs is evidence, also folded and with a second key in front; any changed octet is none. */
static void test_signed(void)
{
    g_autoptr(GPtrArray) paths = make_paths();
    struct return_path *path = paths->pdata[4];
    g_autofree char *made = return_path_make(path, "Some.User+tag@example.org");
    g_autofree char *folded = g_ascii_strdown(made, -1);
    const char *const good[] = {made, folded};
    size_t mac_end = (size_t)(strchr(made, '@') - made);
    struct return_path_match match;

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(return_path_match(paths, good[i], &match));
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_SIGNED);
        g_assert_cmpint(g_ascii_strcasecmp(match.recipient, "some.user+tag@example.org"), ==, 0);
        g_free(match.recipient);
    }
    for (size_t i = strlen("bounces+"); i < mac_end; i++) {
        g_autofree char *bad = g_strdup(made);

        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        g_assert_true(return_path_match(paths, bad, &match));
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_UNPROVEN);
        g_free(match.recipient);
    }
    g_ptr_array_insert(path->keys, 0, g_strdup("newest key"));
    g_assert_true(return_path_match(paths, made, &match));
    g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_SIGNED);
    g_free(match.recipient);
}

static const struct {
    const char *recipient, *made; /* NULL: there is none */
} made_cases[] = {
    {"user@example.org", "bounces+user=example.org@v.example.com"},
    {"a=b+c@example.org", "bounces+a=b+c=example.org@v.example.com"},
    {"\"a b\"@example.org", "\"bounces+a b=example.org\"@v.example.com"},
    {"\"a@b\"@example.org", "\"bounces+a@b=example.org\"@v.example.com"},
    {"\"a\\\"b\\\\\"@example.org", "\"bounces+a\\\"b\\\\=example.org\"@v.example.com"},
    {"no-domain", NULL},
    {"uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@example.org", NULL},
};

/* What is made says what it was made of, by both schemes. */
static void test_make(void)
{
    g_autoptr(GPtrArray) paths = make_paths();

    for (size_t i = 0; i < G_N_ELEMENTS(made_cases); i++) {
        const char *recipient = made_cases[i].recipient;
        g_autofree char *made = return_path_make(paths->pdata[1], recipient);
        g_autofree char *proven = return_path_make(paths->pdata[4], recipient);
        struct return_path_match match;

        g_test_message("row %zu: %s", i, recipient);
        g_assert_cmpstr(made, ==, made_cases[i].made);
        if (made == NULL)
            continue;
        g_assert_true(return_path_match(paths, made, &match));
        g_assert_cmpstr(match.recipient, ==, recipient);
        g_free(match.recipient);
        g_assert_nonnull(proven);
        g_assert_true(return_path_match(paths, proven, &match));
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_SIGNED);
        g_assert_cmpstr(match.recipient, ==, recipient);
        g_free(match.recipient);
    }
    g_assert_null(return_path_make(paths->pdata[0], "user@example.org"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/return_path/match", test_match);
    g_test_add_func("/parser/return_path/signed", test_signed);
    g_test_add_func("/parser/return_path/make", test_make);
    return g_test_run();
}
