/* sql_privacy.h: the SQL texts that find and erase what is kept about an address, and keep what holds on. For sql.c
 * alone. holds(TEXT) and holds_message(BYTES, SIZE) ask whether it occurs there (connection_search()). */
#pragma once

/* Of a table, the columns that may hold an address of anybody in a text. */
#define EVENT_TEXTS(of, between)                                                                                       \
    of(final_recipient) between of(diagnostic)                                                                         \
    between of(remote_mta)                                                                                             \
    between of(command)
#define MESSAGE_TEXTS(of, between)                                                                                     \
    of(mail_from) between of(rcpt_to)                                                                                  \
    between of(reporting_mta)                                                                                          \
    between of(user_agent)                                                                                             \
    between of(original_mail_from)                                                                                     \
    between of(reported_domain)                                                                                        \
    between of(auth_failure)                                                                                           \
    between of(sender)                                                                                                 \
    between of(message_id)                                                                                             \
    between of(subject)                                                                                                \
    between of(list_id)                                                                                                \
    between of(feedback_id)
#define OUTBOX_TEXTS(of, between)                                                                                      \
    of(recipient) between of(came_to)                                                                                  \
    between of(said)

#define AND_LINE " || char(10) || "
#define IN_LINE(column) "coalesce(" #column ", '')"
#define LESS_HELD(column) #column " = iif(holds(" #column "), NULL, " #column ")"
#define WITHOUT(column) #column " = NULL"

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
                            .sqlite = "SELECT id FROM events WHERE id > ? AND holds(" EVENT_TEXTS(                     \
                                IN_LINE, AND_LINE) ") ORDER BY id"},                                                   \
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
    [SQL_HOLDING_NOTES] = {"search the notes",                                                                         \
                           .sqlite = "SELECT id FROM causes WHERE id > ? AND holds(note) ORDER BY id"},                \
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
    [SQL_ERASE_EVENT_TEXTS] = {"erase texts",                                                                          \
                               .sqlite = "UPDATE events SET " EVENT_TEXTS(LESS_HELD, ", ") " WHERE id = ?"},           \
    [SQL_ERASE_MESSAGE_TEXTS] =                                                                                        \
        {"erase texts",                                                                                                \
         .sqlite = "UPDATE messages SET source = iif(holds(source), '(forgotten)', source), " MESSAGE_TEXTS(           \
             LESS_HELD, ", ") " WHERE id = ?"},                                                                        \
    [SQL_ERASE_MESSAGE] = {"erase the message",                                                                        \
                           "UPDATE messages SET source = '(forgotten)', source_ip = NULL, " MESSAGE_TEXTS(             \
                               WITHOUT, ", ") " WHERE id = ?1"                                                         \
                                              " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message = ?1)"},        \
    [SQL_ERASE_NOTE] = {"erase the note", "UPDATE causes SET note = '(forgotten ' || id || ')' WHERE id = ?"},         \
    [SQL_VACUUM] = {"write the file anew", .sqlite = "VACUUM"},                                                        \
    [SQL_TRUNCATE_LOG] = {"empty the write-ahead log", .sqlite = "PRAGMA wal_checkpoint(TRUNCATE)"},                   \
    [SQL_LOG_NOTE] = {"log the change",                                                                                \
                      "INSERT INTO changes (at, change, subject, scope, until, cause) VALUES (?, ?, ?, ?, 0, ?)"}
