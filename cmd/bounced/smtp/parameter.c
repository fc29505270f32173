#include "cmd/bounced/smtp/parameter.h"

#include <stdbool.h>
#include <string.h>

#include "cmd/bounced/smtp/xtext.h"

struct parameter {
    const char *name;
    unsigned commands;
    /* `value` is NULL when there is no "=". Returns NULL or the reply that refuses the command. */
    const char *(*read)(const struct session_settings *settings, struct transaction *transaction, const char *value);
};

static const char bad_value[] = "501 5.5.4 Bad parameter value";

/* size-value = 1*20DIGIT (RFC 1870) */
static const char *read_size(const struct session_settings *settings, struct transaction *transaction G_GNUC_UNUSED,
                             const char *value)
{
    guint64 size;

    if (value == NULL || strlen(value) > 20 || value[strspn(value, "0123456789")] != '\0' || *value == '\0')
        return bad_value;
    /* A number that does not fit is too big as well. */
    if (g_ascii_string_to_unsigned(value, 10, 0, settings->message_size, &size, NULL))
        return NULL;
    settings->limits[LIMIT_MESSAGE_SIZE]++;
    return "552 5.3.4 Message size exceeds the limit";
}

/* body-value = "7BIT" / "8BITMIME" (RFC 6152). All octets are kept whatever is said. */
static const char *read_body(const struct session_settings *settings G_GNUC_UNUSED,
                             struct transaction *transaction G_GNUC_UNUSED, const char *value)
{
    if (value == NULL || (g_ascii_strcasecmp(value, "7BIT") != 0 && g_ascii_strcasecmp(value, "8BITMIME") != 0))
        return bad_value;
    return NULL;
}

/* RFC 6531 section 3.4: without a value. */
static const char *read_smtputf8(const struct session_settings *settings G_GNUC_UNUSED, struct transaction *transaction,
                                 const char *value)
{
    if (value != NULL)
        return bad_value;
    transaction->utf8 = true;
    return NULL;
}

static bool is_xtext(const char *text, size_t longest)
{
    g_autofree char *decoded = strlen(text) <= longest ? xtext_decode(text) : NULL;

    return decoded != NULL;
}

/* The parameters of RFC 3461 are read and come to nothing: the keyword DSN is not announced, since we send no mail, so
 * no notification is promised. Hosts are known that give them all the same. */

/* ret-value = "FULL" / "HDRS" */
static const char *read_ret(const struct session_settings *settings G_GNUC_UNUSED,
                            struct transaction *transaction G_GNUC_UNUSED, const char *value)
{
    if (value == NULL || (g_ascii_strcasecmp(value, "FULL") != 0 && g_ascii_strcasecmp(value, "HDRS") != 0))
        return bad_value;
    return NULL;
}

/* envid-parameter = "ENVID=" xtext, of 100 characters at most */
static const char *read_envid(const struct session_settings *settings G_GNUC_UNUSED,
                              struct transaction *transaction G_GNUC_UNUSED, const char *value)
{
    return value != NULL && is_xtext(value, 100) ? NULL : bad_value;
}

/* notify-esmtp-value = "NEVER" / 1#notify-list-element
 * notify-list-element = "SUCCESS" / "FAILURE" / "DELAY" */
static const char *read_notify(const struct session_settings *settings G_GNUC_UNUSED,
                               struct transaction *transaction G_GNUC_UNUSED, const char *value)
{
    static const char *const elements[] = {"SUCCESS", "FAILURE", "DELAY", NULL};
    g_autofree char *upper = value != NULL ? g_ascii_strup(value, -1) : NULL;
    g_auto(GStrv) words = NULL;

    if (upper == NULL || *upper == '\0')
        return bad_value;
    if (strcmp(upper, "NEVER") == 0)
        return NULL;
    words = g_strsplit(upper, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        if (!g_strv_contains(elements, *word))
            return bad_value;
    }
    return NULL;
}

/* orcpt-parameter = "ORCPT=" addr-type ";" xtext, of 500 characters at most */
static const char *read_orcpt(const struct session_settings *settings G_GNUC_UNUSED,
                              struct transaction *transaction G_GNUC_UNUSED, const char *value)
{
    const char *semicolon = value != NULL ? strchr(value, ';') : NULL;

    if (semicolon == NULL || semicolon == value || !is_xtext(value, 500))
        return bad_value;
    return NULL;
}

static const struct parameter parameters[] = {
    {"SIZE", PARAMETER_MAIL, read_size},         {"BODY", PARAMETER_MAIL, read_body},
    {"SMTPUTF8", PARAMETER_MAIL, read_smtputf8}, {"RET", PARAMETER_MAIL, read_ret},
    {"ENVID", PARAMETER_MAIL, read_envid},       {"NOTIFY", PARAMETER_RCPT, read_notify},
    {"ORCPT", PARAMETER_RCPT, read_orcpt},
};

/* esmtp-param = esmtp-keyword ["=" esmtp-value]
 * `seen` has a bit for each row of the table: none may come twice. */
static const char *read_one(enum parameter_command command, const struct session_settings *settings,
                            struct transaction *transaction, const char *word, unsigned *seen)
{
    size_t length = strcspn(word, "=");

    for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++) {
        const struct parameter *parameter = &parameters[i];

        if ((parameter->commands & command) == 0 || strlen(parameter->name) != length ||
            g_ascii_strncasecmp(parameter->name, word, length) != 0)
            continue;
        if ((*seen & (1U << i)) != 0)
            return "501 5.5.4 A parameter is given twice";
        *seen |= 1U << i;
        return parameter->read(settings, transaction, word[length] == '=' ? word + length + 1 : NULL);
    }
    return "555 5.5.4 Unknown parameter";
}

/* Mail-parameters = esmtp-param *(SP esmtp-param) */
const char *parameter_read_all(enum parameter_command command, const struct session_settings *settings,
                               struct transaction *transaction, const char *text)
{
    g_auto(GStrv) words = NULL;
    unsigned seen = 0;

    if (*text != '\0' && *text != ' ')
        return "501 5.5.4 A space is expected behind the path";
    words = g_strsplit(text, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        const char *refusal = **word == '\0' ? NULL : read_one(command, settings, transaction, *word, &seen);

        if (refusal != NULL)
            return refusal;
    }
    return NULL;
}
