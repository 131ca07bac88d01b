-- Names are unique whatever their case and composition, not by ASCII letters alone.
--
-- username_key(name) is domain::username_key, which the program gives to this connection. A row
-- whose new key another has keeps its old one, and is found by its very spelling, until its name is
-- changed. No old key stands in the way of a new one: it would be its own new key then.

UPDATE OR IGNORE users SET username_key = username_key(username)
WHERE username_key <> username_key(username);
