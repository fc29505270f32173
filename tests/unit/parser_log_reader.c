/* Lines of logs, and the attempts that they tell of: each word, field and head of each format. */
#include "parser/log_reader.h"

#include <glib.h>
#include <string.h>

#define NEWEST G_GINT64_CONSTANT(1796083200) /* 2026-12-01T00:00:00Z */

static void append(GString *out, struct span text)
{
    g_string_append_c(out, ' ');
    g_string_append_len(out, text.length > 0 ? text.at : "-", text.length > 0 ? (gssize)text.length : 1);
}

/* "ACTION QUEUE SENDER RECIPIENT FINAL HOST STATUS MESSAGE-ID|DIAGNOSTIC", a line each. */
static void append_attempts(GString *out, struct log_reader *reader)
{
    const struct log_attempt *attempt;

    while ((attempt = log_reader_next(reader)) != NULL) {
        if (out->len > 0)
            g_string_append_c(out, '\n');
        g_string_append(out, attempt->expired ? "expired" : report_action_names[attempt->action]);
        append(out, attempt->queue_id);
        append(out, attempt->sender);
        append(out, attempt->recipient);
        append(out, attempt->final_recipient);
        append(out, attempt->host);
        append(out, attempt->status);
        append(out, attempt->message_id);
        g_string_append_c(out, '|');
        g_string_append_len(out, attempt->diagnostic.at, (gssize)attempt->diagnostic.length);
    }
}

static struct log_reader *new_reader(enum log_software software, size_t octets)
{
    const struct log_settings settings = {.software = software, .newest = NEWEST, .queue_octets = octets};

    return log_reader_new(&settings);
}

static char *read_lines(struct log_reader *reader, const char *text)
{
    GString *out = g_string_new(NULL);
    struct span rest = span_of(text), line;

    while (span_line(&rest, &line)) {
        log_reader_line(reader, line);
        append_attempts(out, reader);
    }
    return g_string_free(out, FALSE);
}

#define P "Nov 28 15:20:09 mx postfix/"
#define TO "to=<a@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1, delays=0/0/1/0, "
#define E "2026-11-28 09:00:10 1vPabc-0000000012x-AbCd "
#define S "Nov 28 09:00:14 mx sm-mta[99]: 5ASE0A1b000099: "
#define O "Nov 28 09:00:15 mx smtpd[55]: "

static const struct {
    const char *lines, *attempts;
} cases[] = {
    /* --- Postfix: its programs and words */
    {P "smtp[1]: A1B2C3: " TO "dsn=2.0.0, status=sent (250 2.0.0 OK (queued as x))",
     "delivered A1B2C3 - a@example.org - mx.example.org 2.0.0 -|250 2.0.0 OK (queued as x)"},
    {P "smtp[1]: A1B2C3: " TO
       "dsn=5.1.1, status=bounced (host mx2.example.org[192.0.2.26] said: 550 5.1.1 no (in reply "
       "to RCPT TO command))",
     "failed A1B2C3 - a@example.org - mx2.example.org 5.1.1 -|host mx2.example.org[192.0.2.26] said: 550 5.1.1 no (in "
     "reply to RCPT TO command)"},
    {P "lmtp[1]: A1B2C3: to=<a@example.org>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect: timed out)",
     "delayed A1B2C3 - a@example.org - - 4.4.1 -|connect: timed out"},
    {P
     "local[1]: A1B2C3: to=<a@example.org>, orig_to=<all@example.org>, relay=local, dsn=5.2.0, status=SOFTBOUNCE (no)",
     "delayed A1B2C3 - all@example.org a@example.org - 5.2.0 -|no"},
    {P "virtual[1]: A1B2C3: to=<a@example.org>, orig_to=<root>, relay=virtual, dsn=2.0.0, status=sent (to maildir)",
     "delivered A1B2C3 - a@example.org - - 2.0.0 -|to maildir"},
    {P "pipe[1]: A1B2C3: to=<a@example.org>, orig_to=<A@Example.org>, dsn=5.3.0, status=bounced (no)",
     "failed A1B2C3 - A@Example.org - - 5.3.0 -|no"},
    {P "error[1]: A1B2C3: to=<a@example.org>, relay=none, tls=may:none, dsn=4.4.1, status=deferred (x)",
     "delayed A1B2C3 - a@example.org - - 4.4.1 -|x"},
    {"Nov 28 15:20:09 mx postfix-out/relay/discard[1]: A1B2C3: to=<a@example.org>, dsn=2.0.0, status=sent (x)",
     "delivered A1B2C3 - a@example.org - - 2.0.0 -|x"},
    {"2026-11-28T15:20:11.123456+01:00 mx postfix/smtp[1]: 3Pt2mN2VXxznjll: to=a@example.org, dsn=5.0.0, "
     "status=bounced "
     "(no),,,,",
     "failed 3Pt2mN2VXxznjll - a@example.org - - 5.0.0 -|no"},
    {P "smtp[1]: A1B2C3: " TO "dsn=2.1.5, status=deliverable (250 ok)", ""},
    {P "smtp[1]: A1B2C3: " TO "dsn=5.1.1, status=undeliverable (550 no)", ""},
    {P "smtp[1]: A1B2C3: to=<\"a>, b\"@example.org>, dsn=5.1.1, status=bounced (550 no)",
     "failed A1B2C3 - \"a>, b\"@example.org - - 5.1.1 -|550 no"},
    {P "smtp[1]: A1B2C3: to=<\"a@example.org>, dsn=5.1.1, status=bounced (550 no)",
     "failed A1B2C3 - \"a@example.org - - 5.1.1 -|550 no"},
    /* what it sent through a filter of its own is not delivered */
    {P "smtp[1]: A1B2C3: to=<a@example.org>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, status=sent (250 ok)", ""},
    {P "smtp[1]: A1B2C3: to=<a@example.org>, relay=localhost[::1]:10024, dsn=2.0.0, status=sent (250 ok)", ""},
    {P "smtp[1]: A1B2C3: to=<a@example.org>, relay=127.0.0.1[127.0.0.1]:10024, dsn=5.0.0, status=bounced (550 no)",
     "failed A1B2C3 - a@example.org - 127.0.0.1 5.0.0 -|550 no"},
    /* what other lines tell of the message */
    {P "cleanup[1]: A1B2C3: message-id=<1@example.net>\n" P "smtp[1]: A1B2C3: " TO "dsn=5.1.1, status=bounced (no)",
     "failed A1B2C3 - a@example.org - mx.example.org 5.1.1 1@example.net|no"},
    {P "qmgr[1]: A1B2C3: from=<x@example.net>, size=1, nrcpt=1 (queue active)\n" P "smtp[1]: A1B2C3: " TO
       "dsn=5.1.1, status=bounced (no)\n" P "qmgr[1]: A1B2C3: removed\n" P "smtp[1]: A1B2C3: " TO
       "dsn=5.1.1, status=bounced (no)",
     "failed A1B2C3 x@example.net a@example.org - mx.example.org 5.1.1 -|no\n"
     "failed A1B2C3 - a@example.org - mx.example.org 5.1.1 -|no"},
    {P "nqmgr[1]: A1B2C3: from=<>, size=1, nrcpt=1 (queue active)\n" P "smtp[1]: A1B2C3: " TO
       "dsn=5.1.1, status=bounced (no)",
     ""},
    {P "bounce[1]: A1B2C3: sender non-delivery notification: D4E5F6\n" P "smtp[1]: D4E5F6: " TO
       "dsn=2.0.0, status=sent (ok)",
     ""},
    {P "bounce[1]: A1B2C3: sender delay notification: D4E5F6\n" P "smtp[1]: D4E5F6: " TO "dsn=2.0.0, status=sent (ok)",
     ""},
    {P "bounce[1]: A1B2C3: sender delivery status notification: D4E5F6\n" P "smtp[1]: D4E5F6: " TO
       "dsn=2.0.0, status=sent (ok)",
     ""},
    {P "bounce[1]: A1B2C3: postmaster non-delivery notification: D4E5F6\n" P
       "qmgr[1]: D4E5F6: from=<double-bounce@example.net>, size=1\n" P "smtp[1]: D4E5F6: " TO
       "dsn=2.0.0, status=sent (ok)",
     ""},
    {P "smtp[1]: A1B2C3: " TO "dsn=4.2.2, status=deferred (full)\n" P
       "smtp[1]: A1B2C3: to=<b@example.org>, dsn=4.0.0, status=deferred (wait)\n" P
       "smtp[1]: A1B2C3: to=<b@example.org>, dsn=2.0.0, status=sent (ok)\n" P
       "qmgr[1]: A1B2C3: from=<x@example.net>, status=expired, returned to sender\n" P
       "qmgr[1]: D4E5F6: from=<x@example.net>, status=expired, returned to sender",
     "delayed A1B2C3 - a@example.org - mx.example.org 4.2.2 -|full\n"
     "delayed A1B2C3 - b@example.org - - 4.0.0 -|wait\n"
     "delivered A1B2C3 - b@example.org - - 2.0.0 -|ok\n"
     "expired A1B2C3 x@example.net a@example.org - mx.example.org - -|full"},
    {P "smtp[1]: A1B2C3: " TO "dsn=4.2.2, status=deferred (full)\n" P
       "qmgr[1]: A1B2C3: from=<x@example.net>, status=force-expired, returned to sender",
     "delayed A1B2C3 - a@example.org - mx.example.org 4.2.2 -|full\n"
     "expired A1B2C3 x@example.net a@example.org - mx.example.org - -|full"},
    /* two instances use the same id */
    {P "qmgr[1]: A1B2C3: from=<>, size=1\nNov 28 15:20:09 mx out/smtp[1]: A1B2C3: " TO "dsn=5.1.1, status=bounced (no)",
     "failed A1B2C3 - a@example.org - mx.example.org 5.1.1 -|no"},
    /* strangers write a Message-ID, a subject, a name, an address of a sender and a reply */
    {P "cleanup[1]: A1B2C3: message-id=<x>, to=<a@example.org>, dsn=5.1.1, status=bounced (no)", ""},
    {P "cleanup[1]: A1B2C3: warning: header Subject: to=<a@example.org>, dsn=5.1.1, status=bounced (no) from x[1]", ""},
    {P "cleanup[1]: A1B2C3: warning: header Subject: A1B2C3: to=<a@example.org>, dsn=5.1.1, status=bounced (no)", ""},
    {P "smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 no; from=<x@y> to=<a@example.org> status=bounced (no)",
     ""},
    {P "smtp[1]: NOQUEUE: to=<a@example.org>, dsn=5.1.1, status=bounced (no)", ""},
    {P "qmgr[1]: A1B2C3: from=<x>, to=<a@example.org>, dsn=5.1.1, status=bounced (no) y@example.net>, size=1", ""},
    {P "smtp[1]: A1B2C3: " TO "dsn=4.0.0, status=deferred (450 x, to=<b@example.org>, dsn=5.1.1, status=bounced (no))",
     "delayed A1B2C3 - a@example.org - mx.example.org 4.0.0 -|450 x, to=<b@example.org>, dsn=5.1.1, status=bounced "
     "(no)"},
    {P "smtp[1]: A1B2C3: to=<root>, relay=local, dsn=5.1.1, status=bounced (no)", ""},
    {P "smtp[1]: A1: " TO "dsn=5.1.1, status=bounced (no)", ""},
    {P "smtp[1]: A1B.C3: " TO "dsn=5.1.1, status=bounced (no)", ""},
    {"Nov 28 15:20:09 mx dovecot[1]: A1B2C3: " TO "dsn=5.1.1, status=bounced (no)", ""},
    {"Nov 28 15:20:09 mx smtp[1]: A1B2C3: " TO "dsn=5.1.1, status=bounced (no)", ""},
    {"Nov 28 15:20:09 mx", ""},
    {"Nov 28 15:20:09 mx postfix/smtp[1] A1B2C3: " TO "dsn=5.1.1, status=bounced (no)", ""},
    {"", ""},

    /* --- Exim */
    {E
     "=> a@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.25] X=TLS1.3:AES:256 C=\"250 2.0.0 OK: id\"",
     "delivered 1vPabc-0000000012x-AbCd - a@example.org - mx.example.org - -|250 2.0.0 OK: id"},
    {E "-> a@example.org H=mx.example.org [192.0.2.25] PRDR C=\"250 first\\\\n250 OK\"",
     "delivered 1vPabc-0000000012x-AbCd - a@example.org - mx.example.org - -|250 first\n250 OK"},
    {E ">> a@example.org R=x T=y", "delivered 1vPabc-0000000012x-AbCd - a@example.org - - - -|"},
    {E "> a@example.org R=vacation T=vacation_reply", ""},
    {E "*> a@example.org R=x T=y H=mx.example.org", ""},
    {E "** a@example.org F=<x@example.net> R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.25]: SMTP error from "
       "remote mail server after RCPT TO:<a@example.org>: 550-5.1.1 no\\n550 user",
     "failed 1vPabc-0000000012x-AbCd x@example.net a@example.org - mx.example.org - -|SMTP error from remote mail "
     "server "
     "after RCPT TO:<a@example.org>: 550-5.1.1 no\n550 user"},
    {"2026-11-28 09:00:12.123 +0100 [4711] 16ZCW1-0005MB-00 ** e@nowhere.example <all@example.org>: Unrouteable "
     "address",
     "failed 16ZCW1-0005MB-00 - all@example.org e@nowhere.example - - -|Unrouteable address"},
    {E "** b@example.org (c@example.org) <all@example.org> R=x : forced failure",
     "failed 1vPabc-0000000012x-AbCd - all@example.org b@example.org - - -|forced failure"},
    {E "** save in a file <all@example.org> R=x T=y: forbidden",
     "failed 1vPabc-0000000012x-AbCd - all@example.org - - - -|forbidden"},
    {E "** |/usr/bin/program a@b <all@example.org> R=x: \\\\\\x no",
     "failed 1vPabc-0000000012x-AbCd - all@example.org - - - -|\\\\\\x no"},
    {E "** \"a <b\"@example.org R=x: no", ""},
    {E "** a <v@example.org> b@example.net <\"a <v@example.org> b\"@example.net> R=x T=y: SMTP error: 550 5.1.1 no",
     ""},
    {E "** a b@example.net <\"a b\"@example.net> R=x T=y: SMTP error: 550 5.1.1 no", ""},
    {E "== b@example.org R=x T=y defer (-44) H=mx.example.org [192.0.2.25]: 451 4.7.1 Greylisted",
     "delayed 1vPabc-0000000012x-AbCd - b@example.org - mx.example.org - -|451 4.7.1 Greylisted"},
    {E "== b@example.org routing defer (-52): retry time not reached", ""},
    {E "== b@example.org routing defer (-52): Retry time not yet reached", ""},
    {E "== b@example.org R=x T=y defer (0): SMTP delivery explicitly queued", ""},
    {E "== b@example.org defer (-1): some host address lookups failed and retry time not reached for other hosts", ""},
    {E "== b@example.org defer (-1): first-pass only routing due to -odqs", ""},
    {E "== b@example.org defer (-1): hold_domains lookup deferred", ""},
    {E "== b@example.org defer (-1): domain is in queue_domains", ""},
    {E "== b@example.org defer (-1): domain matches queue_smtp_domains, or -odqs set", ""},
    {E "== b@example.org defer (-1): concurrency limit reached for transport", ""},
    {E "== b@example.org defer (-1): reusing SMTP connection skips previous routing defer", ""},
    {E "== b@example.org defer (-1): domain is held",
     "delayed 1vPabc-0000000012x-AbCd - b@example.org - - - -|domain is held"},
    {E "=> :blackhole: <all@example.org> R=x", ""},
    {E "=> blackhole (RCPT ACL discarded recipients)", ""},
    {E "<= x@example.net H=app [192.0.2.7] P=esmtpsa S=1834 id=1@example.net T=\"** a@b R=x: 550\"\n" E
       "=> ann <ann@example.org> R=local T=local",
     "delivered 1vPabc-0000000012x-AbCd x@example.net ann@example.org - - - 1@example.net|"},
    {E "<= x@example.net H=app\n" E "Completed\n" E "** a@example.org: no",
     "failed 1vPabc-0000000012x-AbCd - a@example.org - - - -|no"},
    {E "<= <> R=1vPabc-0000000012x-AbCe U=exim P=local S=2\n" E "** a@example.org: no", ""},
    {E "** a@example.org F=<> R=x: no", ""},
    {E "H=mx.example.org [192.0.2.25] Connection refused", ""},
    {"2026-11-28 09:00:10 SMTP connection from [192.0.2.1] ** a@example.org: no", ""},
    {"Nov 28 09:00:10 mx exim[5]: 2026-11-28 09:00:10 1vPabc-0000000012x-AbCd ** a@example.org: no",
     "failed 1vPabc-0000000012x-AbCd - a@example.org - - - -|no"},
    {"Nov 28 09:00:10 mx exim4[5]: 1vPabc-0000000012x-AbCd ** a@example.org: no",
     "failed 1vPabc-0000000012x-AbCd - a@example.org - - - -|no"},

    /* --- Sendmail */
    {S "to=<a@example.org>, delay=00:00:02, mailer=esmtp, relay=mx.example.org. [192.0.2.25], dsn=5.1.1, stat=User "
       "unknown",
     "failed 5ASE0A1b000099 - a@example.org - mx.example.org 5.1.1 -|User unknown"},
    {"Nov 28 09:00:14 mx sendmail[9]: 5ASE0A1b000099: to=<a@example.org>,<b@example.org>, ctladdr=<x@example.net> "
     "(1/1), "
     "relay=mx.example.org. [192.0.2.25], dsn=2.0.0, stat=Sent (ok id=1)",
     "delivered 5ASE0A1b000099 - a@example.org - mx.example.org 2.0.0 -|ok id=1\n"
     "delivered 5ASE0A1b000099 - b@example.org - mx.example.org 2.0.0 -|ok id=1"},
    {"Nov 28 09:00:14 mx sm-msp-queue[9]: 5ASE0A1b000099: to=a@example.org, dsn=4.0.0, stat=Deferred: Connection "
     "refused",
     "delayed 5ASE0A1b000099 - a@example.org - - 4.0.0 -|Connection refused"},
    {S "to=<a@example.org>, dsn=4.3.0,stat=Local configuration error",
     "delayed 5ASE0A1b000099 - a@example.org - - 4.3.0 -|Local configuration error"},
    {S "to=<\"a>,<v@example.net>\"@example.org>,<b@example.org>, dsn=5.1.1, stat=User unknown",
     "failed 5ASE0A1b000099 - \"a>,<v@example.net>\"@example.org - - 5.1.1 -|User unknown\n"
     "failed 5ASE0A1b000099 - b@example.org - - 5.1.1 -|User unknown"},
    {S "to=<\"a>,<v@example.net>,<b@example.org>, dsn=5.1.1, stat=User unknown", ""},
    {S "to=<a@example.org>, dsn=2.1.5, stat=Relayed", "delivered 5ASE0A1b000099 - a@example.org - - 2.1.5 -|Relayed"},
    {S "to=<a@example.org>, stat=Service unavailable",
     "failed 5ASE0A1b000099 - a@example.org - - - -|Service unavailable"},
    {S "to=<a@example.org>, dsn=2.0.0, stat=queued", ""},
    {S "to=<a@example.org>, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (ok)", ""},
    {S "to=<a@example.org>, relay=[::1] [IPv6:::1], dsn=2.0.0, stat=Sent (ok)", ""},
    {S "to=<a@example.org>, relay=localhost. [127.0.0.1], dsn=2.0.0, stat=Sent (ok)", ""},
    {S "to=<a@example.org>, relay=localhost [127.0.0.1], dsn=2.0.0, stat=Sent (ok)", ""},
    {S "to=<a@example.org>, relay=localhost.example.org [192.0.2.1], dsn=2.0.0, stat=Sent (ok)",
     "delivered 5ASE0A1b000099 - a@example.org - localhost.example.org 2.0.0 -|ok"},
    {S "from=<x@example.net>, size=1, nrcpts=1, msgid=<1@example.net>, proto=ESMTP, to=<b@example.org>, stat=x\n" S
       "to=<a@example.org>, dsn=5.1.1, stat=User unknown",
     "failed 5ASE0A1b000099 x@example.net a@example.org - - 5.1.1 1@example.net|User unknown"},
    {S "to=<a@example.org>, dsn=4.0.0, stat=Deferred: x\n" S
       "5ASE0A1c000099: sender notify: Warning: could not send message for past 4 hours\n" S
       "5ASE0A1d000099: sender notify: Cannot send message for 5 days",
     "delayed 5ASE0A1b000099 - a@example.org - - 4.0.0 -|x\nexpired 5ASE0A1b000099 - a@example.org - - - -|x"},
    {S "to=<a@example.org>, dsn=4.0.0, stat=Deferred: x\n" S
       "5ASE0A1d000099: return to sender: Cannot send message for 5 days",
     "delayed 5ASE0A1b000099 - a@example.org - - 4.0.0 -|x\nexpired 5ASE0A1b000099 - a@example.org - - - -|x"},
    {S "5ASE0A1d000099: sender notify: Warning\nNov 28 09:00:14 mx sm-mta[99]: 5ASE0A1d000099: to=<a@example.org>, "
       "stat=Sent",
     ""},
    {S "5ASE0A1d000099: return to sender: x\nNov 28 09:00:14 mx sm-mta[99]: 5ASE0A1d000099: to=<a@example.org>, "
       "stat=Sent",
     ""},
    {S "5ASE0A1d000099: postmaster notify: x\nNov 28 09:00:14 mx sm-mta[99]: 5ASE0A1d000099: to=<a@example.org>, "
       "stat=Sent",
     ""},
    {S
     "5ASE0A1d000099: DSN: User unknown\nNov 28 09:00:14 mx sm-mta[99]: 5ASE0A1d000099: to=<a@example.org>, stat=Sent",
     ""},
    {S "5ASE0A1d000099: return receipt\nNov 28 09:00:14 mx sm-mta[99]: 5ASE0A1d000099: to=<a@example.org>, stat=Sent",
     ""},

    /* --- OpenSMTPD */
    {O "8a5d2c0c9d1f3e4b mta delivery evpid=0f1e2d3c4b5a6978 from=<x@example.net> to=<a@example.org> rcpt=<-> "
       "source=\"192.0.2.7\" relay=\"192.0.2.25 (mx.example.org)\" delay=2s result=\"PermFail\" stat=\"550 5.1.1 "
       "\\\"no\"",
     "failed 0f1e2d3c4b5a6978 x@example.net a@example.org - mx.example.org - -|550 5.1.1 \\\"no"},
    {O "8a5d2c0c9d1f3e4b mta event=delivery evpid=0f1e2d3c4b5a6978 from=<x@example.net> to=<a@example.org> "
       "rcpt=<all@example.org> result=\"TempFail\" stat=\"421 no",
     "delayed 0f1e2d3c4b5a6978 x@example.net all@example.org a@example.org - - -|421 no"},
    {O "8a5d2c0c9d1f3e4b mda delivery evpid=0f1e2d3c4b5a6978 from=<x@example.net> to=<a@example.org> result=Ok "
       "stat=Delivered to a maildir",
     "delivered 0f1e2d3c4b5a6978 x@example.net a@example.org - - - -|Delivered to a maildir"},
    {O "8a5d2c0c9d1f3e4b mda event=delivery evpid=0f1e2d3c4b5a6978 from=<@> to=<a@example.org> result=PermFail stat=x",
     ""},
    {O
     "8a5d2c0c9d1f3e4b mda event=delivery evpid=0f1e2d3c4b5a6978 from=<x@y> to=<a@example.org> result=PermFail stat=x",
     "failed 0f1e2d3c4b5a6978 x@y a@example.org - - - -|x"},
    {O "8a5d2c0c9d1f3e4b mta delivery evpid=0f1e2d3c4b5a6978 to=<a@example.org> relay=\"::1 (localhost)\" "
       "result=\"Ok\" stat=\"250 ok\"",
     ""},
    {O "8a5d2c0c9d1f3e4b mta delivery evpid=0f1e2d3c4b5a6978 to=<a@example.org> result=\"LoopFail\" stat=\"loop\"",
     "failed 0f1e2d3c4b5a6978 - a@example.org - - - -|loop"},
    {O "8a5d2c0c9d1f3e4b mta delivery evpid=0f1e2d3c4b5a6978 to=<a@example.org> result=\"Other\" stat=\"x\"", ""},
    {O "8a5d2c0c9d1f3e4b mta delivery evpid=0f1e2d3c4b5a6978 to=<a@example.org> relay=\"127.0.0.1 (localhost)\" "
       "result=\"Ok\" stat=\"250 ok\"",
     ""},
    {O "8a5d2c0c9d1f3e4b smtp envelope evpid=0f1e2d3c4b5a6978 from=<x@example.net> to=<a@example.org> result=PermFail",
     ""},
    {"Nov 28 09:00:15 lx transfer[5]: relay: TempFail for 66251a4092099e2d: from=x@example.net, to=a@example.org, "
     "relay=192.0.2.25 (mx.example.org), delay=1s, stat=451 no, not now\n" O
     "relay: Expire for 66251a4092099e2d: from=<x@example.net>, to=<a@example.org>, delay=4d, stat=gave up\n"
     "Nov 28 09:00:15 lx smtpd[5]: relay: Expire for 66251a4092099e2d: from=<x@example.net>, to=<a@example.org>, "
     "stat=y",
     "delayed 66251a4092099e2d x@example.net a@example.org - mx.example.org - -|451 no, not now\n"
     "expired 66251a4092099e2d x@example.net a@example.org - - - -|gave up\n"
     "expired 66251a4092099e2d x@example.net a@example.org - - - -|y"},
    {O "mda: PermFail for 66251a4092099e2d: to=<a@example.org>, stat=no",
     "failed 66251a4092099e2d - a@example.org - - - -|no"},

    /* --- PowerMTA: columns by their names, in any order, as the last line of names has them */
    {"type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,bounceCat,vmta,header_Message-Id\n"
     "b,1795859999,x@example.net,a@example.org,5.1.1 (bad destination mailbox address),\"smtp;550 5.1.1 <a>, "
     "\"\"no\"\"\","
     "mx.example.org (192.0.2.25),bad-mailbox,vm1,<1@example.net>\n"
     "bounce,1795859999,x@example.net,b@example.org,5.0.0,,,bad-domain\n"
     "d,1795860001,x@example.net,c@example.org,2.0.0 (success),smtp;250 OK,mx.example.org (192.0.2.25),,vm1,\n"
     "delivery,1795860001,x@example.net,d@example.org\n"
     "t,1795860001,x@example.net,e@example.org,4.0.0,smtp;451 no\n"
     "d,1795860001,,report@example.org\n"
     "transient,1795860001,x@example.net,f@example.org,,smtp;451 no\n"
     "tq,1795860001,x@example.net,g@example.org,4.0.0,smtp;451 no\n"
     "rb,1795860001,x@example.net,h@example.org,5.0.0,smtp;550 no\n"
     "type,timeQueued,rcpt\n"
     "b,2026-11-28 10:00:00+0100,i@example.org\n"
     "type,sender\n"
     "b,j@example.org\n",
     "failed - x@example.net a@example.org - mx.example.org 5.1.1 1@example.net|smtp;550 5.1.1 <a>, \"no\"\n"
     "failed - x@example.net b@example.org - - 5.0.0 -|bad-domain\n"
     "delivered - x@example.net c@example.org - mx.example.org 2.0.0 -|smtp;250 OK\n"
     "delivered - x@example.net d@example.org - - - -|\n"
     "delayed - x@example.net e@example.org - - 4.0.0 -|smtp;451 no\n"
     "delayed - x@example.net f@example.org - - - -|smtp;451 no\n"
     "failed - x@example.net h@example.org - - 5.0.0 -|smtp;550 no\n"
     "failed - - i@example.org - - - -|"},
    {"b,1795859999,x@example.net,a@example.org\n", ""},
    {"type,rcpt\nb\nb,\"a@example.org\nb,a@example.org,\"x\n" P "smtp[1]: A1B2C3: " TO "dsn=5.1.1, status=bounced (no)",
     "failed A1B2C3 - a@example.org - mx.example.org 5.1.1 -|no"},
};

static void test_lines(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(LogReader) reader = new_reader(LOG_SOFTWARE_AUTO, 1 << 20);
        g_autofree char *attempts = read_lines(reader, cases[i].lines);

        g_test_message("%s", cases[i].lines);
        g_assert_cmpstr(attempts, ==, cases[i].attempts);
    }
}

/* Every line, cut anywhere: it may tell less, and reads nothing behind its end. */
static void test_cut(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(LogReader) reader = new_reader(LOG_SOFTWARE_AUTO, 1 << 20);

        for (size_t n = 0; n <= strlen(cases[i].lines); n++) {
            g_autofree char *copy = g_strndup(cases[i].lines, n);
            g_autofree char *attempts = read_lines(reader, copy);

            g_assert_nonnull(attempts);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/log-reader/lines", test_lines);
    g_test_add_func("/parser/log-reader/cut", test_cut);
    return g_test_run();
}
