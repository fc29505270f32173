#include "cmd/lists/bare.h"

#include <string.h>

#include "cmd/lists/grounds.h"
#include "cmd/lists/stamp.h"
#include "parser/report.h"

enum { STATUS_MAX_OCTETS = 16, CODE_DIGITS = 3 };

static bool is_address(struct span field)
{
    return span_find_char(field, '@') != NULL;
}

static bool is_date(struct span field)
{
    gint64 seconds;

    return stamp_read(field, &seconds);
}

static bool is_reason(struct span field)
{
    struct grounds grounds;

    return grounds_of_word(field, span_of(""), &grounds) == NULL;
}

/* reply-code = 2/4/5 2DIGIT (RFC 5321 section 4.2); of a failure. */
static bool has_code(struct span field)
{
    return field.length >= CODE_DIGITS && (field.at[0] == '4' || field.at[0] == '5') && g_ascii_isdigit(field.at[1]) &&
           g_ascii_isdigit(field.at[2]);
}

static bool is_status(struct span field)
{
    char text[STATUS_MAX_OCTETS];

    if (field.length >= sizeof text)
        return false;
    memcpy(text, field.at, field.length);
    text[field.length] = '\0';
    return report_is_status(text) || (field.length == CODE_DIGITS && has_code(field));
}

static bool is_reply(struct span field)
{
    return has_code(field) && field.length > CODE_DIGITS + 1 && strchr(" -", field.at[CODE_DIGITS]) != NULL;
}

/* The first that it looks like, and that is not there yet: a reply may name an address. */
static const struct {
    enum column column;
    bool (*is)(struct span field);
} looks[] = {
    {COLUMN_DIAGNOSTIC, is_reply}, {COLUMN_ADDRESS, is_address}, {COLUMN_STATUS, is_status},
    {COLUMN_SINCE, is_date},       {COLUMN_REASON, is_reason},
};

enum column bare_column(struct span field, const char *const values[COLUMN_COUNT])
{
    for (size_t i = 0; field.length > 0 && i < G_N_ELEMENTS(looks); i++) {
        if (values[looks[i].column] == NULL && looks[i].is(field))
            return looks[i].column;
    }
    return COLUMN_COUNT;
}
