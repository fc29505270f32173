/* Feeds of the config: the keys of each type, and the secrets that a webhook may sign with. */
#include "cmd/config/feed_config.h"

#include <string.h>

#include "cmd/config/config_load.h"
#include "tests/unit/config_file.h"

/* --- keys --------------------------------------------------------------------------------------------------------- */

static const char *const keys[] = {
    "type",    "retry",       "give-up",       "reasons",       "verdicts", "streams",
    "tenants", "types",       "batch",         "delay",         "timeout",  "url",
    "user",    "secret-file", "password-file", "format",        "insecure", "allow-private",
    "path",    "every",       "mode",          "template-file", "stream",   "tenant",
    "command", "to",          "from",          "content-type",  "domains",  "daily",
    "address", "key",         "length",        "brokers",       "topic",    "properties-file"};
#define ALL " type retry give-up "
#define FILTERED ALL "reasons verdicts streams tenants "
#define TOLD FILTERED "types batch delay timeout "
static const char *const keys_of[] = {
    [FEED_TYPE_WEBHOOK] =
        TOLD "url secret-file format user password-file insecure allow-private template-file content-type ",
    [FEED_TYPE_FILE] = ALL "path format every mode stream tenant ",
    [FEED_TYPE_EXEC] = TOLD "command ",
    [FEED_TYPE_MAIL] = FILTERED "to from domains daily ",
    [FEED_TYPE_REDIS] = TOLD "address key length user password-file insecure ",
    [FEED_TYPE_KAFKA] = TOLD "brokers topic properties-file insecure ",
};

static void test_keys(void)
{
    g_assert_null(feed_type_names[G_N_ELEMENTS(keys_of)]);
    for (unsigned type = 0; type < G_N_ELEMENTS(keys_of); type++) {
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
            g_autofree char *word = g_strdup_printf(" %s ", keys[i]);

            g_test_message("%s: %s", feed_type_names[type], keys[i]);
            g_assert_cmpint(feed_knows(type, keys[i]), ==, strstr(keys_of[type], word) != NULL);
        }
        g_assert_false(feed_knows(type, "forward"));
    }
}

static void test_modes(void)
{
    static const mode_t modes[] = {0600, 0640, 0644};

    g_assert_null(feed_mode_names[G_N_ELEMENTS(modes)]);
    for (unsigned mode = 0; mode < G_N_ELEMENTS(modes); mode++) {
        const struct feed_config feed = {.mode = mode};
        g_assert_cmpuint(feed_mode(&feed), ==, modes[mode]);
    }
}

/* --- secrets ------------------------------------------------------------------------------------------------------ */

/* Of so many octets, as a line of a file. */
static char *secret(const char *start, size_t octets)
{
    g_autofree guchar *key = g_malloc0(octets);
    g_autofree char *text = g_base64_encode(key, octets);

    return g_strconcat(start, text, NULL);
}

static const struct {
    const char *start;
    size_t octets;
    bool good;
} secrets[] = {
    {"whsec_", 24, true}, {"whsec_", 64, true}, {"whsec_", 23, false}, {"whsec_", 65, false}, {"whsk_", 32, true},
    {"whsk_", 64, true},  {"whsk_", 31, false}, {"whsk_", 65, false},  {"whpk_", 32, false},  {"", 32, false},
};

static void test_secrets(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++) {
        g_autofree char *line = secret(secrets[i].start, secrets[i].octets);
        g_autofree char *file = write_file(line);
        g_autofree char *text = g_strdup_printf("[feed crm]\ntype = webhook\nurl = https://crm.example.com/hook\n"
                                                "secret-file = %s\n",
                                                file);
        g_autofree char *path = write_file(text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_load(path, &error);

        g_test_message("%s", line);
        g_assert_cmpint(config != NULL, ==, secrets[i].good);
        if (config == NULL)
            g_assert_nonnull(strstr(error->message, "the secret 1 is neither whsec_ nor whsk_ and a key in base64"));
        else
            g_assert_cmpstr(((struct feed_config *)config->feeds->pdata[0])->secrets->pdata[0], ==, line);
        unlink(path);
        unlink(file);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/feed-config/keys", test_keys);
    g_test_add_func("/cmd/feed-config/modes", test_modes);
    g_test_add_func("/cmd/feed-config/secrets", test_secrets);
    return g_test_run();
}
