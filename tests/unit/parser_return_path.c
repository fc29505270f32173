/* The facts that addresses hold, and that we accept those that we make. */
#include "parser/return_path.h"

#include <string.h>

#define DAY ((gint64)86400)
#define TODAY 20785 /* 2026-11-28 */
#define NOW (TODAY * DAY + 43200)
#define U44 "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"
#define PATTERN                                                                                                        \
    "(?<stream>[a-z]+)\\.(?<campaign>[^.]+)\\.(?<tenant>[^.]+)\\.(?<message>[^.]+)\\.(?<recipient>.+)\\.at\\.(?<"      \
    "domain>.+)"

static struct return_path *make_path(const char *name, const char *domain, enum return_path_scheme scheme)
{
    struct return_path *path = g_new0(struct return_path, 1);

    path->name = g_strdup(name);
    path->domain = g_strdup(domain);
    path->scheme = scheme;
    path->keys = g_ptr_array_new_with_free_func(g_free);
    path->lifetime = 30 * DAY;
    if (scheme == RETURN_PATH_REGEX)
        path->pattern = g_strdup(PATTERN);
    g_assert_true(return_path_prepare(path, NULL));
    return path;
}

static GPtrArray *make_paths(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *signed_path = make_path("signed", "s.example.com", RETURN_PATH_SIGNED);
    struct return_path *feedback = make_path("feedback", NULL, RETURN_PATH_PLAIN);
    struct return_path *inside = make_path("inside", NULL, RETURN_PATH_PLAIN);
    struct return_path *hyphen = make_path("hyphen", "h.example.com", RETURN_PATH_VERP);

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
    for (size_t i = RETURN_PATH_SYMPA; i <= RETURN_PATH_REGEX; i++) {
        g_autofree char *domain = g_strconcat(return_path_scheme_names[i], ".example.com", NULL);
        g_ptr_array_add(paths, make_path(return_path_scheme_names[i], domain, (enum return_path_scheme)i));
    }
    hyphen->separators = g_strdup("-=");
    g_ptr_array_add(paths, hyphen);
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
    {"a+b..c=example.org@v.example.com", "verp", "b..c@example.org"},
    {"a+user=Bücher.example@v.example.com", "verp", "user@xn--bcher-kva.example"},
    {"a+user=localhost@v.example.com", "verp", NULL},
    {"a+user=exa_mple..org@v.example.com", "verp", NULL},
    {"a+user=example.org+tail@v.example.com", "verp", NULL},
    {"a+us\xe2\x80\xae"
     "er=example.org@v.example.com",
     "verp", NULL},
    {"unknown+unknown=example.org@v.example.com", "verp", "unknown@example.org"},
    /* what other software makes, on a domain that is not its own */
    {"bounce+user==a==uni.example==list@v.example.com", "verp", NULL},
    {"bounce+user==a==uni.example==my.list@v.example.com", "verp", NULL},
    {"bounce+user==a==uni.example==list==w@v.example.com", "verp", NULL},
    {"bounces+1234567-4e9a-user=example.org@v.example.com", "verp", NULL},
    {"bounce+4b71e2.81f3a5-user=example.org@v.example.com", "verp", NULL},
    {"list-return-12-user=example.org@v.example.com", "verp", NULL},
    {"list-return-12-user+tag=example.org@v.example.com", "verp", NULL},
    {"list-bounces+user=example.org@v.example.com", "verp", "user@example.org"},
    {"list-bounces+0123456789abcdef@v.example.com", "verp", NULL},
    {"news-user=example.org@h.example.com", "hyphen", "user@example.org"},
    {"news-a-b+c=example.org@h.example.com", "hyphen", "a-b+c@example.org"},
    {"news+user=example.org@h.example.com", "hyphen", NULL},
    {"list-return-12-user=example.org@h.example.com", "hyphen", NULL},
    {"list-bounces+user=example.org@h.example.com", "hyphen", NULL},
    {"my-list-bounces+user=example.org@h.example.com", "hyphen", NULL},
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
    {"bounces+user=example.org+51310123456789abcdef0123@s.example.com", "signed", NULL},
    {"bounces+user=example.org@s.example.com", "signed", NULL},
    {"bounce+user==a==uni.example==list@sympa.example.com", "sympa", "user@uni.example"},
    {"bounce+user==a==uni.example==list==w@sympa.example.com", "sympa", "user@uni.example"},
    {"bounce+a+b=c==a==Uni.Example==list@sympa.example.com", "sympa", "a+b=c@uni.example"},
    {"list-owner@sympa.example.com", "sympa", NULL},
    {"bounce+user==a==uni==list@sympa.example.com", "sympa", NULL},
    {"my-list-bounces+a.user=example.org@mailman.example.com", "mailman", "a.user@example.org"},
    {"my-list-bounces@mailman.example.com", "mailman", NULL},
    {"list-bounces+0123456789abcdef0123@mailman.example.com", "mailman", NULL},
    {"list-return-12-user=example.org@ezmlm.example.com", "ezmlm", "user@example.org"},
    {"LIST-RETURN-12-user=example.org@ezmlm.example.com", "ezmlm", "user@example.org"},
    {"list-return-12@ezmlm.example.com", "ezmlm", NULL},
    {"list-return-@ezmlm.example.com", "ezmlm", NULL},
    {"bounces+1234567-4e9a-a-user=example.org@sendgrid.example.com", "sendgrid", "a-user@example.org"},
    {"bounces+1234567-4e9a-@sendgrid.example.com", "sendgrid", NULL},
    {"bounces+user=example.org@sendgrid.example.com", "sendgrid", NULL},
    {"bounce+4b71e2.81f3a5-user=example.org@mailgun.example.com", "mailgun", "user@example.org"},
    {"bounce+4b71e2-user=example.org@mailgun.example.com", "mailgun", NULL},
    {"spring+user=example.org@kumomta.example.com", "kumomta", "user@example.org"},
    {"spring@kumomta.example.com", "kumomta", NULL},
    {"news.spring.shop.m7.a.user.at.example.org@regex.example.com", "regex", "a.user@example.org"},
    {"\"news.spring.shop.m7.a user.at.example.org\"@regex.example.com", "regex", "\"a user\"@example.org"},
    {"news.spring.shop.m7.user.at.example@regex.example.com", "regex", NULL},
    {"something else@regex.example.com", "regex", NULL},
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
        bool accepted = return_path_match(paths, cases[i].address, NOW, &match);

        g_test_message("row %zu: %s", i, cases[i].address);
        g_assert_cmpint(accepted, ==, cases[i].path != NULL);
        if (accepted)
            g_assert_cmpstr(match.path->name, ==, cases[i].path);
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_UNPROVEN);
        g_assert_cmpuint(match.signed_day, ==, 0);
        g_assert_cmpstr(match.recipient, ==, cases[i].recipient);
        g_assert_true(return_path_find(paths, cases[i].address) == match.path);
        return_path_match_clear(&match);
    }
}

/* The names that an address tells. */
static const struct {
    const char *address, *stream, *campaign, *message, *tenant;
} names[] = {
    {"bounce+user==a==uni.example==my-list==w@sympa.example.com", "my-list", NULL, NULL, NULL},
    {"my-list-bounces+user=example.org@mailman.example.com", "my-list", NULL, NULL, NULL},
    {"my-list-return-12-user=example.org@ezmlm.example.com", "my-list", NULL, "12", NULL},
    {"bounce+4b71e2.81f3a5-user=example.org@mailgun.example.com", NULL, NULL, "4b71e2.81f3a5", NULL},
    {"spring+user=example.org@kumomta.example.com", NULL, "spring", NULL, NULL},
    {"news.spring.shop.m7.user.at.example.org@regex.example.com", "news", "spring", "m7", "shop"},
    {"\"news.spr ing.shop.m7.user.at.example.org\"@regex.example.com", "news", NULL, "m7", "shop"},
};

static void test_names(void)
{
    g_autoptr(GPtrArray) paths = make_paths();
    struct return_path *regex = (struct return_path *)return_path_find(paths, "x@regex.example.com");
    g_auto(ReturnPathMatch) own = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(ReturnPathMatch) match = {0};

        g_test_message("row %zu: %s", i, names[i].address);
        g_assert_true(return_path_match(paths, names[i].address, NOW, &match));
        g_assert_cmpstr(match.stream, ==, names[i].stream);
        g_assert_cmpstr(match.campaign, ==, names[i].campaign);
        g_assert_cmpstr(match.message, ==, names[i].message);
        g_assert_cmpstr(match.tenant, ==, names[i].tenant);
    }
    regex->stream = g_strdup("own");
    g_assert_true(return_path_match(paths, "news.spring.shop.m7.user.at.example.org@regex.example.com", NOW, &own));
    g_assert_cmpstr(own.stream, ==, "own");
}

static const struct {
    const char *pattern;
    const char *error; /* NULL: none */
} patterns[] = {
    {"(?<recipient>.+)", NULL},
    {"(?<recipient>.+", "missing closing parenthesis"},
    {"(?<rcpt>.+)", "the group rcpt is none of"},
    {"(*UTF)(?<recipient>.+)", "UTF"},
    {"\\C(?<recipient>.+)", "\\C"},
};

static void test_patterns(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
        struct return_path path = {.scheme = RETURN_PATH_REGEX, .pattern = (char *)patterns[i].pattern};
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, patterns[i].pattern);
        g_assert_cmpint(return_path_prepare(&path, &error), ==, patterns[i].error == NULL);
        if (patterns[i].error != NULL)
            g_assert_nonnull(strstr(error->message, patterns[i].error));
        path.pattern = NULL;
        path.scheme = RETURN_PATH_PLAIN;
        g_assert_true(return_path_prepare(&path, NULL)); /* frees */
    }
}

/* A pattern that tries all ways, and the longest address that a report may hold. */
static void test_bounds(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *path = make_path("slow", "x.example.com", RETURN_PATH_PLAIN);
    g_autofree char *local = g_strnfill(300, 'a');
    g_autofree char *address = g_strconcat(local, "@x.example.com", NULL);
    g_autofree char *longer = g_strconcat(local, local, "@x.example.com", NULL);
    gint64 start = g_get_monotonic_time();
    struct return_path_match match;

    path->scheme = RETURN_PATH_REGEX;
    path->pattern = g_strdup("(?<recipient>(?:(?:a+)+)+)b");
    g_assert_true(return_path_prepare(path, NULL));
    g_ptr_array_add(paths, path);
    for (int i = 0; i < 100; i++) {
        g_assert_true(return_path_match(paths, i % 2 == 0 ? address : longer, NOW, &match));
        g_assert_null(match.recipient);
        return_path_match_clear(&match);
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <,
                    (gint64)5 * G_USEC_PER_SEC); /* a tenth of a second; else for ever */
}

static enum report_evidence evidence_of(const GPtrArray *paths, const char *address, gint64 now)
{
    g_auto(ReturnPathMatch) match = {0};

    g_assert_true(return_path_match(paths, address, now, &match));
    g_assert_cmpuint(match.signed_day, ==, match.evidence == REPORT_EVIDENCE_SIGNED ? TODAY : 0);
    g_assert_true(match.evidence == REPORT_EVIDENCE_UNPROVEN || match.recipient != NULL);
    return match.evidence;
}

/* The form is a promise to mailers that make such addresses themselves: this is what return_path.h says. */
static void test_form(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *path = make_path("news", "bounces.example.com", RETURN_PATH_SIGNED);
    g_autofree char *made = NULL;

    g_ptr_array_add(paths, path);
    g_ptr_array_add(path->keys, g_strdup("0123456789abcdef"));
    made = return_path_make(path, "anna@example.org", NOW);
    g_assert_cmpstr(made, ==, "bounces+anna=example.org+513175ce0a20dd652762b814@bounces.example.com");
    g_assert_cmpint(evidence_of(paths, "x+Anna=Example.org+513175CE0A20DD652762B814@Bounces.example.com", NOW), ==,
                    REPORT_EVIDENCE_SIGNED);
}

/* The first key signs evidence, also folded and with a second key in front; any changed octet is none. */
static void test_signed(void)
{
    g_autoptr(GPtrArray) paths = make_paths();
    struct return_path *path = paths->pdata[4];
    g_autofree char *made = return_path_make(path, "S.User+tag@example.org", NOW);
    g_autofree char *folded = g_ascii_strdown(made, -1);
    g_autofree char *wrapped = g_strconcat("prvs=0123456789=", made, NULL);
    const char *const good[] = {made, folded, wrapped};
    size_t mac_end = (size_t)(strchr(made, '@') - made);

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_auto(ReturnPathMatch) match = {0};

        g_assert_true(return_path_match(paths, good[i], NOW, &match));
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_SIGNED);
        g_assert_cmpuint(match.signed_day, ==, TODAY);
        g_assert_cmpint(g_ascii_strcasecmp(match.recipient, "s.user+tag@example.org"), ==, 0);
    }
    for (size_t i = strchr(made, '+') + 1 - made; i < mac_end; i++) {
        g_auto(ReturnPathMatch) match = {0};
        g_autofree char *bad = g_strdup(made);

        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        g_assert_true(return_path_match(paths, bad, NOW, &match));
        g_assert_cmpint(match.evidence, ==, REPORT_EVIDENCE_UNPROVEN);
        g_assert_null(match.recipient);
    }
    g_ptr_array_insert(path->keys, 0, g_strdup("newest key"));
    g_assert_cmpint(evidence_of(paths, made, NOW), ==, REPORT_EVIDENCE_SIGNED);
}

static const struct {
    gint64 now;
    enum report_evidence evidence;
} ages[] = {
    {NOW, REPORT_EVIDENCE_SIGNED},
    {(TODAY + 1) * DAY - 1, REPORT_EVIDENCE_SIGNED},
    {(TODAY + 31) * DAY - 1, REPORT_EVIDENCE_SIGNED},
    {(TODAY + 31) * DAY, REPORT_EVIDENCE_UNPROVEN},
    {(TODAY + 4000) * DAY, REPORT_EVIDENCE_UNPROVEN},
    {(TODAY - 1) * DAY, REPORT_EVIDENCE_SIGNED}, /* a clock that is a day late */
    {(TODAY - 1) * DAY - 1, REPORT_EVIDENCE_UNPROVEN},
    {0, REPORT_EVIDENCE_UNPROVEN},
};

/* The day is a part of what is signed, and an address is good for a time. */
static void test_life(void)
{
    g_autoptr(GPtrArray) paths = make_paths();
    struct return_path *path = paths->pdata[4];
    g_autofree char *made = return_path_make(path, "user@example.org", NOW);

    g_assert_cmpint(return_path_end(path, TODAY), ==, (TODAY + 31) * DAY);
    for (size_t i = 0; i < G_N_ELEMENTS(ages); i++) {
        g_auto(ReturnPathMatch) match = {0};

        g_test_message("row %zu", i);
        g_assert_cmpint(evidence_of(paths, made, ages[i].now), ==, ages[i].evidence);
        /* whom it was for is still told */
        g_assert_true(return_path_match(paths, made, ages[i].now, &match));
        g_assert_cmpstr(match.recipient, ==, "user@example.org");
    }
    path->lifetime = DAY;
    g_assert_cmpint(evidence_of(paths, made, (TODAY + 2) * DAY - 1), ==, REPORT_EVIDENCE_SIGNED);
    g_assert_cmpint(evidence_of(paths, made, (TODAY + 2) * DAY), ==, REPORT_EVIDENCE_UNPROVEN);
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
    {U44 "@example.org", "bounces+" U44 "=example.org@v.example.com"},
    {U44 "uuuuuu@example.org", "b+" U44 "uuuuuu=example.org@v.example.com"},
    {U44 "uuuuuuu@example.org", NULL},
};

/* An address that is made tells what it was made of. */
static void check_made(const GPtrArray *paths, const char *made, const char *recipient, enum report_evidence evidence)
{
    g_auto(ReturnPathMatch) match = {0};

    g_assert_nonnull(made);
    g_assert_true(return_path_match(paths, made, NOW, &match));
    g_assert_cmpint(match.evidence, ==, evidence);
    g_assert_cmpstr(match.recipient, ==, recipient);
}

/* By both schemes. */
static void test_make(void)
{
    g_autoptr(GPtrArray) paths = make_paths();

    for (size_t i = 0; i < G_N_ELEMENTS(made_cases); i++) {
        const char *recipient = made_cases[i].recipient;
        g_autofree char *made = return_path_make(paths->pdata[1], recipient, NOW);
        g_autofree char *proven = return_path_make(paths->pdata[4], recipient, NOW);

        g_test_message("row %zu: %s", i, recipient);
        g_assert_cmpstr(made, ==, made_cases[i].made);
        if (made == NULL)
            continue;
        check_made(paths, made, recipient, REPORT_EVIDENCE_UNPROVEN);
        if (strlen(recipient) > 37) /* the signature takes 25 octets of 64 */
            g_assert_null(proven);
        else
            check_made(paths, proven, recipient, REPORT_EVIDENCE_SIGNED);
    }
    g_assert_null(return_path_make(paths->pdata[0], "user@example.org", NOW));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/return_path/match", test_match);
    g_test_add_func("/parser/return_path/names", test_names);
    g_test_add_func("/parser/return_path/patterns", test_patterns);
    g_test_add_func("/parser/return_path/bounds", test_bounds);
    g_test_add_func("/parser/return_path/form", test_form);
    g_test_add_func("/parser/return_path/signed", test_signed);
    g_test_add_func("/parser/return_path/life", test_life);
    g_test_add_func("/parser/return_path/make", test_make);
    return g_test_run();
}
