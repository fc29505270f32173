/* The config file: what is read, and what is refused with file, line, section, key and what was expected. */
#include "cmd/config/config_check.h"
#include "cmd/config/config_error.h"
#include "cmd/config/config_keys.h"
#include "cmd/config/config_load.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store/policy.h"

static char *write_file(const char *text)
{
    g_autoptr(GError) error = NULL;
    char *path;
    int fd = g_file_open_tmp("config-XXXXXX", &path, &error);

    g_assert_no_error(error);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    return path;
}

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
    g_assert_cmpint(((struct listen_config *)config->listeners->pdata[1])->protocol, ==, LISTEN_LMTP);
    g_assert_cmpuint(config->return_paths->len, ==, 4);
    check_return_paths(config);
    g_assert_false(config->ingest_unproven_suppresses);
    g_assert_false(config->dkim_verify);
    g_assert_cmpuint(config->authserv_ids->len, ==, 1);
    g_assert_cmpstr(config->authserv_ids->pdata[0], ==, "mx.example.com");
    g_assert_cmpstr(config->dns_servers, ==, "192.0.2.1,[2001:db8::1]:5353,2001:db8::2");
    row = &policy_for(config->policies, "newsletter")->rows[REASON_MAILBOX_FULL];
    g_assert_cmpuint(row->count, ==, 5);
    g_assert_cmpint(row->lasting, ==, 90 * 86400);
    g_assert_cmpuint(policy_for(config->policies, "other")->rows[REASON_FILTERED].count, ==, 9);
    unlink(file);
    unlink(keys);
}

/* Who lets strangers suppress is told so. */
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

/* As after a power cut. */
static void test_nul(void)
{
    g_autofree char *file = write_file("");
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(file, "[server]\nerrors = 3\n\0[store]\n", 28, NULL));
    g_assert_null(config_load(file, &error));
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
    g_assert_true(g_str_has_suffix(error->message, ": a NUL octet; expected text"));
    unlink(file);
}

static const struct {
    const char *text;
    const char *error; /* after the file's name */
} bad_cases[] = {
    {"[store]\npth = x\n", ":2: [store] pth is not a key of this section; see bounced.conf(5)"},
    {"\n[stor]\npath = x\n", ":2: [stor] is not a known section; see bounced.conf(5)"},
    {"[store x]\n", ":1: [store x] takes no name"},
    {"[listen]\n", ":1: [listen] needs a name after it"},
    {"[storefront]\n", ":1: [storefront] is not a known section; see bounced.conf(5)"},
    {"[store]\npath = a\n\npath = b\n", ":2: [store] path is given twice"},
    {"[store]\npath = a\n[store]\nretention = 1d\n", ":1: [store] is given twice"},
    {"[store]\npath =\n", ":2: [store] path = is empty; expected the database's path"},
    {"[store]\nretention = 5 days\n", ":2: [store] retention = \"5 days\" cannot be read; expected a time: a number "
                                      "with s, m, h, d, w or y (0 keeps for good), from 0 to 100y"},
    {"[store]\nretention = -1d\n",
     ":2: [store] retention = \"-1d\" cannot be read; expected a time: a number with s, m, h, d, w or y (0 keeps for "
     "good), from 0 to 100y"},
    {"[server]\nconnections = 0\n",
     ":2: [server] connections = \"0\" is too small; expected a number, from 1 to 100000"},
    {"[server]\nworkers = 100000\n",
     ":2: [server] workers = \"100000\" is too large; expected a number (0 is one a core), from 0 to 256"},
    {"[server]\nmessage-size = 0\n",
     ":2: [server] message-size = \"0\" is too small; expected octets, with K, M or G, from 64K to 1G"},
    {"[server]\nmessage-size = 9999999G\n",
     ":2: [server] message-size = \"9999999G\" is too large; expected octets, with K, M or G, from 64K to 1G"},
    {"[server]\nmessage-size = 1M\nmemory = 1M\n",
     ":3: [server] memory = too little memory; expected [server] memory to be twice [server] message-size at least"},
    {"[server]\nmessage-size = 200M\n",
     ":2: [server] message-size = too little memory; expected [server] memory to be twice [server] message-size at "
     "least"},
    {"[server]\nidle-timeout = 0\n", ":2: [server] idle-timeout = \"0\" is too small; expected a time: a number with "
                                     "s, m, h, d, w or y, from 1s to 1d"},
    {"[server]\nstop-timeout = 99999999999\n",
     ":2: [server] stop-timeout = \"99999999999\" is too large; expected a time: a number with s, m, h, d, w or y, "
     "from 0 to 1h"},
    {"[server]\nmessage-size = 99999999999G\n",
     ":2: [server] message-size = \"99999999999G\" cannot be read; expected octets, with K, M or G, from 64K "
     "to 1G"},
    {"[listen a]\nprotocol = smtp\n", ":1: [listen a] needs the key address"},
    {"[listen a]\naddress = 127.0.0.1:25\n", ":1: [listen a] needs the key protocol"},
    {"[listen a]\nprotocol = SMTP\naddress = x:1\n",
     ":2: [listen a] protocol = \"SMTP\" is none of them; expected smtp, lmtp or http"},
    {"[listen a]\nprotocol = http\naddress = 127.0.0.1:9109\ntls = none\n",
     ":4: [listen a] tls is not for protocol = http"},
    {"[listen a]\nprotocol = smtp\naddress = x:25\nproxy = 192.0.2.1/24\n",
     ":4: [listen a] proxy = \"192.0.2.1/24\" is no network; expected addresses, ADDRESS/BITS or unix, with commas "
     "between them, or none"},
    {"[server]\nconnection-rate = 100\n",
     ":2: [server] connection-rate = \"100\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nmessage-rate = 0 in 1m\n",
     ":2: [server] message-rate = \"0 in 1m\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nmessage-rate = 5 in 2d\n",
     ":2: [server] message-rate = \"5 in 2d\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nrecipients = 5000\n",
     ":2: [server] recipients = too few commands for a transaction; expected [server] commands to be more than "
     "[server] recipients"},
    {"[listen a]\nprotocol = smtp\naddress = ::1:25\n",
     ":3: [listen a] address = \"::1:25\": an IPv6 address stands in brackets; expected HOST:PORT, [IPV6]:PORT or "
     "unix:/PATH"},
    {"[listen a]\nprotocol = smtp\naddress = localhost\n",
     ":3: [listen a] address = \"localhost\" has no port; expected HOST:PORT, [IPV6]:PORT or unix:/PATH"},
    {"[listen a]\nprotocol = smtp\naddress = unix:rel\n",
     ":3: [listen a] address = \"unix:rel\" is no absolute path; expected HOST:PORT, [IPV6]:PORT or unix:/PATH"},
    {"[return-path a]\nscheme = verp\n", ":1: [return-path a] needs the key domain"},
    {"[return-path a]\ndomain = a@b\n", ":2: [return-path a] domain = \"a@b\" is no domain; expected a domain"},
    {"[return-path a]\ndomain = -bad-..x\n",
     ":2: [return-path a] domain = \"-bad-..x\" is no domain; expected a domain"},
    {"[return-path a]\ndomain = bad-.x\n", ":2: [return-path a] domain = \"bad-.x\" is no domain; expected a domain"},
    {"[return-path a]\ndomain = b\nscheme = signed\n",
     ":1: [return-path a] has scheme = signed and needs the key key-file"},
    {"[return-path a]\ndomain = b\nunproven = sent\n",
     ":3: [return-path a] unproven = \"sent\" needs a register of sent mail, which bounced does not keep yet; expected "
     "count or suppress"},
    {"[return-path a]\ndomain = b\nunproven = yes\n",
     ":3: [return-path a] unproven = \"yes\" is none of them; expected count or suppress"},
    {"[return-path a]\ndomain = b\nseparators = =-\n",
     ":3: [return-path a] separators = \"=-\" are no separators; expected +, - or = and then = or +"},
    {"[return-path a]\ndomain = b\nlifetime = 1h\n", ":3: [return-path a] lifetime = \"1h\" is too small; expected a "
                                                     "time: a number with s, m, h, d, w or y, from 1d to "
                                                     "10y"},
    {"[return-path a]\ndomain = b\nscheme = regex\n",
     ":1: [return-path a] needs both scheme = regex and a pattern, or neither"},
    {"[return-path a]\ndomain = b\nscheme = verp\npattern = (?<recipient>.+)\n",
     ":1: [return-path a] needs both scheme = regex and a pattern, or neither"},
    {"[return-path a]\ndomain = b\nscheme = regex\npattern = (?<rcpt>.+)\n",
     ":4: [return-path a] pattern = the group rcpt is none of recipient, domain, stream, campaign, message and tenant"},
    {"[feedback]\naddress = fbl\n", ":2: [feedback] address = \"fbl\" is no address; expected an address"},
    {"[return-path a]\ndomain = b.example\n[return-path c]\nscheme = verp\ndomain = B.example\n",
     ":5: [return-path c] domain = \"b.example\" is the domain of [return-path a] already; expected one of its own"},
    {"[feedback a]\naddress = a@b.example\n[feedback c]\naddress = A@b.example\n",
     ":4: [feedback c] address = \"A@b.example\" is the address of [feedback a] already; expected one of its own"},
    {"[feedback a]\naddress = a@b.example\ntrust = net\n",
     ":3: [feedback a] trust = \"net\" is no domain or address; expected domains or addresses, with commas between "
     "them, or none"},
    {"[feedback a]\naddress = a@b.example\ntrust = @b.example\n",
     ":3: [feedback a] trust = \"@b.example\" is no domain or address; expected domains or addresses, with commas "
     "between them, or none"},
    {"[dns]\nservers = ns.example.com\n", ":2: [dns] servers = \"ns.example.com\" is no address; expected addresses, "
                                          "each perhaps with :PORT, with commas between them"},
    {"[dns]\nservers = 192.0.2.1:99999\n", ":2: [dns] servers = \"192.0.2.1:99999\" is no address; expected "
                                           "addresses, each perhaps with :PORT, with commas between them"},
    {"[dkim]\nverify = maybe\n", ":2: [dkim] verify = \"maybe\" is none of them; expected no or yes"},
    {"[listen a]\nprotocol = smtp\naddress = x:25\n[listen b]\naddress = x:25\nprotocol = lmtp\n",
     ":5: [listen b] address = \"x:25\" is the address of [listen a] already; expected one of its own"},
    {"[policy news]\nmailbox_full = 1\n[return-path a]\ndomain = b.example\nstream = new\n",
     ":1: [policy news] is for a stream that no [return-path] and no [feedback] names"},
    {"[feedback]\naddress = fbl@example.com\nforward = p@example.com\n",
     ":3: [feedback] forward = needs a section [smart-host] with an address"},
    {"[return-path a]\ndomain = b\nforward = p@example.com\n",
     ":3: [return-path a] forward = needs a section [smart-host] with an address"},
    {"[postmaster]\nforward = p@example.com\n",
     ":2: [postmaster] forward = needs a section [smart-host] with an address"},
    {"[return-path a]\ndomain = b.example.com\n[postmaster]\nforward = p@B.example.com\n[smart-host]\n"
     "address = h:25\n",
     ":4: [postmaster] forward = an address whose mail comes here; expected a person's"},
    {"[store]\nbusy-timeout = 31s\n", ":2: [store] busy-timeout = \"31s\" is too large; expected a time: a number with "
                                      "s, m, h, d, w or y, from 0 to 30s"},
    {"[server]\nhostname = mx.example.com\n[postmaster]\nforward = Postmaster@MX.example.com\n[smart-host]\n"
     "address = h:25\n",
     ":4: [postmaster] forward = an address whose mail comes here; expected a person's"},
    {"[feedback]\naddress = fbl@example.com\n[smart-host]\naddress = h:25\nfrom = FBL@example.com\n",
     ":5: [smart-host] from = an address whose mail comes here; expected a person's"},
    {"[smart-host]\n", ":1: [smart-host] needs the key address"},
    {"[smart-host]\naddress = unix:/x\n",
     ":2: [smart-host] address = \"unix:/x\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = a/b:25\n",
     ":2: [smart-host] address = \"a/b:25\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = [::x]:25\n",
     ":2: [smart-host] address = \"[::x]:25\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = h:25\ntls = maybe\n",
     ":3: [smart-host] tls = \"maybe\" is none of them; expected none, opportunistic, required or implicit"},
    {"[smart-host]\naddress = h:25\nuser = u\n",
     ":3: [smart-host] user = needs the other one of user and password-file, too"},
    {"[smart-host]\naddress = h:25\nca-file = /no/such\n",
     ":3: [smart-host] ca-file = /no/such: No such file or directory; expected a readable PEM file"},
    {"[policy]\nmailbox_ful = 1\n", ":2: [policy] mailbox_ful is not a key of this section; see bounced.conf(5)"},
};

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
        {0600, "opportunistic", ":5: [smart-host] user = needs tls = required or implicit"},
        {0600, "none", ":5: [smart-host] user = needs tls = required or implicit"},
    };
    g_autofree char *password = write_file("secret word \r\nsecond line\n");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
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

static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
        g_autofree char *file = write_file(bad_cases[i].text);
        g_autofree char *expected = g_strconcat(file, bad_cases[i].error, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, bad_cases[i].text);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_cmpstr(error->message, ==, expected);
        unlink(file);
    }
}

/* What is expected of a key that has names is those, and a choice has two. */
static void test_names(void)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        g_autoptr(GString) expected = g_string_new(NULL);

        g_test_message("[%s] %s", key->section, key->name);
        g_assert_true((key->names != NULL) ==
                      (key->set == value_name || key->set == value_choice || key->set == value_unproven));
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

/* Errors that other modules word: the place is ours. */
static void test_refused_place(void)
{
    static const char *const texts[] = {
        "[policy]\nblocked = 3 in 1d\n",                             /* never the recipient's fault */
        "[policy]\nmailbox_full = often\n",                          /* no policy */
        "[return-path a]\nkey-file = /does/not/exist\ndomain = b\n", /* cannot be read */
        "[policy]\nmailbox_full = 5 in 30d for 90d\n",               /* no comma */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *file = write_file(texts[i]);
        g_autofree char *prefix = g_strconcat(file, ":2: [", NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, texts[i]);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_true(g_str_has_prefix(error->message, prefix));
        g_assert_nonnull(strstr(error->message, "; expected "));
        unlink(file);
    }
}

static void test_missing_file(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(config_load("/does/not/exist.conf", &error));
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, "/does/not/exist.conf"));
}

/* A file that is no INI file at all says where, too. */
static void test_no_ini(void)
{
    static const struct {
        const char *text;
        const char *place;
    } rows[] = {
        {"this is not a config\n", ":1: "},
        {"a = b\n", ":1: "},
        {"# c\n[store]\npath = /a\n\n  garbage\n", ":5: "},
        {"[store]\n= a\n", ":2: "},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *file = write_file(rows[i].text);
        g_autofree char *prefix = g_strconcat(file, rows[i].place, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu", i);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_true(g_str_has_prefix(error->message, prefix));
        unlink(file);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/config/whole", test_whole);
    g_test_add_func("/cmd/config/warnings", test_warnings);
    g_test_add_func("/cmd/config/defaults", test_defaults);
    g_test_add_func("/cmd/config/password", test_password);
    g_test_add_func("/cmd/config/refused", test_refused);
    g_test_add_func("/cmd/config/limits", test_limits);
    g_test_add_func("/cmd/config/names", test_names);
    g_test_add_func("/cmd/config/refused_place", test_refused_place);
    g_test_add_func("/cmd/config/missing_file", test_missing_file);
    g_test_add_func("/cmd/config/no_ini", test_no_ini);
    g_test_add_func("/cmd/config/nul", test_nul);
    return g_test_run();
}
