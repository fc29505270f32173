-- Version 17: what a program of a tenant told speaks for that tenant alone.
ALTER TABLE messages ADD COLUMN confined INTEGER; -- 1: so it is; NULL: it is not

PRAGMA user_version = 17;
