--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: river_job_state; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.river_job_state AS ENUM (
    'available',
    'cancelled',
    'completed',
    'discarded',
    'pending',
    'retryable',
    'running',
    'scheduled'
);


--
-- Name: count_changed_clock(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_changed_clock() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM tickets WHERE id = NEW.ticket_id AND deleted_at IS NULL FOR SHARE;
    IF FOUND THEN
        INSERT INTO clock_changes SELECT quarter, metric, state, n
        FROM (VALUES (quarter_of(OLD.state, OLD.decided_at), OLD.metric, OLD.state, -1), (quarter_of(NEW.state, NEW.decided_at), NEW.metric, NEW.state, 1))
            AS x (quarter, metric, state, n) WHERE quarter IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;


--
-- Name: count_changed_ticket(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_changed_ticket() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO ticket_changes SELECT status_id, priority_id, n FROM (VALUES (OLD.status_id, OLD.priority_id, -1, OLD.deleted_at), (NEW.status_id, NEW.priority_id, 1, NEW.deleted_at))
        AS x (status_id, priority_id, n, deleted_at) WHERE deleted_at IS NULL;
    RETURN NULL;
END $$;


--
-- Name: count_clocks(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_clocks() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM tickets WHERE id IN (SELECT ticket_id FROM added) ORDER BY id FOR SHARE;
        INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, COUNT(*) FROM added
        WHERE quarter_of(state, decided_at) IS NOT NULL AND ticket_id IN (SELECT id FROM tickets t WHERE t.id = ticket_id AND deleted_at IS NULL) GROUP BY 1, 2, 3;
    ELSE
        PERFORM 1 FROM tickets WHERE id IN (SELECT ticket_id FROM removed) ORDER BY id FOR SHARE;
        INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, -COUNT(*) FROM removed
        WHERE quarter_of(state, decided_at) IS NOT NULL AND ticket_id IN (SELECT id FROM tickets t WHERE t.id = ticket_id AND deleted_at IS NULL) GROUP BY 1, 2, 3;
    END IF;
    RETURN NULL;
END $$;


--
-- Name: count_clocks_of_ticket(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_clocks_of_ticket() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, CASE WHEN NEW.deleted_at IS NULL THEN COUNT(*) ELSE -COUNT(*) END
    FROM sla_clocks WHERE ticket_id = NEW.id AND quarter_of(state, decided_at) IS NOT NULL GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;


--
-- Name: count_tickets(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_tickets() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ticket_changes SELECT status_id, priority_id, COUNT(*) FROM added WHERE deleted_at IS NULL GROUP BY 1, 2;
    ELSE
        INSERT INTO ticket_changes SELECT status_id, priority_id, -COUNT(*) FROM removed WHERE deleted_at IS NULL GROUP BY 1, 2;
    END IF;
    RETURN NULL;
END $$;


--
-- Name: keep_account_counts(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_account_counts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM added GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, -COUNT(*) FROM removed GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSE
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, SUM(d)
        FROM (SELECT role_id, is_active, 1 AS d FROM added UNION ALL SELECT role_id, is_active, -1 FROM removed) changed
        GROUP BY 1, 2 HAVING SUM(d) <> 0 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    END IF;
    IF FOUND AND TG_OP <> 'INSERT' THEN
        DELETE FROM account_counts WHERE n = 0; -- none but those just counted: nobody leaves another
    END IF;
    RETURN NULL;
END $$;


--
-- Name: keep_account_grants(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_account_grants() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    changed TEXT[] := ARRAY[OLD.account_id, NEW.account_id];
BEGIN
    PERFORM 1 FROM accounts WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE accounts SET grants = COALESCE((SELECT string_agg(p.menu_id || ' ' || p.actions || ' ' || m.url, E'\n' ORDER BY p.menu_id)
        FROM account_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.account_id = accounts.id), '')
    WHERE id = ANY (changed);
    RETURN NULL;
END $$;


--
-- Name: keep_granted_url(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_granted_url() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE role_permissions SET menu_id = menu_id WHERE menu_id = NEW.id;
    UPDATE account_permissions SET menu_id = menu_id WHERE menu_id = NEW.id;
    RETURN NULL;
END $$;


--
-- Name: keep_role_grants(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_role_grants() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    changed TEXT[] := ARRAY[OLD.role_id, NEW.role_id];
BEGIN
    PERFORM 1 FROM roles WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE roles SET grants = COALESCE((SELECT string_agg(p.menu_id || ' ' || p.actions || ' ' || m.url, E'\n' ORDER BY p.menu_id)
        FROM role_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = roles.id), '')
    WHERE id = ANY (changed);
    RETURN NULL;
END $$;


--
-- Name: keep_ticket_active(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_ticket_active() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.is_active := COALESCE((SELECT is_active FROM ticket_statuses WHERE id = NEW.status_id), FALSE);
    RETURN NEW;
END $$;


--
-- Name: keep_tickets_of_status_active(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_tickets_of_status_active() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE tickets SET is_active = NEW.is_active WHERE status_id = NEW.id;
    RETURN NULL;
END $$;


--
-- Name: quarter_of(text, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.quarter_of(state text, decided_at timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN CASE WHEN (state = 'running'::text) THEN '9999999999'::bigint WHEN (state = ANY (ARRAY['met'::text, 'breached'::text])) THEN (floor((EXTRACT(epoch FROM decided_at) / (900)::numeric)))::bigint ELSE NULL::bigint END;


--
-- Name: refuse_history_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_history_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'ticket_history is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;


--
-- Name: refuse_ledger_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_ledger_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;


--
-- Name: river_job_state_in_bitmask(bit, public.river_job_state); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.river_job_state_in_bitmask(bitmask bit, state public.river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: account_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_counts (
    role_id text NOT NULL COLLATE pg_catalog."C",
    is_active boolean NOT NULL,
    n bigint NOT NULL
);


--
-- Name: account_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_permissions (
    id text NOT NULL COLLATE pg_catalog."C",
    account_id text NOT NULL COLLATE pg_catalog."C",
    menu_id text NOT NULL COLLATE pg_catalog."C",
    actions smallint NOT NULL,
    assigned_by text COLLATE pg_catalog."C",
    assigned_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT account_permissions_actions_check CHECK (((actions >= 0) AND (actions <= 15)))
);


--
-- Name: accounts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts (
    id text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL,
    username_key text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    email_key text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL,
    address text NOT NULL,
    role_id text COLLATE pg_catalog."C",
    grants text DEFAULT ''::text NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_superuser boolean NOT NULL,
    last_login timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    search tsvector DEFAULT ''::tsvector NOT NULL
);


--
-- Name: calendar_editions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.calendar_editions (
    id text NOT NULL COLLATE pg_catalog."C",
    calendar_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    time_zone text NOT NULL,
    hours text NOT NULL,
    holidays text NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: calendars; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.calendars (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    time_zone text NOT NULL,
    hours text NOT NULL,
    holidays text NOT NULL,
    edition_id text NOT NULL COLLATE pg_catalog."C",
    is_predefined boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: clock_changes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clock_changes (
    quarter bigint NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL
)
WITH (autovacuum_vacuum_threshold='1000', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_insert_threshold='-1');


--
-- Name: clock_totals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clock_totals (
    quarter bigint NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL
);


--
-- Name: clock_counts; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.clock_counts AS
 SELECT clock_totals.quarter,
    clock_totals.metric,
    clock_totals.state,
    clock_totals.n
   FROM public.clock_totals
UNION ALL
 SELECT clock_changes.quarter,
    clock_changes.metric,
    clock_changes.state,
    clock_changes.n
   FROM public.clock_changes;


--
-- Name: goose_db_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.goose_db_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);


--
-- Name: goose_db_version_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.goose_db_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.goose_db_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: menus; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.menus (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    url text NOT NULL COLLATE pg_catalog."C",
    create_url text NOT NULL,
    list_url text NOT NULL,
    parent_id text COLLATE pg_catalog."C",
    icon text NOT NULL,
    visible boolean NOT NULL,
    display_order bigint NOT NULL,
    depth bigint NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT menus_depth_check CHECK ((depth >= 0)),
    CONSTRAINT menus_display_order_check CHECK ((display_order >= 0)),
    CONSTRAINT menus_parent_check CHECK ((parent_id <> id))
);


--
-- Name: meta; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.meta (
    key text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);


--
-- Name: notification_logs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notification_logs (
    id text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    recipient_id text NOT NULL COLLATE pg_catalog."C",
    sender_id text COLLATE pg_catalog."C",
    ticket_id text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    message text NOT NULL,
    is_read boolean NOT NULL,
    is_sent boolean NOT NULL,
    sent_at timestamp with time zone,
    read_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    internal boolean DEFAULT false NOT NULL,
    delivery_state text DEFAULT 'sent'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    resends integer DEFAULT 0 NOT NULL
);


--
-- Name: replies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.replies (
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint text NOT NULL,
    status integer NOT NULL,
    location text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: river_job; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.river_job (
    id bigint NOT NULL,
    state public.river_job_state DEFAULT 'available'::public.river_job_state NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    attempted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finalized_at timestamp with time zone,
    scheduled_at timestamp with time zone DEFAULT now() NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    args jsonb NOT NULL,
    attempted_by text[],
    errors jsonb[],
    kind text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    tags character varying(255)[] DEFAULT '{}'::character varying[] NOT NULL,
    unique_key bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK ((((finalized_at IS NULL) AND (state <> ALL (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))) OR ((finalized_at IS NOT NULL) AND (state = ANY (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))))),
    CONSTRAINT kind_length CHECK (((char_length(kind) > 0) AND (char_length(kind) < 128))),
    CONSTRAINT max_attempts_is_positive CHECK ((max_attempts > 0)),
    CONSTRAINT priority_in_range CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT queue_length CHECK (((char_length(queue) > 0) AND (char_length(queue) < 128)))
);


--
-- Name: river_job_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.river_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: river_job_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.river_job_id_seq OWNED BY public.river_job.id;


--
-- Name: river_leader; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.river_leader (
    elected_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leader_id text NOT NULL,
    name text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT leader_id_length CHECK (((char_length(leader_id) > 0) AND (char_length(leader_id) < 128))),
    CONSTRAINT name_length CHECK ((name = 'default'::text))
);


--
-- Name: river_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.river_migration (
    line text NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT line_length CHECK (((char_length(line) > 0) AND (char_length(line) < 128))),
    CONSTRAINT version_gte_1 CHECK ((version >= 1))
);


--
-- Name: river_notification; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.river_notification (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (((length(topic) > 0) AND (length(topic) < 128)))
);


--
-- Name: river_notification_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.river_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: river_notification_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.river_notification_id_seq OWNED BY public.river_notification.id;


--
-- Name: river_queue; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.river_queue (
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    paused_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: role_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.role_permissions (
    id text NOT NULL COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C",
    menu_id text NOT NULL COLLATE pg_catalog."C",
    actions smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT role_permissions_actions_check CHECK (((actions >= 0) AND (actions <= 15)))
);


--
-- Name: roles; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.roles (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    ticket_scope text NOT NULL,
    is_predefined boolean NOT NULL,
    grants text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT roles_ticket_scope_check CHECK ((ticket_scope = ANY (ARRAY['own'::text, 'all'::text])))
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    id text NOT NULL COLLATE pg_catalog."C",
    account_id text NOT NULL COLLATE pg_catalog."C",
    refresh_id text NOT NULL COLLATE pg_catalog."C",
    previous_id text COLLATE pg_catalog."C",
    rotated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);


--
-- Name: sla_clocks; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_clocks (
    ticket_id text NOT NULL COLLATE pg_catalog."C",
    metric text NOT NULL COLLATE pg_catalog."C",
    cycle integer NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    due_at timestamp with time zone,
    decided_at timestamp with time zone
);


--
-- Name: sla_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_events (
    ticket_id text NOT NULL COLLATE pg_catalog."C",
    seq integer NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    cycle integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    policy_id text COLLATE pg_catalog."C",
    priority_id text COLLATE pg_catalog."C",
    target_seconds bigint,
    due_at timestamp with time zone,
    edition_id text COLLATE pg_catalog."C",
    warn_percent integer,
    pause_types text,
    on_reopen text COLLATE pg_catalog."C",
    escalate boolean
);


--
-- Name: sla_policies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_policies (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    pause_types text NOT NULL,
    on_reopen text NOT NULL COLLATE pg_catalog."C",
    escalate_on_breach boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT sla_policies_on_reopen_check CHECK ((on_reopen = ANY (ARRAY['resume'::text, 'restart'::text])))
);


--
-- Name: sla_policy_menus; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_policy_menus (
    policy_id text NOT NULL COLLATE pg_catalog."C",
    menu_id text NOT NULL COLLATE pg_catalog."C",
    place integer NOT NULL
);


--
-- Name: sla_policy_priorities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_policy_priorities (
    policy_id text NOT NULL COLLATE pg_catalog."C",
    priority_id text NOT NULL COLLATE pg_catalog."C",
    place integer NOT NULL
);


--
-- Name: sla_policy_targets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sla_policy_targets (
    policy_id text NOT NULL COLLATE pg_catalog."C",
    metric text NOT NULL COLLATE pg_catalog."C",
    place integer NOT NULL,
    minutes bigint NOT NULL,
    calendar_id text NOT NULL COLLATE pg_catalog."C",
    warn_percent integer NOT NULL,
    CONSTRAINT sla_policy_targets_metric_check CHECK ((metric = ANY (ARRAY['first_response'::text, 'next_response'::text, 'resolution'::text]))),
    CONSTRAINT sla_policy_targets_minutes_check CHECK ((minutes > 0)),
    CONSTRAINT sla_policy_targets_warn_percent_check CHECK (((warn_percent >= 1) AND (warn_percent <= 99)))
);


--
-- Name: throttle; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.throttle (
    key text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL,
    start timestamp with time zone NOT NULL,
    CONSTRAINT throttle_n_check CHECK ((n > 0))
);


--
-- Name: ticket_changes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_changes (
    status_id text NOT NULL COLLATE pg_catalog."C",
    priority_id text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL
)
WITH (autovacuum_vacuum_threshold='1000', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_insert_threshold='-1');


--
-- Name: ticket_comments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_comments (
    id text NOT NULL COLLATE pg_catalog."C",
    ticket_id text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL,
    visibility text NOT NULL COLLATE pg_catalog."C",
    author_id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    CONSTRAINT ticket_comments_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'internal'::text])))
);


--
-- Name: ticket_totals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_totals (
    status_id text NOT NULL COLLATE pg_catalog."C",
    priority_id text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL
);


--
-- Name: ticket_counts; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.ticket_counts AS
 SELECT ticket_totals.status_id,
    ticket_totals.priority_id,
    ticket_totals.n
   FROM public.ticket_totals
UNION ALL
 SELECT ticket_changes.status_id,
    ticket_changes.priority_id,
    ticket_changes.n
   FROM public.ticket_changes;


--
-- Name: ticket_history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_history (
    id text NOT NULL COLLATE pg_catalog."C",
    ticket_id text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    actor_id text COLLATE pg_catalog."C",
    via text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    field text NOT NULL COLLATE pg_catalog."C",
    from_value text NOT NULL,
    to_value text NOT NULL,
    from_name text NOT NULL,
    to_name text NOT NULL,
    comment_id text COLLATE pg_catalog."C",
    internal boolean NOT NULL,
    from_account text GENERATED ALWAYS AS (
CASE
    WHEN (field = ANY (ARRAY['createdFor'::text, 'assignedTo'::text])) THEN NULLIF(from_value, ''::text)
    ELSE NULL::text
END) STORED COLLATE pg_catalog."C",
    to_account text GENERATED ALWAYS AS (
CASE
    WHEN (field = ANY (ARRAY['createdFor'::text, 'assignedTo'::text])) THEN NULLIF(to_value, ''::text)
    ELSE NULL::text
END) STORED COLLATE pg_catalog."C"
);


--
-- Name: ticket_numbers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_numbers (
    day text NOT NULL COLLATE pg_catalog."C",
    last bigint NOT NULL
);


--
-- Name: ticket_priorities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_priorities (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    weight integer NOT NULL,
    color text NOT NULL,
    sla_hours integer NOT NULL,
    is_default boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT ticket_priorities_sla_hours_check CHECK ((sla_hours >= 0)),
    CONSTRAINT ticket_priorities_weight_check CHECK (((weight >= 0) AND (weight <= 1000000)))
);


--
-- Name: ticket_statuses; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_statuses (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    weight integer NOT NULL,
    status_type text NOT NULL,
    is_default boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    is_active boolean GENERATED ALWAYS AS ((status_type = ANY (ARRAY['open'::text, 'in_progress'::text, 'pending'::text]))) STORED NOT NULL,
    CONSTRAINT ticket_statuses_status_type_check CHECK ((status_type = ANY (ARRAY['open'::text, 'in_progress'::text, 'pending'::text, 'resolved'::text, 'closed'::text, 'cancelled'::text]))),
    CONSTRAINT ticket_statuses_weight_check CHECK (((weight >= 0) AND (weight <= 1000000)))
);


--
-- Name: tickets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets (
    id text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    description text NOT NULL,
    menu_id text COLLATE pg_catalog."C",
    status_id text NOT NULL COLLATE pg_catalog."C",
    status_weight integer NOT NULL,
    priority_id text NOT NULL COLLATE pg_catalog."C",
    priority_weight integer NOT NULL,
    created_for text COLLATE pg_catalog."C",
    assigned_to text COLLATE pg_catalog."C",
    created_by text COLLATE pg_catalog."C",
    creator text NOT NULL COLLATE pg_catalog."C",
    response_deadline timestamp with time zone,
    due_date timestamp with time zone,
    first_response_at timestamp with time zone,
    resolved_at timestamp with time zone,
    sla_due_date timestamp with time zone,
    sla_by_hand boolean NOT NULL,
    sla_breached boolean NOT NULL,
    is_escalated boolean NOT NULL,
    customer_satisfaction integer,
    urgency integer NOT NULL,
    urgency_from timestamp with time zone NOT NULL,
    urgency_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    search tsvector NOT NULL,
    breach_rank integer GENERATED ALWAYS AS (
CASE
    WHEN sla_breached THEN 0
    ELSE 1
END) STORED NOT NULL,
    urgency_rank integer GENERATED ALWAYS AS (
CASE
    WHEN (urgency > 0) THEN (- urgency)
    ELSE (- priority_weight)
END) STORED NOT NULL,
    priority_rank integer GENERATED ALWAYS AS ((- priority_weight)) STORED NOT NULL,
    sla_key timestamp with time zone GENERATED ALWAYS AS (COALESCE(sla_due_date, '9999-12-31 00:00:00+00'::timestamp with time zone)) STORED NOT NULL,
    deadline_key timestamp with time zone GENERATED ALWAYS AS (COALESCE(response_deadline, '9999-12-31 00:00:00+00'::timestamp with time zone)) STORED NOT NULL,
    due_key timestamp with time zone GENERATED ALWAYS AS (COALESCE(due_date, '9999-12-31 00:00:00+00'::timestamp with time zone)) STORED NOT NULL,
    sla_next_at timestamp with time zone,
    due_reminded timestamp with time zone,
    sla_breached_at timestamp with time zone,
    is_active boolean DEFAULT false NOT NULL,
    CONSTRAINT tickets_customer_satisfaction_check CHECK (((customer_satisfaction >= 1) AND (customer_satisfaction <= 5)))
);


--
-- Name: river_job id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_job ALTER COLUMN id SET DEFAULT nextval('public.river_job_id_seq'::regclass);


--
-- Name: river_notification id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_notification ALTER COLUMN id SET DEFAULT nextval('public.river_notification_id_seq'::regclass);


--
-- Data for Name: account_counts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account_counts VALUES
	('', true, 1),
	('01a22921a70d76ef97f323b123fd2750', true, 1),
	('01a22921a71b7a7e99c942367d2d2005', true, 1);


--
-- Data for Name: account_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account_permissions VALUES
	('01a22921a88e70b39dec3d56957dd594', '01a22921a7b776f48c1149684115272a', '01a22921a74374cb9b46d9647e9a11e6', 1, '01a2292195907e75a995f27388c98ad9', '2026-11-29 21:06:41.422046+00', '2026-11-29 21:06:41.422046+00', '2026-11-29 21:06:41.422046+00');


--
-- Data for Name: accounts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.accounts VALUES
	('01a2292195907e75a995f27388c98ad9', 'admin', 'admin', 'admin@example.org', 'admin@example.org', '+9779800000000', '$argon2id$v=19$m=19456,t=2,p=1$lIGqL1rVVQqdZr1nMAmgSA$Or6RN0QUy0GSl6AYEkbmmI7vQXMwxsQ9UBk4FIg4ncc', '', NULL, '', true, true, true, '2026-11-29 21:06:40.663413+00', '2026-11-29 21:06:36.560948+00', '2026-11-29 21:06:36.777428+00', '''779800000000'' ''79800000000'' ''9779800000000'' ''9800000000'' ''admin'' ''example'' ''org'''),
	('01a22921a74a761789a434e27e5545b3', 'gita', 'gita', 'gita@example.org', 'gita@example.org', '+9779841234567', '$argon2id$v=19$m=19456,t=2,p=1$rDl7iFDi9539cgPOv7TJ0w$dT3vLAgbyGKpDoJ2LOxFGdGdbhbqD5UnfsHe4+C1AAU', '', '01a22921a70d76ef97f323b123fd2750', '', true, false, false, '2026-11-29 21:06:41.482666+00', '2026-11-29 21:06:41.098399+00', '2026-11-29 21:06:41.200254+00', '''779841234567'' ''79841234567'' ''9779841234567'' ''9841234567'' ''example'' ''gita'' ''org'''),
	('01a22921a7b776f48c1149684115272a', 'ravi', 'ravi', 'ravi@example.org', 'ravi@example.org', '+9779841234568', '$argon2id$v=19$m=19456,t=2,p=1$a0/cYXY04MwBJNCHgMMyVQ$rmM0X+vuZua6EVqjFbK6NXwsn56XK5Nmqr0y7yfyBNg', '', '01a22921a71b7a7e99c942367d2d2005', '01a22921a74374cb9b46d9647e9a11e6 1 /printers/', true, false, false, '2026-11-29 21:06:41.604165+00', '2026-11-29 21:06:41.207456+00', '2026-11-29 21:06:41.411309+00', '''779841234568'' ''79841234568'' ''9779841234568'' ''9841234568'' ''example'' ''org'' ''ravi''');


--
-- Data for Name: calendar_editions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.calendar_editions VALUES
	('9e41d06c7a2b4f58831f5ac4d70be692', '5b0c7d21f4e84a36b9d2608ae1c97f03', '24/7', 'UTC', '{"fri":[["00:00","24:00"]],"mon":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]]}', '[]', '2026-11-29 21:06:35+00'),
	('01a22921a8a37178a9ff14354910271a', '01a22921a8a3717282ea8592d3a204d8', 'Kathmandu office', 'Asia/Kathmandu', '{"mon":[["09:00","17:00"]],"sun":[["09:00","17:00"]],"thu":[["09:00","17:00"]],"tue":[["09:00","17:00"]],"wed":[["09:00","17:00"]]}', '[{"date":"2026-12-25","name":"Christmas","yearly":false}]', '2026-11-29 21:06:41.443096+00');


--
-- Data for Name: calendars; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.calendars VALUES
	('5b0c7d21f4e84a36b9d2608ae1c97f03', '24/7', '24/7', 'UTC', '{"fri":[["00:00","24:00"]],"mon":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]]}', '[]', '9e41d06c7a2b4f58831f5ac4d70be692', true, '2026-11-29 21:06:35+00', '2026-11-29 21:06:35+00'),
	('01a22921a8a3717282ea8592d3a204d8', 'Kathmandu office', 'kathmandu office', 'Asia/Kathmandu', '{"mon":[["09:00","17:00"]],"sun":[["09:00","17:00"]],"thu":[["09:00","17:00"]],"tue":[["09:00","17:00"]],"wed":[["09:00","17:00"]]}', '[{"date":"2026-12-25","name":"Christmas","yearly":false}]', '01a22921a8a37178a9ff14354910271a', false, '2026-11-29 21:06:41.443096+00', '2026-11-29 21:06:41.443096+00');


--
-- Data for Name: clock_changes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clock_changes VALUES
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'resolution', 'running', 1),
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'resolution', 'running', 1),
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'first_response', 'running', 1),
	(9999999999, 'resolution', 'running', 1),
	(9999999999, 'first_response', 'running', -1),
	(1995540, 'first_response', 'met', 1),
	(9999999999, 'first_response', 'running', -1),
	(9999999999, 'first_response', 'running', -1),
	(1995540, 'first_response', 'breached', 1),
	(9999999999, 'resolution', 'running', 1),
	(9999999999, 'first_response', 'running', -1),
	(1995540, 'first_response', 'met', 1),
	(9999999999, 'resolution', 'running', -1),
	(1995540, 'resolution', 'met', 1),
	(9999999999, 'first_response', 'running', -1),
	(9999999999, 'resolution', 'running', -1);


--
-- Data for Name: clock_totals; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: goose_db_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.goose_db_version VALUES
	(1, 0, true, '2026-11-29 21:06:34.461031'),
	(2, 1, true, '2026-11-29 21:06:34.49628'),
	(3, 2, true, '2026-11-29 21:06:34.74034'),
	(4, 3, true, '2026-11-29 21:06:34.860748'),
	(5, 4, true, '2026-11-29 21:06:35.02286'),
	(6, 5, true, '2026-11-29 21:06:35.124344'),
	(7, 6, true, '2026-11-29 21:06:35.139891'),
	(8, 7, true, '2026-11-29 21:06:35.588065'),
	(9, 8, true, '2026-11-29 21:06:35.592554'),
	(10, 9, true, '2026-11-29 21:06:35.612216'),
	(11, 10, true, '2026-11-29 21:06:35.807996');


--
-- Data for Name: menus; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.menus VALUES
	('c6df6120f59c46a1bc09eaae6286fc34', 'Account Management', 'account management', '#', '#', '#', NULL, '', true, 1, 0, true, '2026-11-29 21:06:36.142678+00', '2026-11-29 21:06:36.142678+00'),
	('ba5e5ebc6887410e8352039d02acf744', 'Accounts', 'accounts', '/accounts/', '/accounts/create/', '/accounts/list/', 'c6df6120f59c46a1bc09eaae6286fc34', '', true, 1, 1, true, '2026-11-29 21:06:36.148534+00', '2026-11-29 21:06:36.148534+00'),
	('485dee4c021149168ce274f7d23c8695', 'Roles', 'roles', '/roles/', '/roles/create/', '/roles/list/', 'c6df6120f59c46a1bc09eaae6286fc34', '', true, 2, 1, true, '2026-11-29 21:06:36.149547+00', '2026-11-29 21:06:36.149547+00'),
	('3d1f0a6be87c4b52a94d15c7f2806e9b', 'Menus', 'menus', '/menus/', '/menus/create/', '/menus/list/', 'c6df6120f59c46a1bc09eaae6286fc34', '', true, 3, 1, true, '2026-11-29 21:06:36.150041+00', '2026-11-29 21:06:36.150041+00'),
	('c4f94146aad6453fbfc690dc77d1193b', 'Mapping', 'mapping', '#', '#', '#', NULL, '', true, 2, 0, true, '2026-11-29 21:06:36.151877+00', '2026-11-29 21:06:36.151877+00'),
	('f14b42987caa46b189fa69bb5b54f300', 'Account Role Mapping', 'account role mapping', '/account/role/mapping/', '/account/role/mapping/create/', '/account/role/mapping/list/', 'c4f94146aad6453fbfc690dc77d1193b', '', true, 1, 1, true, '2026-11-29 21:06:36.152473+00', '2026-11-29 21:06:36.152473+00'),
	('6d0de2bc3cd34389b7f921eed1458847', 'Role Menu Permission Mapping', 'role menu permission mapping', '/role/menu/permission/mapping/', '/role/menu/permission/mapping/create/', '/role/menu/permission/mapping/list/', 'c4f94146aad6453fbfc690dc77d1193b', '', true, 2, 1, true, '2026-11-29 21:06:36.154349+00', '2026-11-29 21:06:36.154349+00'),
	('ddc297800dab427fbda4f47a7d4cfb34', 'Account Menu Mapping', 'account menu mapping', '/account/menu/mapping/', '/account/menu/mapping/create/', '/account/menu/mapping/list/', 'c4f94146aad6453fbfc690dc77d1193b', '', true, 3, 1, true, '2026-11-29 21:06:36.154782+00', '2026-11-29 21:06:36.154782+00'),
	('b259bb4434f743e8ba8f3022274b2fde', 'Ticket Management', 'ticket management', '#', '#', '#', NULL, '', true, 3, 0, true, '2026-11-29 21:06:36.155459+00', '2026-11-29 21:06:36.155459+00'),
	('6f93380923f74ad5829ae69d11646668', 'Tickets', 'tickets', '/tickets/', '/tickets/create/', '/tickets/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 1, 1, true, '2026-11-29 21:06:36.155744+00', '2026-11-29 21:06:36.155744+00'),
	('0d23631999754eb7b41824dfd4a01964', 'Ticket Status', 'ticket status', '/ticket-status/', '/ticket-status/create/', '/ticket-status/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 2, 1, true, '2026-11-29 21:06:36.156102+00', '2026-11-29 21:06:36.156102+00'),
	('19f9cd9e06824eb68b08d73459180b62', 'Ticket Priority', 'ticket priority', '/ticket-priority/', '/ticket-priority/create/', '/ticket-priority/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 3, 1, true, '2026-11-29 21:06:36.156863+00', '2026-11-29 21:06:36.156863+00'),
	('392fa89e362e47dc9560841975f34fed', 'Notification Log', 'notification log', '/tickets/notification-logs/', '/tickets/notification-logs/create/', '/tickets/notification-logs/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 4, 1, true, '2026-11-29 21:06:36.157185+00', '2026-11-29 21:06:36.157185+00'),
	('8e52c9d7041b4f6e9a3cb0d84f7163a5', 'SLA Policies', 'sla policies', '/sla-policies/', '/sla-policies/create/', '/sla-policies/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 5, 1, true, '2026-11-29 21:06:36.158976+00', '2026-11-29 21:06:36.158976+00'),
	('a7460b3f92de4c18b5e86d09c31f2e74', 'Calendars', 'calendars', '/calendars/', '/calendars/create/', '/calendars/list/', 'b259bb4434f743e8ba8f3022274b2fde', '', true, 6, 1, true, '2026-11-29 21:06:36.159658+00', '2026-11-29 21:06:36.159658+00'),
	('01a22921a74374cb9b46d9647e9a11e6', 'Printers', 'printers', '/printers/', '', '', NULL, '', true, 0, 0, true, '2026-11-29 21:06:41.091315+00', '2026-11-29 21:06:41.091315+00');


--
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.meta VALUES
	('seeds', 1);


--
-- Data for Name: notification_logs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notification_logs VALUES
	('01a22921aa8273968a2401a107827140', 'comment_added', '01a22921a74a761789a434e27e5545b3', '01a22921a7b776f48c1149684115272a', '01a22921a9bd708cadbff37e1fcddea0', 'New comment: The printer burns', 'TKT-20261129-0001: comment added by ravi.', false, true, '2026-11-29 21:06:41.919616+00', NULL, '2026-11-29 21:06:41.919616+00', '2026-11-29 21:06:41.919616+00', false, 'sent', 0, '', 0),
	('01a22921aad075098eee024dfc320fa6', 'priority_changed', '01a22921a7b776f48c1149684115272a', '01a22921a74a761789a434e27e5545b3', '01a22921a9f57335a137d8b34d59069c', 'Priority changed: Screen flickers', 'TKT-20261129-0005: priority changed from Medium to High by gita.', true, true, '2026-11-29 21:06:41.994213+00', '2026-11-29 21:06:45.199126+00', '2026-11-29 21:06:41.994213+00', '2026-11-29 21:06:45.199126+00', false, 'sent', 0, '', 0),
	('01a22921aaa079a19984c818dcc4ac29', 'status_changed', '01a22921a7b776f48c1149684115272a', '01a22921a74a761789a434e27e5545b3', '01a22921a9db7e79afda3cf947778b74', 'Status changed: Élan «naïve» 日本語 \ '' % _', 'TKT-20261129-0002: status changed from Open to Pending by gita.', true, true, '2026-11-29 21:06:41.934509+00', '2026-11-29 21:06:45.199126+00', '2026-11-29 21:06:41.934509+00', '2026-11-29 21:06:45.199126+00', false, 'sent', 0, '', 0),
	('01a22921aa4076d39006d219e1c8b11e', 'comment_added', '01a22921a7b776f48c1149684115272a', '01a22921a74a761789a434e27e5545b3', '01a22921a9bd708cadbff37e1fcddea0', 'New comment: The printer burns', 'TKT-20261129-0001: comment added by gita.', true, true, '2026-11-29 21:06:41.84639+00', '2026-11-29 21:06:45.199126+00', '2026-11-29 21:06:41.84639+00', '2026-11-29 21:06:45.199126+00', false, 'sent', 0, '', 0);


--
-- Data for Name: replies; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.replies VALUES
	('f51ad8450d6838eaa931b41c4f398e51182ad828d90ef9a9001c6a884bea324a', 'e2edcc1b8b8b2f747e13689e64f10b463bfa729078196f08ee81bade4240cc14', 201, '/api/ticket/01a22921a9bd708cadbff37e1fcddea0/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231613962643730386361646266663337653166636464656130222c227469636b65744e756d626572223a22544b542d32303236313132392d30303031222c227469746c65223a22546865207072696e746572206275726e73222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520302e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a224d656469756d222c227072696f726974794964223a223031613232393231393437653765366562623130376563323132613566333438222c2263726561746564466f72223a2272617669222c2263726561746564466f724964223a223031613232393231613762373736663438633131343936383431313532373261222c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2272617669222c226372656174656442794964223a223031613232393231613762373736663438633131343936383431313532373261222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305432313a30363a34312e37323530335a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e37323530335a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e37323530335a227d7d', '2026-11-29 21:06:41.749794+00'),
	('78b37c83f909dbaf6216444519c69693e2398f2a2a82b504c67e020819479217', '07d427ffeb4273d25c7cbae8b657725ae814cd3b2f4f815d80f9c9347a735ed0', 201, '/api/ticket/01a22921a9db7e79afda3cf947778b74/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231613964623765373961666461336366393437373738623734222c227469636b65744e756d626572223a22544b542d32303236313132392d30303032222c227469746c65223a22c3896c616e20c2ab6e61c3af7665c2bb20e697a5e69cace8aa9e205c5c20272025205f222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520312e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a224d656469756d222c227072696f726974794964223a223031613232393231393437653765366562623130376563323132613566333438222c2263726561746564466f72223a2272617669222c2263726561746564466f724964223a223031613232393231613762373736663438633131343936383431313532373261222c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2272617669222c226372656174656442794964223a223031613232393231613762373736663438633131343936383431313532373261222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305432313a30363a34312e3735353934335a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e3735353934335a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e3735353934335a227d7d', '2026-11-29 21:06:41.759862+00'),
	('5cd927206240bbdc3f8f3b85b9af0cd0ab00ed915aff33ef43bb444dcb6978ab', 'fdd28292c6e431aadd48aba08547f999094b23125ebeee473da3616bc1cdbd0c', 201, '/api/ticket/01a22921a9e47124929c002f6a700d89/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231613965343731323439323963303032663661373030643839222c227469636b65744e756d626572223a22544b542d32303236313132392d30303033222c227469746c65223a2250617373776f726420666f72676f7474656e222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520322e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a2248696768222c227072696f726974794964223a223031613232393231393437613764646539636137643035623534343662383731222c2263726561746564466f72223a6e756c6c2c2263726561746564466f724964223a6e756c6c2c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2267697461222c226372656174656442794964223a223031613232393231613734613736313738396134333465323765353534356233222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305430343a31353a30305a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e3736343036395a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e3736343036395a227d7d', '2026-11-29 21:06:41.769069+00'),
	('aea563c527ea7de5d926438559b0441a5b42f77aee7c1c943b6959c2cad2a85c', 'e2df0d509d29e86267f5a5dcbe314122a497701611ce538e8cfd08a53989ca0b', 201, '/api/ticket/01a22921a9ed739a9ea4e1f7acc378d4/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231613965643733396139656134653166376163633337386434222c227469636b65744e756d626572223a22544b542d32303236313132392d30303034222c227469746c65223a224e6f206e6574776f726b222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520332e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a2248696768222c227072696f726974794964223a223031613232393231393437613764646539636137643035623534343662383731222c2263726561746564466f72223a6e756c6c2c2263726561746564466f724964223a6e756c6c2c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2267697461222c226372656174656442794964223a223031613232393231613734613736313738396134333465323765353534356233222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305430343a31353a30305a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e3737333233325a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e3737333233325a227d7d', '2026-11-29 21:06:41.777164+00'),
	('b8dd292aad79c8d9723339c10ced197803a75a3cb014d1fa71a134aca3a78e26', '8740d4073500d55987e4e7fd169c3f78c1dd0d4f36c3b1ea4084a638d6dc1d16', 201, '/api/ticket/01a22921a9f57335a137d8b34d59069c/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231613966353733333561313337643862333464353930363963222c227469636b65744e756d626572223a22544b542d32303236313132392d30303035222c227469746c65223a2253637265656e20666c69636b657273222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520342e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a224d656469756d222c227072696f726974794964223a223031613232393231393437653765366562623130376563323132613566333438222c2263726561746564466f72223a2272617669222c2263726561746564466f724964223a223031613232393231613762373736663438633131343936383431313532373261222c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2272617669222c226372656174656442794964223a223031613232393231613762373736663438633131343936383431313532373261222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305432313a30363a34312e3738313230375a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e3738313230375a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e3738313230375a227d7d', '2026-11-29 21:06:41.786349+00'),
	('3f81fc2aa27e2c89785890d2978925809296d6499fa9e9f3f8e08cedfbc766de', '4ebcc260832976f7ae0c4f5714de499b5ef9bc610e7f530d5fd7b80d8b90ec7e', 201, '/api/ticket/01a22921aa0173bdab85f96dc259a22d/', '\x7b22526573706f6e7365436f6465223a2230222c22726573706f6e7365223a225469636b65742063726561746564207375636365737366756c6c792e222c2264617461223a7b227265666572656e63654964223a223031613232393231616130313733626461623835663936646332353961323264222c227469636b65744e756d626572223a22544b542d32303236313132392d30303036222c227469746c65223a22446f6e6520616e6420636c6f736564222c226465736372697074696f6e223a22497420626567616e206174206e6f6f6e2e5c6e5365636f6e64206c696e6520352e222c226d656e75223a6e756c6c2c226d656e754964223a6e756c6c2c22737461747573223a224f70656e222c227374617475734964223a223031613232393231393435613735633361363566653435616538373966656362222c2273746174757354797065223a226f70656e222c227072696f72697479223a2248696768222c227072696f726974794964223a223031613232393231393437613764646539636137643035623534343662383731222c2263726561746564466f72223a6e756c6c2c2263726561746564466f724964223a6e756c6c2c2261737369676e6564546f223a6e756c6c2c2261737369676e6564546f4964223a6e756c6c2c22637265617465644279223a2267697461222c226372656174656442794964223a223031613232393231613734613736313738396134333465323765353534356233222c22726573706f6e7365446561646c696e65223a6e756c6c2c2264756544617465223a6e756c6c2c226669727374526573706f6e73654174223a6e756c6c2c227265736f6c7665644174223a6e756c6c2c22736c6144756544617465223a22323032362d31312d33305430343a31353a30305a222c22736c614272656163686564223a66616c73652c226973457363616c61746564223a66616c73652c22637573746f6d6572536174697366616374696f6e223a6e756c6c2c22637265617465644174223a22323032362d31312d32395432313a30363a34312e3739333233395a222c22757064617465644174223a22323032362d31312d32395432313a30363a34312e3739333233395a227d7d', '2026-11-29 21:06:41.80076+00');


--
-- Data for Name: river_job; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.river_job VALUES
	(1, 'completed', 1, 5, '2026-11-29 21:06:37.530376+00', '2026-11-29 21:06:37.479181+00', '2026-11-29 21:06:37.6306+00', '2026-11-29 21:06:37.472683+00', 1, '{}', '{vm_2026_11_29T21_06_37_045833}', NULL, 'purge', '{"periodic": true, "river:periodic_job_id": "purge"}', 'default', '{}', '\xdc26544475c1002bcda945cd834cbc069af5fd0abcca96f599bf1ba675e3a328', B'11110001');


--
-- Data for Name: river_leader; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: river_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.river_migration VALUES
	('main', 1, '2026-11-29 21:06:35.296251+00'),
	('main', 2, '2026-11-29 21:06:35.326177+00'),
	('main', 3, '2026-11-29 21:06:35.377319+00'),
	('main', 4, '2026-11-29 21:06:35.388148+00'),
	('main', 5, '2026-11-29 21:06:35.419295+00'),
	('main', 6, '2026-11-29 21:06:35.480338+00'),
	('main', 7, '2026-11-29 21:06:35.495665+00'),
	('main', 8, '2026-11-29 21:06:35.546836+00');


--
-- Data for Name: river_notification; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: river_queue; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.river_queue VALUES
	('default', '2026-11-29 21:06:37.074982+00', '{}', NULL, '2026-11-29 21:06:37.074982+00');


--
-- Data for Name: role_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.role_permissions VALUES
	('01a22921940879d681f102f7751457c4', '01a2292193e571c0b20ff2d9b593ee81', 'c6df6120f59c46a1bc09eaae6286fc34', 15, '2026-11-29 21:06:36.168646+00', '2026-11-29 21:06:36.168646+00'),
	('01a22921940879e1a4b2bd7d446a563f', '01a2292193e571c0b20ff2d9b593ee81', 'c4f94146aad6453fbfc690dc77d1193b', 15, '2026-11-29 21:06:36.168647+00', '2026-11-29 21:06:36.168647+00'),
	('01a22921940879e48f5007f62f18a349', '01a2292193e571c0b20ff2d9b593ee81', 'b259bb4434f743e8ba8f3022274b2fde', 15, '2026-11-29 21:06:36.168648+00', '2026-11-29 21:06:36.168648+00'),
	('01a22921940879e79d7520344122dee4', '01a2292193e571c0b20ff2d9b593ee81', 'f14b42987caa46b189fa69bb5b54f300', 15, '2026-11-29 21:06:36.168649+00', '2026-11-29 21:06:36.168649+00'),
	('01a22921940879eba48056d4c7691a8f', '01a2292193e571c0b20ff2d9b593ee81', 'ba5e5ebc6887410e8352039d02acf744', 15, '2026-11-29 21:06:36.16865+00', '2026-11-29 21:06:36.16865+00'),
	('01a22921940879eeb70af0110171dc0e', '01a2292193e571c0b20ff2d9b593ee81', '6f93380923f74ad5829ae69d11646668', 15, '2026-11-29 21:06:36.168651+00', '2026-11-29 21:06:36.168651+00'),
	('01a22921940879f1aeba87897b697332', '01a2292193e571c0b20ff2d9b593ee81', '6d0de2bc3cd34389b7f921eed1458847', 15, '2026-11-29 21:06:36.168651+00', '2026-11-29 21:06:36.168651+00'),
	('01a22921940879f49f8b71d10fa4364f', '01a2292193e571c0b20ff2d9b593ee81', '485dee4c021149168ce274f7d23c8695', 15, '2026-11-29 21:06:36.168652+00', '2026-11-29 21:06:36.168652+00'),
	('01a22921940879f6af8c3f008274ed02', '01a2292193e571c0b20ff2d9b593ee81', '0d23631999754eb7b41824dfd4a01964', 15, '2026-11-29 21:06:36.168653+00', '2026-11-29 21:06:36.168653+00'),
	('01a22921940879f9a9d122d2ac75b036', '01a2292193e571c0b20ff2d9b593ee81', 'ddc297800dab427fbda4f47a7d4cfb34', 15, '2026-11-29 21:06:36.168653+00', '2026-11-29 21:06:36.168653+00'),
	('01a22921940879fdb426c5ae15b4aae0', '01a2292193e571c0b20ff2d9b593ee81', '3d1f0a6be87c4b52a94d15c7f2806e9b', 15, '2026-11-29 21:06:36.168654+00', '2026-11-29 21:06:36.168654+00'),
	('01a22921940879ff9f5e53f2430ca8d8', '01a2292193e571c0b20ff2d9b593ee81', '19f9cd9e06824eb68b08d73459180b62', 15, '2026-11-29 21:06:36.168655+00', '2026-11-29 21:06:36.168655+00'),
	('01a2292194087a01b78c48fcf6f8ec52', '01a2292193e571c0b20ff2d9b593ee81', '392fa89e362e47dc9560841975f34fed', 15, '2026-11-29 21:06:36.168655+00', '2026-11-29 21:06:36.168655+00'),
	('01a2292194087a04ac445480b2102cef', '01a2292193e571c0b20ff2d9b593ee81', '8e52c9d7041b4f6e9a3cb0d84f7163a5', 15, '2026-11-29 21:06:36.168656+00', '2026-11-29 21:06:36.168656+00'),
	('01a2292194087a07b00e1eaa0fe664de', '01a2292193e571c0b20ff2d9b593ee81', 'a7460b3f92de4c18b5e86d09c31f2e74', 15, '2026-11-29 21:06:36.168657+00', '2026-11-29 21:06:36.168657+00'),
	('01a22921a7237bf9a68cc98dae1b3111', '01a22921a70d76ef97f323b123fd2750', '6f93380923f74ad5829ae69d11646668', 7, '2026-11-29 21:06:41.059766+00', '2026-11-29 21:06:41.059766+00'),
	('01a22921a7347abc9c58d822d8159590', '01a22921a71b7a7e99c942367d2d2005', '6f93380923f74ad5829ae69d11646668', 3, '2026-11-29 21:06:41.076686+00', '2026-11-29 21:06:41.076686+00');


--
-- Data for Name: roles; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.roles VALUES
	('01a2292193ec713da57119b3f9e4cafb', 'supervisor', 'all', true, '', '2026-11-29 21:06:36.140082+00', '2026-11-29 21:06:36.140082+00'),
	('01a2292193ec77038e76ca862bce25c4', 'agent', 'all', true, '', '2026-11-29 21:06:36.140468+00', '2026-11-29 21:06:36.140468+00'),
	('01a2292193ec7af8b39ed29dd914f23d', 'customer', 'own', true, '', '2026-11-29 21:06:36.140719+00', '2026-11-29 21:06:36.140719+00'),
	('01a2292193e571c0b20ff2d9b593ee81', 'admin', 'all', true, '0d23631999754eb7b41824dfd4a01964 15 /ticket-status/
19f9cd9e06824eb68b08d73459180b62 15 /ticket-priority/
392fa89e362e47dc9560841975f34fed 15 /tickets/notification-logs/
3d1f0a6be87c4b52a94d15c7f2806e9b 15 /menus/
485dee4c021149168ce274f7d23c8695 15 /roles/
6d0de2bc3cd34389b7f921eed1458847 15 /role/menu/permission/mapping/
6f93380923f74ad5829ae69d11646668 15 /tickets/
8e52c9d7041b4f6e9a3cb0d84f7163a5 15 /sla-policies/
a7460b3f92de4c18b5e86d09c31f2e74 15 /calendars/
b259bb4434f743e8ba8f3022274b2fde 15 #
ba5e5ebc6887410e8352039d02acf744 15 /accounts/
c4f94146aad6453fbfc690dc77d1193b 15 #
c6df6120f59c46a1bc09eaae6286fc34 15 #
ddc297800dab427fbda4f47a7d4cfb34 15 /account/menu/mapping/
f14b42987caa46b189fa69bb5b54f300 15 /account/role/mapping/', '2026-11-29 21:06:36.133115+00', '2026-11-29 21:06:36.133115+00'),
	('01a22921a70d76ef97f323b123fd2750', 'field engineers', 'all', false, '6f93380923f74ad5829ae69d11646668 7 /tickets/', '2026-11-29 21:06:41.037455+00', '2026-11-29 21:06:41.037455+00'),
	('01a22921a71b7a7e99c942367d2d2005', 'clients', 'own', false, '6f93380923f74ad5829ae69d11646668 3 /tickets/', '2026-11-29 21:06:41.051689+00', '2026-11-29 21:06:41.051689+00');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES
	('01a22921a6b676d98bb95ea4b86de012', '01a2292195907e75a995f27388c98ad9', '01a22921a6b676e08dfed4f7b6c1a5e1', NULL, '2026-11-29 21:06:40.663413+00', '2026-11-29 21:06:40.663413+00', '2026-12-06 21:06:40.663413+00', NULL),
	('01a22921a93e7b9887981d2114f51dc6', '01a22921a74a761789a434e27e5545b3', '01a22921a93e7ba09cf1ecff3bdb90da', NULL, '2026-11-29 21:06:41.482666+00', '2026-11-29 21:06:41.482666+00', '2026-12-06 21:06:41.482666+00', NULL),
	('01a22921a9a87259bdd11be4ce17b41d', '01a22921a7b776f48c1149684115272a', '01a22921a9a8725f8864d034c19628aa', NULL, '2026-11-29 21:06:41.604165+00', '2026-11-29 21:06:41.604165+00', '2026-12-06 21:06:41.604165+00', NULL);


--
-- Data for Name: sla_clocks; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sla_clocks VALUES
	('01a22921a9e47124929c002f6a700d89', 'first_response', 1, 'running', '2026-11-30 04:15:00+00', NULL),
	('01a22921a9e47124929c002f6a700d89', 'resolution', 1, 'running', '2026-11-30 11:15:00+00', NULL),
	('01a22921a9ed739a9ea4e1f7acc378d4', 'resolution', 1, 'running', '2026-11-30 11:15:00+00', NULL),
	('01a22921a9bd708cadbff37e1fcddea0', 'first_response', 1, 'met', NULL, '2026-11-29 21:06:41.84639+00'),
	('01a22921a9db7e79afda3cf947778b74', 'first_response', 1, 'paused', NULL, NULL),
	('01a22921a9ed739a9ea4e1f7acc378d4', 'first_response', 1, 'breached', NULL, '2026-11-29 21:06:41.972622+00'),
	('01a22921a9f57335a137d8b34d59069c', 'first_response', 1, 'running', '2026-11-30 04:15:00+00', NULL),
	('01a22921a9f57335a137d8b34d59069c', 'resolution', 1, 'running', '2026-11-30 11:15:00+00', NULL),
	('01a22921aa0173bdab85f96dc259a22d', 'first_response', 1, 'met', NULL, '2026-11-29 21:06:42.006793+00'),
	('01a22921aa0173bdab85f96dc259a22d', 'resolution', 1, 'met', NULL, '2026-11-29 21:06:42.006793+00');


--
-- Data for Name: sla_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sla_events VALUES
	('01a22921a9bd708cadbff37e1fcddea0', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.72503+00', '2026-11-29 21:06:41.72503+00', '', NULL, '01a22921947e7e6ebb107ec212a5f348', 86400, NULL, '9e41d06c7a2b4f58831f5ac4d70be692', 80, 'pending', 'resume', false),
	('01a22921a9db7e79afda3cf947778b74', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.755943+00', '2026-11-29 21:06:41.755943+00', '', NULL, '01a22921947e7e6ebb107ec212a5f348', 86400, NULL, '9e41d06c7a2b4f58831f5ac4d70be692', 80, 'pending', 'resume', false),
	('01a22921a9e47124929c002f6a700d89', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.764069+00', '2026-11-29 21:06:41.764069+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 3600, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9e47124929c002f6a700d89', 2, 'resolution', 1, 'activate', '2026-11-29 21:06:41.764069+00', '2026-11-29 21:06:41.764069+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 28800, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9ed739a9ea4e1f7acc378d4', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.773232+00', '2026-11-29 21:06:41.773232+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 3600, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9ed739a9ea4e1f7acc378d4', 2, 'resolution', 1, 'activate', '2026-11-29 21:06:41.773232+00', '2026-11-29 21:06:41.773232+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 28800, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9f57335a137d8b34d59069c', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.781207+00', '2026-11-29 21:06:41.781207+00', '', NULL, '01a22921947e7e6ebb107ec212a5f348', 86400, NULL, '9e41d06c7a2b4f58831f5ac4d70be692', 80, 'pending', 'resume', false),
	('01a22921aa0173bdab85f96dc259a22d', 1, 'first_response', 1, 'activate', '2026-11-29 21:06:41.793239+00', '2026-11-29 21:06:41.793239+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 3600, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921aa0173bdab85f96dc259a22d', 2, 'resolution', 1, 'activate', '2026-11-29 21:06:41.793239+00', '2026-11-29 21:06:41.793239+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 28800, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9bd708cadbff37e1fcddea0', 2, 'first_response', 1, 'fulfil', '2026-11-29 21:06:41.84639+00', '2026-11-29 21:06:41.84639+00', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22921a9db7e79afda3cf947778b74', 2, 'first_response', 1, 'pause', '2026-11-29 21:06:41.934509+00', '2026-11-29 21:06:41.934509+00', 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22921a9ed739a9ea4e1f7acc378d4', 3, 'first_response', 1, 'retarget', '2026-11-29 21:06:41.972622+00', '2026-11-29 21:06:41.972622+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 0, '2026-01-01 00:00:00+00', '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9ed739a9ea4e1f7acc378d4', 4, 'first_response', 1, 'breach', '2026-11-29 21:06:41.972622+00', '2026-11-29 21:06:41.972622+00', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22921a9f57335a137d8b34d59069c', 2, 'first_response', 1, 'retarget', '2026-11-29 21:06:41.994213+00', '2026-11-29 21:06:41.994213+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 3600, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921a9f57335a137d8b34d59069c', 3, 'resolution', 1, 'activate', '2026-11-29 21:06:41.781207+00', '2026-11-29 21:06:41.994213+00', '', '01a22921a8c07a098c8cd8f17f99dd71', NULL, 28800, NULL, '01a22921a8a37178a9ff14354910271a', 80, 'pending', 'resume', true),
	('01a22921aa0173bdab85f96dc259a22d', 3, 'first_response', 1, 'fulfil', '2026-11-29 21:06:42.006793+00', '2026-11-29 21:06:42.006793+00', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22921aa0173bdab85f96dc259a22d', 4, 'resolution', 1, 'fulfil', '2026-11-29 21:06:42.006793+00', '2026-11-29 21:06:42.006793+00', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);


--
-- Data for Name: sla_policies; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sla_policies VALUES
	('01a22921a8c07a098c8cd8f17f99dd71', 'Gold', 'gold', 1, 'pending', 'resume', true, true, '2026-11-29 21:06:41.472658+00', '2026-11-29 21:06:41.472658+00');


--
-- Data for Name: sla_policy_menus; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: sla_policy_priorities; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sla_policy_priorities VALUES
	('01a22921a8c07a098c8cd8f17f99dd71', '01a22921947a7dde9ca7d05b5446b871', 0);


--
-- Data for Name: sla_policy_targets; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sla_policy_targets VALUES
	('01a22921a8c07a098c8cd8f17f99dd71', 'first_response', 0, 60, '01a22921a8a3717282ea8592d3a204d8', 80),
	('01a22921a8c07a098c8cd8f17f99dd71', 'resolution', 1, 480, '01a22921a8a3717282ea8592d3a204d8', 80);


--
-- Data for Name: throttle; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: ticket_changes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_changes VALUES
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947e7e6ebb107ec212a5f348', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947e7e6ebb107ec212a5f348', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947e7e6ebb107ec212a5f348', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947e7e6ebb107ec212a5f348', -1),
	('01a22921946370b799621ecf41ce143e', '01a22921947e7e6ebb107ec212a5f348', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947e7e6ebb107ec212a5f348', -1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', -1),
	('01a22921946573d7afc00a100b8a8e4d', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921946573d7afc00a100b8a8e4d', '01a22921947a7dde9ca7d05b5446b871', -1),
	('01a22921946979a5b31eefb8ed140552', '01a22921947a7dde9ca7d05b5446b871', 1),
	('01a22921945a75c3a65fe45ae879fecb', '01a22921947a7dde9ca7d05b5446b871', -1);


--
-- Data for Name: ticket_comments; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_comments VALUES
	('01a22921aa367619a062b2e6bc1ec5f2', '01a22921a9bd708cadbff37e1fcddea0', 'We are on our way.', 'public', '01a22921a74a761789a434e27e5545b3', '2026-11-29 21:06:41.84639+00', NULL),
	('01a22921aa68710db22b24d1cd203f9d', '01a22921a9bd708cadbff37e1fcddea0', 'He smokes beside it.', 'internal', '01a22921a74a761789a434e27e5545b3', '2026-11-29 21:06:41.89606+00', NULL),
	('01a22921aa7f798281376c281f321306', '01a22921a9bd708cadbff37e1fcddea0', 'Thank you!', 'public', '01a22921a7b776f48c1149684115272a', '2026-11-29 21:06:41.919616+00', NULL);


--
-- Data for Name: ticket_history; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_history VALUES
	('01a22921a9d473679ff6480197a9230a', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.72503+00', '01a22921a7b776f48c1149684115272a', 'api', 'created', '', '', 'TKT-20261129-0001', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921a9df763d9f1d304ac51ebec8', '01a22921a9db7e79afda3cf947778b74', '2026-11-29 21:06:41.755943+00', '01a22921a7b776f48c1149684115272a', 'api', 'created', '', '', 'TKT-20261129-0002', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921a9e877d88b13d78cf37fec73', '01a22921a9e47124929c002f6a700d89', '2026-11-29 21:06:41.764069+00', '01a22921a74a761789a434e27e5545b3', 'api', 'created', '', '', 'TKT-20261129-0003', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921a9f07aba9b6cbf022af00f4d', '01a22921a9ed739a9ea4e1f7acc378d4', '2026-11-29 21:06:41.773232+00', '01a22921a74a761789a434e27e5545b3', 'api', 'created', '', '', 'TKT-20261129-0004', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921a9f9796e9b997e30529f33b7', '01a22921a9f57335a137d8b34d59069c', '2026-11-29 21:06:41.781207+00', '01a22921a7b776f48c1149684115272a', 'api', 'created', '', '', 'TKT-20261129-0005', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa0872869d836fd246b52890', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:41.793239+00', '01a22921a74a761789a434e27e5545b3', 'api', 'created', '', '', 'TKT-20261129-0006', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa2572a099b6b0792bf402c2', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.825345+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'menu', '', '01a22921a74374cb9b46d9647e9a11e6', '', 'Printers', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa2572acb11f3658d402bc6d', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.825345+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'assignedTo', '', '01a22921a74a761789a434e27e5545b3', '', 'gita', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa3d782a8b1f73a4390841a2', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.84639+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'firstResponseAt', '', '2026-11-29T21:06:41.84639Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa3d78379b6573533576f565', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.84639+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'slaDueDate', '2026-11-30T21:06:41.72503Z', '', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa3d7842938dce38793b0246', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.84639+00', '01a22921a74a761789a434e27e5545b3', 'api', 'commented', '', '', '', '', '', '01a22921aa367619a062b2e6bc1ec5f2', false, DEFAULT, DEFAULT),
	('01a22921aa6c72e9895b9e98b3bea069', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.89606+00', '01a22921a74a761789a434e27e5545b3', 'api', 'commented', '', '', '', '', '', '01a22921aa68710db22b24d1cd203f9d', true, DEFAULT, DEFAULT),
	('01a22921aa8178628f45917fae5d80d1', '01a22921a9bd708cadbff37e1fcddea0', '2026-11-29 21:06:41.919616+00', '01a22921a7b776f48c1149684115272a', 'api', 'commented', '', '', '', '', '', '01a22921aa7f798281376c281f321306', false, DEFAULT, DEFAULT),
	('01a22921aa9e77f5b9cf4676c6a36521', '01a22921a9db7e79afda3cf947778b74', '2026-11-29 21:06:41.934509+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'status', '01a22921945a75c3a65fe45ae879fecb', '01a22921946370b799621ecf41ce143e', 'Open', 'Pending', NULL, false, DEFAULT, DEFAULT),
	('01a22921aa9e7814bb9bd1bdcd37d322', '01a22921a9db7e79afda3cf947778b74', '2026-11-29 21:06:41.934509+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'slaDueDate', '2026-11-30T21:06:41.755943Z', '', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aabc79e8a97e8cd9629d2cf8', '01a22921a9ed739a9ea4e1f7acc378d4', '2026-11-29 21:06:41.972622+00', '01a2292195907e75a995f27388c98ad9', 'api', 'changed', 'slaDueDate', '2026-11-30T04:15:00Z', '2026-01-01T00:00:00Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aabc79f492244010663f18ae', '01a22921a9ed739a9ea4e1f7acc378d4', '2026-11-29 21:06:41.972622+00', '01a2292195907e75a995f27388c98ad9', 'api', 'changed', 'slaBreached', 'false', 'true', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aabc79fba2d3494e0af067ce', '01a22921a9ed739a9ea4e1f7acc378d4', '2026-11-29 21:06:41.972622+00', '01a2292195907e75a995f27388c98ad9', 'api', 'changed', 'isEscalated', 'false', 'true', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aabc7a16a6e58e7c6a519db3', '01a22921a9ed739a9ea4e1f7acc378d4', '2026-11-29 21:06:41.972622+00', NULL, 'job', 'sla_breached', 'first_response', '', '2026-11-29T21:06:41.972622Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aace788e99de6213c2fb6921', '01a22921a9f57335a137d8b34d59069c', '2026-11-29 21:06:41.994213+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'priority', '01a22921947e7e6ebb107ec212a5f348', '01a22921947a7dde9ca7d05b5446b871', 'Medium', 'High', NULL, false, DEFAULT, DEFAULT),
	('01a22921aace78a78d014a45131841bd', '01a22921a9f57335a137d8b34d59069c', '2026-11-29 21:06:41.994213+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'slaDueDate', '2026-11-30T21:06:41.781207Z', '2026-11-30T04:15:00Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aae1762cb34eeebd5d07fd5c', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.006793+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'status', '01a22921945a75c3a65fe45ae879fecb', '01a22921946573d7afc00a100b8a8e4d', 'Open', 'Resolved', NULL, false, DEFAULT, DEFAULT),
	('01a22921aae17653b4000b8fdee012b5', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.006793+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'firstResponseAt', '', '2026-11-29T21:06:42.006793Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aae176608d4964b658609b4e', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.006793+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'resolvedAt', '', '2026-11-29T21:06:42.006793Z', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aae1766c8cb45c6b72db20c8', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.006793+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'slaDueDate', '2026-11-30T04:15:00Z', '', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aaea718ab56e4ceee552de72', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.025184+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'customerSatisfaction', '', '4', '', '', NULL, false, DEFAULT, DEFAULT),
	('01a22921aaf2729db1976972b9bacf7e', '01a22921aa0173bdab85f96dc259a22d', '2026-11-29 21:06:42.032479+00', '01a22921a74a761789a434e27e5545b3', 'api', 'changed', 'status', '01a22921946573d7afc00a100b8a8e4d', '01a22921946979a5b31eefb8ed140552', 'Resolved', 'Closed', NULL, false, DEFAULT, DEFAULT),
	('01a22921ab047c44864ea91de9d5e90c', '01a22921a9e47124929c002f6a700d89', '2026-11-29 21:06:42.050937+00', '01a2292195907e75a995f27388c98ad9', 'api', 'deleted', '', '', '', '', '', NULL, false, DEFAULT, DEFAULT);


--
-- Data for Name: ticket_numbers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_numbers VALUES
	('20261129', 6);


--
-- Data for Name: ticket_priorities; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_priorities VALUES
	('01a22921947878959bc5f04da9257768', 'Critical', 'critical', 'CRITICAL', '', 40, '#dc3545', 4, false, '2026-11-29 21:06:36.280564+00', '2026-11-29 21:06:36.280564+00'),
	('01a22921947a7dde9ca7d05b5446b871', 'High', 'high', 'HIGH', '', 30, '#fd7e14', 8, false, '2026-11-29 21:06:36.28291+00', '2026-11-29 21:06:36.28291+00'),
	('01a22921947e7e6ebb107ec212a5f348', 'Medium', 'medium', 'MEDIUM', '', 20, '#ffc107', 24, true, '2026-11-29 21:06:36.286947+00', '2026-11-29 21:06:36.286947+00'),
	('01a22921948375cb8237a466cc2dbad2', 'Low', 'low', 'LOW', '', 10, '#28a745', 72, false, '2026-11-29 21:06:36.291381+00', '2026-11-29 21:06:36.291381+00');


--
-- Data for Name: ticket_statuses; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ticket_statuses VALUES
	('01a22921945a75c3a65fe45ae879fecb', 'Open', 'open', 'OPEN', '', 1, 'open', true, '2026-11-29 21:06:36.250379+00', '2026-11-29 21:06:36.250379+00', DEFAULT),
	('01a22921945e72bfa89daa78d8c9067b', 'In Progress', 'in progress', 'IN_PROGRESS', '', 2, 'in_progress', false, '2026-11-29 21:06:36.254181+00', '2026-11-29 21:06:36.254181+00', DEFAULT),
	('01a22921946370b799621ecf41ce143e', 'Pending', 'pending', 'PENDING', '', 3, 'pending', false, '2026-11-29 21:06:36.259048+00', '2026-11-29 21:06:36.259048+00', DEFAULT),
	('01a22921946573d7afc00a100b8a8e4d', 'Resolved', 'resolved', 'RESOLVED', '', 4, 'resolved', false, '2026-11-29 21:06:36.261253+00', '2026-11-29 21:06:36.261253+00', DEFAULT),
	('01a22921946979a5b31eefb8ed140552', 'Closed', 'closed', 'CLOSED', '', 5, 'closed', false, '2026-11-29 21:06:36.265633+00', '2026-11-29 21:06:36.265633+00', DEFAULT),
	('01a22921947073c983cf3b3bd141354e', 'Cancelled', 'cancelled', 'CANCELLED', '', 6, 'cancelled', false, '2026-11-29 21:06:36.272249+00', '2026-11-29 21:06:36.272249+00', DEFAULT);


--
-- Data for Name: ticket_totals; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tickets VALUES
	('01a22921a9bd708cadbff37e1fcddea0', 'TKT-20261129-0001', 'The printer burns', 'It began at noon.
Second line 0.', '01a22921a74374cb9b46d9647e9a11e6', '01a22921945a75c3a65fe45ae879fecb', 1, '01a22921947e7e6ebb107ec212a5f348', 20, '01a22921a7b776f48c1149684115272a', '01a22921a74a761789a434e27e5545b3', '01a22921a7b776f48c1149684115272a', 'ravi', NULL, NULL, '2026-11-29 21:06:41.84639+00', NULL, NULL, false, false, false, NULL, 0, '2026-11-29 21:06:41.84639+00', '9999-12-31 00:00:00+00', '2026-11-29 21:06:41.72503+00', '2026-11-29 21:06:41.84639+00', NULL, '''0'' ''0001'' ''20261129'' ''at'' ''began'' ''burns'' ''it'' ''line'' ''noon'' ''printer'' ''second'' ''the'' ''tkt''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, NULL, NULL, NULL, true),
	('01a22921a9db7e79afda3cf947778b74', 'TKT-20261129-0002', 'Élan «naïve» 日本語 \ '' % _', 'It began at noon.
Second line 1.', NULL, '01a22921946370b799621ecf41ce143e', 3, '01a22921947e7e6ebb107ec212a5f348', 20, '01a22921a7b776f48c1149684115272a', NULL, '01a22921a7b776f48c1149684115272a', 'ravi', NULL, NULL, NULL, NULL, NULL, false, false, false, NULL, 0, '2026-11-29 21:06:41.934509+00', '9999-12-31 00:00:00+00', '2026-11-29 21:06:41.755943+00', '2026-11-29 21:06:41.934509+00', NULL, '''0002'' ''1'' ''20261129'' ''at'' ''began'' ''it'' ''line'' ''naïve'' ''noon'' ''second'' ''tkt'' ''élan'' ''日本語''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, NULL, NULL, NULL, true),
	('01a22921a9ed739a9ea4e1f7acc378d4', 'TKT-20261129-0004', 'No network', 'It began at noon.
Second line 3.', NULL, '01a22921945a75c3a65fe45ae879fecb', 1, '01a22921947a7dde9ca7d05b5446b871', 30, NULL, NULL, '01a22921a74a761789a434e27e5545b3', 'gita', NULL, NULL, NULL, NULL, '2026-01-01 00:00:00+00', true, true, true, NULL, 1000, '2026-11-29 21:06:41.972622+00', '2026-11-30 09:39:00+00', '2026-11-29 21:06:41.773232+00', '2026-11-29 21:06:41.972622+00', NULL, '''0004'' ''20261129'' ''3'' ''at'' ''began'' ''it'' ''line'' ''network'' ''no'' ''noon'' ''second'' ''tkt''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-11-30 09:39:00+00', NULL, '2026-11-29 21:06:41.972622+00', true),
	('01a22921a9f57335a137d8b34d59069c', 'TKT-20261129-0005', 'Screen flickers', 'It began at noon.
Second line 4.', NULL, '01a22921945a75c3a65fe45ae879fecb', 1, '01a22921947a7dde9ca7d05b5446b871', 30, '01a22921a7b776f48c1149684115272a', NULL, '01a22921a7b776f48c1149684115272a', 'ravi', NULL, NULL, NULL, NULL, '2026-11-30 04:15:00+00', false, false, false, NULL, 0, '2026-11-29 21:06:41.994213+00', '2026-11-30 02:15:00+00', '2026-11-29 21:06:41.781207+00', '2026-11-29 21:06:41.994213+00', NULL, '''0005'' ''20261129'' ''4'' ''at'' ''began'' ''flickers'' ''it'' ''line'' ''noon'' ''screen'' ''second'' ''tkt''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-11-30 04:03:00+00', NULL, NULL, true),
	('01a22921aa0173bdab85f96dc259a22d', 'TKT-20261129-0006', 'Done and closed', 'It began at noon.
Second line 5.', NULL, '01a22921946979a5b31eefb8ed140552', 5, '01a22921947a7dde9ca7d05b5446b871', 30, NULL, NULL, '01a22921a74a761789a434e27e5545b3', 'gita', NULL, NULL, '2026-11-29 21:06:42.006793+00', '2026-11-29 21:06:42.006793+00', NULL, false, false, false, 4, 0, '2026-11-29 21:06:42.032479+00', '9999-12-31 00:00:00+00', '2026-11-29 21:06:41.793239+00', '2026-11-29 21:06:42.032479+00', NULL, '''0006'' ''20261129'' ''5'' ''and'' ''at'' ''began'' ''closed'' ''done'' ''it'' ''line'' ''noon'' ''second'' ''tkt''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, NULL, NULL, NULL, false),
	('01a22921a9e47124929c002f6a700d89', 'TKT-20261129-0003', 'Password forgotten', 'It began at noon.
Second line 2.', NULL, '01a22921945a75c3a65fe45ae879fecb', 1, '01a22921947a7dde9ca7d05b5446b871', 30, NULL, NULL, '01a22921a74a761789a434e27e5545b3', 'gita', NULL, NULL, NULL, NULL, '2026-11-30 04:15:00+00', false, false, false, NULL, 0, '2026-11-29 21:06:41.764069+00', '2026-11-30 02:15:00+00', '2026-11-29 21:06:41.764069+00', '2026-11-29 21:06:42.050937+00', '2026-11-29 21:06:42.050937+00', '''0003'' ''2'' ''20261129'' ''at'' ''began'' ''forgotten'' ''it'' ''line'' ''noon'' ''password'' ''second'' ''tkt''', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-11-30 04:03:00+00', NULL, NULL, true);


--
-- Name: goose_db_version_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.goose_db_version_id_seq', 11, true);


--
-- Name: river_job_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.river_job_id_seq', 1, true);


--
-- Name: river_notification_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.river_notification_id_seq', 1, false);


--
-- Name: account_counts account_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_counts
    ADD CONSTRAINT account_counts_pkey PRIMARY KEY (role_id, is_active);


--
-- Name: account_permissions account_permissions_menu_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_permissions
    ADD CONSTRAINT account_permissions_menu_key UNIQUE (account_id, menu_id);


--
-- Name: account_permissions account_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_permissions
    ADD CONSTRAINT account_permissions_pkey PRIMARY KEY (id);


--
-- Name: accounts accounts_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_email_key UNIQUE (email_key);


--
-- Name: accounts accounts_id_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_id_username_key UNIQUE (id, username_key);


--
-- Name: accounts accounts_phone_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_phone_key UNIQUE (phone);


--
-- Name: accounts accounts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);


--
-- Name: accounts accounts_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_username_key UNIQUE (username_key);


--
-- Name: calendar_editions calendar_editions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calendar_editions
    ADD CONSTRAINT calendar_editions_pkey PRIMARY KEY (id);


--
-- Name: calendars calendars_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calendars
    ADD CONSTRAINT calendars_name_key UNIQUE (name_key);


--
-- Name: calendars calendars_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.calendars
    ADD CONSTRAINT calendars_pkey PRIMARY KEY (id);


--
-- Name: clock_totals clock_totals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clock_totals
    ADD CONSTRAINT clock_totals_pkey PRIMARY KEY (quarter, metric, state);


--
-- Name: goose_db_version goose_db_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.goose_db_version
    ADD CONSTRAINT goose_db_version_pkey PRIMARY KEY (id);


--
-- Name: menus menus_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.menus
    ADD CONSTRAINT menus_name_key UNIQUE (name_key);


--
-- Name: menus menus_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.menus
    ADD CONSTRAINT menus_pkey PRIMARY KEY (id);


--
-- Name: meta meta_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (key);


--
-- Name: notification_logs notification_logs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notification_logs
    ADD CONSTRAINT notification_logs_pkey PRIMARY KEY (id);


--
-- Name: replies replies_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_pkey PRIMARY KEY (key);


--
-- Name: river_job river_job_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_job
    ADD CONSTRAINT river_job_pkey PRIMARY KEY (id);


--
-- Name: river_leader river_leader_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_leader
    ADD CONSTRAINT river_leader_pkey PRIMARY KEY (name);


--
-- Name: river_migration river_migration_pkey1; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_migration
    ADD CONSTRAINT river_migration_pkey1 PRIMARY KEY (line, version);


--
-- Name: river_notification river_notification_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_notification
    ADD CONSTRAINT river_notification_pkey PRIMARY KEY (id);


--
-- Name: river_queue river_queue_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.river_queue
    ADD CONSTRAINT river_queue_pkey PRIMARY KEY (name);


--
-- Name: role_permissions role_permissions_menu_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_menu_key UNIQUE (role_id, menu_id);


--
-- Name: role_permissions role_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_pkey PRIMARY KEY (id);


--
-- Name: roles roles_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_name_key UNIQUE (name);


--
-- Name: roles roles_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (id);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: sla_clocks sla_clocks_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_clocks
    ADD CONSTRAINT sla_clocks_pkey PRIMARY KEY (ticket_id, metric, cycle);


--
-- Name: sla_events sla_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_events
    ADD CONSTRAINT sla_events_pkey PRIMARY KEY (ticket_id, seq);


--
-- Name: sla_policies sla_policies_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policies
    ADD CONSTRAINT sla_policies_name_key UNIQUE (name_key);


--
-- Name: sla_policies sla_policies_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policies
    ADD CONSTRAINT sla_policies_pkey PRIMARY KEY (id);


--
-- Name: sla_policies sla_policies_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policies
    ADD CONSTRAINT sla_policies_position_key UNIQUE ("position");


--
-- Name: sla_policy_menus sla_policy_menus_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_menus
    ADD CONSTRAINT sla_policy_menus_pkey PRIMARY KEY (policy_id, menu_id);


--
-- Name: sla_policy_priorities sla_policy_priorities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_priorities
    ADD CONSTRAINT sla_policy_priorities_pkey PRIMARY KEY (policy_id, priority_id);


--
-- Name: sla_policy_targets sla_policy_targets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_targets
    ADD CONSTRAINT sla_policy_targets_pkey PRIMARY KEY (policy_id, metric);


--
-- Name: throttle throttle_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.throttle
    ADD CONSTRAINT throttle_pkey PRIMARY KEY (key);


--
-- Name: ticket_comments ticket_comments_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_comments
    ADD CONSTRAINT ticket_comments_pkey PRIMARY KEY (id);


--
-- Name: ticket_history ticket_history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_history
    ADD CONSTRAINT ticket_history_pkey PRIMARY KEY (id);


--
-- Name: ticket_numbers ticket_numbers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_numbers
    ADD CONSTRAINT ticket_numbers_pkey PRIMARY KEY (day);


--
-- Name: ticket_priorities ticket_priorities_code_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_priorities
    ADD CONSTRAINT ticket_priorities_code_key UNIQUE (code);


--
-- Name: ticket_priorities ticket_priorities_id_weight_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_priorities
    ADD CONSTRAINT ticket_priorities_id_weight_key UNIQUE (id, weight);


--
-- Name: ticket_priorities ticket_priorities_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_priorities
    ADD CONSTRAINT ticket_priorities_name_key UNIQUE (name_key);


--
-- Name: ticket_priorities ticket_priorities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_priorities
    ADD CONSTRAINT ticket_priorities_pkey PRIMARY KEY (id);


--
-- Name: ticket_statuses ticket_statuses_code_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_statuses
    ADD CONSTRAINT ticket_statuses_code_key UNIQUE (code);


--
-- Name: ticket_statuses ticket_statuses_id_weight_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_statuses
    ADD CONSTRAINT ticket_statuses_id_weight_key UNIQUE (id, weight);


--
-- Name: ticket_statuses ticket_statuses_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_statuses
    ADD CONSTRAINT ticket_statuses_name_key UNIQUE (name_key);


--
-- Name: ticket_statuses ticket_statuses_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_statuses
    ADD CONSTRAINT ticket_statuses_pkey PRIMARY KEY (id);


--
-- Name: ticket_totals ticket_totals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_totals
    ADD CONSTRAINT ticket_totals_pkey PRIMARY KEY (status_id, priority_id);


--
-- Name: tickets tickets_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_number_key UNIQUE (number);


--
-- Name: tickets tickets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (id);


--
-- Name: account_permissions_assigned_by; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_permissions_assigned_by ON public.account_permissions USING btree (assigned_by) WHERE (assigned_by IS NOT NULL);


--
-- Name: account_permissions_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_permissions_by_age ON public.account_permissions USING btree (created_at DESC, id DESC);


--
-- Name: account_permissions_menu_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_permissions_menu_id ON public.account_permissions USING btree (menu_id);


--
-- Name: accounts_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_by_age ON public.accounts USING btree (created_at DESC, id DESC);


--
-- Name: accounts_by_role; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_by_role ON public.accounts USING btree (role_id, created_at DESC, id DESC, is_active) WHERE (role_id IS NOT NULL);


--
-- Name: accounts_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_by_state ON public.accounts USING btree (is_active, created_at DESC, id DESC);


--
-- Name: accounts_in_roles; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_in_roles ON public.accounts USING btree (created_at DESC, id DESC) WHERE (is_active AND (role_id IS NOT NULL));


--
-- Name: accounts_search; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_search ON public.accounts USING gin (search);


--
-- Name: accounts_superusers; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_superusers ON public.accounts USING btree (id) WHERE (is_superuser AND is_active);


--
-- Name: calendar_editions_calendar_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX calendar_editions_calendar_id ON public.calendar_editions USING btree (calendar_id);


--
-- Name: menus_parent_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX menus_parent_id ON public.menus USING btree (parent_id) WHERE (parent_id IS NOT NULL);


--
-- Name: menus_url_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX menus_url_key ON public.menus USING btree (url) WHERE (url <> '#'::text);


--
-- Name: notification_logs_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_by_age ON public.notification_logs USING btree (created_at DESC, id DESC);


--
-- Name: notification_logs_by_recipient; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_by_recipient ON public.notification_logs USING btree (recipient_id, created_at DESC, id DESC);


--
-- Name: notification_logs_by_ticket; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_by_ticket ON public.notification_logs USING btree (ticket_id, created_at DESC, id DESC);


--
-- Name: notification_logs_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_by_type ON public.notification_logs USING btree (type, created_at DESC, id DESC);


--
-- Name: notification_logs_inbox; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_inbox ON public.notification_logs USING btree (recipient_id, created_at DESC, id DESC, ticket_id) WHERE (NOT is_read);


--
-- Name: notification_logs_sender_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_sender_id ON public.notification_logs USING btree (sender_id) WHERE (sender_id IS NOT NULL);


--
-- Name: notification_logs_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_unread ON public.notification_logs USING btree (created_at DESC, id DESC) WHERE (NOT is_read);


--
-- Name: notification_logs_unsent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_logs_unsent ON public.notification_logs USING btree (created_at DESC, id DESC) WHERE (NOT is_sent);


--
-- Name: replies_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX replies_created_at ON public.replies USING btree (created_at);


--
-- Name: river_job_args_index; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_job_args_index ON public.river_job USING gin (args);


--
-- Name: river_job_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_job_kind ON public.river_job USING btree (kind);


--
-- Name: river_job_metadata_index; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_job_metadata_index ON public.river_job USING gin (metadata);


--
-- Name: river_job_prioritized_fetching_index; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_job_prioritized_fetching_index ON public.river_job USING btree (state, queue, priority, scheduled_at, id);


--
-- Name: river_job_state_and_finalized_at_index; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_job_state_and_finalized_at_index ON public.river_job USING btree (state, finalized_at) WHERE (finalized_at IS NOT NULL);


--
-- Name: river_job_unique_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX river_job_unique_idx ON public.river_job USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_states IS NOT NULL) AND public.river_job_state_in_bitmask(unique_states, state));


--
-- Name: river_notification_created_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_notification_created_at_idx ON public.river_notification USING btree (created_at);


--
-- Name: river_notification_topic_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX river_notification_topic_id_idx ON public.river_notification USING btree (topic, id);


--
-- Name: role_permissions_menu_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_permissions_menu_id ON public.role_permissions USING btree (menu_id);


--
-- Name: roles_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX roles_by_age ON public.roles USING btree (created_at DESC, id DESC);


--
-- Name: sessions_account_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_account_id ON public.sessions USING btree (account_id);


--
-- Name: sessions_expires_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_expires_at ON public.sessions USING btree (expires_at);


--
-- Name: sessions_revoked_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_revoked_at ON public.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);


--
-- Name: sla_clocks_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sla_clocks_due ON public.sla_clocks USING btree (due_at, ticket_id) WHERE (due_at IS NOT NULL);


--
-- Name: sla_events_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX sla_events_once ON public.sla_events USING btree (ticket_id, metric, cycle, kind) WHERE (kind = ANY (ARRAY['activate'::text, 'warn'::text, 'breach'::text]));


--
-- Name: sla_policy_menus_menu_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sla_policy_menus_menu_id ON public.sla_policy_menus USING btree (menu_id);


--
-- Name: sla_policy_priorities_priority_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sla_policy_priorities_priority_id ON public.sla_policy_priorities USING btree (priority_id);


--
-- Name: sla_policy_targets_calendar_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sla_policy_targets_calendar_id ON public.sla_policy_targets USING btree (calendar_id);


--
-- Name: throttle_start; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX throttle_start ON public.throttle USING btree (start);


--
-- Name: ticket_comments_author_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_comments_author_id ON public.ticket_comments USING btree (author_id);


--
-- Name: ticket_comments_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_comments_by_age ON public.ticket_comments USING btree (ticket_id, created_at, id);


--
-- Name: ticket_history_actor_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_history_actor_id ON public.ticket_history USING btree (actor_id) WHERE (actor_id IS NOT NULL);


--
-- Name: ticket_history_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_history_by_age ON public.ticket_history USING btree (ticket_id, at DESC, id DESC);


--
-- Name: ticket_history_from_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_history_from_account ON public.ticket_history USING btree (from_account) WHERE (from_account IS NOT NULL);


--
-- Name: ticket_history_to_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_history_to_account ON public.ticket_history USING btree (to_account) WHERE (to_account IS NOT NULL);


--
-- Name: ticket_priorities_default_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ticket_priorities_default_key ON public.ticket_priorities USING btree (is_default) WHERE is_default;


--
-- Name: ticket_statuses_default_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ticket_statuses_default_key ON public.ticket_statuses USING btree (is_default) WHERE is_default;


--
-- Name: tickets_active_assigned; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_active_assigned ON public.tickets USING btree (assigned_to, urgency_rank, status_weight, sla_key, created_at, id) WHERE ((deleted_at IS NULL) AND is_active AND (assigned_to IS NOT NULL));


--
-- Name: tickets_active_unassigned; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_active_unassigned ON public.tickets USING btree (urgency_rank, status_weight, sla_key, created_at, id) WHERE ((deleted_at IS NULL) AND is_active AND (assigned_to IS NULL));


--
-- Name: tickets_active_urgent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_active_urgent ON public.tickets USING btree (urgency_rank, status_weight, sla_key, created_at, id) WHERE ((deleted_at IS NULL) AND is_active AND (sla_breached OR is_escalated));


--
-- Name: tickets_assigned_to; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_assigned_to ON public.tickets USING btree (assigned_to) WHERE (assigned_to IS NOT NULL);


--
-- Name: tickets_by_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_created ON public.tickets USING btree (created_at, id) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_creator; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_creator ON public.tickets USING btree (creator, created_at DESC, id DESC) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_deadline; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_deadline ON public.tickets USING btree (deadline_key, due_key, priority_rank, created_at, id) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_importance; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_importance ON public.tickets USING btree (urgency_rank, status_weight, sla_key, created_at, id) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_priority; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_priority ON public.tickets USING btree (priority_rank, status_weight, created_at, id) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_sla; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_sla ON public.tickets USING btree (breach_rank, sla_key, priority_rank, created_at, id) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_urgency_from; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_urgency_from ON public.tickets USING btree (urgency_from) WHERE (deleted_at IS NULL);


--
-- Name: tickets_by_urgency_until; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_urgency_until ON public.tickets USING btree (urgency_until) WHERE ((deleted_at IS NULL) AND (urgency_until < '9999-12-31 00:00:00+00'::timestamp with time zone));


--
-- Name: tickets_created_by; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_created_by ON public.tickets USING btree (created_by);


--
-- Name: tickets_created_for; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_created_for ON public.tickets USING btree (created_for) WHERE (created_for IS NOT NULL);


--
-- Name: tickets_deleted; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_deleted ON public.tickets USING btree (id) WHERE (deleted_at IS NOT NULL);


--
-- Name: tickets_menu_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_menu_id ON public.tickets USING btree (menu_id) WHERE (menu_id IS NOT NULL);


--
-- Name: tickets_priority; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_priority ON public.tickets USING btree (priority_id, deleted_at);


--
-- Name: tickets_search; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_search ON public.tickets USING gin (search);


--
-- Name: tickets_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_status ON public.tickets USING btree (status_id, priority_id, deleted_at);


--
-- Name: account_permissions account_permissions_grants; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER account_permissions_grants AFTER INSERT OR DELETE OR UPDATE ON public.account_permissions FOR EACH ROW EXECUTE FUNCTION public.keep_account_grants();


--
-- Name: accounts accounts_counts_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER accounts_counts_delete AFTER DELETE ON public.accounts REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION public.keep_account_counts();


--
-- Name: accounts accounts_counts_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER accounts_counts_insert AFTER INSERT ON public.accounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.keep_account_counts();


--
-- Name: accounts accounts_counts_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER accounts_counts_update AFTER UPDATE ON public.accounts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.keep_account_counts();


--
-- Name: calendar_editions calendar_editions_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER calendar_editions_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.calendar_editions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();


--
-- Name: menus menus_granted_url; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER menus_granted_url AFTER UPDATE OF url ON public.menus FOR EACH ROW WHEN ((old.url <> new.url)) EXECUTE FUNCTION public.keep_granted_url();


--
-- Name: role_permissions role_permissions_grants; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER role_permissions_grants AFTER INSERT OR DELETE OR UPDATE ON public.role_permissions FOR EACH ROW EXECUTE FUNCTION public.keep_role_grants();


--
-- Name: sla_clocks sla_clocks_counts_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sla_clocks_counts_delete AFTER DELETE ON public.sla_clocks REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION public.count_clocks();


--
-- Name: sla_clocks sla_clocks_counts_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sla_clocks_counts_insert AFTER INSERT ON public.sla_clocks REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.count_clocks();


--
-- Name: sla_clocks sla_clocks_counts_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sla_clocks_counts_update AFTER UPDATE OF state, decided_at ON public.sla_clocks FOR EACH ROW WHEN (((old.state <> new.state) OR (old.decided_at IS DISTINCT FROM new.decided_at))) EXECUTE FUNCTION public.count_changed_clock();


--
-- Name: sla_events sla_events_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sla_events_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sla_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();


--
-- Name: ticket_history ticket_history_stays; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ticket_history_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ticket_history FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();


--
-- Name: ticket_statuses ticket_statuses_active; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ticket_statuses_active AFTER UPDATE OF status_type ON public.ticket_statuses FOR EACH ROW WHEN ((old.is_active <> new.is_active)) EXECUTE FUNCTION public.keep_tickets_of_status_active();


--
-- Name: tickets tickets_active_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_active_insert BEFORE INSERT ON public.tickets FOR EACH ROW WHEN ((NOT new.is_active)) EXECUTE FUNCTION public.keep_ticket_active();


--
-- Name: tickets tickets_active_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_active_update BEFORE UPDATE OF status_id ON public.tickets FOR EACH ROW WHEN (((old.status_id <> new.status_id) AND (old.is_active = new.is_active))) EXECUTE FUNCTION public.keep_ticket_active();


--
-- Name: tickets tickets_counts_clocks; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_counts_clocks AFTER UPDATE OF deleted_at ON public.tickets FOR EACH ROW WHEN (((old.deleted_at IS NULL) <> (new.deleted_at IS NULL))) EXECUTE FUNCTION public.count_clocks_of_ticket();


--
-- Name: tickets tickets_counts_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_counts_delete AFTER DELETE ON public.tickets REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION public.count_tickets();


--
-- Name: tickets tickets_counts_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_counts_insert AFTER INSERT ON public.tickets REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.count_tickets();


--
-- Name: tickets tickets_counts_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER tickets_counts_update AFTER UPDATE OF status_id, priority_id, deleted_at ON public.tickets FOR EACH ROW WHEN (((old.status_id <> new.status_id) OR (old.priority_id <> new.priority_id) OR ((old.deleted_at IS NULL) <> (new.deleted_at IS NULL)))) EXECUTE FUNCTION public.count_changed_ticket();


--
-- Name: account_permissions account_permissions_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_permissions
    ADD CONSTRAINT account_permissions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;


--
-- Name: account_permissions account_permissions_assigned_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_permissions
    ADD CONSTRAINT account_permissions_assigned_by_fkey FOREIGN KEY (assigned_by) REFERENCES public.accounts(id);


--
-- Name: account_permissions account_permissions_menu_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_permissions
    ADD CONSTRAINT account_permissions_menu_id_fkey FOREIGN KEY (menu_id) REFERENCES public.menus(id);


--
-- Name: accounts accounts_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_role_id_fkey FOREIGN KEY (role_id) REFERENCES public.roles(id);


--
-- Name: menus menus_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.menus
    ADD CONSTRAINT menus_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.menus(id);


--
-- Name: notification_logs notification_logs_recipient_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notification_logs
    ADD CONSTRAINT notification_logs_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES public.accounts(id);


--
-- Name: notification_logs notification_logs_sender_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notification_logs
    ADD CONSTRAINT notification_logs_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES public.accounts(id);


--
-- Name: notification_logs notification_logs_ticket_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notification_logs
    ADD CONSTRAINT notification_logs_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.tickets(id);


--
-- Name: role_permissions role_permissions_menu_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_menu_id_fkey FOREIGN KEY (menu_id) REFERENCES public.menus(id);


--
-- Name: role_permissions role_permissions_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT role_permissions_role_id_fkey FOREIGN KEY (role_id) REFERENCES public.roles(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;


--
-- Name: sla_clocks sla_clocks_ticket_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_clocks
    ADD CONSTRAINT sla_clocks_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.tickets(id);


--
-- Name: sla_events sla_events_edition_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_events
    ADD CONSTRAINT sla_events_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES public.calendar_editions(id);


--
-- Name: sla_events sla_events_ticket_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_events
    ADD CONSTRAINT sla_events_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.tickets(id);


--
-- Name: sla_policy_menus sla_policy_menus_menu_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_menus
    ADD CONSTRAINT sla_policy_menus_menu_id_fkey FOREIGN KEY (menu_id) REFERENCES public.menus(id);


--
-- Name: sla_policy_menus sla_policy_menus_policy_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_menus
    ADD CONSTRAINT sla_policy_menus_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.sla_policies(id) ON DELETE CASCADE;


--
-- Name: sla_policy_priorities sla_policy_priorities_policy_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_priorities
    ADD CONSTRAINT sla_policy_priorities_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.sla_policies(id) ON DELETE CASCADE;


--
-- Name: sla_policy_priorities sla_policy_priorities_priority_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_priorities
    ADD CONSTRAINT sla_policy_priorities_priority_id_fkey FOREIGN KEY (priority_id) REFERENCES public.ticket_priorities(id);


--
-- Name: sla_policy_targets sla_policy_targets_calendar_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_targets
    ADD CONSTRAINT sla_policy_targets_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES public.calendars(id);


--
-- Name: sla_policy_targets sla_policy_targets_policy_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sla_policy_targets
    ADD CONSTRAINT sla_policy_targets_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES public.sla_policies(id) ON DELETE CASCADE;


--
-- Name: ticket_comments ticket_comments_author_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_comments
    ADD CONSTRAINT ticket_comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.accounts(id);


--
-- Name: ticket_comments ticket_comments_ticket_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_comments
    ADD CONSTRAINT ticket_comments_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.tickets(id);


--
-- Name: ticket_history ticket_history_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_history
    ADD CONSTRAINT ticket_history_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.accounts(id);


--
-- Name: ticket_history ticket_history_from_account_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_history
    ADD CONSTRAINT ticket_history_from_account_fkey FOREIGN KEY (from_account) REFERENCES public.accounts(id);


--
-- Name: ticket_history ticket_history_ticket_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_history
    ADD CONSTRAINT ticket_history_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES public.tickets(id);


--
-- Name: ticket_history ticket_history_to_account_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_history
    ADD CONSTRAINT ticket_history_to_account_fkey FOREIGN KEY (to_account) REFERENCES public.accounts(id);


--
-- Name: tickets tickets_assigned_to_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES public.accounts(id);


--
-- Name: tickets tickets_created_for_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_created_for_fkey FOREIGN KEY (created_for) REFERENCES public.accounts(id);


--
-- Name: tickets tickets_creator_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_creator_fkey FOREIGN KEY (created_by, creator) REFERENCES public.accounts(id, username_key) ON UPDATE CASCADE;


--
-- Name: tickets tickets_menu_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_menu_id_fkey FOREIGN KEY (menu_id) REFERENCES public.menus(id) ON DELETE SET NULL;


--
-- Name: tickets tickets_priority_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_priority_fkey FOREIGN KEY (priority_id, priority_weight) REFERENCES public.ticket_priorities(id, weight) ON UPDATE CASCADE;


--
-- Name: tickets tickets_status_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_status_fkey FOREIGN KEY (status_id, status_weight) REFERENCES public.ticket_statuses(id, weight) ON UPDATE CASCADE;


--
-- PostgreSQL database dump complete
--


