/* names.h: the words of a table that is read by the values of an enum. */
#pragma once

#include <glib.h>

/* Holds a table, to its NULL, against its words in the order of the enum, with blanks between them. */
static inline void names_check(const char *const *names, const char *expected)
{
    g_autofree char *got = g_strjoinv(" ", (char **)names);

    g_assert_cmpstr(got, ==, expected);
}
