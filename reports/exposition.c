#include "reports/exposition.h"

#include <string.h>

static const char *const type_names[] = {
    [EXPOSITION_COUNTER] = "counter",
    [EXPOSITION_GAUGE] = "gauge",
};

/* A backslash goes before each of `special`; a line feed is always escaped. */
static void append_escaped(GString *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            g_string_append(out, "\\n");
        else if (strchr(special, *text) != NULL)
            g_string_append_printf(out, "\\%c", *text);
        else
            g_string_append_c(out, *text);
    }
}

void exposition_family(GString *out, const char *name, const char *help, enum exposition_type type)
{
    g_string_append_printf(out, "# HELP %s ", name);
    append_escaped(out, help, "\\");
    g_string_append_printf(out, "\n# TYPE %s %s\n", name, type_names[type]);
}

void exposition_labelled(GString *out, const char *name, const struct exposition_label *labels, size_t n,
                         guint64 number)
{
    g_string_append(out, name);
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
        append_escaped(out, labels[i].value, "\\\"");
        g_string_append_c(out, '"');
    }
    g_string_append_printf(out, "%s %" G_GUINT64_FORMAT "\n", n > 0 ? "}" : "", number);
}

void exposition_sample(GString *out, const char *name, const char *label, const char *value, guint64 number)
{
    const struct exposition_label one = {label, value};

    exposition_labelled(out, name, &one, label != NULL ? 1 : 0, number);
}
