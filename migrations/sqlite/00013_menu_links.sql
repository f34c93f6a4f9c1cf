-- Clients follow the links of menus. A link that could run a script or lead to another host in disguise becomes '#', as in
-- access.Menu: another scheme than http and https, two slashes at the beginning, or a backslash. Relative links stay: they
-- are harmless, and a client may depend on them.
--
-- oldest: 0.1.0

-- +goose Up
UPDATE menus SET url = '#' WHERE url LIKE '//%' OR url LIKE '%\%' ESCAPE '!'
    OR (url NOT LIKE '/%' AND url LIKE '%:%' AND LOWER(url) NOT LIKE 'http://%' AND LOWER(url) NOT LIKE 'https://%');
UPDATE menus SET create_url = '#' WHERE create_url LIKE '//%' OR create_url LIKE '%\%' ESCAPE '!'
    OR (create_url NOT LIKE '/%' AND create_url LIKE '%:%' AND LOWER(create_url) NOT LIKE 'http://%' AND LOWER(create_url) NOT LIKE 'https://%');
UPDATE menus SET list_url = '#' WHERE list_url LIKE '//%' OR list_url LIKE '%\%' ESCAPE '!'
    OR (list_url NOT LIKE '/%' AND list_url LIKE '%:%' AND LOWER(list_url) NOT LIKE 'http://%' AND LOWER(list_url) NOT LIKE 'https://%');

-- +goose Down
SELECT 1; -- the former links are lost
