/* bounced: takes bounces and feedback reports by SMTP and LMTP, and keeps the suppression list. See bounced(8). */
#include <glib.h>
#include <locale.h>
#include <pwd.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bounced/daemon.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/setup/user.h"
#include "cmd/config/config_check.h"
#include "cmd/config/database.h"
#include "cmd/config/exit_status.h"
#include "cmd/config/suggestion.h"

static void print_warnings(const struct config *config)
{
    g_autoptr(GPtrArray) warnings = config_warnings(config);

    for (guint i = 0; i < warnings->len; i++)
        g_printerr("bounced: warning: %s\n", (const char *)warnings->pdata[i]);
}

/* As an error names a place. */
static void print_settings(const struct config *config)
{
    const GPtrArray *all = settings_all(config->settings);

    for (guint i = 0; i < all->len; i++) {
        const struct setting *setting = all->pdata[i];
        g_autofree char *from =
            setting->line > 0 ? g_strdup_printf("%s:%u", config->file, setting->line) : g_strdup("default");
        if (setting->value != NULL)
            g_print("%s: [%s] %s = %s\n", from, setting->section, setting->key, setting->value);
    }
}

static void log_warnings(const struct config *config, const struct journal *journal)
{
    g_autoptr(GPtrArray) warnings = config_warnings(config);

    for (guint i = 0; i < warnings->len; i++) {
        struct journal_entry *entry = journal_begin(journal, LOG_WARNING, "config-warning");

        journal_text(entry, "warning", warnings->pdata[i]);
        journal_send(entry);
    }
}

static void append_count(GString *out, guint count, const char *one, const char *many)
{
    if (count > 0)
        g_string_append_printf(out, "%s%u %s", out->len > 0 ? ", " : "", count, count == 1 ? one : many);
}

/* "2 listeners, 1 return path, 1 feedback address"; the caller frees. */
static char *count_parts(const struct config *config)
{
    GString *out = g_string_new(NULL);
    guint feedback = 0;

    for (guint i = 0; i < config->return_paths->len; i++)
        feedback += return_path_is_feedback(config->return_paths->pdata[i]);
    append_count(out, config->listeners->len, "listener", "listeners");
    append_count(out, config->return_paths->len - feedback, "return path", "return paths");
    append_count(out, feedback, "feedback address", "feedback addresses");
    return g_string_free(out, FALSE);
}

/* A config that is named may be somebody's own; the installed one is the daemon's. */
static int check_config(const char *file, const char *user)
{
    const char *as = user != NULL || file != NULL ? user : user_of_daemon();
    g_autoptr(GError) error = NULL;
    g_autoptr(Setup) setup = user_become(as, &error) ? setup_load(file, &error) : NULL;
    const struct passwd *self = getpwuid(geteuid());
    const char *name = self != NULL ? self->pw_name : "nobody knows";

    if (setup == NULL || !database_check(setup->config, &error)) {
        g_printerr("bounced: %s\nbounced: this was found as the user %s%s\n", error->message, name,
                   geteuid() != 0 && as == NULL ? "; as root it is checked for the daemon's user" : "");
        return exit_status_of(error);
    }
    print_warnings(setup->config);
    g_autofree char *parts = count_parts(setup->config);
    g_print("%s: good for the user %s; %s, database %s\n",
            setup->config->file != NULL ? setup->config->file : "no config file", name, parts,
            setup->config->store_path);
    return EX_OK;
}

/* A command line that cannot be followed. GLib says of an option that there is not only that it is unknown. */
static int refuse(const GOptionEntry *entries, char **argv, const GError *error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *unknown = NULL, *nearest = NULL;

    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
        g_ptr_array_add(names, (gpointer)entry->long_name);
    g_ptr_array_add(names, NULL);
    for (char **word = argv + 1; *word != NULL && unknown == NULL; word++) {
        if (g_str_has_prefix(*word, "--") && !g_strv_contains((const char *const *)names->pdata, *word + 2))
            unknown = *word + 2;
    }
    if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && unknown != NULL)
        nearest = suggestion_of((const char *const *)names->pdata, unknown);
    if (nearest != NULL)
        g_printerr("bounced: there is no option --%s; did you mean --%s?\n", unknown, nearest);
    else
        g_printerr("bounced: %s; see bounced --help\n", error != NULL ? error->message : "no arguments are expected");
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    g_autofree char *file = NULL, *user = NULL;
    gboolean check = FALSE, show = FALSE, version = FALSE;
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &file, "Read FILE instead of the default config", "FILE"},
        {"check-config", 0, 0, G_OPTION_ARG_NONE, &check, "Check the config and the rules, start nothing", NULL},
        {"user", 0, 0, G_OPTION_ARG_STRING, &user, "Check the config as this user", "NAME"},
        {"show-config", 0, 0, G_OPTION_ARG_NONE, &show, "Print what each key is set to, and where", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- take bounces, keep the suppression list");
    g_autoptr(GError) error = NULL;
    g_autoptr(Setup) setup = NULL;
    g_autoptr(Journal) journal = NULL;

    setlocale(LC_ALL, "");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1)
        return refuse(entries, argv, error);
    if (version) {
        g_print("bounced %s\n", BOUNCED_VERSION);
        return EX_OK;
    }
    if (check)
        return check_config(file, user);
    setup = setup_load(file, &error);
    if (setup == NULL) {
        g_printerr("bounced: %s\n", error->message);
        return exit_status_of(error);
    }
    if (show) {
        print_settings(setup->config);
        return EX_OK;
    }
    journal = journal_new();
    journal_hide_addresses(journal, setup->config->log_hides_addresses);
    log_warnings(setup->config, journal);
    return daemon_run(setup, journal);
}
