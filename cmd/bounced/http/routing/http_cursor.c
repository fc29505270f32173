#include "cmd/bounced/http/routing/http_cursor.h"

#include <string.h>

#include "cmd/bounced/http/routing/http_request.h"

/* base64url (RFC 4648, section 5) of "VERSION LF kind LF part LF part". */
#define VERSION "1"

enum { FIELDS = HTTP_CURSOR_PARTS + 2, LENGTH_MAX = 2048 };

char *http_cursor_write(const char *kind, const char *const parts[HTTP_CURSOR_PARTS])
{
    g_autofree char *text = g_strjoin("\n", VERSION, kind, parts[0], parts[1], NULL);
    char *cursor = g_base64_encode((const guchar *)text, strlen(text));

    g_strdelimit(g_strdelimit(cursor, "+", '-'), "/", '_');
    *strchrnul(cursor, '=') = '\0';
    return cursor;
}

static bool has_form(const char *cursor)
{
    size_t length = strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    return cursor[length] == '\0' && length > 0 && length <= LENGTH_MAX && length % 4 != 1;
}

static char *decode(const char *cursor)
{
    g_autofree char *padded = g_strconcat(cursor, &"=="[strlen(cursor) % 4 == 3], NULL);
    gsize length;

    if (strlen(cursor) % 4 == 0)
        padded[strlen(cursor)] = '\0';
    g_strdelimit(g_strdelimit(padded, "-", '+'), "_", '/');
    g_autofree guchar *bytes = g_base64_decode(padded, &length);
    return memchr(bytes, '\0', length) == NULL ? g_strndup((const char *)bytes, length) : NULL;
}

bool http_cursor_read(const char *cursor, const char *kind, char *parts[HTTP_CURSOR_PARTS])
{
    g_autofree char *text = has_form(cursor) ? decode(cursor) : NULL;
    g_auto(GStrv) fields = text != NULL ? g_strsplit(text, "\n", -1) : NULL;

    if (fields == NULL || g_strv_length(fields) != FIELDS || strcmp(fields[0], VERSION) != 0 ||
        strcmp(fields[1], kind) != 0 || !http_request_is_text(fields[2]) || !http_request_is_text(fields[3]))
        return false;
    parts[0] = g_steal_pointer(&fields[2]);
    parts[1] = g_steal_pointer(&fields[3]);
    return true;
}
