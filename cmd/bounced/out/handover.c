#include "cmd/bounced/out/handover.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A host that is cut off behind the end of the data gets the message twice, so a cancelled one may finish within this;
 * likewise the reply to QUIT is not waited for longer. */
#define GRACE (5 * G_TIME_SPAN_SECOND)
#define CONNECT_TIMEOUT 30L /* seconds */
enum {
    REPLY_MAX = 500, /* octets of a reply line that are kept */
};

struct transfer {
    const char *bytes;
    size_t bytes_left;
    GString *reply; /* the last line that the host said, but for its reply to QUIT */
    bool answered;  /* that line is the reply to the data */
    const gint *cancel;
    gint64 deadline; /* monotonic; 0: none yet */
    bool cancelled;
};

void handover_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void handover_clean_up(void)
{
    curl_global_cleanup();
}

/* --- what libcurl asks and tells ---------------------------------------------------------------------------------- */

static size_t on_read(char *to, size_t size, size_t n, void *data)
{
    struct transfer *transfer = data;
    size_t length = MIN(transfer->bytes_left, size * n);

    memcpy(to, transfer->bytes, length);
    transfer->bytes += length;
    transfer->bytes_left -= length;
    return length;
}

/* Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF (RFC 5321 section 4.2), a line
 * a call. */
static size_t on_reply(char *line, size_t size, size_t n, void *data)
{
    struct transfer *transfer = data;
    size_t length = size * n;
    bool sent = transfer->bytes_left == 0;

    if (transfer->answered || (length >= 3 && memcmp(line, "221", 3) == 0))
        return length; /* to QUIT, which also follows a refusal */
    g_string_truncate(transfer->reply, 0);
    g_string_append_len(transfer->reply, line, (gssize)MIN(length, REPLY_MAX));
    g_strchomp(transfer->reply->str);
    transfer->reply->len = strlen(transfer->reply->str);
    transfer->answered = sent && transfer->reply->str[MIN(transfer->reply->len, 3)] != '-';
    return length;
}

/* About once a second; anything but 0 ends the transfer. */
static int on_progress(void *data, curl_off_t a G_GNUC_UNUSED, curl_off_t b G_GNUC_UNUSED, curl_off_t c G_GNUC_UNUSED,
                       curl_off_t d G_GNUC_UNUSED)
{
    struct transfer *transfer = data;
    gint64 now = g_get_monotonic_time();

    if (!transfer->answered && g_atomic_int_get(transfer->cancel) == 0)
        return 0;
    if (transfer->deadline == 0)
        transfer->deadline = now + GRACE;
    transfer->cancelled = now >= transfer->deadline;
    return transfer->cancelled;
}

/* --- one conversation --------------------------------------------------------------------------------------------- */

/* "smtp://HOST:PORT/NAME": the name is what libcurl says in EHLO. */
static void set_url(CURL *curl, const struct smart_host *host, const char *hostname)
{
    g_autofree char *name = g_uri_escape_string(hostname, NULL, FALSE);
    g_autofree char *url =
        g_strdup_printf("%s://%s/%s", host->tls == SMART_HOST_TLS_IMPLICIT ? "smtps" : "smtp", host->address, name);

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* not what the environment says */
}

static void set_security(CURL *curl, const struct smart_host *host)
{
    static const long levels[] = {
        [SMART_HOST_TLS_NONE] = CURLUSESSL_NONE,
        [SMART_HOST_TLS_OPPORTUNISTIC] = CURLUSESSL_TRY,
        [SMART_HOST_TLS_REQUIRED] = CURLUSESSL_ALL,
        [SMART_HOST_TLS_IMPLICIT] = CURLUSESSL_ALL,
    };

    curl_easy_setopt(curl, CURLOPT_USE_SSL, levels[host->tls]);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (host->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, host->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (host->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, host->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, host->password);
    }
}

static void set_time(CURL *curl, const struct smart_host *host, struct transfer *transfer)
{
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)host->timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, MIN(CONNECT_TIMEOUT, (long)host->timeout));
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)host->timeout);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* A name server that does not answer must not hold up a stop. */
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
}

static void set_mail(CURL *curl, const struct handover_message *message, struct transfer *transfer)
{
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, message->sender);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->bytes_left);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_reply);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    /* There are few messages, and long times between them: each has its connection, and its QUIT. */
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

/* A reply to MAIL, RCPT, DATA or the data tells of the message. 421 does not, nor do RFC 4954's 530 to 538, "we do not
 * know you": they are for an operator to mend. */
static enum handover_result judge_reply(long code)
{
    if (code == 421 || (code >= 530 && code <= 538))
        return HANDOVER_UNREACHABLE;
    if (code >= 500)
        return HANDOVER_REFUSED;
    return code >= 400 ? HANDOVER_DEFERRED : HANDOVER_UNREACHABLE;
}

static enum handover_result judge(CURL *curl, CURLcode code, const struct transfer *transfer, const char *problem,
                                  GString *said)
{
    long reply = 0;

    if (transfer->answered) {
        g_string_assign(said, transfer->reply->str);
        return *said->str == '2' ? HANDOVER_DELIVERED : judge_reply(strtol(said->str, NULL, 10));
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    /* libcurl's word for a command of the transaction that was refused */
    if (code == CURLE_SEND_ERROR && reply >= 400) {
        g_string_assign(said, transfer->reply->str);
        return judge_reply(reply);
    }
    g_string_assign(said, *problem != '\0' ? problem : curl_easy_strerror(code));
    if (reply >= 400)
        g_string_append_printf(said, ": %s", transfer->reply->str);
    return transfer->cancelled ? HANDOVER_CANCELLED : HANDOVER_UNREACHABLE;
}

/* Puts CRLF for each CR, LF and CRLF: a host that takes the first two for a line's end, too, may else see two messages
 * (SMTP smuggling), since libcurl stuffs no dots behind them. */
static void append_lines(GString *text, GBytes *bytes)
{
    size_t length;
    const char *octets = g_bytes_get_data(bytes, &length);

    for (size_t i = 0; i < length; i++) {
        if (octets[i] == '\n' && i > 0 && octets[i - 1] == '\r')
            continue;
        if (octets[i] == '\r' || octets[i] == '\n')
            g_string_append(text, "\r\n");
        else
            g_string_append_c(text, octets[i]);
    }
}

enum handover_result handover_send(const struct smart_host *host, const char *hostname,
                                   const struct handover_message *message, const gint *cancel, GString *said)
{
    g_autoptr(GString) reply = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(message->trace);
    struct transfer transfer = {.reply = reply, .cancel = cancel};
    struct curl_slist *recipients = curl_slist_append(NULL, message->recipient);
    char problem[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    enum handover_result result;

    if (curl == NULL || recipients == NULL)
        g_error("libcurl has no memory");
    append_lines(text, message->bytes);
    transfer.bytes = text->str;
    transfer.bytes_left = text->len;
    set_url(curl, host, hostname);
    set_security(curl, host);
    set_time(curl, host, &transfer);
    set_mail(curl, message, &transfer);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    result = judge(curl, curl_easy_perform(curl), &transfer, problem, said);
    curl_easy_cleanup(curl);
    curl_slist_free_all(recipients);
    return result;
}
