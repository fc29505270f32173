/* sql_tokens.h: the SQL texts of the API's tokens. For sql.c alone. */
#pragma once

#define TOKEN_COLUMNS "name, tenant, rights, made, expires, used, digest"

#define SQL_OF_TOKENS                                                                                                  \
    [SQL_TOKENS] = {"read the tokens", "SELECT " TOKEN_COLUMNS " FROM tokens ORDER BY name"},                          \
    [SQL_TOKEN] = {"look for the token", "SELECT " TOKEN_COLUMNS " FROM tokens WHERE key = ?"},                        \
    [SQL_ADD_TOKEN] = {"add the token", "INSERT INTO tokens (name, tenant, rights, made, expires, used, key, digest)"  \
                                        " VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING"},                    \
    [SQL_REVOKE_TOKEN] = {"revoke the token", "DELETE FROM tokens WHERE name = ?"},                                    \
    [SQL_USE_TOKEN] = {"note the use of the token", "UPDATE tokens SET used = ?2 WHERE name = ?1"}
