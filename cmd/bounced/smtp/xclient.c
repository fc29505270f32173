#include "cmd/bounced/smtp/xclient.h"

#include <string.h>

#include "cmd/bounced/smtp/xtext.h"

const char xclient_attributes[] = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

/* "The client could not say": for good, or for now. */
static bool is_unknown(const char *value)
{
    return g_ascii_strcasecmp(value, "[UNAVAILABLE]") == 0 || g_ascii_strcasecmp(value, "[TEMPUNAVAIL]") == 0;
}

/* IPv4, or "IPV6:" and IPv6. */
static bool read_addr(struct network_host *host, const char *value)
{
    static const char v6_prefix[] = "IPV6:";
    bool is_v6 = g_ascii_strncasecmp(value, v6_prefix, strlen(v6_prefix)) == 0;
    const char *address = is_v6 ? value + strlen(v6_prefix) : value;
    guint16 port = host->port; /* said before it, perhaps */

    if (is_unknown(value))
        return true;
    if ((strchr(address, ':') != NULL) != is_v6 || !network_host_parse(host, address))
        return false;
    host->port = port;
    return true;
}

static bool read_port(struct network_host *host, const char *value)
{
    guint64 port = 0;

    if (!is_unknown(value) && !g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT16, &port, NULL))
        return false;
    host->port = (guint16)port;
    return true;
}

static bool read_proto(struct network_host *host G_GNUC_UNUSED, const char *value)
{
    return is_unknown(value) || g_ascii_strcasecmp(value, "SMTP") == 0 || g_ascii_strcasecmp(value, "ESMTP") == 0;
}

static bool read_word(struct network_host *host G_GNUC_UNUSED, const char *value)
{
    return *value != '\0';
}

static const struct attribute {
    const char *name;
    bool is_client; /* else what it changes is dropped */
    bool (*read)(struct network_host *host, const char *value);
} attributes[] = {
    {"NAME", false, read_word},     {"ADDR", true, read_addr},      {"PORT", true, read_port},
    {"PROTO", false, read_proto},   {"HELO", false, read_word},     {"LOGIN", false, read_word},
    {"DESTADDR", false, read_addr}, {"DESTPORT", false, read_port},
};

/* attribute = attribute-name "=" xtext */
static bool read_attribute(struct network_host *host, const char *word)
{
    size_t length = strcspn(word, "=");
    g_autofree char *value = word[length] == '=' ? xtext_decode(word + length + 1) : NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(attributes) && value != NULL; i++) {
        const struct attribute *attribute = &attributes[i];
        struct network_host other = *host;

        if (strlen(attribute->name) == length && g_ascii_strncasecmp(attribute->name, word, length) == 0)
            return attribute->read(attribute->is_client ? host : &other, value);
    }
    return false;
}

/* XCLIENT 1*( SP attribute ) */
bool xclient_read(const char *argument, struct network_host *host)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", -1);
    struct network_host client = *host;
    bool some = false;

    client.port = 0;
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        if (!read_attribute(&client, *word))
            return false;
        some = true;
    }
    /* One port belongs to one address. */
    if (client.port == 0 && network_host_same(&client, host))
        client.port = host->port;
    *host = some ? client : *host;
    return some;
}
