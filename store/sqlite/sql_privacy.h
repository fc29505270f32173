/* sql_privacy.h: the SQL texts that find and erase what is kept about an address, and keep what holds on. For sql.c
 * alone. holds(TEXT) and holds_message(BYTES, SIZE) ask whether it occurs there (connection_search()). */
#pragma once

/* The columns of a table that may hold an address of anybody in a text: what is of the message, of those who wrote it,
 * and of operators. The others hold our own words, or are rows that go as a whole; a test looks at all. */
#define EVENT_TEXTS(of, between)                                                                                       \
    of(final_recipient) between of(diagnostic)                                                                         \
    between of(remote_mta)                                                                                             \
    between of(command)                                                                                                \
    between of(policy)                                                                                                 \
    between of(rule)                                                                                                   \
    between of(status)                                                                                                 \
    between of(blocklist)                                                                                              \
    between of(receiver)
#define EVENT_NAMES(of, between) of(revised_by) between of(revised_from)
#define MESSAGE_TEXTS(of, between)                                                                                     \
    of(mail_from) between of(rcpt_to)                                                                                  \
    between of(reporting_mta)                                                                                          \
    between of(feedback_type)                                                                                          \
    between of(user_agent)                                                                                             \
    between of(source_ip)                                                                                              \
    between of(original_mail_from)                                                                                     \
    between of(reported_domain)                                                                                        \
    between of(auth_failure)                                                                                           \
    between of(sender)                                                                                                 \
    between of(message_id)                                                                                             \
    between of(subject)                                                                                                \
    between of(list_id)                                                                                                \
    between of(feedback_id)                                                                                            \
    between of(stream)                                                                                                 \
    between of(tenant)
#define PROOF_TEXTS(of, between) of(signers) between of(proof)
#define CAUSE_TEXTS(of, between)                                                                                       \
    of(note) between of(who)                                                                                           \
    between of(policy)                                                                                                 \
    between of(batch)
#define BATCH_NAMES(of, between) of(who) between of(note)
#define COUNTER_TEXTS(of, between)                                                                                     \
    of(stream) between of(sender_domain)                                                                               \
    between of(recipient_domain)
#define OUTBOX_TEXTS(of, between)                                                                                      \
    of(recipient) between of(came_to)                                                                                  \
    between of(said)

#define AND_LINE " || char(10) || "
#define IN_LINE(column) "coalesce(" #column ", '')"
#define LESS_HELD(column) #column " = iif(holds(" #column "), NULL, " #column ")"
#define RENAMED(column) #column " = iif(holds(" #column "), '(forgotten)', " #column ")"
/* Causes are told apart by their texts. */
#define NUMBERED(column) #column " = iif(holds(" #column "), '(forgotten ' || id || ')', " #column ")"
#define EMPTIED(column) "iif(holds(" #column "), '', " #column ")"
#define WITHOUT(column) #column " = NULL"
/* Counters are known by their days since 1970. */
#define DAY_OF(number) "date(" number " * 86400, 'unixepoch')"
#define OF_DAY "day = " DAY_OF("?1")
/* A scope is no text that may be none. */
#define LESS_SCOPE "scope = iif(holds(scope), 'stream=(forgotten)', scope)"
#define HELD_EVENT                                                                                                     \
    "holds(scope" AND_LINE EVENT_TEXTS(IN_LINE, AND_LINE)                                                              \
    AND_LINE EVENT_NAMES(IN_LINE, AND_LINE)

/* Rows of a kind of row, a field of it and its text, of the row ?1; not of a report on ?2 itself. */
#define MENTION(kind, table, key, column)                                                                              \
    "SELECT '" kind "', '" #column "', " #column " FROM " table " WHERE " key " AND holds(coalesce(" #column ", ''))"
#define OF_OTHERS(message) " AND NOT EXISTS (SELECT 1 FROM events o WHERE o.message = " message " AND o.recipient = ?2)"
#define IN_EVENT(column) MENTION("event", "events", "id = ?1" OF_OTHERS("events.message"), column)
#define IN_PROOF(column) MENTION("event", "proofs", "event = ?1" OF_OTHERS("proofs.message"), column)
#define IN_MESSAGE(column) MENTION("message", "messages", "id = ?1" OF_OTHERS("messages.id"), column)
#define IN_CAUSE(column) MENTION("change", "causes", "id = ?1", column)
#define IN_BATCH(column) MENTION("batch", "batches", "?1 = ?1", column)
#define IN_IMAGE(column) MENTION("event", "event_images", "event = ?1", column)
#define IN_COUNTER(column) MENTION("figure", "counters", OF_DAY, column)
#define IN_CLAIM(column) MENTION("message", "claims", "?1 = ?1", column)
#define IN_FEED(column) MENTION("feed", "feeds", "?1 = ?1", column)
#define AND_ROWS " UNION ALL "

#define SQL_OF_PRIVACY                                                                                                 \
    [SQL_SECRET] = {"read the secret", "SELECT octets FROM secrets WHERE name = ?"},                                   \
    [SQL_ADD_SECRET] = {"store the secret",                                                                            \
                        "INSERT INTO secrets (name, octets) VALUES (?, ?) ON CONFLICT DO NOTHING"},                    \
                                                                                                                       \
    [SQL_ANY_TOMBSTONE] = {"look for forgotten addresses", "SELECT 1 FROM tombstones LIMIT 1"},                        \
    [SQL_TOMBSTONES] = {"look for the forgotten address",                                                              \
                        "SELECT scope, reason, verdict, since, until FROM tombstones WHERE hash = ?1"                  \
                        " AND (until = 0 OR until > ?2) ORDER BY scope"},                                              \
    [SQL_ADD_TOMBSTONES] =                                                                                             \
        {"forget the address",                                                                                         \
         "INSERT INTO tombstones (hash, scope, reason, verdict, since, until, forgotten)"                              \
         " SELECT ?2, s.scope, c.reason, c.verdict, s.since, s.until, ?3 FROM suppressions s"                          \
         " JOIN causes c ON c.id = s.cause WHERE s.subject = ?1 AND s.wave IS NULL AND (s.until = 0 OR s.until > ?3)"  \
         " ON CONFLICT DO UPDATE SET reason = excluded.reason, verdict = excluded.verdict,"                            \
         " forgotten = excluded.forgotten,"                                                                            \
         " until = CASE WHEN until = 0 OR excluded.until = 0 THEN 0"                                                   \
         " WHEN until > excluded.until THEN until ELSE excluded.until END"},                                           \
    [SQL_DROP_TOMBSTONE] = {"lift the forgotten address's suppression",                                                \
                            "DELETE FROM tombstones WHERE hash = ? AND scope = ?"},                                    \
    [SQL_EXPIRE_TOMBSTONES] = {"drop forgotten addresses", "DELETE FROM tombstones WHERE until > 0 AND until <= ?"},   \
                                                                                                                       \
    [SQL_LAST_EVENT] = {"search the events", "SELECT coalesce(max(id), 0) FROM events"},                               \
    [SQL_LAST_MESSAGE] = {"search the messages", "SELECT coalesce(max(id), 0) FROM messages"},                         \
    [SQL_HOLDING_EVENTS] = {"search the events",                                                                       \
                            .sqlite = "SELECT id FROM events LEFT JOIN proofs p ON p.event = id WHERE id > ?"          \
                                      " AND " HELD_EVENT AND_LINE PROOF_TEXTS(IN_LINE, AND_LINE) ") ORDER BY id"},     \
    [SQL_HOLDING_IMAGES] = {"search the events",                                                                       \
                            .sqlite =                                                                                  \
                                "SELECT event FROM event_images WHERE event > ? AND holds(scope" AND_LINE IN_LINE(     \
                                    policy) AND_LINE EVENT_NAMES(IN_LINE, AND_LINE) ") ORDER BY event"},               \
    [SQL_LAST_DAY] = {"search the counters",                                                                           \
                      .sqlite = "SELECT coalesce(unixepoch(max(day)) / 86400, 0) FROM counters"},                      \
    [SQL_HOLDING_COUNTERS] = {"search the counters",                                                                   \
                              .sqlite =                                                                                \
                                  "SELECT DISTINCT unixepoch(day) / 86400 FROM counters"                               \
                                  " WHERE day >= " DAY_OF("?") " AND holds(" COUNTER_TEXTS(IN_LINE, AND_LINE) ")"},    \
    [SQL_HOLDING_MESSAGES] = {"search the messages",                                                                   \
                              .sqlite =                                                                                \
                                  "SELECT id FROM messages WHERE id > ? AND holds(source" AND_LINE MESSAGE_TEXTS(      \
                                      IN_LINE, AND_LINE) ") ORDER BY id"},                                             \
    [SQL_HOLDING_RAWS] = {"search the raw messages",                                                                   \
                          .sqlite = "SELECT r.message FROM raws r JOIN messages m ON m.id = r.message"                 \
                                    " WHERE r.message > ? AND holds_message(r.bytes, m.size) ORDER BY r.message"},     \
    [SQL_HOLDING_OUTBOX] = {"search the outbox",                                                                       \
                            .sqlite = "SELECT DISTINCT message FROM outbox WHERE message > ? AND holds(" OUTBOX_TEXTS( \
                                IN_LINE, AND_LINE) ") ORDER BY message"},                                              \
    [SQL_HOLDING_CAUSES] = {"search the log", .sqlite = "SELECT id FROM causes WHERE id > ? AND holds(" CAUSE_TEXTS(   \
                                                  IN_LINE, AND_LINE) ") ORDER BY id"},                                 \
    [SQL_MESSAGES_OF] =                                                                                                \
        {"search the messages",                                                                                        \
         "SELECT DISTINCT message FROM events WHERE message > ?1 AND recipient = ?2 ORDER BY message"},                \
                                                                                                                       \
    [SQL_DIGEST_OF_MESSAGE] = {"read the message", "SELECT lower(hex(digest)) FROM messages WHERE id = ?"},            \
    [SQL_SECURE_DELETE] = {"erase what goes", .sqlite = "PRAGMA secure_delete = ON"},                                  \
    [SQL_ERASE_PROOFS] = {"erase the events",                                                                          \
                          "DELETE FROM proofs WHERE event IN (SELECT id FROM events WHERE recipient = ?)"},            \
    [SQL_ERASE_EVENTS] = {"erase the events", "DELETE FROM events WHERE recipient = ?"},                               \
    [SQL_ERASE_FORGIVEN] = {"erase what is forgiven", "DELETE FROM forgiven WHERE recipient = ?"},                     \
    [SQL_ERASE_ENTRIES] = {"erase the entries", "DELETE FROM suppressions WHERE subject = ?"},                         \
    [SQL_FORGETTING] = {"erase the changes", "INSERT INTO forgetting (subject) VALUES (?)"},                           \
    [SQL_ERASE_CHANGES] = {"erase the changes", "DELETE FROM changes WHERE lower(subject) = ?"},                       \
    [SQL_FORGOT] = {"erase the changes", "DELETE FROM forgetting WHERE subject = ?"},                                  \
    [SQL_ERASE_OUTBOX] = {"erase the outbox", "DELETE FROM outbox WHERE message = ?"},                                 \
    [SQL_ERASE_RAW] = {"erase the raw message", "DELETE FROM raws WHERE message = ?"},                                 \
    [SQL_ERASE_EVENT_TEXTS] = {"erase texts", .sqlite = "UPDATE events SET " LESS_SCOPE ", " EVENT_TEXTS(              \
                                                  LESS_HELD, ", ") ", " EVENT_NAMES(RENAMED, ", ") " WHERE id = ?"},   \
    [SQL_ERASE_PROOF_TEXTS] = {"erase texts",                                                                          \
                               .sqlite = "UPDATE proofs SET " PROOF_TEXTS(LESS_HELD, ", ") " WHERE event = ?"},        \
    [SQL_ERASE_IMAGE_TEXTS] = {"erase texts", .sqlite = "UPDATE event_images SET " LESS_SCOPE ", " LESS_HELD(          \
                                                  policy) ", " EVENT_NAMES(RENAMED, ", ") " WHERE event = ?"},         \
    [SQL_ERASE_CLAIMS] = {"erase texts", .sqlite = "DELETE FROM claims WHERE ?1 IS NOT NULL AND holds(signers)"},      \
    [SQL_ERASE_BATCH_TEXTS] = {"erase texts",                                                                          \
                               .sqlite = "UPDATE batches SET " BATCH_NAMES(                                            \
                                   RENAMED, ", ") " WHERE ?1 IS NOT NULL AND holds(" BATCH_NAMES(IN_LINE,              \
                                                                                                 AND_LINE) ")"},       \
    [SQL_FOLD_HELD_COUNTERS] =                                                                                         \
        {"add up counters",                                                                                            \
         .sqlite =                                                                                                     \
             "INSERT INTO counters (day, stream, sender_domain, recipient_domain, kind,"                               \
             " verdict, reason, count) SELECT day, " COUNTER_TEXTS(                                                    \
                 EMPTIED, ", ") ", kind, verdict, reason, sum(count) FROM counters WHERE " OF_DAY                      \
                                " AND holds(" COUNTER_TEXTS(                                                           \
                                    IN_LINE, AND_LINE) ") GROUP BY 1, 2, 3, 4, 5, 6, 7"                                \
                                                       " ON CONFLICT DO UPDATE SET count = count + excluded.count"},   \
    [SQL_ERASE_HELD_COUNTERS] = {"add up counters", .sqlite = "DELETE FROM counters WHERE " OF_DAY                     \
                                                              " AND holds(" COUNTER_TEXTS(IN_LINE, AND_LINE) ")"},     \
    [SQL_ERASE_MESSAGE_TEXTS] = {"erase texts", .sqlite = "UPDATE messages SET " RENAMED(source) ", " MESSAGE_TEXTS(   \
                                                    LESS_HELD, ", ") " WHERE id = ?"},                                 \
    [SQL_ERASE_MESSAGE] = {"erase the message",                                                                        \
                           "UPDATE messages SET source = '(forgotten)', " MESSAGE_TEXTS(                               \
                               WITHOUT, ", ") " WHERE id = ?1"                                                         \
                                              " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message = ?1)"},        \
    [SQL_ERASE_CAUSE_TEXTS] = {"erase the note",                                                                       \
                               .sqlite = "UPDATE causes SET " CAUSE_TEXTS(NUMBERED, ", ") " WHERE id = ?"},            \
    [SQL_MENTIONS_IN_EVENT] = {"read the texts", .sqlite = EVENT_TEXTS(IN_EVENT, AND_ROWS)                             \
                                                     AND_ROWS EVENT_NAMES(IN_EVENT, AND_ROWS) AND_ROWS IN_EVENT(scope) \
                                                         AND_ROWS PROOF_TEXTS(IN_PROOF, AND_ROWS)},                    \
    [SQL_MENTIONS_IN_MESSAGE] = {"read the texts",                                                                     \
                                 .sqlite = IN_MESSAGE(source) AND_ROWS MESSAGE_TEXTS(IN_MESSAGE, AND_ROWS)},           \
    [SQL_MENTIONS_IN_CAUSE] = {"read the texts", .sqlite = CAUSE_TEXTS(IN_CAUSE, AND_ROWS)},                           \
    [SQL_MENTIONS_IN_IMAGE] = {"read the texts", .sqlite = EVENT_NAMES(IN_IMAGE, AND_ROWS) AND_ROWS IN_IMAGE(scope)    \
                                                     AND_ROWS IN_IMAGE(policy)},                                       \
    [SQL_MENTIONS_IN_COUNTER] = {"read the texts", .sqlite = COUNTER_TEXTS(IN_COUNTER, AND_ROWS)},                     \
    [SQL_MENTIONS_ELSEWHERE] = {"read the texts", .sqlite = BATCH_NAMES(IN_BATCH, AND_ROWS) AND_ROWS IN_CLAIM(signers) \
                                                      AND_ROWS IN_FEED(error)},                                        \
    [SQL_VACUUM] = {"write the file anew", .sqlite = "VACUUM"},                                                        \
    [SQL_TRUNCATE_LOG] = {"empty the write-ahead log", .sqlite = "PRAGMA wal_checkpoint(TRUNCATE)"},                   \
    [SQL_LOG_NOTE] = {"log the change",                                                                                \
                      "INSERT INTO changes (at, change, subject, scope, until, cause) VALUES (?, ?, ?, ?, 0, ?)"}
