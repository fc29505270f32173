#include "cmd/bouncectl/options.h"

#include <stdarg.h>
#include <string.h>

#include "classifier/reason.h"
#include "cmd/config/suggestion.h"
#include "reports/moment.h"

enum { LINE_MAX_OCTETS = 4096 };

/* It is kept and printed on terminals, and in an export it is part of a row, which has an end as well. */
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
    if (fault == NULL && strlen(text) > LINE_MAX_OCTETS)
        fault = "it has more than 4096 octets";
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

static bool find_choice(const char *text, const char *const *names, unsigned *choice)
{
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (*names[i] != '\0' && g_ascii_strcasecmp(names[i], text) == 0) {
            *choice = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_choice(const char *text, const char *const *names, unsigned *choice, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    const char *nearest;

    if (find_choice(text, names, choice) || find_choice(reason_canonical(text), names, choice))
        return true;
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (*names[i] != '\0')
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", names[i]);
    }
    nearest = suggestion_of(names, text);
    if (nearest != NULL)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no '%s'; did you mean '%s'?", text,
                    nearest);
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

void options_clear(const struct options *options)
{
    for (const struct option_row *option = options->rows; option != NULL && option->name != NULL; option++) {
        if (option->type == OPTION_TEXT || option->type == OPTION_LINE)
            g_free(*(char **)G_STRUCT_MEMBER_P(options->object, option->offset));
    }
}

/* --- the command line --------------------------------------------------------------------------------------------- */

/* The arguments, and how far they are read. */
struct scan {
    const struct options *groups;
    size_t n;
    char **at;       /* the next word */
    GPtrArray *rest; /* what is no option */
};

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (error != NULL)
        *error = g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, arguments);
    va_end(arguments);
    return false;
}

/* By its name if it has one, else by its letter. */
static const struct option_row *find(const struct scan *scan, const char *name, char letter,
                                     const struct options **options)
{
    for (*options = scan->groups; *options < scan->groups + scan->n; ++*options) {
        for (const struct option_row *option = (*options)->rows; option != NULL && option->name != NULL; option++) {
            if (name != NULL ? strcmp(option->name, name) == 0 : option->letter != '\0' && option->letter == letter)
                return option;
        }
    }
    return NULL;
}

static bool refuse_name(const struct scan *scan, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (size_t i = 0; i < scan->n; i++) {
        for (const struct option_row *option = scan->groups[i].rows; option != NULL && option->name != NULL; option++)
            g_ptr_array_add(names, (gpointer)option->name);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = suggestion_of((const char *const *)names->pdata, name);
    if (nearest != NULL)
        return refuse(error, "there is no option --%s; did you mean --%s?", name, nearest);
    return refuse(error, "there is no option --%s", name);
}

/* `value` is what stands in the option's own word, NULL when nothing does; else it is the next word. */
static bool take_option(struct scan *scan, const struct options *options, const struct option_row *option,
                        const char *value, GError **error)
{
    if (value == NULL && option->type != OPTION_FLAG) {
        value = *scan->at;
        if (value == NULL)
            return refuse(error, "--%s: expected %s after it", option->name, option->argument);
        scan->at++;
    }
    if (set_option(options, option, value, error))
        return true;
    g_prefix_error(error, "--%s: ", option->name);
    return false;
}

/* --name, --name=value, --name value */
static bool take_long(struct scan *scan, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    g_autofree char *name = equals != NULL ? g_strndup(word, (size_t)(equals - word)) : g_strdup(word);
    const struct options *options;
    const struct option_row *option = find(scan, name, '\0', &options);

    if (option == NULL)
        return refuse_name(scan, name, error);
    if (equals != NULL && option->type == OPTION_FLAG)
        return refuse(error, "--%s: takes no value", name);
    return take_option(scan, options, option, equals != NULL ? equals + 1 : NULL, error);
}

/* -a, -abc, -n1, -n 1, -an1 */
static bool take_letters(struct scan *scan, const char *word, GError **error)
{
    while (*word != '\0') {
        const struct options *options;
        const struct option_row *option = find(scan, NULL, *word, &options);

        if (option == NULL)
            return refuse(error, "there is no option -%.*s", (int)(g_utf8_next_char(word) - word), word);
        word++;
        bool glued = option->type != OPTION_FLAG && *word != '\0';
        if (!take_option(scan, options, option, glued ? word : NULL, error))
            return false;
        if (glued)
            break;
    }
    return true;
}

static bool take_word(struct scan *scan, const char *word, GError **error)
{
    return word[1] == '-' ? take_long(scan, word + 2, error) : take_letters(scan, word + 1, error);
}

bool options_parse(const struct options *groups, size_t n, enum options_extent extent, char ***argv, GError **error)
{
    g_autoptr(GPtrArray) rest = g_ptr_array_new_with_free_func(g_free);
    struct scan scan = {groups, n, *argv + 1, rest};

    g_ptr_array_add(rest, g_strdup(**argv));
    while (*scan.at != NULL && (extent == OPTIONS_ANYWHERE || rest->len == 1)) {
        const char *word = *scan.at++;

        if (strcmp(word, "--") == 0)
            break;
        if (word[0] != '-' || word[1] == '\0')
            g_ptr_array_add(rest, g_strdup(word));
        else if (!take_word(&scan, word, error))
            return false;
    }
    while (*scan.at != NULL)
        g_ptr_array_add(rest, g_strdup(*scan.at++));
    g_ptr_array_add(rest, NULL);
    g_strfreev(*argv);
    *argv = (char **)g_ptr_array_steal(rest, NULL);
    return true;
}
