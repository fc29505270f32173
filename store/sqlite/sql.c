#include "store/sqlite/sql.h"

#include <stddef.h>

#include "store/sqlite/sql_feeds.h"
#include "store/sqlite/sql_parts.h"
#include "store/sqlite/sql_privacy.h"
#include "store/sqlite/sql_undoing.h"

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
    [SQL_MAP_SIZE] = {"set up the connection", .sqlite = "PRAGMA mmap_size = 2147418112"},
    [SQL_CACHE_SIZE] = {"set up the connection", .sqlite = "PRAGMA cache_size = -16384"},
    [SQL_CHECKPOINT_PAGES] = {"set up the connection", .sqlite = "PRAGMA wal_autocheckpoint = 4000"},
    [SQL_JOURNAL_SIZE] = {"set up the connection", .sqlite = "PRAGMA journal_size_limit = 67108864"},
    [SQL_CHECKPOINT] = {"empty the write-ahead log", .sqlite = "PRAGMA wal_checkpoint(PASSIVE)"},
    [SQL_AUTO_VACUUM] = {"set up the database", .sqlite = "PRAGMA auto_vacuum = INCREMENTAL"},
    [SQL_JOURNAL_MODE] = {"switch to write-ahead logging", .sqlite = "PRAGMA journal_mode = WAL"},
    [SQL_VERSION] = {"read its version", .sqlite = "PRAGMA user_version"},
    [SQL_APPLICATION] = {"read its application", .sqlite = "PRAGMA application_id"},
    [SQL_TABLE_COUNT] = {"read its schema", .sqlite = "SELECT count(*) FROM sqlite_schema"},

    [SQL_SCHEMA] = {"read its schema",
                    .sqlite = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%'"
                              " ESCAPE '!'"},

    [SQL_ONE_FILE] = {"make it one file", .sqlite = "PRAGMA journal_mode = DELETE"},
    [SQL_INTEGRITY] = {"read all of it", .sqlite = "PRAGMA integrity_check(100)"},
    [SQL_REFERENCES] = {"follow its references",
                        .sqlite = "SELECT \"table\" || ' ' || rowid || ' refers to no row of ' || parent"
                                  " FROM pragma_foreign_key_check LIMIT 100"},
    /* The last change of an entry says all that the list has of it. */
    [SQL_LIST_OFF_LOG] =
        {"compare the list with its log",
         "SELECT s.subject FROM suppressions s LEFT JOIN changes h ON h.sequence = (SELECT max(h.sequence)"
         " FROM changes h WHERE " CHANGES_OF(
             "s.subject") " AND h.scope = s.scope)"
                          " WHERE coalesce(h.change, 'remove') NOT IN ('add', 'update', 'hold', 'confirm')"
                          " OR (h.subject, coalesce(h.since, h.at), h.until, h.cause, h.wave, h.event) IS NOT"
                          " (coalesce(s.spelling, s.subject), s.since, s.until, s.cause, s.wave, s.event) LIMIT 100"},
    [SQL_LOG_OFF_LIST] =
        {"compare the log with the list",
         "SELECT a.subject FROM changes a WHERE a.change IN ('add', 'update', 'hold', 'confirm')"
         " AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.subject = lower(a.subject) AND s.scope = a.scope)"
         " AND a.sequence = (SELECT max(h.sequence) FROM changes h WHERE " CHANGES_OF(
             "a.subject") " AND h.scope = a.scope) LIMIT 100"},

    [SQL_ADD_MESSAGE] =
        {"store the message",
         "INSERT INTO messages (digest, received, source, mail_from, rcpt_to, size, mailed, batch, tenant,"
         " confined, " MESSAGE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " MESSAGE_PLACES
         ") ON CONFLICT (digest) DO NOTHING"},
    [SQL_NAMESAKE] = {"look for another message of the key",
                      "SELECT 1 FROM messages WHERE digest BETWEEN ? AND ? AND digest <> ? LIMIT 1"},
    [SQL_SET_LEFT_OUT] = {"store the message", "UPDATE messages SET left_out = ? WHERE id = ?"},
    [SQL_ADD_RAW] = {"store the raw message", "INSERT INTO raws (message, received, bytes) VALUES (?, ?, ?)"},
    /* Its id is behind all that there were, those too that are gone. */
    [SQL_ADD_EVENT] = {"store the event",
                       .sqlite =
                           "INSERT INTO events (id, message, received, rule_version, effect, policy, failures, counts,"
                           " may_suppress, command, fingerprint, scope, receiver, wave, " EVENT_COLUMNS
                           ") SELECT " LAST_EVENT " + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " EVENT_PLACES
                           " FROM marks"},
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
    /* All that count and are not forgiven. */
    [SQL_COUNTING] = {"read the failures that count",
                      "SELECT e.scope, e.reason, e.verdict, m.stream, e.final_recipient, e.occurred, e.received"
                      " FROM " EVENTS_OF_MESSAGES "WHERE e.recipient = ?1 AND e.counts = 1 AND e.id > " FORGIVEN(
                          "e.scope") " ORDER BY e.scope, e.reason, e.received, e.id"},
    [SQL_SAME_REPORT] = {"look for the same report",
                         "SELECT 1 FROM events WHERE fingerprint = ?1 AND may_suppress >= ?2 LIMIT 1"},
    /* ?4 is when the day began, ?7 after when reports of the same mail came, ?8 the scope. */
    [SQL_REPEATED] =
        {"look for the same failure",
         "SELECT 1 FROM events e JOIN messages m ON m.id = e.message WHERE e.recipient = ?1 AND e.counts = 1"
         " AND e.reason = ?2 AND e.received > ?7 AND e.verdict = ?3 AND e.scope = ?8 AND ((e.received >= ?4"
         " AND e.received < ?4 + 86400 AND e.id > " FORGIVEN(
             "?8") ") OR CASE WHEN ?5 <> 0 THEN e.evidence = 'signed' AND m.mailed = ?5 ELSE m.message_id = ?6 END) "
                   "LIMIT 1"},
    [SQL_REMOVED_SINCE] = {"look for the removal of the address",
                           "SELECT 1 FROM " REMOVALS("?3") " AND h.at >= ?2 LIMIT 1"},
    /* Only for an address that has failures: else every success report would leave a row. */
    [SQL_FORGIVE_COUNTED] = {"clear the failures",
                             "INSERT INTO forgiven (recipient, scope, event, removed) SELECT ?1, '*' || ?3, ?2, 0"
                             " WHERE EXISTS (SELECT 1 FROM events WHERE recipient = ?1 AND counts = 1"
                             " AND ?3 IN ('', scope))"
                             " ON CONFLICT DO UPDATE SET event = max(event, excluded.event)"},
    [SQL_FORGIVE] =
        {"clear the failures",
         "INSERT INTO forgiven (recipient, scope, event, removed)"
         " VALUES (?1, ?2, (SELECT coalesce(max(id), 0) FROM events), (SELECT coalesce(max(id), 0) FROM events))"
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
    [SQL_RAISE_EVIDENCE] =
        {"raise the evidence",
         "UPDATE events SET evidence = ?, may_suppress = CASE WHEN doubted IS NULL THEN 1 ELSE 0 END WHERE id = ?"},
    [SQL_DOUBT] = {"believe the event no more", "UPDATE events SET may_suppress = 0, revised = ?, revised_by = ?,"
                                                " revised_from = ?, doubted = ? WHERE id = ?"},
    [SQL_CLEAR_UP_TO] = {"believe a success no more",
                         "UPDATE forgiven SET event = ?2 WHERE recipient = ?1 AND scope = '*' || ?3"},
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

    /* ?2 is when, ?3 and ?4 are the scopes; ?3 "": every one. */
    [SQL_DELIVERY] =
        {"look for what mail that went through clears",
         "WITH failures AS NOT MATERIALIZED (SELECT e.occurred, e.received FROM events e WHERE e.recipient = ?1"
         " AND e.counts = 1 AND (?3 = '' OR e.scope IN (?3, ?4)) AND e.id > " FORGIVEN(
             "e.scope") ")"
                        " SELECT 1 WHERE (EXISTS (SELECT 1 FROM failures) OR EXISTS (SELECT 1 FROM suppressions s"
                        " WHERE s.subject = lower(?1) AND (?3 = '' OR s.scope IN (?3, ?4))))"
                        " AND NOT EXISTS (SELECT 1 FROM failures"
                        " WHERE min(coalesce(occurred, received), received) > ?2)"},
    [SQL_REVIEW] = {"look for addresses that only fail",
                    "SELECT e.recipient FROM events e WHERE e.recipient IS NOT NULL AND e." REVIEWED
                    " AND e.received >= ?1 AND e.received < ?2 AND (?4 IS NULL OR"
                    " substr(e.recipient, -1 - length(?4)) = '@' || ?4 COLLATE NOCASE)"
                    " AND (?5 IS NULL OR e.reason = ?5) GROUP BY e.recipient HAVING count(*) >= ?3"},
    [SQL_REVIEW_OF] = {"count the failures of the address",
                       "SELECT e.reason, count(*), min(e.received), max(e.received) FROM " EVENTS_OF_MESSAGES
                       "WHERE e.recipient = ?1 AND e." REVIEWED " AND e.received >= ?2 AND e.received < ?3"
                       " AND (?4 IS NULL OR m.stream = ?4) AND (?5 IS NULL OR e.reason = ?5)"
                       " AND e.effect = 'never' AND e.may_suppress = 1 AND NOT EXISTS (SELECT 1 FROM events d"
                       " WHERE d.recipient = ?1 AND d.counts = 0 AND d.reason = 'delivered' AND d.received >= ?2"
                       " AND d.effect = 'cleared') AND NOT EXISTS (SELECT 1 FROM suppressions s"
                       " WHERE s.subject = lower(?1)) GROUP BY e.reason ORDER BY 2 DESC, 1"},
    [SQL_BACKTEST] = {"look for addresses with events",
                      "SELECT DISTINCT recipient FROM events WHERE recipient IS NOT NULL AND received >= ?1"
                      " AND received < ?2 ORDER BY recipient"},

    SQL_OF_REVISIONS,

    SQL_UNDOING_TEXTS,

    [SQL_CAUSE] = {"read the cause", "SELECT id FROM causes WHERE note = ?7 AND batch = ?6 AND who = ?4"
                                     " AND policy = ?3 AND reason = ?1 AND verdict = ?2 AND door = ?5"},
    [SQL_ADD_CAUSE] = {"store the cause", "INSERT INTO causes (reason, verdict, policy, who, door, batch, note)"
                                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [SQL_LIST_READ] = {"read the suppression",
                       "SELECT c.reason, c.verdict, c.who, s.since, s.until, s.wave FROM suppressions s"
                       " JOIN causes c ON c.id = s.cause WHERE s.subject = lower(?1) AND s.scope = ?2"},
    [SQL_REMOVED] = {"look for a removal", "SELECT h.at FROM " REMOVALS("?2") " ORDER BY h.sequence DESC LIMIT 1"},
    [SQL_LIST_PUT] = {"suppress the address",
                      "INSERT INTO suppressions (subject, scope, spelling, since, until, cause, wave, event)"
                      " VALUES (lower(?1), ?2, iif(?1 <> lower(?1), ?1, NULL), ?3, ?4, ?5, ?6, ?7)"
                      " ON CONFLICT DO UPDATE SET since = excluded.since, until = excluded.until,"
                      " cause = excluded.cause, wave = excluded.wave, event = excluded.event"},
    [SQL_LIST_PROLONG] = {"prolong the suppression", "UPDATE suppressions SET until = ?3 WHERE " ENTRY},
    [SQL_LIST_SET_WAVE] = {"hold the suppression",
                           "UPDATE suppressions SET wave = ?3, event = coalesce(?4, event) WHERE " ENTRY},
    [SQL_LIST_REMOVE] = {"take the address off the list", "DELETE FROM suppressions WHERE " ENTRY},
    /* Entries that have just come, as they were given; NEWCOMERS_AT_ONCE of them are many. */
    [SQL_LOG_NEW] = {"log the change", LOG_NEW LOG_ROW},
    [SQL_LOG_NEW_MANY] = {"log the changes", LOG_NEW SIXTEEN(LOG_ROW)},
    [SQL_LIST_PUT_MANY] = {"suppress the addresses",
                           "INSERT INTO suppressions (subject, scope, spelling, since, until, cause, wave, event)"
                           " SELECT lower(column1), column2, iif(column1 <> lower(column1), column1, NULL), column3,"
                           " column4, column5, column6, column7 FROM (VALUES " SIXTEEN("(?, ?, ?, ?, ?, ?, ?)") ")"},
    /* ?3 when, ?4 which change, ?5 by which cause, ?6 of which message. */
    [SQL_LOG] = {"log the change",
                 LOG_ENTRIES "?3, ?4, coalesce(spelling, subject), scope, nullif(since, ?3), until, cause,"
                             " nullif(?5, cause), wave, event, ?6 FROM suppressions WHERE " ENTRY},

    [SQL_ENTRIES_OF] = {"read the suppressions",
                        "SELECT coalesce(spelling, subject), scope, wave, since, until, cause, event FROM suppressions"
                        " WHERE subject = ?1"},
    [SQL_CAUSE_OF_ENTRY] = {"read the suppression",
                            "SELECT reason, verdict, nullif(policy, ''), who, door, nullif(note, ''), nullif(batch, '')"
                            " FROM causes WHERE id = ?"},
    [SQL_EVENT_OF_ENTRY] = {"read the suppression",
                            "SELECT m.stream, e.rule, e.diagnostic FROM " EVENTS_OF_MESSAGES "WHERE e.id = ?"},
    [SQL_SUPPRESSIONS] = {"read the suppressions", SELECT_SUPPRESSION "WHERE " LIST_CONDITIONS},
    [SQL_SUPPRESSIONS_OF_SUBJECT] = {"read the suppressions",
                                     SELECT_SUPPRESSION "WHERE s.subject = lower(?1) AND " LIST_CONDITIONS},
    [SQL_EVENTS] = {"read the events", SELECT_EVENT "WHERE " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    [SQL_EVENTS_OF_RECIPIENT] = {"read the events",
                                 SELECT_EVENT "WHERE e.recipient = ?1 AND " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    [SQL_EVENTS_OF_BATCH] = {"read the events", SELECT_EVENT "WHERE m.batch = ?14 AND " IF_RECIPIENT(
                                                    "e.recipient") " AND " EVENT_CONDITIONS BY_TIME " LIMIT ?9"},
    [SQL_BATCH] = {"look for the batch", "SELECT 1 FROM messages WHERE batch = ? LIMIT 1"},
    [SQL_NEWEST_EVENTS] = {"read the events", SELECT_EVENT NEWEST_EVENTS(EVENT_CONDITIONS)},
    [SQL_NEWEST_EVENTS_OF_RECIPIENT] = {"read the events",
                                        SELECT_EVENT NEWEST_EVENTS("e.recipient = ?1 AND " EVENT_CONDITIONS)},
    [SQL_COUNT_OF_RECIPIENT] = {"count the events", "SELECT count(*) FROM events WHERE recipient = ?"},
    [SQL_CHANGES] = {"read the changes", SELECT_CHANGE "WHERE " CHANGE_CONDITIONS},
    [SQL_CHANGES_OF_RECIPIENT] = {"read the changes",
                                  SELECT_CHANGE "WHERE " CHANGES_OF("?1") " AND " CHANGE_CONDITIONS},
    [SQL_EVENT_PAGE] = {"read the events", EVENT_PAGE("")},
    [SQL_EVENT_PAGE_OF_RECIPIENT] = {"read the events", EVENT_PAGE("e.recipient = ?1 AND ")},
    /* In the order in which they were stored; and where the last ?9 of them begin, and how many those are. */
    [SQL_EVENTS_AFTER] = {"read the events", SELECT_EVENT "WHERE " EVENTS_BY_ID " ORDER BY e.id LIMIT ?9"},
    [SQL_LAST_EVENTS] = {"look for the last events",
                         "SELECT min(id), count(*) FROM (SELECT e.id AS id FROM " EVENTS_OF_MESSAGES
                         "WHERE " EVENTS_BY_ID " ORDER BY e.id DESC LIMIT ?9)"},
    [SQL_LAST_CHANGES] = {"look for the last changes",
                          "SELECT min(sequence), count(*) FROM (SELECT h.sequence AS sequence FROM changes h"
                          " LEFT JOIN causes c ON c.id = h.cause LEFT JOIN causes b ON b.id = h.author"
                          " WHERE (?1 IS NULL OR " CHANGES_OF("?1") ") AND " CHANGE_FILTER
                                                                    " ORDER BY h.sequence DESC LIMIT ?9)"},
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

    [SQL_LOG_EXPIRED] = {"log expired suppressions", LOG_ENTRIES
                         "?1, 'expire', coalesce(spelling, subject), scope, nullif(since, ?1), until, cause,"
                         " NULL, wave, event, NULL" EXPIRED},
    [SQL_EXPIRE] = {"take expired suppressions off the list",
                    "DELETE FROM suppressions WHERE (subject, scope) IN (SELECT subject, scope" EXPIRED ")"},
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
                        LOG_ENTRIES "?1, 'update', coalesce(spelling, subject), scope, NULL, until - since + ?1, cause,"
                                    " (SELECT id FROM causes WHERE note = 'the clock was set back' AND batch = ''"
                                    " AND who = 'policy' LIMIT 1), wave, event, NULL" FUTURE_ENTRIES},
    [SQL_FUTURE_ENTRIES] = {"mend entries that begin later",
                            "UPDATE suppressions SET until = until - since + ?1, since = ?1 WHERE (subject, scope) IN"
                            " (SELECT subject, scope" FUTURE_ENTRIES ")"},
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
    /* None that ends what an earlier one began that stays, since the clock was set back between them. */
    [SQL_DROP_OLD_CHANGES] =
        {"drop old changes",
         "DELETE FROM changes WHERE sequence >= ?1 AND sequence < ?2 AND at < ?3"
         " AND (NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.subject = lower(changes.subject)"
         " AND s.scope = changes.scope) OR EXISTS (SELECT 1 FROM changes h WHERE " CHANGES_OF(
             "changes.subject") " AND h.scope = changes.scope AND h.sequence > changes.sequence))"
                                " AND NOT EXISTS (SELECT 1 FROM changes h WHERE " CHANGES_OF(
                                    "changes.subject") " AND h.scope = changes.scope AND h.sequence < changes.sequence "
                                                       "AND h.at >= ?3)"},
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
#include "store/sqlite/sql_waves.h"

    [SQL_PAGE_SIZE] = {"measure it", .sqlite = "PRAGMA page_size"},
    [SQL_PAGES] = {"measure it", .sqlite = "PRAGMA page_count"},
    [SQL_FREE_PAGES] = {"count what is free", .sqlite = "PRAGMA freelist_count"},
    [SQL_VACUUM_PAGES] = {"give free space back", .sqlite = "PRAGMA incremental_vacuum(1000)"},

    [SQL_SCREEN_SEQUENCE] = {"follow the log", "SELECT coalesce(max(sequence), 0) FROM changes"},
    [SQL_SCREEN_SUBJECTS] = {"read the list",
                             "SELECT subject FROM suppressions WHERE subject > ? ORDER BY subject LIMIT ?"},
    [SQL_SCREEN_CHANGES] =
        {"follow the log", "SELECT sequence, lower(subject) FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?"},
    SQL_OF_PRIVACY,
    SQL_OF_FEEDS,
    SQL_OF_TOKENS,
};

const char *sql_of_sqlite(enum sql sql)
{
    return sql_texts[sql].sqlite != NULL ? sql_texts[sql].sqlite : sql_texts[sql].text;
}
