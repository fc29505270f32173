/* sql_feeds.h: the SQL texts of those outside whom a store serves: programs with tokens, and those who follow what
 * comes into it. For sql.c alone. */
#pragma once

/* The greatest number that there ever was of a row of a table. */
#define LAST_OF(table, number, mark) "max(coalesce((SELECT max(" number ") FROM " table "), 0), " mark ")"
#define LAST_EVENT LAST_OF("events", "id", "last_event")
#define LAST_CHANGE LAST_OF("changes", "sequence", "last_change")

/* It goes on at once, as one that never failed. */
#define ALIVE "dead = 0, failing = 0, attempts = 0, next = 0, turn = turn + 1"

#define SQL_OF_FEEDS                                                                                                   \
    [SQL_MARKS] = {"look for the last event", .sqlite = "SELECT " LAST_EVENT ", " LAST_CHANGE                          \
                                                        ", dropped_event, dropped_change, timeline"                    \
                                                        " FROM marks"},                                                \
    [SQL_NEW_TIMELINE] = {"begin another timeline",                                                                    \
                          .sqlite = "UPDATE marks SET timeline = abs(random() % 4294967295) + 1"},                     \
    [SQL_FIRST_EVENT_SINCE] = {"look for the first event",                                                             \
                               "SELECT id FROM events WHERE received >= ? ORDER BY received, id LIMIT 1"},             \
    [SQL_FIRST_CHANGE_SINCE] = {"look for the first change",                                                           \
                                "SELECT sequence FROM changes WHERE at >= ? ORDER BY sequence LIMIT 1"},               \
    [SQL_OLDEST_AFTER] = {"look for the first event",                                                                  \
                          .sqlite =                                                                                    \
                              "SELECT min(at) FROM (SELECT * FROM (SELECT received AS at FROM events WHERE id > ?1"    \
                              " ORDER BY id LIMIT 1) UNION ALL SELECT * FROM (SELECT at FROM changes WHERE sequence"   \
                              " > ?2 ORDER BY sequence LIMIT 1))"},                                                    \
    [SQL_FEEDS] = {"read the feeds",                                                                                   \
                   "SELECT name, turn, paused, asked, tested, event, change, dead, failing, attempts, tried, next,"    \
                   " delivered, error, timeline FROM feeds, marks WHERE ?1 IS NULL OR name = ?1 ORDER BY name"},       \
    [SQL_ADD_FEED] = {"add the feed", .sqlite = "INSERT INTO feeds SELECT ?, 1, 0, 0, 0, " LAST_EVENT ", " LAST_CHANGE \
                                                ", 0, 0, 0, 0, 0, 0, NULL FROM marks"},                                \
    [SQL_SAVE_FEED] = {"save the feed",                                                                                \
                       "UPDATE feeds SET tested = ?3, event = ?4, change = ?5, dead = ?6, failing = ?7,"               \
                       " attempts = ?8, tried = ?9, next = ?10, delivered = ?11, error = ?12"                          \
                       " WHERE name = ?1 AND turn = ?2"},                                                              \
    [SQL_PAUSE_FEED] = {"pause the feed", "UPDATE feeds SET paused = 1 WHERE name = ?"},                               \
    [SQL_RESUME_FEED] = {"resume the feed", "UPDATE feeds SET paused = 0, " ALIVE " WHERE name = ?"},                  \
    [SQL_TEST_FEED] = {"ask for a test of the feed",                                                                   \
                       .sqlite = "UPDATE feeds SET asked = max(?, asked + 1) WHERE name = ?"},                         \
    [SQL_REPLAY_FEED] = {"replay the feed", "UPDATE feeds SET event = ?, change = ?, " ALIVE " WHERE name = ?"},       \
    [SQL_DROP_FEED] = {"drop the feed", "DELETE FROM feeds WHERE name = ?"},                                           \
    [SQL_ERASE_FEED_ERRORS] = {"erase the feeds' errors",                                                              \
                               .sqlite = "UPDATE feeds SET error = '(forgotten)' WHERE ?1 IS NOT NULL"                 \
                                         " AND holds(coalesce(error, ''))"},                                           \
    [SQL_TELLING] = {"look for the notice", "SELECT ended FROM tellings WHERE id = ?"},                                \
    [SQL_TELLINGS] = {"count the notices", .sqlite =                                                                   \
                                               "SELECT (SELECT count(*) FROM tellings WHERE pair = ?2 AND at > ?3),"   \
                                               " (SELECT count(*) FROM tellings WHERE author = ?1 AND at > ?3),"       \
                                               " (SELECT count(*) FROM tellings WHERE at > ?4)"},                      \
    [SQL_ADD_TELLING] = {"note the notice",                                                                            \
                         "INSERT INTO tellings (id, author, pair, at, ended) VALUES (?, ?, ?, ?, 0)"},                 \
    [SQL_END_TELLING] = {"note the end of the notice", "UPDATE tellings SET ended = 1 WHERE id = ?"},                  \
    [SQL_DROP_TELLINGS] = {"forget old notices", "DELETE FROM tellings WHERE at < ?"}

#define TOKEN_COLUMNS "name, tenant, rights, made, expires, used, digest"

#define SQL_OF_TOKENS                                                                                                  \
    [SQL_TOKENS] = {"read the tokens", "SELECT " TOKEN_COLUMNS " FROM tokens ORDER BY name"},                          \
    [SQL_TOKEN] = {"look for the token", "SELECT " TOKEN_COLUMNS " FROM tokens WHERE key = ?"},                        \
    [SQL_ADD_TOKEN] = {"add the token", "INSERT INTO tokens (name, tenant, rights, made, expires, used, key, digest)"  \
                                        " VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING"},                    \
    [SQL_REVOKE_TOKEN] = {"revoke the token", "DELETE FROM tokens WHERE name = ?"},                                    \
    [SQL_USE_TOKEN] = {"note the use of the token", "UPDATE tokens SET used = ?2 WHERE name = ?1"}
