#include "cmd/config/keys/config_value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/config/config.h"
#include "cmd/config/config_error.h"
#include "cmd/config/secret.h"
#include "parser/address.h"
#include "reports/wording.h"
#include "store/policy.h"

bool value_text(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    char **member = G_STRUCT_MEMBER_P(object, key->offset);

    if (*text == '\0') {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "is empty");
        return false;
    }
    g_free(*member);
    *member = g_strdup(text);
    return true;
}

bool value_pattern(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    return value_text(object, key, name, text, error);
}

/* Domain = sub-domain *("." sub-domain)
 * sub-domain = Let-dig [Ldh-str] (RFC 5321 section 4.1.2), of 63 octets at most; some hosts have "_" in theirs */
static bool is_domain(const char *text)
{
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);

    for (char **label = labels; *label != NULL; label++) {
        size_t length = strlen(*label);

        if (length == 0 || length > 63 || **label == '-' || (*label)[length - 1] == '-')
            return false;
        for (const char *at = *label; *at != '\0'; at++) {
            if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
                return false;
        }
    }
    return labels[0] != NULL && strlen(text) <= 255;
}

/* As A-labels, as addresses have it that mail is for; NULL and an error when it is none. The caller frees. */
static char *read_domain(const char *text, GError **error)
{
    g_autofree char *whole = g_strconcat("x@", text, NULL);
    g_autoptr(GString) address = g_string_new(NULL);

    if (strpbrk(text, "@ \t,<>()\"[];:") == NULL && address_read(span_of(whole), ADDRESS_PLAIN, address) &&
        is_domain(address->str + 2))
        return g_strdup(address->str + 2);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
    return NULL;
}

bool value_domain(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_autofree char *domain = read_domain(text, error);

    return domain != NULL && value_text(object, key, name, domain, error);
}

/* HOST *( "," HOST ) / "none" */
bool value_hosts(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                 GError **error)
{
    GPtrArray **member = G_STRUCT_MEMBER_P(object, key->offset);
    g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    if (words[0] == NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "is empty");
        return false;
    }
    for (char **word = words; *word != NULL && strcmp(text, "none") != 0; word++) {
        char *host = read_domain(g_strstrip(*word), error);

        if (host == NULL)
            return false;
        g_ptr_array_add(hosts, host);
    }
    g_ptr_array_add(hosts, NULL);
    if (*member != NULL)
        g_ptr_array_unref(*member);
    *member = hosts->len > 1 ? g_steal_pointer(&hosts) : NULL;
    return true;
}

bool value_address(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    const char *at = strrchr(text, '@');

    if (at == NULL || at == text || at[1] == '\0' || strpbrk(text, " \t,<>") != NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
        return false;
    }
    return value_text(object, key, name, text, error);
}

/* A domain may hold "-", so that only the first of the two may be one. */
bool value_separators(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    if (strlen(text) != 2 || strchr("+-=", text[0]) == NULL || strchr("+=", text[1]) == NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
        return false;
    }
    return value_text(object, key, name, text, error);
}

bool value_wording(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    const char *problem = wording_problem(text);

    if (problem != NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\": %s", text, problem);
        return false;
    }
    return value_text(object, key, name, text, error);
}

bool value_listen_address(void *object, const struct config_key *key, const char *name, const char *text,
                          GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 port;

    if (g_str_has_prefix(text, "unix:/"))
        return value_text(object, key, name, text, error);
    if (g_str_has_prefix(text, "unix:")) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no absolute path", text);
        return false;
    }
    if (colon == NULL || colon == text || colon[1] == '\0') {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" has no port", text);
        return false;
    }
    if (!g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\": %s is no port, which is a number up to 65535", text,
                    colon + 1);
        return false;
    }
    if (memchr(text, ':', (size_t)(colon - text)) != NULL && (*text != '[' || colon[-1] != ']')) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\": an IPv6 address stands in brackets", text);
        return false;
    }
    return value_text(object, key, name, text, error);
}

/* HOST:PORT of a server elsewhere. */
bool value_server(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_autofree char *host = g_strndup(text, strcspn(text, ":"));
    struct in6_addr unused;

    if (*text == '[') {
        g_free(host);
        host = g_strndup(text + 1, strcspn(text + 1, "]"));
    }
    if (*text == '[' ? inet_pton(AF_INET6, host, &unused) != 1 : !is_domain(host) || strchr(text, '/') != NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" names no host", text);
        return false;
    }
    return value_listen_address(object, key, name, text, error);
}

/* One unit a row; the numbers of a key that takes none of them are plain. */
struct unit {
    char letter;
    gint64 factor;
};
static const struct unit time_units[] = {{'s', 1},          {'m', 60},           {'h', 3600}, {'d', 86400},
                                         {'w', 7 * 86400L}, {'y', 365 * 86400L}, {'\0', 0}};
static const struct unit size_units[] = {{'K', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}, {'\0', 0}};
static const struct unit no_units[] = {{'\0', 0}};

static bool read_number(const char *text, const struct unit *units, gint64 *number)
{
    char *end;

    errno = 0;
    *number = g_ascii_strtoll(text, &end, 10);
    if (!g_ascii_isdigit(*text) || errno != 0)
        return false;
    if (*end == '\0')
        return true;
    while (units->letter != '\0' && units->letter != *end)
        units++;
    if (units->letter == '\0' || end[1] != '\0' || *number > G_MAXINT64 / units->factor)
        return false;
    *number *= units->factor;
    return true;
}

static bool set_limited(void *object, const struct config_key *key, const struct unit *units, const char *text,
                        GError **error)
{
    gint64 minimum, maximum, value;
    bool limited = read_number(key->minimum, units, &minimum) && read_number(key->maximum, units, &maximum);

    g_assert(limited); /* the table's own */
    if (!read_number(text, units, &value)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" cannot be read", text);
        return false;
    }
    if (value < minimum || value > maximum) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is too %s", text,
                    value < minimum ? "small" : "large");
        return false;
    }
    G_STRUCT_MEMBER(gint64, object, key->offset) = value;
    return true;
}

bool value_time(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    return set_limited(object, key, time_units, text, error);
}

bool value_size(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    return set_limited(object, key, size_units, text, error);
}

bool value_number(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                  GError **error)
{
    return set_limited(object, key, no_units, text, error);
}

static bool read_name(const char *const *names, const char *text, unsigned *value, GError **error)
{
    for (*value = 0; names[*value] != NULL; (*value)++) {
        if (strcmp(names[*value], text) == 0)
            return true;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\"", text);
    return false;
}

bool value_name(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    return read_name(key->names, text, G_STRUCT_MEMBER_P(object, key->offset), error);
}

bool value_names(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                 GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    unsigned *set = G_STRUCT_MEMBER_P(object, key->offset), value;

    *set = 0;
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        if (!read_name(key->names, *word, &value, error))
            return false;
        *set |= 1U << value;
    }
    return *set != 0 || read_name(key->names, text, &value, error);
}

bool value_choice(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                  GError **error)
{
    unsigned value;

    if (!read_name(key->names, text, &value, error))
        return false;
    G_STRUCT_MEMBER(bool, object, key->offset) = value == 1;
    return true;
}

bool value_unproven(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    if (strcmp(text, "sent") != 0)
        return value_choice(object, key, name, text, error);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD,
                "\"sent\" needs a register of sent mail, which bounced does not keep yet");
    return false;
}

/* The limits that RATE tells. */
enum { RATE_COUNT_MAX = 1000000, RATE_PERIOD_MAX = 86400 };

bool value_networks(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                    GError **error)
{
    struct networks **member = G_STRUCT_MEMBER_P(object, key->offset);
    struct networks *networks = networks_parse(text, error);

    if (networks == NULL)
        return false;
    networks_free(*member);
    *member = networks;
    return true;
}

/* rate = count " in " time / "none" */
bool value_rate(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                GError **error)
{
    struct config_rate *rate = G_STRUCT_MEMBER_P(object, key->offset);
    g_auto(GStrv) words = g_strsplit(text, " in ", 2);
    bool good = words[0] != NULL && words[1] != NULL;

    *rate = (struct config_rate){0};
    if (strcmp(text, "none") == 0)
        return true;
    good = good && read_number(g_strstrip(words[0]), no_units, &rate->count) &&
           read_number(g_strstrip(words[1]), time_units, &rate->period);
    if (good && rate->count >= 1 && rate->count <= RATE_COUNT_MAX && rate->period >= 1 &&
        rate->period <= RATE_PERIOD_MAX)
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no rate", text);
    return false;
}

/* A key that can be guessed proves nothing: whoever got one signed mail may try offline. */
enum { KEY_MIN = 16 /* octets */ };

/* One key a line; empty lines and lines that start with "#" are skipped. */
bool value_key_file(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                    GError **error)
{
    GPtrArray **member = G_STRUCT_MEMBER_P(object, key->offset);
    g_autofree char *contents = secret_read(text, error);
    g_auto(GStrv) lines = NULL;

    if (contents == NULL)
        return false;
    lines = g_strsplit(contents, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_strstrip(*line);
        if (**line == '\0' || **line == '#')
            continue;
        if (strlen(*line) < KEY_MIN) {
            g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s:%u: a key of less than %d octets", text,
                        (unsigned)(line - lines) + 1, KEY_MIN);
            return false;
        }
        g_ptr_array_add(*member, g_strdup(*line));
    }
    if ((*member)->len > 0)
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s holds no key", text);
    return false;
}

/* The file's first line. */
bool value_password_file(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_autofree char *contents = secret_read(text, error);

    if (contents == NULL)
        return false;
    contents[strcspn(contents, "\r\n")] = '\0';
    return value_text(object, key, name, contents, error);
}

bool value_readable(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    if (g_access(text, R_OK) == 0)
        return value_text(object, key, name, text, error);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: %s", text, g_strerror(errno));
    return false;
}

bool value_policy(void *object, const struct config_key *key G_GNUC_UNUSED, const char *name, const char *text,
                  GError **error)
{
    g_autoptr(GError) bad = NULL;

    if (policy_set(object, reason_from_name(name), text, &bad))
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_EXPECTED, "%s", bad->message);
    return false;
}
