/* sql_parts.h: what several SQL texts have in common. For sql.c alone. */
#pragma once

/* The rows of event_fields, in its order, of an event `e` and its message `m`; then those of each, but for source,
 * which a message has anyway. A test compares them. */
#define EVENT_FIELDS                                                                                                   \
    "m.source, e.kind, e.recipient, e.recipient_from, e.final_recipient, e.verdict, e.reason, e.party, e.rule,"        \
    " e.action, e.status, e.reply, e.diagnostic, m.reporting_mta, e.remote_mta, m.dialect, e.blocklist,"               \
    " m.feedback_type, m.user_agent, m.source_ip, m.original_mail_from, m.reported_domain, m.auth_failure,"            \
    " m.incidents, m.sender, m.message_id, m.subject, m.list_id, m.feedback_id, e.occurred, m.stream, e.evidence"
#define EVENT_COLUMNS                                                                                                  \
    "kind, recipient, recipient_from, final_recipient, verdict, reason, party, rule, action, status, reply,"           \
    " diagnostic, remote_mta, blocklist, occurred, evidence"
#define EVENT_PLACES "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define MESSAGE_COLUMNS                                                                                                \
    "reporting_mta, dialect, feedback_type, user_agent, source_ip, original_mail_from, reported_domain, auth_failure," \
    " incidents, sender, message_id, subject, list_id, feedback_id, stream"
#define MESSAGE_PLACES "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define EVENTS_OF_MESSAGES "events e JOIN messages m ON m.id = e.message "

/* The subject of a change `h`. The index is of the expression. */
#define CHANGES_OF(subject) "lower(h.subject) = lower(" subject ")"
#define ENTRY "subject = lower(?1) AND scope = ?2"

/* Reasons of nobody's mailbox that a person may want to see (review.h). */
#define REVIEWED                                                                                                       \
    "counts = 0 AND e.reason IN ('expired', 'network_error', 'system_error', 'system_full', 'mailer_error',"           \
    " 'on_hold', 'undefined')"

/* Operators' removals of the entry of ?1 in a scope. A revision's is judged anew, and is no operator's word about the
 * address; nor is one that was undone, or undid another change. */
#define REMOVALS(scope)                                                                                                \
    "changes h JOIN causes b ON b.id = coalesce(h.author, h.cause) WHERE " CHANGES_OF(                                 \
        "?1") " AND h.scope = " scope                                                                                  \
              " AND h.change = 'remove' AND b.who <> 'policy' AND b.note NOT LIKE 'reclassify: %'"                     \
              " AND NOT EXISTS (SELECT 1 FROM batches WHERE name = b.batch AND undone_by IS NOT NULL)"                 \
              " AND NOT EXISTS (SELECT 1 FROM batches WHERE undone_by = b.batch)"

/* The last event whose failures are forgiven to ?1 in a scope: mail went through, that of all or of the scope, or the
 * entry was taken off. */
#define FORGIVEN(scope)                                                                                                \
    "coalesce((SELECT max(event) FROM forgiven WHERE recipient = ?1 AND scope IN ('*', '*' || " scope ", " scope       \
    ")), 0)"

/* What counts of ?1 for the reason ?2, after ?3, in the scope ?5. */
#define FAILURES                                                                                                       \
    "FROM events WHERE recipient = ?1 AND counts = 1 AND reason = ?2 AND received > ?3 AND scope = ?5 AND id "         \
    "> " FORGIVEN("?5")

/* The values of a filter, NULL when it has none: ?1 recipient, ?2 domain, ?3 stream, ?4 kind, ?5 reason, ?6 since,
 * ?7 until, ?8 after, ?9 limit; of events, the list and its log ?10 scope, ?11 held, ?12 after_subject, ?13 its scope,
 * ?14 batch, ?15 door, ?16 rule, ?17 receiver, ?18 diagnostic, ?19 evidence, of the
 * list ?20 stream and ?21 tenant of the asker. All statements that take a filter number
 * them alike, and those of events, the list and its log have the last. */
#define IF_RECIPIENT(column) "(?1 IS NULL OR " column " = ?1)"
#define IF_DOMAIN(column) "(?2 IS NULL OR substr(" column ", -1 - length(?2)) = '@' || ?2 COLLATE NOCASE)"
#define IF_STREAM(column) "(?3 IS NULL OR " column " = ?3)"
#define IF_KIND(column) "(?4 IS NULL OR " column " = ?4)"
#define IF_REASON(column) "(?5 IS NULL OR " column " = ?5)"
#define IF_SCOPE(column) "(?10 IS NULL OR " column " = ?10)"
#define IF_BATCH(column) "(?14 IS NULL OR " column " = ?14)"
#define IF_DOOR(column) "(?15 IS NULL OR " column " = ?15)"
/* The conditions on an event `e` alone. */
#define IF_SAID                                                                                                        \
    "(?16 IS NULL OR e.rule = ?16) AND (?17 IS NULL OR e.receiver = ?17)"                                              \
    " AND (?18 IS NULL OR instr(lower(e.diagnostic), lower(?18)) > 0) AND (?19 IS NULL OR e.evidence = ?19)"

#define SELECT_SUPPRESSION                                                                                             \
    "SELECT coalesce(s.spelling, s.subject), s.scope, s.wave, c.reason, c.verdict, m.stream, nullif(c.policy, ''),"    \
    " e.rule, e.diagnostic, c.who, c.door, nullif(c.note, ''), nullif(c.batch, ''), s.since, s.until"                  \
    " FROM suppressions s LEFT JOIN causes c ON c.id = s.cause LEFT JOIN events e ON e.id = s.event"                   \
    " LEFT JOIN messages m ON m.id = e.message "

#define LIST_CONDITIONS                                                                                                \
    IF_DOMAIN("s.subject")                                                                                             \
    " AND " IF_STREAM("m.stream") " AND " IF_KIND("e.kind") " AND " IF_REASON(                                         \
        "c.reason") " AND s.since >= ?6 AND s.since < ?7 AND (s.until = 0 OR s.until > ?8)"                            \
                    " AND (?11 IS NULL OR (s.wave IS NOT NULL) = ?11) AND (?20 IS NULL OR s.scope IN ('', ?20, ?21))"  \
                    " AND " IF_SCOPE("s.scope") " AND " IF_BATCH("c.batch") " AND " IF_DOOR(                           \
                        "c.door") " AND " IF_SAID " AND (s.subject, s.scope) > (lower(coalesce(?12, '')), "            \
                                  "coalesce(?13, '')) ORDER BY s.subject, s.scope LIMIT ?9"

/* Versions before 16 took what was rolled back for unproven. */
#define EFFECT "iif(e.doubted IS NOT NULL AND e.effect = 'unproven', 'rolled_back', e.effect)"
#define SELECT_EVENT_AND(more)                                                                                         \
    "SELECT " EVENT_FIELDS ", e.received, lower(hex(m.digest)), m.mail_from, e.rule_version, " EFFECT ", e.policy,"    \
    " e.failures, e.may_suppress, e.command, e.revised, e.revised_by, e.revised_from, m.mailed, m.left_out,"           \
    " (SELECT proof FROM proofs WHERE event = e.id), m.rcpt_to, m.tenant, e.scope, e.doubted,"                         \
    " (SELECT note FROM batches WHERE name = e.doubted), m.confined, e.id" more " FROM " EVENTS_OF_MESSAGES
#define SELECT_EVENT SELECT_EVENT_AND("")
#define EVENT_FILTER                                                                                                   \
    IF_DOMAIN("e.recipient")                                                                                           \
    " AND " IF_STREAM("m.stream") " AND " IF_KIND("e.kind") " AND " IF_REASON("e.reason") " AND " IF_SCOPE(            \
        "e.scope") " AND " IF_BATCH("m.batch") " AND " IF_SAID                                                         \
                                               " AND (?11 IS NULL OR EXISTS (SELECT 1 FROM suppressions s"             \
                                               " WHERE s.event = e.id AND (s.wave IS NOT NULL) = ?11))"
#define EVENT_CONDITIONS EVENT_FILTER " AND e.received >= ?6 AND e.received < ?7"
/* By their ids: those after ?8, whatever index the times have. */
#define EVENTS_BY_ID                                                                                                   \
    "e.id > ?8 AND " IF_RECIPIENT("e.recipient") " AND " EVENT_FILTER " AND +e.received >= ?6 AND +e.received < ?7"
#define BY_TIME " ORDER BY e.received, e.id"
/* ?9 rows behind the event ?8 of the time ?6, with whether the other conditions hold. */
#define EVENT_PAGE(where)                                                                                              \
    SELECT_EVENT_AND(", " EVENT_FILTER)                                                                                \
    "WHERE " where "(e.received, e.id) > (?6, ?8) AND e.received < ?7" BY_TIME " LIMIT ?9"
/* The last ?9 rows of `where`, collected before the first is given: not for all events. */
#define NEWEST_EVENTS(where)                                                                                           \
    "WHERE e.id IN (SELECT e.id FROM " EVENTS_OF_MESSAGES "WHERE " where                                               \
    " ORDER BY e.received DESC, e.id DESC LIMIT ?9)" BY_TIME

/* `c` is the cause of the entry, `b` of the change. */
#define SELECT_CHANGE                                                                                                  \
    "SELECT h.sequence, h.at, h.change, h.subject, h.scope, coalesce(h.since, h.at), h.until, h.wave, c.reason,"       \
    " c.verdict, nullif(c.policy, ''), coalesce(b.who, c.who), coalesce(b.door, c.door),"                              \
    " nullif(coalesce(b.note, c.note), ''), nullif(coalesce(b.batch, c.batch), ''),"                                   \
    " (SELECT lower(hex(digest)) FROM messages WHERE id = h.message)"                                                  \
    " FROM changes h LEFT JOIN causes c ON c.id = h.cause LEFT JOIN causes b ON b.id = h.author "
/* clang-format off */
#define CHANGE_FILTER                                                                                                  \
    "h.sequence > ?8 AND " IF_DOMAIN("h.subject") " AND " IF_REASON("c.reason") " AND " IF_SCOPE("h.scope")            \
    " AND " IF_BATCH("coalesce(b.batch, c.batch)") " AND " IF_DOOR("coalesce(b.door, c.door)")                         \
    " AND (?11 IS NULL OR (h.wave IS NOT NULL) = ?11)"                                                                 \
    " AND h.at >= ?6 AND h.at < ?7 AND (coalesce(?3, ?4, ?16, ?17, ?18, ?19) IS NULL"                                  \
    " OR EXISTS (SELECT 1 FROM " EVENTS_OF_MESSAGES "WHERE e.id = h.event AND " IF_STREAM("m.stream")                  \
    " AND " IF_KIND("e.kind") " AND " IF_SAID "))"
/* clang-format on */
#define CHANGE_CONDITIONS CHANGE_FILTER " ORDER BY h.sequence LIMIT ?9"
/* Logs entries as they are, or as they will be. */
#define LOG_ENTRIES                                                                                                    \
    "INSERT INTO changes (at, change, subject, scope, since, until, cause, author, wave, event, message) SELECT "

#define SELECT_OUTGOING                                                                                                \
    "SELECT lower(hex(m.digest)), m.source, f.recipient, f.came_to, f.state, f.queued, f.attempts, f.next, f.tried,"   \
    " f.said FROM outbox f JOIN messages m ON m.id = f.message "

#define COUNTER_KEY                                                                                                    \
    " WHERE day = ?1 AND stream = ?2 AND sender_domain = ?3 AND recipient_domain = ?4 AND kind = ?5 AND verdict = ?6"  \
    " AND reason = ?7"

/* The first ones that are of domains, from before the day ?1. */
#define OLD_COUNTERS                                                                                                   \
    " FROM counters WHERE day < ?1 AND (sender_domain <> '' OR recipient_domain <> '')"                                \
    " ORDER BY day, stream, sender_domain, recipient_domain, kind, verdict, reason LIMIT ?2"
#define FUTURE_ENTRIES " FROM suppressions WHERE until > 0 AND since > ?2 ORDER BY since LIMIT ?3"
#define EXPIRED " FROM suppressions WHERE until > 0 AND until <= ?1 ORDER BY until, subject, scope LIMIT ?2"

/* Rows of values, with commas between them. */
#define FOUR(row) row ", " row ", " row ", " row
#define SIXTEEN(row) FOUR(FOUR(row))
#define LOG_NEW                                                                                                        \
    "INSERT INTO changes (at, change, subject, scope, since, until, cause, author, wave, event, message) VALUES "
#define LOG_ROW "(?, 'add', ?, ?, ?, ?, ?, ?, ?, ?, ?)"
