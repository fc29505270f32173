-- Version 17: what a program of a tenant told speaks for that tenant alone. Where it says that mail went through, the
-- row of `forgiven` has '*' and the scope in which failures count no more.
ALTER TABLE messages ADD COLUMN confined INTEGER; -- 1: so it is; NULL: it is not

PRAGMA user_version = 17;
