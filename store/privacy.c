#include "store/privacy.h"

#include "store/privacy/secret_key.h"

bool store_name_key(struct store *store, guint8 key[PRIVACY_KEY_SIZE], GError **error)
{
    bool found;

    if (!secret_key_read(store, SECRET_KEY_NAMES, key, &found, error))
        return false;
    if (found)
        return true;
    return store_begin(store, error) && (secret_key_make(store, error) || store_undo(store)) &&
           store_commit(store, error) && secret_key_read(store, SECRET_KEY_NAMES, key, &found, error);
}
