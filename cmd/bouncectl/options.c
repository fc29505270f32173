#include "cmd/bouncectl/options.h"

#include <string.h>

#include "cmd/bouncectl/display/moment.h"
#include "cmd/bouncectl/suggestion.h"

/* It is kept and printed on terminals. */
static bool take_line(const char *text, char **line, GError **error)
{
    const char *fault = NULL;
    bool blank = true;

    if (!g_utf8_validate(text, -1, NULL))
        fault = "it is not UTF-8";
    for (const char *at = text; fault == NULL && *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        GUnicodeType type = g_unichar_type(c);
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
            fault = "it has control characters";
        blank = blank && g_unichar_isspace(c);
    }
    if (fault == NULL && blank)
        fault = "it is empty";
    if (fault != NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s; expected one line of text", fault);
        return false;
    }
    g_free(*line);
    *line = g_strdup(text);
    return true;
}

static bool take_number(const char *text, gint64 *number, GError **error)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &value, NULL)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is not a number; expected 1 or more", text);
        return false;
    }
    *number = (gint64)value;
    return true;
}

static bool take_choice(const char *text, const char *const *names, unsigned *choice, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (unsigned i = 0; names[i] != NULL; i++) {
        if (*names[i] != '\0' && g_ascii_strcasecmp(names[i], text) == 0) {
            *choice = i + 1;
            return true;
        }
        if (*names[i] != '\0')
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", names[i]);
    }
    const char *nearest = suggestion_of(names, text);
    if (nearest != NULL)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is none; did you mean '%s'?", text, nearest);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is not one of %s", text, list->str);
    return false;
}

static bool set_option(const struct options *options, const struct option_row *option, const char *text, GError **error)
{
    void *member = G_STRUCT_MEMBER_P(options->object, option->offset);

    switch (option->type) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return true;
    case OPTION_TEXT:
        g_free(*(char **)member);
        *(char **)member = g_strdup(text);
        return true;
    case OPTION_LINE:
        return take_line(text, member, error);
    case OPTION_NUMBER:
        return take_number(text, member, error);
    case OPTION_CHOICE:
        return take_choice(text, option->names, member, error);
    case OPTION_MOMENT:
        return moment_parse(text, options->now, member, error);
    case OPTION_SPAN:
        return moment_parse_span(text, member, error);
    }
    g_assert_not_reached();
}

/* GOptionArgFunc: GLib gives the name as it was typed, "--limit" or "-n". */
static gboolean take_option(const char *typed, const char *text, gpointer data, GError **error)
{
    const struct options *options = data;

    for (const struct option_row *option = options->rows; option->name != NULL; option++) {
        bool match = typed[1] == '-' ? strcmp(typed + 2, option->name) == 0
                                     : option->letter != '\0' && typed[1] == option->letter;
        if (!match)
            continue;
        if (set_option(options, option, text, error))
            return TRUE;
        g_prefix_error(error, "--%s: ", option->name);
        return FALSE;
    }
    g_assert_not_reached();
}

static GOptionGroup *group_new(const char *name, struct options *options)
{
    GOptionGroup *group = g_option_group_new(name, "", "", options, NULL);
    const struct option_row *option = options->rows;

    for (; option != NULL && option->name != NULL; option++) {
        /* FILENAME: the bytes as they were typed, in no locale's charset. */
        GOptionEntry entry[] = {{.long_name = option->name,
                                 .short_name = option->letter,
                                 .flags = option->type == OPTION_FLAG ? G_OPTION_FLAG_NO_ARG : G_OPTION_FLAG_FILENAME,
                                 .arg = G_OPTION_ARG_CALLBACK,
                                 .arg_data = (gpointer)take_option,
                                 .description = option->summary,
                                 .arg_description = option->argument},
                                {0}};
        g_option_group_add_entries(group, entry);
    }
    return group;
}

void options_clear(const struct options *options)
{
    for (const struct option_row *option = options->rows; option != NULL && option->name != NULL; option++) {
        if (option->type == OPTION_TEXT || option->type == OPTION_LINE)
            g_free(*(char **)G_STRUCT_MEMBER_P(options->object, option->offset));
    }
}

/* GLib leaves the "--" that ends the options where a word that looks like one follows it. */
static void drop_end_mark(char **mark)
{
    if (*mark == NULL || strcmp(*mark, "--") != 0)
        return;
    g_free(*mark);
    memmove(mark, mark + 1, g_strv_length(mark + 1) * sizeof *mark + sizeof *mark);
}

bool options_parse(struct options *shared, struct options *own, char ***argv, GError **error)
{
    g_autoptr(GOptionContext) parser = g_option_context_new(NULL);

    g_option_context_set_help_enabled(parser, FALSE);
    g_option_context_set_strict_posix(parser, own == NULL);
    g_option_context_set_main_group(parser, group_new("shared", shared));
    if (own != NULL)
        g_option_context_add_group(parser, group_new("own", own));
    if (!g_option_context_parse_strv(parser, argv, error))
        return false;
    char **mark = *argv + 1;
    while (own != NULL && *mark != NULL && strcmp(*mark, "--") != 0)
        mark++;
    drop_end_mark(mark);
    return true;
}
