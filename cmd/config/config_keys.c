#include "cmd/config/config_keys.h"

#include "cmd/config/config.h"
#include "cmd/config/config_list.h"

static const char *const early_talkers_names[] = {"refuse", "serve", NULL};
static const char *const no_yes_names[] = {"no", "yes", NULL};
static const char *const unproven_names[] = {"count", "suppress", NULL};

/* Where the value goes, and the names that it has. */
#define AT(object, member) offsetof(struct object, member), NULL
#define NAMED(object, member, names) offsetof(struct object, member), names

#define TIME "a time: a number with s, m, h, d, w or y"
#define COUNT "a number"
#define RATE "N in TIME (1 to 1000000 in 1s to 1d) or none"
#define SCHEMES "plain, verp, signed, batv, srs, sympa, mailman, ezmlm, sendgrid, mailgun, kumomta or regex"
#define NETWORKS "addresses, ADDRESS/BITS or unix, with commas between them, or none"

const struct config_key config_keys[] = {
    {"store", "path", NULL, NULL, NULL, "the database's path", value_text, AT(config, store_path)},
    {"store", "retention", "30d", "0", "100y", TIME " (0 keeps for good)", value_time, AT(config, store_retention)},
    {"store", "busy-timeout", "5s", "0", "30s", TIME, value_time, AT(config, store_busy_timeout)},
    {"server", "hostname", NULL, NULL, NULL, "a host name", value_domain, AT(config, hostname)},
    {"server", "message-size", "10M", "64K", "1G", "octets, with K, M or G", value_size, AT(config, message_size)},
    {"server", "memory", "256M", "1M", "64G", "octets, with K, M or G", value_size, AT(config, memory)},
    {"server", "recipients", "100", "1", "10000", COUNT, value_number, AT(config, recipients)},
    {"server", "errors", "20", "1", "10000", COUNT, value_number, AT(config, errors)},
    {"server", "connections", "1000", "1", "100000", COUNT, value_number, AT(config, connections)},
    {"server", "connections-per-address", "100", "1", "100000", COUNT, value_number, AT(config, address_connections)},
    {"server", "connection-rate", "1200 in 1m", NULL, NULL, RATE, value_rate, AT(config, connection_rate)},
    {"server", "network-connection-rate", "6000 in 1m", NULL, NULL, RATE, value_rate,
     AT(config, network_connection_rate)},
    {"server", "message-rate", "none", NULL, NULL, RATE, value_rate, AT(config, message_rate)},
    {"server", "network-message-rate", "none", NULL, NULL, RATE, value_rate, AT(config, network_message_rate)},
    {"server", "rate-exempt", "127.0.0.0/8, ::1, unix", NULL, NULL, NETWORKS, value_networks, AT(config, rate_exempt)},
    {"server", "commands", "2000", "10", "1000000", COUNT, value_number, AT(config, commands)},
    {"server", "greeting-delay", "0", "0", "1m", TIME, value_time, AT(config, greeting_delay)},
    {"server", "idle-timeout", "5m", "1s", "1d", TIME, value_time, AT(config, idle_timeout)},
    {"server", "session-timeout", "30m", "1s", "1d", TIME, value_time, AT(config, session_timeout)},
    {"server", "stop-timeout", "30s", "0", "1h", TIME, value_time, AT(config, stop_timeout)},
    {"server", "queue", "1000", "1", "1000000", COUNT, value_number, AT(config, queue_size)},
    {"server", "workers", "0", "0", "256", "a number (0 is one a core)", value_number, AT(config, workers)},
    {"tls", "certificate", NULL, NULL, NULL, "a file", value_text, AT(config, tls_certificate)},
    {"tls", "key", NULL, NULL, NULL, "a file", value_text, AT(config, tls_key)},
    {"listen", "protocol", NULL, NULL, NULL, "smtp, lmtp or http", value_name,
     NAMED(listen_config, protocol, listen_protocol_names)},
    {"listen", "address", NULL, NULL, NULL, "HOST:PORT, [IPV6]:PORT or unix:/PATH", value_listen_address,
     AT(listen_config, address)},
    {"listen", "tls", "opportunistic", NULL, NULL, "none, opportunistic or required", value_name,
     NAMED(listen_config, tls, listen_tls_names)},
    {"listen", "early-talkers", "refuse", NULL, NULL, "refuse or serve", value_choice,
     NAMED(listen_config, lenient, early_talkers_names)},
    {"listen", "proxy", "none", NULL, NULL, NETWORKS, value_networks, AT(listen_config, proxy)},
    {"listen", "xclient", "none", NULL, NULL, NETWORKS, value_networks, AT(listen_config, xclient)},
    {"listen", "own-mta", "none", NULL, NULL, "host names with commas between them, or none", value_hosts,
     AT(listen_config, own_mta)},
    {"return-path", "domain", NULL, NULL, NULL, "a domain", value_domain, AT(return_path, domain)},
    {"return-path", "scheme", "plain", NULL, NULL, SCHEMES, value_name,
     NAMED(return_path, scheme, return_path_scheme_names)},
    {"return-path", "separators", "+=", NULL, NULL, "+, - or = and then = or +", value_separators,
     AT(return_path, separators)},
    {"return-path", "pattern", NULL, NULL, NULL, "a regular expression", value_text, AT(return_path, pattern)},
    {"return-path", "lifetime", "30d", "1d", "10y", TIME, value_time, AT(return_path, lifetime)},
    {"return-path", "key-file", NULL, NULL, NULL, "a file with a key of 16 octets or more a line", value_key_file,
     AT(return_path, keys)},
    {"return-path", "stream", NULL, NULL, NULL, "a name", value_text, AT(return_path, stream)},
    {"return-path", "unproven", NULL, NULL, NULL, "count or suppress", value_choice,
     NAMED(return_path, unproven_suppresses, unproven_names)},
    {"return-path", "forward", NULL, NULL, NULL, "an address", value_address, AT(return_path, forward)},
    {"feedback", "address", NULL, NULL, NULL, "an address", value_address, AT(return_path, address)},
    {"feedback", "stream", NULL, NULL, NULL, "a name", value_text, AT(return_path, stream)},
    {"feedback", "unproven", "suppress", NULL, NULL, "count or suppress", value_choice,
     NAMED(return_path, unproven_suppresses, unproven_names)},
    {"feedback", "forward", NULL, NULL, NULL, "an address", value_address, AT(return_path, forward)},
    {"feedback", "trust", "none", NULL, NULL, "domains or addresses, with commas between them, or none", list_trust,
     AT(return_path, trust)},
    {"postmaster", "forward", NULL, NULL, NULL, "an address", value_address, AT(config, postmaster_forward)},
    {"smart-host", "address", NULL, NULL, NULL, "HOST:PORT or [IPV6]:PORT", value_server, AT(smart_host, address)},
    {"smart-host", "tls", "required", NULL, NULL, "none, opportunistic, required or implicit", value_name,
     NAMED(smart_host, tls, smart_host_tls_names)},
    {"smart-host", "user", NULL, NULL, NULL, "a user name", value_text, AT(smart_host, user)},
    {"smart-host", "password-file", NULL, NULL, NULL, "a file with a password in its first line", value_password_file,
     AT(smart_host, password)},
    {"smart-host", "ca-file", NULL, NULL, NULL, "a readable PEM file", value_readable, AT(smart_host, ca_file)},
    {"smart-host", "from", NULL, NULL, NULL, "an address", value_address, AT(smart_host, from)},
    {"smart-host", "timeout", "5m", "1s", "1h", TIME, value_time, AT(smart_host, timeout)},
    {"smart-host", "retry", "1m", "1s", "1d", TIME, value_time, AT(smart_host, retry)},
    {"smart-host", "give-up", "5d", "1s", "30d", TIME, value_time, AT(smart_host, give_up)},
    {"smart-host", "hops", "30", "1", "1000", COUNT, value_number, AT(smart_host, hops)},
    {"smart-host", "hourly", "100", "1", "1000000", COUNT, value_number, AT(smart_host, hourly)},
    {"parser", "parts", "1000", "1", "1000000", COUNT, value_number, AT(config, parser_parts)},
    {"parser", "depth", "32", "1", "1000", COUNT, value_number, AT(config, parser_depth)},
    {"parser", "recipients", "10000", "1", "1000000", COUNT, value_number, AT(config, parser_recipients)},
    {"parser", "header-size", "1M", "4K", "1G", "octets, with K, M or G", value_size, AT(config, parser_header_size)},
    {"parser", "text-size", "1M", "4K", "1G", "octets, with K, M or G", value_size, AT(config, parser_text_size)},
    {"ingest", "unproven", "suppress", NULL, NULL, "count or suppress", value_choice,
     NAMED(config, ingest_unproven_suppresses, unproven_names)},
    {"ingest", "unproven-recipients", "100", "1", "10000", COUNT, value_number, AT(config, ingest_unproven_recipients)},
    {"policy", "REASON", NULL, NULL, NULL, "never, N, N in TIME, or either with \", for TIME\"", value_policy, 0, NULL},
    {"classifier", "rules", NULL, NULL, NULL, "a directory", value_text, AT(config, classifier_rules)},
    {"dkim", "verify", "yes", NULL, NULL, "no or yes", value_choice, NAMED(config, dkim_verify, no_yes_names)},
    {"dkim", "authserv-ids", "none", NULL, NULL, "names of servers, with commas between them, or none", list_words,
     AT(config, authserv_ids)},
    {"dns", "servers", NULL, NULL, NULL, "addresses, each perhaps with :PORT, with commas between them", list_servers,
     AT(config, dns_servers)},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL},
};
