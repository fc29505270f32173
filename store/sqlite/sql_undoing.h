/* sql_undoing.h: the SQL texts about events that are judged again, batches that can be undone, and causes that nothing
 * has any more, as rows of the table. For sql.c alone. */
#pragma once

/* An image `i` of an event, and the event's columns that it has. */
#define IMAGED "scope, effect, policy, failures, counts, may_suppress, revised, revised_by, revised_from, wave"
#define ITS_IMAGE " FROM event_images i WHERE i.batch = ?1 AND i.event = ?2"
#define FORGIVEN_IMAGE " FROM forgiven_images i WHERE i.batch = ?1 AND i.recipient = ?2 AND i.scope = ?3"

/* What a report about ?1 changed when it came. */
#define BY_POLICY                                                                                                      \
    "changes h JOIN causes b ON b.id = coalesce(h.author, h.cause) WHERE " CHANGES_OF(                                 \
        "?1") " AND b.who = 'policy' AND b.note = ''"

#define WAVE_OF_BATCH "(SELECT wave FROM batches WHERE id = ?2)"

/* SQL_IMAGE: nothing else changed the event since, no other batch, and no new judgement. SQL_HAND_IMAGE_ON: a later
 * batch found what this one made. SQL_WAVE_HOLD_AGAIN: ?3 is whether the entry was in force, by a decision about
 * the wave ?1 if the batch ?2 was one; what it holds it lets go again. SQL_BATCH_CHANGES: an entry that expires is
 * logged with the cause of the entry, and that is no change of the batch. SQL_LIST_RESTORE: as a change left it, or
 * found it. SQL_PLACEMENTS: what an operator put on, or an import, whoever the entry is of, that was not undone, and is
 * not from before a removal; each between the messages by which the policy changed the list. An import that came by the
 * API is none of the batches that roll back, or undo. SQL_DROP_CAUSE: SQL_LOG_FUTURE looks for the one that stays. */
#define SQL_UNDOING_TEXTS                                                                                              \
    [SQL_ADD_BATCH] = {"store the batch",                                                                              \
                       "INSERT INTO batches (name, at, who, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"},        \
    [SQL_BATCH_OF_WAVE] = {"store the batch", "UPDATE batches SET wave = ? WHERE id = ?"},                             \
    [SQL_BATCH_NUMBER] = {"read the batch", "SELECT id, undone_by FROM batches WHERE name = ?"},                       \
    [SQL_BATCH_NAMED] = {"look for the batch", "SELECT 1 WHERE EXISTS (SELECT 1 FROM messages WHERE batch = ?1)"       \
                                               " OR EXISTS (SELECT 1 FROM batches WHERE name = ?1 OR undone_by = ?1)"  \
                                               " OR EXISTS (SELECT 1 FROM causes WHERE batch = ?1)"},                  \
    [SQL_IMAGE_EVENT] = {"keep the event as it was",                                                                   \
                         "INSERT INTO event_images (batch, event, " IMAGED ") SELECT ?1, id, " IMAGED                  \
                         " FROM events WHERE id = ?2 ON CONFLICT DO NOTHING"},                                         \
    [SQL_IMAGE_FORGIVEN] = {"keep what is forgiven as it was",                                                         \
                            "INSERT INTO forgiven_images (batch, recipient, scope, event, removed, last)"              \
                            " SELECT ?1, ?2, ?3, (SELECT event FROM forgiven WHERE recipient = ?2 AND scope = ?3),"    \
                            " (SELECT removed FROM forgiven WHERE recipient = ?2 AND scope = ?3),"                     \
                            " (SELECT coalesce(max(id), 0) FROM events) WHERE 1 = 1 ON CONFLICT DO NOTHING"},          \
    [SQL_IMAGED_EVENTS] = {"read the events of the batch",                                                             \
                           "SELECT event FROM event_images WHERE batch = ?1 ORDER BY event LIMIT ?2"},                 \
    [SQL_IMAGES] = {"count the events of the batch",                                                                   \
                    "SELECT count(*) FROM event_images i JOIN events e ON e.id = i.event WHERE i.batch = ?1"           \
                    " AND e.doubted = ?2"},                                                                            \
    [SQL_IMAGE] = {"read the event as it was",                                                                         \
                   "SELECT i.effect, NOT EXISTS (SELECT 1 FROM event_images l WHERE l.event = i.event AND"             \
                   " l.batch > i.batch) AND (e.revised IS i.revised OR e.revised_from = 'believed')"                   \
                   " FROM event_images i JOIN events e ON e.id = i.event WHERE i.batch = ?1 AND i.event = ?2"},        \
    [SQL_RAISE_IMAGE] = {"raise the evidence", "UPDATE event_images SET may_suppress = 1 WHERE event = ?"},            \
    [SQL_RESTORE_EVENT] = {"make the event as it was",                                                                 \
                           "UPDATE events SET (scope, effect, policy, failures, counts, revised, revised_by,"          \
                           " revised_from, wave) = (SELECT i.scope, i.effect, i.policy, i.failures, i.counts,"         \
                           " i.revised, i.revised_by, i.revised_from, coalesce(i.wave, events.wave)" ITS_IMAGE         \
                           ") WHERE id = ?2"},                                                                         \
    [SQL_HAND_IMAGE_ON] = {"make the event as it was",                                                                 \
                           "UPDATE event_images SET (" IMAGED ") = (SELECT " IMAGED ITS_IMAGE                          \
                           ") WHERE event = ?2 AND batch ="                                                            \
                           " (SELECT min(batch) FROM event_images WHERE event = ?2 AND batch > ?1)"},                  \
    [SQL_BELIEVE] = {"believe the event again",                                                                        \
                     "UPDATE events SET doubted = NULL, may_suppress = (SELECT i.may_suppress" ITS_IMAGE               \
                     ") WHERE id = ?2 AND doubted = ?3"},                                                              \
    [SQL_DROP_IMAGE] = {"drop the event as it was", "DELETE FROM event_images WHERE batch = ?1 AND event = ?2"},       \
    [SQL_RESTORE_FORGIVEN] =                                                                                           \
        {"forgive what was forgiven",                                                                                  \
         "INSERT INTO forgiven (recipient, scope, event, removed) SELECT i.recipient, i.scope, i.event,"               \
         " i.removed" FORGIVEN_IMAGE " AND i.event IS NOT NULL ON CONFLICT DO UPDATE SET removed = excluded.removed,"  \
         " event = CASE WHEN event > (SELECT i.last" FORGIVEN_IMAGE ") THEN event ELSE excluded.event END"},           \
    [SQL_UNFORGIVE] =                                                                                                  \
        {"forgive what was forgiven",                                                                                  \
         "DELETE FROM forgiven WHERE recipient = ?2 AND scope = ?3 AND event <= (SELECT i.last" FORGIVEN_IMAGE         \
         " AND i.event IS NULL)"},                                                                                     \
    [SQL_DROP_FORGIVEN_IMAGE] = {"forgive what was forgiven",                                                          \
                                 "DELETE FROM forgiven_images WHERE batch = ?1 AND recipient = ?2 AND scope = ?3"},    \
    [SQL_IMAGED_CLEARED] =                                                                                             \
        {"read what the batch cleared",                                                                                \
         "SELECT recipient, scope FROM forgiven_images WHERE batch = ?1 AND scope >= '*' AND scope < '+' LIMIT ?2"},   \
    [SQL_UNDOES] = {"look for the batch", "SELECT name FROM batches WHERE undone_by = ? LIMIT 1"},                     \
    [SQL_SET_UNDONE] = {"mark the batch as undone",                                                                    \
                        "UPDATE batches SET undone_by = ?2 WHERE id = ?1 AND undone_by IS NULL"},                      \
    [SQL_WAVE_HOLD_AGAIN] =                                                                                            \
        {"hold the entry again",                                                                                       \
         "UPDATE waves SET closed = NULL, confirmed = confirmed - (?3 = 1 AND id IS " WAVE_OF_BATCH "),"               \
         " dropped = dropped - (?3 = 0 AND id IS " WAVE_OF_BATCH ") WHERE id = ?1"},                                   \
    [SQL_BATCH_CHANGES] = {"read the changes of the batch",                                                            \
                           "SELECT h.sequence FROM changes h WHERE coalesce(h.author, h.cause) IN"                     \
                           " (SELECT id FROM causes WHERE batch = ?) AND h.change <> 'expire' ORDER BY h.sequence"},   \
    [SQL_LOG_OF_CHANGE] =                                                                                              \
        {"read the changes of the entry",                                                                              \
         "SELECT h.sequence, h.change, coalesce(b.batch, c.batch), h.until, h.subject, h.scope, c.reason,"             \
         " coalesce(h.since, h.at), h.cause, h.wave, h.event, EXISTS (SELECT 1 FROM batches WHERE"                     \
         " name = coalesce(b.batch, c.batch) AND undone_by IS NOT NULL) OR EXISTS (SELECT 1 FROM batches WHERE"        \
         " undone_by = coalesce(b.batch, c.batch)) FROM changes a JOIN changes h ON " CHANGES_OF(                      \
             "a.subject") " AND h.scope = a.scope JOIN causes c ON c.id = h.cause LEFT JOIN causes b ON b.id = "       \
                          "h.author"                                                                                   \
                          " WHERE a.sequence = ?1 ORDER BY h.sequence"},                                               \
    [SQL_LIST_RESTORE] =                                                                                               \
        {"put the entry back",                                                                                         \
         "INSERT INTO suppressions (subject, scope, spelling, since, until, cause, wave, event)"                       \
         " SELECT lower(h.subject), h.scope, iif(h.subject <> lower(h.subject), h.subject, NULL),"                     \
         " coalesce(h.since, h.at), h.until, h.cause, h.wave, (SELECT id FROM events WHERE id = h.event)"              \
         " FROM changes h WHERE h.sequence = ?1 ON CONFLICT DO UPDATE SET spelling = excluded.spelling,"               \
         " since = excluded.since, until = excluded.until, cause = excluded.cause, wave = excluded.wave,"              \
         " event = excluded.event"},                                                                                   \
    [SQL_PLACEMENTS] =                                                                                                 \
        {"read the entries that were put on by hand",                                                                  \
         "SELECT p.sequence, p.at, p.scope, p.until, c.reason, c.verdict, c.who,"                                      \
         " (SELECT max(h.message) FROM " BY_POLICY " AND h.sequence < p.sequence),"                                    \
         " (SELECT min(h.message) FROM " BY_POLICY " AND h.sequence > p.sequence)"                                     \
         " FROM changes p JOIN causes c ON c.id = p.cause JOIN causes a ON a.id = coalesce(p.author, p.cause)"         \
         " WHERE lower(p.subject) = lower(?1) AND p.change IN ('add', 'update')"                                       \
         " AND (a.door = 'import' OR (p.author IS NULL AND c.who <> 'policy') OR (a.door = 'api' AND NOT EXISTS"       \
         " (SELECT 1 FROM batches WHERE name = a.batch OR undone_by = a.batch)))"                                      \
         " AND NOT EXISTS (SELECT 1 FROM batches WHERE name = a.batch AND undone_by IS NOT NULL)"                      \
         " AND p.sequence > coalesce((SELECT max(h.sequence) FROM " REMOVALS("p.scope") "), 0)"                        \
                                                                                        " ORDER BY p.sequence"},       \
    [SQL_ERASE_FORGIVEN_IMAGES] = {"erase what was forgiven", "DELETE FROM forgiven_images WHERE recipient = ?1"},     \
    [SQL_LAST_CAUSE] = {"look for old causes", "SELECT coalesce(max(id), 0) FROM causes"},                             \
    [SQL_CAUSES_OF_CHANGES] = {"look for old causes", "SELECT sequence, cause, author FROM changes WHERE sequence > ?" \
                                                      " ORDER BY sequence LIMIT ?"},                                   \
    [SQL_CAUSES_OF_LIST] = {"look for old causes",                                                                     \
                            "SELECT cause, subject, scope FROM suppressions WHERE (subject, scope)"                    \
                            " > (?, ?) ORDER BY subject, scope LIMIT ?"},                                              \
    [SQL_CAUSES_AFTER] = {"look for old causes",                                                                       \
                          "SELECT id FROM causes WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"},                       \
    [SQL_DROP_CAUSE] = {"drop old causes", "DELETE FROM causes WHERE id = ? AND NOT (who = 'policy' AND batch = ''"    \
                                           " AND note = 'the clock was set back')"},                                   \
    [SQL_DROP_OLD_FORGIVEN_IMAGES] =                                                                                   \
        {"drop old batches", "DELETE FROM forgiven_images WHERE (recipient, scope, batch) IN (SELECT f.recipient,"     \
                             " f.scope, f.batch FROM batches b CROSS JOIN forgiven_images f ON f.batch = b.id"         \
                             " WHERE b.at < ?1 LIMIT ?2)"},                                                            \
    [SQL_DROP_OLD_BATCHES] = {"drop old batches",                                                                      \
                              "DELETE FROM batches WHERE id IN (SELECT b.id FROM batches b WHERE b.at < ?1"            \
                              " AND NOT EXISTS (SELECT 1 FROM event_images i WHERE i.batch = b.id)"                    \
                              " AND NOT EXISTS (SELECT 1 FROM forgiven_images f WHERE f.batch = b.id)"                 \
                              " AND b.name NOT IN (SELECT batch FROM causes)"                                          \
                              " AND coalesce(b.undone_by, b.name) NOT IN (SELECT batch FROM causes) LIMIT ?2)"}

#define SQL_OF_REVISIONS                                                                                               \
    [SQL_HISTORY] =                                                                                                    \
        {"read the events of the address",                                                                             \
         "SELECT e.id, e.message, e.received, e.policy, e.kind, e.verdict, e.reason, e.action, m.stream,"              \
         " e.may_suppress, e.rule, e.effect, e.evidence, m.mailed, m.message_id, lower(hex(e.fingerprint)), "          \
         "e.occurred,"                                                                                                 \
         " e.id <= coalesce((SELECT removed FROM forgiven WHERE recipient = ?1 AND scope = e.scope), 0) AS forgiven,"  \
         " e.effect = 'stale' OR (e.counts = 0 AND m.mailed <= (SELECT max(h.at) FROM " REMOVALS(                      \
             "e.scope") ")), e.scope, e.wave, (SELECT closed FROM waves WHERE id = e.wave) IS NOT NULL, m.tenant, "    \
                        "e.doubted, m.confined "                                                                       \
                        "FROM " EVENTS_OF_MESSAGES "WHERE e.recipient = ?1 AND (e.counts = 1 OR NOT forgiven)"         \
                        " ORDER BY e.id"},                                                                             \
    [SQL_FORGIVEN_UP_TO] = {"read the events of the address",                                                          \
                            "SELECT removed FROM forgiven WHERE recipient = ?1 AND scope = ?2"},                       \
    [SQL_EVENT] = {"read the event", SELECT_EVENT "WHERE e.id = ?"},                                                   \
    [SQL_REVISE] = {"judge the event again",                                                                           \
                    "UPDATE events SET verdict = ?, reason = ?, party = ?, rule = ?, blocklist = ?, rule_version = ?," \
                    " revised = ?, revised_by = ?, revised_from = ? WHERE id = ?"},                                    \
    [SQL_SET_OUTCOME] = {"store what the policy says now",                                                             \
                         "UPDATE events SET effect = ?, policy = ?, failures = ?, counts = ?, scope = ? WHERE id = ?"}
