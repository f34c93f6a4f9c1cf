-- Reference ids are the md5 of the name by which tests refer to the row.

INSERT INTO roles (id, reference_id, created_at, updated_at, is_active, name, is_predefined) VALUES
 (1, md5('admin'),    '2024-01-01 08:00:00.123456+00', '2024-01-02 08:00:00+00', true, 'admin', true),
 (2, md5('agent'),    '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Agent', true),
 (3, md5('customer'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'customer', true),
 (4, md5('support'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Support', false),
 (5, md5('support2'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, ' support ', false),
 (6, md5('auditor'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Auditor', false),
 (7, md5('retired'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', false, 'Retired', false),
 (8, upper(md5('shouted')), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Shouted', false),
 (9, md5('auditor'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Auditor again', false);

-- published ids; another id; a child before its parent; a cycle of two; a duplicate name
INSERT INTO menus (id, reference_id, created_at, updated_at, is_active, menu_name, menu_url, create_url, list_url, icon, visibility, display_order, depth, parent_id) VALUES
 (1, 'c6df6120f59c46a1bc09eaae6286fc34', '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Account Management', '#', '#', '#', NULL, true, 1, 0, NULL),
 (2, 'ba5e5ebc6887410e8352039d02acf744', '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Accounts', '/accounts/', '/accounts/create/', '/accounts/list/', '', true, 1, 1, 1),
 (3, '6f93380923f74ad5829ae69d11646668', '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Tickets', '/tickets/', '/tickets/create/', '/tickets/list/', '', true, 1, 1, NULL),
 (4, md5('roles menu'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'The roles', '/roles/', NULL, NULL, NULL, true, 2, 1, 1),
 (5, md5('weekly'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Weekly', '/reports/weekly/', NULL, NULL, 'chart', true, -1, 1, 6),
 (6, md5('reports'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Reports', '#', NULL, NULL, NULL, false, 4, 0, NULL),
 (7, md5('circle a'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Circle A', '/circle/a/', NULL, NULL, NULL, true, 5, 0, 8),
 (8, md5('circle b'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Circle B', '/circle/b/', NULL, NULL, NULL, true, 6, 0, 7),
 (9, md5('tickets again'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'TICKETS', '/old/tickets/', NULL, NULL, NULL, true, 7, 0, 999);

INSERT INTO role_menu_permission (id, reference_id, created_at, updated_at, is_active, can_create, can_view, can_update, can_delete, role_id, menu_id) VALUES
 (1, md5('admin tickets'),   '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, true, 1, 3),
 (2, md5('admin roles'),     '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, false, true, false, false, 1, 4),
 (3, md5('support tickets'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, false, 4, 3),
 (4, md5('auditor tickets'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, false, false, 6, 3),
 (5, md5('retired tickets'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, true, 7, 3),
 (6, md5('auditor nothing'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, false, false, false, false, 6, 2),
 (7, md5('auditor inactive'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', false, true, true, true, true, 6, 4),
 (8, md5('shouted tickets'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, true, 8, 3),
 (9, md5('support twice'),   '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, true, 4, 3),
 (10, md5('no menu'),        '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, true, true, true, true, 4, 999);

INSERT INTO ticket_status (id, reference_id, created_at, updated_at, is_active, name, code, description, weight, status_type, is_default) VALUES
 (1, md5('open'),     '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Open', 'OPEN', '', 1, 'open', false),
 (2, md5('new'),      '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'New', 'NEW', 'Nobody has looked at it.', 0, 'open', true),
 (3, md5('resolved'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Solved', 'resolved', '', 4, 'resolved', true),
 (4, md5('waiting'),  '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Waiting', 'WAIT', '', -3, 'on_hold', false),
 (5, md5('open too'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', false, 'OPEN', 'open', '', 1, 'open', false),
 (6, md5('cancelled'), '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Cancelled', 'CANCELLED', '', 6, 'cancelled', false);

INSERT INTO ticket_priorities (id, reference_id, created_at, updated_at, is_active, name, code, description, weight, color, sla_hours, is_default) VALUES
 (1, md5('high'),   '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'High', 'HIGH', '', 30, '#FD7E14', 8, true),
 (2, md5('slow'),   '2024-01-01 08:00:00+00', '2024-01-01 08:00:00+00', true, 'Slow', 'SLOW', '', 2000000, 'red', NULL, false);

INSERT INTO accounts (id, reference_id, created_at, updated_at, is_active, password, last_login, is_superuser, is_staff, username, email, phone_number, address, role_id) VALUES
 (1, md5('anish'),  '2024-02-01 09:00:00.000001+00', '2024-02-02 09:00:00+00', true, 'pbkdf2_sha256$1000$saltsaltsalt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=', '2025-01-01 00:00:00+00', true, true, 'anish', 'Anish@example.org', '9841000001', 'Kathmandu', 1),
 (2, md5('carla'),  '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, 'carlas-secret-in-clear', 'infinity', false, false, 'carla', NULL, '9841000002', '', 2),
 (3, md5('dev'),    '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, '!unusable', NULL, false, false, 'dev', '', '9841000003', E'Two\nlines', 4),
 (4, md5('emma'),   '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, 'pbkdf2_sha256$1000$saltsaltsalt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=', NULL, false, false, 'emma', 'anish@EXAMPLE.org', '9841000001', '', 6),
 (5, md5('jose'),   '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, 'bcrypt$$2b$12$abcdefghijklmnopqrstuv', NULL, false, false, 'José Núñez!', 'jose at home', '12345', '', NULL),
 (6, md5('ANISH'),  '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, 'pbkdf2_sha256$1000$saltsaltsalt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=', NULL, false, false, 'ANISH', 'other@example.org', '', '', 8),
 (7, md5('nobody'), '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', false, '', NULL, false, false, '   ', 'nobody@example.org', '', '', 999),
 (8, upper(md5('shouter')), '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, '', NULL, false, false, 'shouter', 'shouter@example.org', '9841000008', '', NULL),
 (9, md5('root'),   '2024-02-01 09:00:00+00', '2024-02-01 09:00:00+00', true, '', NULL, false, false, 'root', 'root@example.org', '9841000009', '', 3);

INSERT INTO user_menu_assignments (id, reference_id, created_at, updated_at, is_active, assigned_at, can_view, can_create, can_update, can_delete, account_id, assigned_by_id, menu_id) VALUES
 (1, md5('jose tickets'),  '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', true, '2024-03-01 09:30:00+00', true, true, false, false, 5, 1, 3),
 (2, md5('jose refused'),  '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', true, '2024-03-01 09:30:00+00', false, false, false, false, 5, 8, 2),
 (3, md5('jose twice'),    '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', true, '2024-03-01 09:30:00+00', true, true, true, true, 5, 1, 3),
 (4, md5('no menu at all'), '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', true, '2024-03-01 09:30:00+00', true, true, true, true, 5, 1, NULL),
 (5, md5('shouters'),      '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', true, '2024-03-01 09:30:00+00', true, true, true, true, 8, 1, 3),
 (6, md5('inactive'),      '2024-03-01 09:00:00+00', '2024-03-01 09:00:00+00', false, '2024-03-01 09:30:00+00', true, true, true, true, 4, 1, 3);

INSERT INTO tickets_ticket (id, reference_id, created_at, updated_at, is_active, ticket_number, title, description, first_response_at, response_deadline, due_date, resolved_at, sla_due_date, sla_breached, is_escalated, customer_satisfaction, assigned_to_id, created_by_id, created_for_id, menu_id, priority_id, status_id) VALUES
 (1, md5('whole'),    '2025-01-01 10:00:00.123456+00', '2025-01-03 10:00:00+00', true, 'TKT-20250101-0042', 'The printer burns', 'Since noon.', '2025-01-01 11:00:00+00', '2025-01-01 14:00:00+00', '2025-01-05 10:00:00+00', '2025-01-02 10:00:00.5+00', '2025-01-01 18:00:00+00', false, false, 4, 2, 1, 5, 3, 1, 3),
 (2, md5('orphan'),   '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'TKT-20250102-0001', 'Nobody wrote it', 'It is there.', NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, NULL, NULL, NULL, 2, 2),
 (3, md5('lost refs'), '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'TKT-20250102-0003', 'References', 'Of an account that cannot come.', NULL, NULL, NULL, NULL, NULL, false, true, NULL, 8, 8, 999, 999, 2, 1),
 (4, md5('twice'),    '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'TKT-20250101-0042', 'Number', 'Of another.', NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, 1, NULL, NULL, 1, 1),
 (5, md5('blank'),    '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'OLD-77', '  ', '', NULL, NULL, NULL, NULL, NULL, false, false, 9, NULL, 1, NULL, NULL, 2, 1),
 (6, md5('resolved without answer'), '2025-01-02 10:00:00+00', '2025-01-04 10:00:00+00', true, 'TKT-20250102-0006', 'Done', 'Nobody answered.', NULL, '2025-01-02 12:00:00+00', NULL, '2025-01-03 10:00:00+00', NULL, true, false, 0, NULL, 1, NULL, NULL, 1, 3),
 (7, md5('no status'), '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'TKT-20250102-0007', 'Status', 'Of none.', NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, 1, NULL, NULL, 1, 999),
 (8, md5('breached'), '2025-01-02 10:00:00+00', '2025-01-02 10:00:00+00', true, 'TKT-20250102-0008', 'Late', 'Not answered in time.', NULL, NULL, NULL, NULL, '2025-01-02 18:00:00+00', false, false, 3, NULL, 1, NULL, NULL, 1, 1),
 (9, md5('hidden'),   '2025-01-02 10:00:00+00', '2025-01-02 11:00:00+00', false, 'TKT-20250102-12345', 'Hidden', 'Inactive.', NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, 1, NULL, NULL, 1, 1),
 (10, '0b5f0c52-6a9c-4c8e-a0d3-1b2c3d4e', '2025-01-02 10:00:00+00', '2025-01-02 11:00:00+00', true, 'TKT-20250102-0010', 'Dashes', 'In its id.', NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, 1, NULL, NULL, 1, 1),
 (11, md5('control'), '2025-01-02 10:00:00+00', '2025-01-02 11:00:00+00', true, 'TKT-20250102-0011', E'Bell \x07and\nline', E'Tab\tstays, bell \x07not. ''quotes'' \\ too', '-infinity', NULL, NULL, NULL, NULL, false, false, NULL, NULL, 6, NULL, NULL, 1, 5);

-- enough for several batches
INSERT INTO tickets_ticket (id, reference_id, created_at, updated_at, is_active, ticket_number, title, description, sla_breached, is_escalated, created_by_id, priority_id, status_id)
SELECT 1000 + n, md5('many ' || n), '2025-02-02 10:00:00+00', '2025-02-02 10:00:00+00', true, 'TKT-20250202-' || to_char(n, 'FM0000'), 'One of many', 'The ' || n || 'th.', false, false, 1, 2, 1
FROM generate_series(1, 1100) n;

INSERT INTO notification_log (id, reference_id, created_at, updated_at, is_active, notification_type, title, message, is_read, is_sent, sent_at, read_at, recipient_id, sender_id, ticket_id) VALUES
 (1, md5('told'),      '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', true, 'ticket_created', 'A ticket', 'Look at it.', true, true, '2025-01-01 10:00:03+00', '2025-01-01 10:00:04+00', 2, 1, 1),
 (2, md5('told too'),  '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', true, 'status_changed', 'A ticket', 'Look at it.', false, false, NULL, NULL, 2, 8, 2),
 (3, md5('odd type'),  '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', true, 'birthday', 'A ticket', 'Look at it.', false, false, NULL, NULL, 2, 1, 1),
 (4, md5('to nobody'), '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', true, 'ticket_created', 'A ticket', 'Look at it.', false, false, NULL, NULL, 8, 1, 1),
 (5, md5('of nothing'), '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', true, 'ticket_created', 'A ticket', 'Look at it.', false, false, NULL, NULL, 2, 1, 4),
 (6, md5('put away'),  '2025-01-01 10:00:01+00', '2025-01-01 10:00:02+00', false, 'ticket_created', 'A ticket', 'Look at it.', false, false, NULL, NULL, 2, 1, 1);
