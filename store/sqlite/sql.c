#include "store/sqlite/sql.h"

#include <stddef.h>

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

/* Removals of ?1. A revision's is judged anew, and is no operator's word about the address. */
#define REMOVALS                                                                                                       \
    "recipient = ?1 AND change = 'remove' AND who <> 'policy' AND coalesce(note, '') NOT LIKE 'reclassify: %'"

/* What counts of ?1 for the reason ?2, after ?3. */
#define FAILURES                                                                                                       \
    "FROM events WHERE recipient = ?1 AND counts = 1 AND reason = ?2"                                                  \
    " AND received > ?3 AND id > coalesce((SELECT event FROM forgiven WHERE recipient = ?1), 0)"

/* The values of a filter, NULL when it has none: ?1 recipient, ?2 domain, ?3 stream, ?4 kind, ?5 reason, ?6 since,
 * ?7 until, ?8 after, ?9 limit, of the list ?10 after_recipient. All statements that take a filter number them alike.
 */
#define IF_RECIPIENT(column) "(?1 IS NULL OR " column " = ?1)"
#define IF_DOMAIN(column) "(?2 IS NULL OR substr(" column ", -1 - length(?2)) = '@' || ?2 COLLATE NOCASE)"
#define IF_STREAM(column) "(?3 IS NULL OR " column " = ?3)"
#define IF_KIND(column) "(?4 IS NULL OR " column " = ?4)"
#define IF_REASON(column) "(?5 IS NULL OR " column " = ?5)"

#define SELECT_SUPPRESSION                                                                                             \
    "SELECT s.recipient, s.reason, s.verdict, m.stream, s.policy, e.rule, e.diagnostic, s.who, s.note, s.since,"       \
    " s.until FROM suppressions s LEFT JOIN events e ON e.id = s.event"                                                \
    " LEFT JOIN messages m ON m.id = e.message "

#define SELECT_EVENT                                                                                                   \
    "SELECT " EVENT_FIELDS ", e.received, lower(hex(m.digest)), m.mail_from, e.rule_version, e.effect, e.policy,"      \
    " e.failures, e.may_suppress, e.command, e.revised, e.revised_by, e.revised_from, m.mailed, m.left_out,"           \
    " (SELECT proof FROM proofs WHERE event = e.id), m.rcpt_to, e.id FROM " EVENTS_OF_MESSAGES
#define EVENT_CONDITIONS                                                                                               \
    IF_DOMAIN("e.recipient")                                                                                           \
    " AND " IF_STREAM("m.stream") " AND " IF_KIND("e.kind") " AND " IF_REASON(                                         \
        "e.reason") " AND e.received >= ?6 AND e.received < ?7"
#define BY_TIME " ORDER BY e.received, e.id"
/* The last ?9 rows of `where`, collected before the first is given: not for all events. */
#define NEWEST_EVENTS(where)                                                                                           \
    "WHERE e.id IN (SELECT e.id FROM " EVENTS_OF_MESSAGES "WHERE " where                                               \
    " ORDER BY e.received DESC, e.id DESC LIMIT ?9)" BY_TIME

#define SELECT_CHANGE                                                                                                  \
    "SELECT sequence, at, change, recipient, reason, verdict, until, who, note,"                                       \
    " (SELECT lower(hex(digest)) FROM messages WHERE id = changes.message) FROM changes "
#define CHANGE_CONDITIONS                                                                                              \
    "sequence > ?8 AND " IF_DOMAIN("recipient") " AND " IF_REASON("reason") " AND at >= ?6 AND at < ?7"                \
                                                                            " ORDER BY sequence LIMIT ?9"

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
#define EXPIRED " FROM suppressions WHERE until > 0 AND until <= ?1 ORDER BY until, recipient LIMIT ?2"

const struct sql_text sql_texts[SQL_TEXTS] = {
    /* IMMEDIATE: who will write says so at once, so that nobody fails halfway through for a lock. */
    [SQL_BEGIN] = {"begin a transaction", .sqlite = "BEGIN IMMEDIATE"},
    [SQL_BEGIN_READING] = {"begin to read", .sqlite = "BEGIN"},
    [SQL_COMMIT] = {"commit", "COMMIT"},
    [SQL_ROLLBACK] = {"roll back", "ROLLBACK"},

    [SQL_FOREIGN_KEYS] = {"set up the connection", .sqlite = "PRAGMA foreign_keys = ON"},
    [SQL_NO_FOREIGN_KEYS] = {"prepare to migrate", .sqlite = "PRAGMA foreign_keys = OFF"},
    [SQL_RECURSIVE_TRIGGERS] = {"set up the connection", .sqlite = "PRAGMA recursive_triggers = ON"},
    [SQL_SYNCHRONOUS] = {"set up the connection", .sqlite = "PRAGMA synchronous = FULL"},
    [SQL_CACHE_SIZE] = {"set up the connection", .sqlite = "PRAGMA cache_size = -16384"},
    [SQL_CHECKPOINT_PAGES] = {"set up the connection", .sqlite = "PRAGMA wal_autocheckpoint = 4000"},
    [SQL_JOURNAL_SIZE] = {"set up the connection", .sqlite = "PRAGMA journal_size_limit = 67108864"},
    [SQL_CHECKPOINT] = {"empty the write-ahead log", .sqlite = "PRAGMA wal_checkpoint(PASSIVE)"},
    [SQL_AUTO_VACUUM] = {"set up the database", .sqlite = "PRAGMA auto_vacuum = INCREMENTAL"},
    [SQL_JOURNAL_MODE] = {"switch to write-ahead logging", .sqlite = "PRAGMA journal_mode = WAL"},
    [SQL_VERSION] = {"read its version", .sqlite = "PRAGMA user_version"},
    [SQL_APPLICATION] = {"read its application", .sqlite = "PRAGMA application_id"},
    [SQL_TABLE_COUNT] = {"read its schema", .sqlite = "SELECT count(*) FROM sqlite_schema"},

    [SQL_ONE_FILE] = {"make it one file", .sqlite = "PRAGMA journal_mode = DELETE"},
    [SQL_INTEGRITY] = {"read all of it", .sqlite = "PRAGMA integrity_check(100)"},
    [SQL_REFERENCES] = {"follow its references",
                        .sqlite = "SELECT \"table\" || ' ' || rowid || ' refers to no row of ' || parent"
                                  " FROM pragma_foreign_key_check LIMIT 100"},
    /* The last change of an address says what the list has of it. */
    [SQL_LIST_OFF_LOG] = {"compare the list with its log",
                          "SELECT s.recipient FROM suppressions s LEFT JOIN changes c ON c.sequence ="
                          " (SELECT max(sequence) FROM changes WHERE recipient = s.recipient)"
                          " WHERE coalesce(c.change, 'remove') NOT IN ('add', 'update') OR c.until <> s.until"
                          " OR c.verdict <> s.verdict OR coalesce(c.reason, '') <> coalesce(s.reason, '') LIMIT 100"},
    [SQL_LOG_OFF_LIST] = {"compare the log with the list",
                          "SELECT c.recipient FROM changes c WHERE c.change IN ('add', 'update')"
                          " AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.recipient = c.recipient)"
                          " AND c.sequence = (SELECT max(sequence) FROM changes WHERE recipient = c.recipient)"
                          " LIMIT 100"},

    [SQL_ADD_MESSAGE] = {"store the message",
                         "INSERT INTO messages (digest, received, source, mail_from, rcpt_to, size, mailed, batch,"
                         " " MESSAGE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, " MESSAGE_PLACES
                         ") ON CONFLICT (digest) DO NOTHING"},
    [SQL_SET_LEFT_OUT] = {"store the message", "UPDATE messages SET left_out = ? WHERE id = ?"},
    [SQL_ADD_RAW] = {"store the raw message", "INSERT INTO raws (message, received, bytes) VALUES (?, ?, ?)"},
    [SQL_ADD_EVENT] = {"store the event",
                       "INSERT INTO events (message, received, rule_version, effect, policy, failures, counts,"
                       " may_suppress, command, fingerprint, " EVENT_COLUMNS
                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " EVENT_PLACES ")"},
    [SQL_COUNT_EVENT] = {"count the event",
                         "INSERT INTO counters (day, stream, sender_domain, recipient_domain, kind, verdict, reason,"
                         " count) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                         " count = count + excluded.count"},
    [SQL_COUNT_AGAIN] = {"count the event", "UPDATE counters SET count = count + ?8" COUNTER_KEY},
    [SQL_COUNTERS_OF_DAY] = {"count the counters", "SELECT count(*) FROM counters WHERE day = ?"},
    [SQL_DROP_COUNTER] = {"take back the count of the event", "DELETE FROM counters" COUNTER_KEY " AND count <= 0"},
    /* ?4 is as many as matter, so that an address that fails a million times does not cost a million steps. */
    [SQL_FAILURES] = {"count the failures before", "SELECT count(*) FROM (SELECT 1 " FAILURES " LIMIT ?4)"},
    [SQL_FAILURE_TIMES] = {"count the failures before",
                           "SELECT occurred, received " FAILURES " ORDER BY received DESC LIMIT ?4"},
    [SQL_SAME_REPORT] = {"look for the same report",
                         "SELECT 1 FROM events WHERE fingerprint = ?1 AND may_suppress >= ?2 LIMIT 1"},
    /* ?4 is when the day began, ?7 after when reports of the same mail came. */
    [SQL_REPEATED] =
        {"look for the same failure",
         "SELECT 1 FROM events e JOIN messages m ON m.id = e.message WHERE e.recipient = ?1 AND e.counts = 1"
         " AND e.reason = ?2 AND e.received > ?7 AND e.verdict = ?3 AND ((e.received >= ?4"
         " AND e.received < ?4 + 86400 AND e.id > coalesce((SELECT event FROM forgiven WHERE recipient = ?1), 0))"
         " OR CASE WHEN ?5 <> 0 THEN e.evidence = 'signed' AND m.mailed = ?5 ELSE m.message_id = ?6 END) LIMIT 1"},
    [SQL_REMOVED_SINCE] = {"look for the removal of the address",
                           "SELECT 1 FROM changes WHERE " REMOVALS " AND at >= ?2 LIMIT 1"},
    /* Only for an address that has failures: else every success report would leave a row. */
    [SQL_FORGIVE_COUNTED] = {"clear the failures",
                             "INSERT INTO forgiven (recipient, event, removed) SELECT ?1, ?2, 0"
                             " WHERE EXISTS (SELECT 1 FROM events WHERE recipient = ?1 AND counts = 1)"
                             " ON CONFLICT DO UPDATE SET event = max(event, excluded.event)"},
    [SQL_FORGIVE] =
        {"clear the failures",
         "INSERT INTO forgiven (recipient, event, removed)"
         " VALUES (?1, (SELECT coalesce(max(id), 0) FROM events), (SELECT coalesce(max(id), 0) FROM events))"
         " ON CONFLICT DO UPDATE SET event = excluded.event, removed = excluded.removed"},

    [SQL_ADD_PROOF] = {"store what proves the event",
                       "INSERT INTO proofs (event, message, signers, proof) VALUES (?, ?, ?, ?)"},
    [SQL_ADD_CLAIM] = {"store the claim", "INSERT INTO claims (message, signers, attempts, next) SELECT ?1, ?2, 0, ?3"
                                          " WHERE (SELECT count(*) FROM claims) < ?4"},
    [SQL_CLAIMS_DUE] = {"read the claims",
                        "SELECT c.message, lower(hex(m.digest)), c.signers, c.attempts FROM claims c"
                        " JOIN messages m ON m.id = c.message WHERE c.next <= ?1 ORDER BY c.next, c.message LIMIT ?2"},
    [SQL_CLAIM_PUT_OFF] = {"put the claim off", "UPDATE claims SET attempts = ?, next = ? WHERE message = ?"},
    [SQL_CLAIM_NEXT] = {"read the claims", "SELECT next FROM claims ORDER BY next LIMIT 1"},
    [SQL_CLAIMS_RESUME] = {"resume the claims", "UPDATE claims SET next = ?1 WHERE next > ?1 AND attempts = 1"},
    [SQL_CLAIM] = {"read the claim", "SELECT id FROM messages WHERE digest = ?"},
    [SQL_CLAIMED_EVENTS] = {"read the events of the claim",
                            "SELECT e.id, e.recipient, p.signers FROM proofs p JOIN events e ON e.id = p.event"
                            " WHERE p.message = ? AND p.signers IS NOT NULL AND e.recipient IS NOT NULL"
                            " ORDER BY e.recipient, e.id"},
    [SQL_RAISE_EVIDENCE] = {"raise the evidence", "UPDATE events SET evidence = ?, may_suppress = 1 WHERE id = ?"},
    [SQL_DOUBT] = {"believe the event no more",
                   "UPDATE events SET may_suppress = 0, revised = ?, revised_by = ?, revised_from = ? WHERE id = ?"},
    [SQL_CLEAR_UP_TO] = {"believe a success no more",
                         "UPDATE forgiven SET event = max(removed, ?2) WHERE recipient = ?1"},
    [SQL_PROVE] = {"store what proves the event", "UPDATE proofs SET proof = ? WHERE event = ?"},
    [SQL_DROP_PROOFS] = {"settle the claim",
                         "DELETE FROM proofs WHERE message = ? AND signers IS NOT NULL AND proof IS NULL"},
    [SQL_SETTLE_PROOFS] = {"settle the claim",
                           "UPDATE proofs SET signers = NULL WHERE message = ? AND signers IS NOT NULL"},
    [SQL_DROP_CLAIM] = {"settle the claim", "DELETE FROM claims WHERE message = ?"},
    [SQL_DROP_PROVEN_RAW] = {"settle the claim",
                             "DELETE FROM raws WHERE message = ?1"
                             " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message = ?1 AND e.evidence = 'unproven')"
                             " AND NOT EXISTS (SELECT 1 FROM outbox f WHERE f.message = ?1 AND f.state = 'waiting')"},

    [SQL_HISTORY] =
        {"read the events of the address",
         "SELECT e.id, e.message, e.received, e.policy, e.kind, e.verdict, e.reason, e.action, m.stream,"
         " e.may_suppress, e.rule, e.effect, e.evidence, m.mailed, m.message_id, lower(hex(e.fingerprint)),"
         " e.occurred, e.id <= coalesce((SELECT removed FROM forgiven WHERE recipient = ?1), 0) AS forgiven,"
         " e.effect = 'stale' OR (e.counts = 0 AND m.mailed <="
         " (SELECT max(at) FROM changes WHERE " REMOVALS "))"
         " FROM " EVENTS_OF_MESSAGES "WHERE e.recipient = ?1 AND (e.counts = 1 OR NOT forgiven)"
         " ORDER BY e.id"},
    [SQL_EVENT] = {"read the event", SELECT_EVENT "WHERE e.id = ?"},
    [SQL_REVISE] = {"judge the event again",
                    "UPDATE events SET verdict = ?, reason = ?, party = ?, rule = ?, blocklist = ?, rule_version = ?,"
                    " revised = ?, revised_by = ?, revised_from = ? WHERE id = ?"},
    [SQL_SET_OUTCOME] = {"store what the policy says now",
                         "UPDATE events SET effect = ?, policy = ?, failures = ?, counts = ? WHERE id = ?"},

    [SQL_LIST_READ] = {"read the suppression",
                       "SELECT reason, verdict, who, since, until FROM suppressions WHERE recipient = ?"},
    [SQL_LIST_PUT] = {"suppress the address",
                      "INSERT INTO suppressions (recipient, reason, verdict, policy, who, note, since, until, event)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason,"
                      " verdict = excluded.verdict, policy = excluded.policy, who = excluded.who,"
                      " note = excluded.note, since = excluded.since, until = excluded.until, event = excluded.event"},
    [SQL_LIST_PROLONG] = {"prolong the suppression", "UPDATE suppressions SET until = ? WHERE recipient = ?"},
    [SQL_LIST_REMOVE] = {"take the address off the list", "DELETE FROM suppressions WHERE recipient = ?"},
    /* The address as the list has it, so that who follows the log finds it again. */
    [SQL_LOG] = {"log the change",
                 "INSERT INTO changes (at, change, recipient, reason, verdict, until, who, note, message)"
                 " SELECT ?, ?, recipient, ?, ?, ?, ?, ?, ? FROM suppressions WHERE recipient = ?"},
    [SQL_LOG_NEW] = {"log the change",
                     "INSERT INTO changes (at, change, reason, verdict, until, who, note, message, recipient)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [SQL_LOG_LAPSED] = {"log an expired suppression",
                        "INSERT INTO changes (at, change, recipient, reason, verdict, until, who, note)"
                        " SELECT ?1, 'expire', recipient, reason, verdict, until, who, note FROM suppressions"
                        " WHERE recipient = ?2"},

    [SQL_SUPPRESSION] = {"read the suppression", SELECT_SUPPRESSION "WHERE s.recipient = ?1"},
    [SQL_SUPPRESSIONS] =
        {"read the suppressions",
         SELECT_SUPPRESSION "WHERE " IF_RECIPIENT("s.recipient") " AND " IF_DOMAIN("s.recipient") " AND " IF_STREAM(
             "m.stream") " AND " IF_KIND("e.kind") " AND " IF_REASON("s.reason") " AND s.since >= ?6 AND s.since < ?7 "
                                                                                 "AND (s.until = 0 OR s.until > ?8) "
                                                                                 "AND s.recipient > coalesce(?10, '')"
                                                                                 " ORDER BY s.recipient LIMIT ?9"},
    [SQL_EVENTS] = {"read the events", SELECT_EVENT "WHERE " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    [SQL_EVENTS_OF_RECIPIENT] = {"read the events",
                                 SELECT_EVENT "WHERE e.recipient = ?1 AND " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    /* ?10 is the batch here. */
    [SQL_EVENTS_OF_BATCH] = {"read the events", SELECT_EVENT "WHERE m.batch = ?10 AND " IF_RECIPIENT(
                                                    "e.recipient") " AND " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    [SQL_BATCH] = {"look for the batch", "SELECT 1 FROM messages WHERE batch = ? LIMIT 1"},
    [SQL_NEWEST_EVENTS] = {"read the events", SELECT_EVENT NEWEST_EVENTS(EVENT_CONDITIONS)},
    [SQL_NEWEST_EVENTS_OF_RECIPIENT] = {"read the events",
                                        SELECT_EVENT NEWEST_EVENTS("e.recipient = ?1 AND " EVENT_CONDITIONS)},
    [SQL_COUNT_OF_RECIPIENT] = {"count the events", "SELECT count(*) FROM events WHERE recipient = ?"},
    [SQL_CHANGES] = {"read the changes", SELECT_CHANGE "WHERE " CHANGE_CONDITIONS},
    [SQL_CHANGES_OF_RECIPIENT] = {"read the changes", SELECT_CHANGE "WHERE recipient = ?1 AND " CHANGE_CONDITIONS},
    /* ?6 and ?7 are days here, both included. */
    [SQL_COUNTERS] =
        {"read the counters",
         "SELECT day, stream, sender_domain, recipient_domain, kind, verdict, reason, count FROM counters"
         " WHERE (?2 IS NULL OR recipient_domain = ?2 COLLATE NOCASE) AND " IF_STREAM("stream") " AND " IF_KIND(
             "kind") " AND " IF_REASON("reason") " AND day >= ?6 AND day <= ?7"
                                                 " ORDER BY day, stream, sender_domain, recipient_domain, kind, "
                                                 "verdict, reason LIMIT ?9"},
    [SQL_STREAM] = {"look for the stream", "SELECT 1 FROM counters WHERE stream = ? LIMIT 1"},
    /* A second one is enough to say that it is not the only one. */
    [SQL_DIGESTS] = {"look for the message",
                     "SELECT lower(hex(digest)) FROM messages WHERE digest BETWEEN ? AND ? ORDER BY digest LIMIT 2"},
    [SQL_RAW] = {"read the raw message",
                 "SELECT m.size, r.bytes FROM messages m JOIN raws r ON r.message = m.id WHERE m.digest = ?"},

    [SQL_OUTBOX_GOING] = {"count what goes on to a person",
                          .sqlite = "SELECT count(*) FROM (SELECT 1 FROM outbox INDEXED BY outbox_going"
                                    " WHERE state <> 'withheld' AND queued > ? LIMIT ?)"},
    [SQL_OUTBOX_GOING_OF_SENDER] =
        {"count what goes on to a person",
         .sqlite = "SELECT count(*) FROM (SELECT 1 FROM messages o, outbox f INDEXED BY outbox_going"
                   " JOIN messages m ON m.id = f.message WHERE o.digest = ?3"
                   " AND f.state <> 'withheld' AND f.queued > ?1"
                   " AND substr(m.mail_from, instr(m.mail_from, '@') + 1)"
                   " IS substr(o.mail_from, instr(o.mail_from, '@') + 1) COLLATE NOCASE LIMIT ?2)"},
    [SQL_OUTBOX_ADD] = {"put the message into the outbox",
                        "INSERT INTO outbox (message, recipient, came_to, state, queued, attempts, next, tried, said)"
                        " SELECT id, ?2, ?3, ?4, ?5, 0, ?5, 0, ?6 FROM messages WHERE digest = ?1"},
    [SQL_OUTBOX_NEXT] = {"read the outbox",
                         SELECT_OUTGOING "WHERE f.state = 'waiting' ORDER BY f.next, f.message LIMIT 1"},
    [SQL_OUTBOX_MARK] = {"mark the message in the outbox",
                         "UPDATE outbox SET state = ?, attempts = ?, next = ?, tried = ?, said = ?"
                         " WHERE message = (SELECT id FROM messages WHERE digest = ?) AND recipient = ?"},
    [SQL_OUTBOX_RETRY] = {"send the message on its way again",
                          "UPDATE outbox SET state = 'waiting', queued = ?1, attempts = 0, next = ?1"
                          " WHERE message = (SELECT id FROM messages WHERE digest = ?2)"
                          " AND state <> 'delivered'"},
    /* ?4 is the state here. */
    [SQL_OUTBOX] = {"read the outbox", SELECT_OUTGOING
                    "WHERE f.queued >= ?6 AND f.queued < ?7 AND CASE WHEN ?4 IS NULL"
                    " THEN f.state <> 'delivered' ELSE f.state = ?4 END ORDER BY f.queued, f.message LIMIT ?9"},

    [SQL_LOG_EXPIRED] = {"log expired suppressions",
                         "INSERT INTO changes (at, change, recipient, reason, verdict, until, who, note)"
                         " SELECT ?1, 'expire', recipient, reason, verdict, until, who, note" EXPIRED},
    [SQL_EXPIRE] = {"take expired suppressions off the list",
                    "DELETE FROM suppressions WHERE recipient IN (SELECT recipient" EXPIRED ")"},
    [SQL_DROP_RAWS] =
        {"drop old raw messages",
         "DELETE FROM raws WHERE message IN (SELECT message FROM raws WHERE received < ?1"
         " AND NOT EXISTS (SELECT 1 FROM outbox f WHERE f.message = raws.message"
         " AND f.state = 'waiting')"
         " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.message = raws.message) ORDER BY received LIMIT ?2)"},

    [SQL_FUTURE_RAWS] = {"mend times to come", "UPDATE raws SET received = ?1 WHERE message IN"
                                               " (SELECT message FROM raws WHERE received > ?2 LIMIT ?3)"},
    [SQL_FUTURE_EVENTS] = {"mend times to come", "UPDATE events SET received = ?1 WHERE id IN"
                                                 " (SELECT id FROM events WHERE received > ?2 LIMIT ?3)"},
    [SQL_FUTURE_MESSAGES] = {"mend times to come", "UPDATE messages SET received = ?1 WHERE id IN"
                                                   " (SELECT id FROM messages WHERE received > ?2 LIMIT ?3)"},
    [SQL_LOG_FUTURE] = {"log entries that begin later",
                        "INSERT INTO changes (at, change, recipient, reason, verdict, until, who, note)"
                        " SELECT ?1, 'update', recipient, reason, verdict, until - since + ?1, who,"
                        " 'the clock was set back'" FUTURE_ENTRIES},
    [SQL_FUTURE_ENTRIES] = {"mend entries that begin later",
                            "UPDATE suppressions SET until = until - since + ?1, since = ?1 WHERE recipient IN"
                            " (SELECT recipient" FUTURE_ENTRIES ")"},
    [SQL_FUTURE_OUTBOX] = {"mend times to come", "UPDATE outbox SET next = ?1 WHERE (message, recipient) IN"
                                                 " (SELECT message, recipient FROM outbox WHERE state = 'waiting'"
                                                 " AND next > ?2 LIMIT ?3)"},
    /* They would count against `hourly` until then. */
    [SQL_FUTURE_QUEUED] = {"mend times to come", "UPDATE outbox SET queued = ?1 WHERE (message, recipient) IN"
                                                 " (SELECT message, recipient FROM outbox WHERE queued > ?2 LIMIT ?3)"},
    [SQL_FUTURE_CLAIMS] = {"mend times to come", "UPDATE claims SET next = ?1 WHERE message IN"
                                                 " (SELECT message FROM claims WHERE next > ?2 LIMIT ?3)"},

    [SQL_FIRST_EVENT] = {"look for old events", "SELECT id, received FROM events WHERE id > ? ORDER BY id LIMIT 1"},
    [SQL_DROP_OLD_PROOFS] = {"drop old events",
                             "DELETE FROM proofs WHERE event >= ?1 AND event < ?2"
                             " AND (SELECT received FROM events WHERE id = proofs.event) < ?3"
                             " AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.event = proofs.event)"
                             " AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.message = proofs.message)"},
    [SQL_DROP_OLD_EVENTS] = {"drop old events",
                             "DELETE FROM events WHERE id >= ?1 AND id < ?2 AND received < ?3"
                             " AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.event = events.id)"
                             " AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.event = events.id)"},
    [SQL_FIRST_CHANGE] = {"look for old changes",
                          "SELECT sequence, at FROM changes WHERE sequence > ? ORDER BY sequence LIMIT 1"},
    [SQL_SET_LOG_END] = {"drop old changes", "UPDATE log_end SET before = ?3 WHERE before < ?3 AND ?1 < ?2"},
    [SQL_DROP_OLD_CHANGES] =
        {"drop old changes",
         "DELETE FROM changes WHERE sequence >= ?1 AND sequence < ?2 AND at < ?3"
         " AND (NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.recipient = changes.recipient)"
         " OR EXISTS (SELECT 1 FROM changes c WHERE c.recipient = changes.recipient AND c.sequence > "
         "changes.sequence))"},
    [SQL_FIRST_MESSAGE] = {"look for old messages",
                           "SELECT id, received FROM messages WHERE id > ? ORDER BY id LIMIT 1"},
    [SQL_DROP_OLD_OUTBOX] = {"drop old messages",
                             "DELETE FROM outbox WHERE message >= ?1 AND message < ?2 AND queued < ?3"
                             " AND state <> 'waiting'"},
    [SQL_DROP_OLD_MESSAGES] = {"drop old messages",
                               "DELETE FROM messages WHERE id >= ?1 AND id < ?2 AND received < ?3"
                               " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message = messages.id)"
                               " AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.message = messages.id)"
                               " AND NOT EXISTS (SELECT 1 FROM proofs p WHERE p.message = messages.id)"
                               " AND NOT EXISTS (SELECT 1 FROM raws r WHERE r.message = messages.id)"
                               " AND NOT EXISTS (SELECT 1 FROM claims l WHERE l.message = messages.id)"
                               " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id)"},
    [SQL_FOLD_COUNTERS] =
        {"add up old counters",
         "INSERT INTO counters (day, stream, sender_domain, recipient_domain, kind, verdict, reason,"
         " count) SELECT day, stream, '', '', kind, verdict, reason, sum(count) FROM (SELECT *" OLD_COUNTERS
         ") GROUP BY day, stream, kind, verdict, reason"
         " ON CONFLICT DO UPDATE SET count = count + excluded.count"},
    [SQL_DROP_FOLDED_COUNTERS] =
        {"add up old counters",
         "DELETE FROM counters WHERE (day, stream, sender_domain, recipient_domain, kind, verdict, reason) IN"
         " (SELECT day, stream, sender_domain, recipient_domain, kind, verdict, reason" OLD_COUNTERS ")"},
    [SQL_PAGE_SIZE] = {"measure it", .sqlite = "PRAGMA page_size"},
    [SQL_PAGES] = {"measure it", .sqlite = "PRAGMA page_count"},
    [SQL_FREE_PAGES] = {"count what is free", .sqlite = "PRAGMA freelist_count"},
    [SQL_VACUUM_PAGES] = {"give free space back", .sqlite = "PRAGMA incremental_vacuum(1000)"},
};

const char *sql_of_sqlite(enum sql sql)
{
    return sql_texts[sql].sqlite != NULL ? sql_texts[sql].sqlite : sql_texts[sql].text;
}
