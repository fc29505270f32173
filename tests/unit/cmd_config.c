/* The config file: what is read of it, and what its keys take. */
#include "cmd/config/config_check.h"
#include "cmd/config/config_error.h"
#include "cmd/config/config_load.h"
#include "cmd/config/keys/config_keys.h"

#include <string.h>

#include "store/policy.h"
#include "tests/unit/config_file.h"

static void check_return_paths(const struct config *config)
{
    const struct return_path *news = config->return_paths->pdata[0];
    const struct return_path *old = config->return_paths->pdata[1];
    const struct return_path *feedback = config->return_paths->pdata[2];
    const struct return_path *second = config->return_paths->pdata[3];

    g_assert_cmpstr(news->domain, ==, "bounces.example.com");
    g_assert_cmpstr(old->domain, ==, "xn--bcher-kva.example");
    g_assert_cmpstr(news->stream, ==, "newsletter");
    g_assert_cmpuint(news->keys->len, ==, 2);
    g_assert_cmpstr(news->keys->pdata[0], ==, "the new secret key");
    g_assert_cmpint(news->lifetime, ==, (gint64)30 * 86400);
    g_assert_cmpstr(news->separators, ==, "+=");
    g_assert_false(news->unproven_suppresses);
    g_assert_false(old->unproven_suppresses);
    g_assert_cmpstr(feedback->address, ==, "fbl@example.com");
    g_assert_false(feedback->unproven_suppresses);
    g_assert_null(feedback->trust);
    g_assert_cmpstr(second->address, ==, "fbl2@example.com");
    g_assert_cmpuint(second->trust->len, ==, 2);
    g_assert_cmpstr(second->trust->pdata[0], ==, "fbl.example.net");
    g_assert_cmpstr(second->trust->pdata[1], ==, "staff@example.org");
}

static void test_whole(void)
{
    g_autofree char *keys = write_file("# first signs\nthe new secret key\n\nthe old secret key\n");
    g_autofree char *text = g_strdup_printf("[store]\npath = /data/b.db\nretention = 2w\n"
                                            "[server]\nhostname = mx.example.com\nmessage-size = 10M\nworkers = 3\n"
                                            "connection-rate = 90 in 2h\nmessage-rate = none\n"
                                            "[listen mx]\nprotocol = smtp\naddress = [::]:25\n"
                                            "[listen local]\nprotocol = lmtp\naddress = unix:/run/bounced/lmtp\n"
                                            "[return-path news]\ndomain = Bounces.Example.COM\nscheme = signed\n"
                                            "key-file = %s\nstream = newsletter\n"
                                            "[return-path old]\ndomain = B\u00fccher.example\n"
                                            "[feedback]\naddress = fbl@example.com\n"
                                            "[feedback two]\naddress = fbl2@example.com\n"
                                            "trust = FBL.example.net, staff@Example.org\n"
                                            "[wave]\nenabled = no\nminimum = 20\nhold = 2w\n"
                                            "[dkim]\nverify = no\nauthserv-ids = MX.example.com\n"
                                            "[dns]\nservers = 192.0.2.1, [2001:db8::1]:5353, 2001:db8::2\n"
                                            "[policy]\nfiltered = 9 in 1w\n"
                                            "[policy newsletter]\nmailbox_full = 5 in 30d, for 90d\n",
                                            keys);
    g_autofree char *file = write_file(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(Config) config = config_load(file, &error);
    const struct policy_row *row;

    g_assert_no_error(error);
    g_assert_cmpstr(config->store_path, ==, "/data/b.db");
    g_assert_cmpint(config->store_retention, ==, 14 * 86400);
    g_assert_cmpint(config->message_size, ==, 10 << 20);
    g_assert_cmpint(config->workers, ==, 3);
    g_assert_cmpint(config->recipients, ==, 100); /* a default */
    g_assert_cmpint(config->connection_rate.count, ==, 90);
    g_assert_cmpint(config->connection_rate.period, ==, 7200);
    g_assert_cmpint(config->message_rate.count, ==, 0);
    g_assert_cmpuint(config->listeners->len, ==, 2);
    g_assert_cmpstr(((struct listen_config *)config->listeners->pdata[1])->name, ==, "local");
    g_assert_cmpint(((struct listen_config *)config->listeners->pdata[1])->protocol, ==, LISTEN_PROTOCOL_LMTP);
    g_assert_cmpuint(config->return_paths->len, ==, 4);
    check_return_paths(config);
    g_assert_false(config->ingest_unproven_suppresses);
    g_assert_false(config->wave.enabled);
    g_assert_cmpint(config->wave.minimum, ==, 20);
    g_assert_cmpint(config->wave.factor, ==, 8); /* a default */
    g_assert_cmpint(config->wave.hold, ==, 14 * 86400);
    g_assert_false(config->dkim_verify);
    g_assert_cmpuint(config->authserv_ids->len, ==, 1);
    g_assert_cmpstr(config->authserv_ids->pdata[0], ==, "mx.example.com");
    g_assert_cmpstr(config->dns_servers, ==, "192.0.2.1,[2001:db8::1]:5353,2001:db8::2");
    row = policy_row_of(policy_for(config->policies, "newsletter"), REASON_MAILBOX_FULL);
    g_assert_cmpuint(row->count, ==, 5);
    g_assert_cmpint(row->stays[0], ==, 90 * 86400);
    g_assert_cmpuint(policy_row_of(policy_for(config->policies, "other"), REASON_FILTERED)->count, ==, 9);
    unlink(file);
    unlink(keys);
}

/* One list for everybody: no user has one of his own. */
static void test_store_path(void)
{
    static const struct {
        const char *text, *state, *path;
        bool is_default;
    } cases[] = {
        {"", NULL, "/var/lib/bounced/bounced.db", true},
        {"", "/srv/state", "/srv/state/bounced.db", true},
        {"[store]\npath = /var/lib/bounced/bounced.db\n", NULL, "/var/lib/bounced/bounced.db", true},
        {"[store]\npath = /home/ann/bounced.db\n", NULL, "/home/ann/bounced.db", false},
        {"[store]\npath = /home/ann/bounced.db\n", "/srv/state", "/home/ann/bounced.db", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *file = write_file(cases[i].text);

        g_unsetenv("STATE_DIRECTORY");
        if (cases[i].state != NULL)
            g_setenv("STATE_DIRECTORY", cases[i].state, TRUE);
        g_autoptr(Config) config = config_load(file, NULL);
        g_test_message("row %zu", i);
        g_assert_cmpstr(config->store_path, ==, cases[i].path);
        g_assert_true(config->store_path_default == cases[i].is_default);
        unlink(file);
    }
    g_unsetenv("STATE_DIRECTORY");
}

/* An operator who lets strangers suppress is told so. */
static void test_warnings(void)
{
    static const struct {
        const char *text, *warning;
    } cases[] = {
        {"[return-path a]\ndomain = b\nunproven = suppress\n", NULL},
        {"[listen m]\nprotocol = smtp\naddress = 127.0.0.1:25\n[feedback]\naddress = f@b\nunproven = suppress\n", NULL},
        {"[listen m]\nprotocol = lmtp\naddress = [::]:24\n[feedback]\naddress = f@b\nunproven = suppress\n", NULL},
        {"[listen m]\nprotocol = smtp\naddress = [::]:25\n[feedback]\naddress = f@b\n[ingest]\nunproven = suppress\n",
         NULL},
        {"[listen m]\nprotocol = smtp\naddress = [::]:25\n[feedback]\naddress = f@b\nunproven = suppress\n",
         ":6: [feedback] unproven = suppress: whoever reaches [listen m] can put any address on the list"},
        {"[listen m]\nprotocol = smtp\naddress = 192.0.2.1:25\n[return-path a]\ndomain = b\nunproven = suppress\n",
         ":6: [return-path a] unproven = suppress: whoever reaches [listen m] can put any address on the list"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *file = write_file(cases[i].text), *expected = g_strconcat(file, cases[i].warning, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_load(file, &error);
        g_autoptr(GPtrArray) warnings = NULL;

        g_test_message("row %zu", i);
        g_assert_no_error(error);
        warnings = config_warnings(config);
        g_assert_cmpuint(warnings->len, ==, cases[i].warning != NULL);
        if (cases[i].warning != NULL)
            g_assert_cmpstr(warnings->pdata[0], ==, expected);
        unlink(file);
    }
}

/* Nothing but defaults: it runs on loopback. */
static void test_defaults(void)
{
    g_autofree char *file = write_file("");
    g_autoptr(GError) error = NULL;
    g_autoptr(Config) config = config_load(file, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(config->listeners->len, ==, 2);
    for (guint i = 0; i < config->listeners->len; i++)
        g_assert_true(g_str_has_prefix(((struct listen_config *)config->listeners->pdata[i])->address, "127.0.0.1:"));
    g_assert_nonnull(config->store_path);
    g_assert_cmpint(config->message_size, >, 0);
    unlink(file);
}

/* The password is in a file of its own, which not everybody may read, and never goes over the wire in the clear. */
static void test_password(void)
{
    static const struct {
        int mode;
        const char *tls;
        const char *error; /* a part of it; NULL: it is good */
    } rows[] = {
        {0600, "required", NULL},
        {0640, "implicit", NULL},
        {0644, "required", " can be read by everybody (chmod o= "},
        {0600, "opportunistic", ":5: [smart-host] user needs tls = required or implicit"},
        {0600, "none", ":5: [smart-host] user needs tls = required or implicit"},
    };
    g_autofree char *password = write_file("secret word \r\nsecond line\n");

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf("[smart-host]\naddress = [::1]:587\ntls = %s\npassword-file = %s\n"
                                                "user = u\n",
                                                rows[i].tls, password);
        g_autofree char *file = write_file(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = NULL;

        g_test_message("row %zu", i);
        g_assert_cmpint(g_chmod(password, rows[i].mode), ==, 0);
        config = config_load(file, &error);
        if (rows[i].error == NULL) {
            g_assert_no_error(error);
            g_assert_cmpstr(config->smart_host->password, ==, "secret word ");
            g_assert_cmpstr(config->smart_host->user, ==, "u");
            g_assert_null(config->smart_host->from);
            g_assert_cmpint(config->smart_host->give_up, ==, 5 * 86400);
        } else {
            g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
            g_assert_nonnull(strstr(error->message, rows[i].error));
        }
        unlink(file);
    }
    unlink(password);
}

/* An error about a key that has names lists them, and a choice has two. */
static void test_names(void)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        g_autoptr(GString) expected = g_string_new(NULL);

        g_test_message("[%s] %s", key->section, key->name);
        g_assert_true((key->names != NULL) == (key->set == value_name || key->set == value_choice ||
                                               key->set == value_names || key->set == value_unproven));
        for (size_t i = 0; key->names != NULL && key->names[i] != NULL; i++)
            g_string_append_printf(expected, "%s%s",
                                   i == 0                      ? ""
                                   : key->names[i + 1] != NULL ? ", "
                                                               : " or ",
                                   key->names[i]);
        if (key->names != NULL)
            g_assert_cmpstr(key->expected, ==, expected->str);
        g_assert_true(key->set != value_choice || g_strv_length((char **)key->names) == 2);
    }
}

/* Every section has a name that is known, whatever stands in it. */
static void test_sections(void)
{
    static const char *const names[] = {"store",      "server",     "tls", "listen a", "return-path a", "feedback",
                                        "postmaster", "smart-host", "log", "parser",   "ingest",        "policy",
                                        "classifier", "dkim",       "dns", "api",      "socketmap",     "wave"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = g_strdup_printf("[%s]\nnonsense = 1\n", names[i]), *file = write_file(text);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", names[i]);
        g_assert_null(config_load(file, &error));
        g_assert_null(strstr(error->message, "not a known section"));
        unlink(file);
    }
}

/* A number may be its minimum and its maximum. */
static void test_limits(void)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        const char *const ends[] = {key->minimum, key->maximum};

        for (size_t i = 0; key->minimum != NULL && i < G_N_ELEMENTS(ends); i++) {
            struct config config = {0};
            g_autoptr(GError) error = NULL;

            g_test_message("[%s] %s = %s", key->section, key->name, ends[i]);
            g_assert_true(key->set(&config, key, key->name, ends[i], &error));
            g_assert_no_error(error);
        }
    }
}

/* Each setting and its line, and the defaults; of a file of keys its name. */
static void test_settings(void)
{
    g_autofree char *keys = write_file("0123456789abcdef\n");
    g_autofree char *text = g_strdup_printf("[store]\nkeep-events = 1y\n\n[return-path a]\ndomain = B.example\n"
                                            "scheme = signed\nkey-file = %s\nstream = news\n[policy]\n"
                                            "complaint = never\n[policy news]\nmailbox_full = 3 in 1w\n",
                                            keys);
    const struct {
        const char *section, *key, *value;
        unsigned line;
    } rows[] = {
        {"store", "keep-events", "1y", 2},
        {"store", "keep-changes", "5y", 0},
        {"tls", "key", NULL, 0},
        {"return-path a", "domain", "B.example", 5},
        {"return-path a", "key-file", keys, 7},
        {"return-path a", "lifetime", "30d", 0},
        {"policy", "feedback", "never", 10},
        {"policy", "unsubscribe", "1", 0},
        {"policy news", "mailbox_full", "3 in 1w", 12},
        {"policy news", "mailbox_disabled", "3 in 30d, for 90d", 0},
        {"listen smtp", "address", "127.0.0.1:2525", 0},
        {"listen smtp", "proxy", "none", 0},
        {"listen smtp", "fail", NULL, 0},
    };
    g_autofree char *file = write_file(text);
    g_assert_cmpint(g_chmod(keys, 0600), ==, 0);
    g_autoptr(Config) config = config_load(file, NULL);

    g_assert_nonnull(config);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct setting *setting = settings_find(config->settings, rows[i].section, rows[i].key);
        g_assert_nonnull(setting);
        g_assert_cmpstr(setting->value, ==, rows[i].value);
        g_assert_cmpuint(setting->line, ==, rows[i].line);
    }
    for (guint i = 0; i < settings_all(config->settings)->len; i++) {
        const struct setting *setting = settings_all(config->settings)->pdata[i];
        g_assert_null(setting->value != NULL ? strstr(setting->value, "0123456789abcdef") : NULL);
    }
    g_assert_null(settings_find(config->settings, "policy", "complaint"));
    g_assert_null(settings_find(config->settings, "policy", "blocked"));
    unlink(file);
    unlink(keys);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/config/store-path", test_store_path);
    g_test_add_func("/cmd/config/whole", test_whole);
    g_test_add_func("/cmd/config/warnings", test_warnings);
    g_test_add_func("/cmd/config/defaults", test_defaults);
    g_test_add_func("/cmd/config/password", test_password);
    g_test_add_func("/cmd/config/limits", test_limits);
    g_test_add_func("/cmd/config/sections", test_sections);
    g_test_add_func("/cmd/config/names", test_names);
    g_test_add_func("/cmd/config/settings", test_settings);
    return g_test_run();
}
