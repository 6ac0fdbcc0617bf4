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
-- Name: keep_suppressions(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_suppressions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'a suppression stands'; END$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: deliveries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    mailing_id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    key character varying(320) NOT NULL,
    address character varying(320) NOT NULL,
    name text NOT NULL,
    state character varying(16) NOT NULL,
    attempts smallint DEFAULT '0'::smallint NOT NULL,
    run character varying(32),
    claimed_at bigint,
    ended_at bigint,
    due_at bigint,
    reply text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_deliveries_due CHECK ((((state)::text = 'deferred'::text) = (due_at IS NOT NULL))),
    CONSTRAINT ck_deliveries_run CHECK ((((state)::text = 'sending'::text) = (run IS NOT NULL))),
    CONSTRAINT ck_deliveries_state CHECK ((((state)::text = 'queued'::text) OR ((state)::text = 'sending'::text) OR ((state)::text = 'accepted'::text) OR ((state)::text = 'deferred'::text) OR ((state)::text = 'refused'::text) OR ((state)::text = 'uncertain'::text) OR ((state)::text = 'withdrawn'::text) OR ((state)::text = 'bounced'::text)))
);


--
-- Name: deliveries_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: deliveries_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.deliveries_id_seq OWNED BY public.deliveries.id;


--
-- Name: departures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.departures (
    relay character varying(255) NOT NULL,
    period bigint NOT NULL,
    bucket bigint NOT NULL,
    number bigint NOT NULL
);


--
-- Name: editions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.editions (
    digest character varying(64) NOT NULL,
    content bytea NOT NULL,
    kept_at bigint NOT NULL
);


--
-- Name: identity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.identity (
    id character varying(32) NOT NULL
);


--
-- Name: mailing_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mailing_events (
    id bigint NOT NULL,
    mailing_id bigint NOT NULL,
    event character varying(16) NOT NULL,
    at bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_mailing_events_event CHECK (((event)::text = ANY ((ARRAY['begun'::character varying, 'paused'::character varying, 'resumed'::character varying, 'halted'::character varying, 'cancelled'::character varying, 'ended'::character varying])::text[])))
);


--
-- Name: mailing_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.mailing_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: mailing_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.mailing_events_id_seq OWNED BY public.mailing_events.id;


--
-- Name: mailing_sign_offs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mailing_sign_offs (
    mailing_id bigint NOT NULL,
    sign_off_id bigint NOT NULL
);


--
-- Name: mailings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mailings (
    id bigint NOT NULL,
    key character varying(16) NOT NULL,
    issue character varying(255) NOT NULL,
    lists json NOT NULL,
    edition character varying(64) NOT NULL,
    began_at bigint NOT NULL
);


--
-- Name: mailings_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.mailings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: mailings_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.mailings_id_seq OWNED BY public.mailings.id;


--
-- Name: memberships; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.memberships (
    subscriber_id bigint NOT NULL,
    list character varying(64) NOT NULL,
    source character varying(16) NOT NULL,
    basis character varying(32) NOT NULL,
    since bigint NOT NULL,
    details json NOT NULL
);


--
-- Name: schedules; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schedules (
    id bigint NOT NULL,
    issue character varying(255) NOT NULL,
    lists json NOT NULL,
    newcomers boolean NOT NULL,
    due_at bigint NOT NULL,
    grace bigint NOT NULL,
    digest character varying(64) NOT NULL,
    planned_at bigint NOT NULL,
    state character varying(16) NOT NULL,
    ended_at bigint,
    mailing_id bigint,
    CONSTRAINT ck_schedules_ended CHECK ((((state)::text = 'waiting'::text) = (ended_at IS NULL))),
    CONSTRAINT ck_schedules_state CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'begun'::character varying, 'called off'::character varying])::text[])))
);


--
-- Name: schedules_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: schedules_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.schedules_id_seq OWNED BY public.schedules.id;


--
-- Name: sign_offs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_offs (
    id bigint NOT NULL,
    issue character varying(255) NOT NULL,
    digest character varying(64) NOT NULL,
    name text NOT NULL,
    signed_at bigint NOT NULL,
    contents bytea NOT NULL,
    confirmed json NOT NULL
);


--
-- Name: sign_offs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.sign_offs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: sign_offs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.sign_offs_id_seq OWNED BY public.sign_offs.id;


--
-- Name: subscribers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.subscribers (
    id bigint NOT NULL,
    key character varying(320) NOT NULL,
    address character varying(320) NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    added_at bigint NOT NULL
);


--
-- Name: subscribers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.subscribers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: subscribers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.subscribers_id_seq OWNED BY public.subscribers.id;


--
-- Name: suppressions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.suppressions (
    key character varying(320) NOT NULL,
    reason character varying(16) NOT NULL,
    since bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_suppressions_reason CHECK (((reason)::text = ANY ((ARRAY['opted out'::character varying, 'bounced'::character varying, 'complained'::character varying, 'erased'::character varying])::text[])))
);


--
-- Name: deliveries id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries ALTER COLUMN id SET DEFAULT nextval('public.deliveries_id_seq'::regclass);


--
-- Name: mailing_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_events ALTER COLUMN id SET DEFAULT nextval('public.mailing_events_id_seq'::regclass);


--
-- Name: mailings id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailings ALTER COLUMN id SET DEFAULT nextval('public.mailings_id_seq'::regclass);


--
-- Name: schedules id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schedules ALTER COLUMN id SET DEFAULT nextval('public.schedules_id_seq'::regclass);


--
-- Name: sign_offs id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_offs ALTER COLUMN id SET DEFAULT nextval('public.sign_offs_id_seq'::regclass);


--
-- Name: subscribers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscribers ALTER COLUMN id SET DEFAULT nextval('public.subscribers_id_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.alembic_version (version_num) FROM stdin;
0004
\.


--
-- Data for Name: deliveries; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.deliveries (id, mailing_id, subscriber_id, key, address, name, state, attempts, run, claimed_at, ended_at, due_at, reply) FROM stdin;
54	6	1	amira@example.org	amira@example.org	Amira	queued	0	\N	\N	\N	\N	
1	1	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1609578003875	1609578003888	\N	250 OK: kept
3	1	3	carys@example.org	carys@example.org	Carys	refused	1	\N	1609578003900	1609578003908	\N	550 5.1.1 User unknown
4	1	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1609578003919	1609578003931	\N	250 OK: kept
5	1	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1609578003944	1609578003967	\N	250 OK: kept
6	1	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1609578003964	1609578003975	\N	250 OK: kept
7	1	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1609578003979	1609578003991	\N	250 OK: kept
8	1	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1609578003991	1609578004011	\N	250 OK: kept
9	1	9	ines@example.org	ines@example.org	Ines	accepted	1	\N	1609578004027	1609578004031	\N	250 OK: kept
10	1	10	jakub@example.org	jakub@example.org	Jakub	accepted	1	\N	1609578004031	1609578004056	\N	250 OK: kept
11	1	11	keira@example.org	keira@example.org	Keira	accepted	1	\N	1609578004063	1609578004068	\N	250 OK: kept
2	1	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	2	\N	1609664403469	1609664403496	\N	250 OK: kept
13	2	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	1	\N	1612256406126	1612256406138	\N	250 OK: kept
14	2	3	carys@example.org	carys@example.org	Carys	accepted	1	\N	1612256406143	1612256406157	\N	250 OK: kept
16	2	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1612256406178	1612256406181	\N	250 OK: kept
15	2	4	dmitri@example.org	dmitri@example.org	Dmitri	uncertain	1	\N	1612256406167	1612256406181	\N	The connection to 127.0.0.1:42797 failed: the server hung up.
17	2	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1612256406190	1612256406194	\N	250 OK: kept
18	2	7	greta@example.org	greta@example.org	Greta	uncertain	1	\N	1612256406203	1612256406206	\N	The connection to 127.0.0.1:42797 failed: the server hung up.
19	2	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1612256406210	1612256406215	\N	250 OK: kept
20	2	9	ines@example.org	ines@example.org	Ines	accepted	1	\N	1612256406219	1612256406230	\N	250 OK: kept
21	2	10	jakub@example.org	jakub@example.org	Jakub	accepted	1	\N	1612256406246	1612256406258	\N	250 OK: kept
22	2	11	keira@example.org	keira@example.org	Keira	accepted	1	\N	1612256406258	1612256406266	\N	250 OK: kept
12	2	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1612256406068	1612256406126	\N	A person decided: delivered.
31	3	9	ines@example.org	ines@example.org	Ines	queued	0	\N	\N	\N	\N	
32	3	10	jakub@example.org	jakub@example.org	Jakub	queued	0	\N	\N	\N	\N	
33	3	11	keira@example.org	keira@example.org	Keira	queued	0	\N	\N	\N	\N	
23	3	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1614675607938	1614675607948	\N	250 OK: kept
24	3	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	1	\N	1614675607952	1614675607958	\N	250 OK: kept
25	3	3	carys@example.org	carys@example.org	Carys	refused	1	\N	1614675607958	1614675607968	\N	550 5.1.1 User unknown
27	3	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1614675607972	1614675607980	\N	250 OK: kept
26	3	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1614675607972	1614675607980	\N	250 OK: kept
29	3	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1614675607988	1614675607997	\N	250 OK: kept
30	3	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1614675608000	1614675618152	\N	250 OK: kept
28	3	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1614675607996	1614675618168	\N	250 OK: kept
35	4	2	bogdan@example.org	bogdan@example.org	Bogdan	refused	1	\N	1617354009949	1617354010049	\N	550 5.1.1 User unknown
34	4	1	amira@example.org	amira@example.org	Amira	uncertain	1	\N	1617354010049	1617354010073	\N	The connection to 127.0.0.1:52549 failed: the server hung up.
36	4	3	carys@example.org	carys@example.org	Carys	accepted	1	\N	1617354010130	1617354010141	\N	250 OK: kept
37	4	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1617354010151	1617354010161	\N	250 OK: kept
38	4	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1617354010170	1617354010193	\N	250 OK: kept
39	4	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1617354010189	1617354010209	\N	250 OK: kept
42	4	9	ines@example.org	ines@example.org	Ines	withdrawn	0	\N	\N	1617354067898	\N	The mailing was cancelled.
43	4	10	jakub@example.org	jakub@example.org	Jakub	withdrawn	0	\N	\N	1617354067898	\N	The mailing was cancelled.
41	4	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1617354010232	1617354022541	\N	250 OK: kept
40	4	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1617354010222	1617354022549	\N	250 OK: kept
45	5	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	1	\N	1619946004710	1619946004722	\N	250 OK: kept
47	5	4	dmitri@example.org	dmitri@example.org	Dmitri	deferred	1	\N	1619946004733	1619946004744	1619946064744	451 4.7.1 Greylisted, try again later
48	5	5	eilidh@example.org	eilidh@example.org	Eilidh	deferred	1	\N	1619946004774	1619946004780	1619946064780	451 4.7.1 Greylisted, try again later
49	5	6	farid@example.org	farid@example.org	Farid	refused	1	\N	1619946004790	1619946004792	\N	550 5.1.1 User unknown
50	5	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1619946004801	1619946004818	\N	250 OK: kept
52	5	9	ines@example.org	ines@example.org	Ines	accepted	1	\N	1619946004861	1619946004879	\N	250 OK: kept
53	5	10	jakub@example.org	jakub@example.org	Jakub	accepted	1	\N	1619946004874	1619946004891	\N	250 OK: kept
44	5	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1619946004702	1619946004714	\N	250 OK: kept
55	6	2	bogdan@example.org	bogdan@example.org	Bogdan	queued	0	\N	\N	\N	\N	
46	5	3	carys@example.org	carys@example.org	Carys	accepted	1	\N	1619946004744	1619946004759	\N	250 OK: kept
51	5	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1619946004820	1619946004832	\N	250 OK: kept
56	6	3	carys@example.org	carys@example.org	Carys	queued	0	\N	\N	\N	\N	
57	6	4	dmitri@example.org	dmitri@example.org	Dmitri	queued	0	\N	\N	\N	\N	
58	6	5	eilidh@example.org	eilidh@example.org	Eilidh	queued	0	\N	\N	\N	\N	
59	6	6	farid@example.org	farid@example.org	Farid	queued	0	\N	\N	\N	\N	
60	6	7	greta@example.org	greta@example.org	Greta	queued	0	\N	\N	\N	\N	
61	6	8	hassan@example.org	hassan@example.org	Hassan	queued	0	\N	\N	\N	\N	
62	6	9	ines@example.org	ines@example.org	Ines	queued	0	\N	\N	\N	\N	
63	6	10	jakub@example.org	jakub@example.org	Jakub	queued	0	\N	\N	\N	\N	
65	7	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	1	\N	1625216526883	1625216526895	\N	250 OK: kept
64	7	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1625216526883	1625216526905	\N	250 OK: kept
67	7	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1625216526913	1625216526917	\N	250 OK: kept
66	7	3	carys@example.org	carys@example.org	Carys	accepted	1	\N	1625216526913	1625216526917	\N	250 OK: kept
69	7	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1625216526925	1625216526941	\N	250 OK: kept
68	7	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1625216526941	1625216526957	\N	250 OK: kept
70	7	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1625216526969	1625216526981	\N	250 OK: kept
71	7	8	hassan@example.org	hassan@example.org	Hassan	accepted	1	\N	1625216527011	1625216527017	\N	250 OK: kept
72	7	9	ines@example.org	ines@example.org	Ines	accepted	1	\N	1625216527045	1625216527049	\N	250 OK: kept
73	7	10	jakub@example.org	jakub@example.org	Jakub	accepted	1	\N	1625216527049	1625216527053	\N	250 OK: kept
75	8	2	bogdan@example.org	bogdan@example.org	Bogdan	uncertain	1	\N	1635843616219	1635843616254	\N	The connection to 127.0.0.1:45611 failed: the server hung up.
76	8	3	carys@example.org	carys@example.org	Carys	accepted	1	\N	1635843616309	1635843616332	\N	250 OK: kept
77	8	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1635843616371	1635843616411	\N	250 OK: kept
78	8	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1635843616411	1635843616456	\N	250 OK: kept
81	8	8	hassan@example.org	hassan@example.org	Hassan	withdrawn	0	\N	\N	1635843669102	\N	The mailing was cancelled.
82	8	9	ines@example.org	ines@example.org	Ines	withdrawn	0	\N	\N	1635843669102	\N	The mailing was cancelled.
83	8	10	jakub@example.org	jakub@example.org	Jakub	withdrawn	0	\N	\N	1635843669102	\N	The mailing was cancelled.
80	8	7	greta@example.org	greta@example.org	Greta	accepted	1	\N	1635843616554	1635843631735	\N	250 OK: kept
79	8	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1635843616463	1635843631770	\N	250 OK: kept
74	8	1	amira@example.org	amira@example.org	Amira	deferred	2	\N	1636016409170	1636016409200	1636016709200	451 4.7.1 Greylisted, try again later
92	9	9	ines@example.org	ines@example.org	Ines	queued	0	\N	\N	\N	\N	
93	9	10	jakub@example.org	jakub@example.org	Jakub	queued	0	\N	\N	\N	\N	
85	9	2	bogdan@example.org	bogdan@example.org	Bogdan	accepted	1	\N	1638435613330	1638435613335	\N	250 OK: kept
84	9	1	amira@example.org	amira@example.org	Amira	accepted	1	\N	1638435613335	1638435613344	\N	250 OK: kept
86	9	3	carys@example.org	carys@example.org	Carys	refused	1	\N	1638435613349	1638435613356	\N	550 5.1.1 User unknown
87	9	4	dmitri@example.org	dmitri@example.org	Dmitri	accepted	1	\N	1638435613365	1638435613367	\N	250 OK: kept
88	9	5	eilidh@example.org	eilidh@example.org	Eilidh	accepted	1	\N	1638435613380	1638435613383	\N	250 OK: kept
89	9	6	farid@example.org	farid@example.org	Farid	accepted	1	\N	1638435613384	1638435613389	\N	250 OK: kept
90	9	7	greta@example.org	greta@example.org	Greta	sending	1	e2b805d580a88247	1638435613393	\N	\N	
91	9	8	hassan@example.org	hassan@example.org	Hassan	sending	1	e2b805d580a88247	1638435613405	\N	\N	
\.


--
-- Data for Name: departures; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.departures (relay, period, bucket, number) FROM stdin;
\.


--
-- Data for Name: editions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.editions (digest, content, kept_at) FROM stdin;
6ff1cf8b24a99bc3575fd830b10af5df12c09a0e0143866e5f9025a1ab86d07c	\\x789c9d53db6edb300cfd154ecf8e5d07c3da056eb0ec5aec612db00d45b10c816c33b606453224baa951f4df4739f5ea5e32147db2451e5187873cd7a2a68d163391bdfa78fae1c7c5d9270881f9d264e10b5a9aea7829d04cbebc5f8a3e8cb20cdf0d9284a296ce2331a2a5f5e46887e833466e90c3970ab78d75b414505843680276ab4aaa8f4bbc54054efa4304ca2852524f7c21351ea7bb4aa448e37c613ab25b0306b73e82afd2b4d275303d98a659b24330341978e5b6ec7a9ee97f2f729a41cddc6b4b6f0fd778f4fa309fe66f0e2b8748ca5459d2f455a6f3d3f59a79426d5be799e650874b4cfb125068e93db7d530e97304e99043d66309d640e6c95953cd3f3b55cace67c9ed398673a708812c64f25f09c93ad50ed7fcbb914a939dd5a8b57d27779dc47825378dc6d8ba8a1fa31ac1f6ecb244cee31de5beaba1f333e9c8a0f3b56a2248e14455357ca7d062040366f12d8574b188e1c2b6502101d5ca034e0201c8b190ad47e838171ae38e580708391609b4f214f38b7260fd50ced6f836f785533932e19f77a7c0f856e3641859d2af9e8884f2be455eca30aac941ca118d44e8c28cc5ec5a4857d4ea32206aa2c6cf92248c387e42a5a42fe5b9c23058be74123485ebb0a237d128b56a4d88950324e442872b15421bdedf5a774fbd32e0fa6d64e878f138c7bfe802d97db3648cc346772bb20c0bb7f6a03c9a12dd4a96a543ef9f850d1d8d288d3682315bcc3d6fe1338414ac54a30a6af96131fbf53bea47edc33446caee73133f35da842780e32cbfc4873f58d00329616ddd3d1b7359c2ab87b0fb560f8ed8472be4f6d83ba41e99f9d6c423efde59906db0dfab5cec05965c9a975b726946669b3d96606c4c236efe02c3541c2a	1609578003567
c617f5a796a5d5888210d259f8845411e064eee00b0819e5dc947ad2f6185b25	\\x789c9d53ef4fdb3010fd576ef99c26b41312abd26add0fc6a781b44d08ad53e524d7d8936b47f6851221fe77ce2981acd009f129f1ddf3f9ddbb7bb791a48d8ea651f6eecbf9e79f57175f2104e64b93852f6861aad9324233faf6691975611465f86e90041452388fc48886d6a3931da2cb18b1410e5f2bdcd6d6d13282c21a4213b05b55929c9578ad0a1c7587189451a4841ef942689c8d77954891c6f9c2b464b7060c6e7d0ca798bb46b8162647937196ee208c4d7b62b92ddb8ee8f8ff3739cfa87aeeb5a5930f13511cbf3f2e4acc2b8748ca54595a776526f3f3f59a9982b48df34cf4b110d7987435a0d0c27beeac66de9708c22187acc712ac81cc93b3a69a9f3a558ad667e9c339814ba708812c64e2b18460a9a4c335ff6e84d264a712b5b61fc5ae97046fc4a6d6985857f16324116c472f4bc53cd971eedaea7bbf108e0c3a2f551dc318ce5425e107851e63e8318bef63182f16095cd9062a2420a93ce02810801c0bd178849673a131ee888580906395402b4f09bf287ad6fb7a36c637b92f9cca9109ff7a3a05c60f22a7fdd0d26efba23852de37c87b1966353a9a70442311ba30e5687a1b095748751d1092a8f6d3340d434e5e5029ed4a79aed04f962f9d054de1366ce95d3c48ad1a1362650f09b9d0e14a85d0865758eaf6a5577a5cb78f0c1dae1ee7f8175d207b68968c7158eb76459661e1d601944753a25b89b274e8fdabb0a1a301a5c14630668bb9e72d7c8590112b55ab821a7e389afefe1377a3f6611a03650fd9899f1a6cc20bc061965fe2c35f2c684f4a585bf7af91b92ee1cd3e6ecfedc113878885dc218787dc333f3ff87860df2717b2130edb958bbdc1954bf376572ecdc06fd3e71a0cbd69a2bb7b6cde2075	1612256405871
0a94ad16949737d9fba643b94cc251c0afa8653f6129ab631dff968d83410135	\\x789c9d535d6fdb300cfc2b9c9f1dbbceb0a10bdc60d9675fb616d886a2588640b1195b83221912dd3428fadf4b3af56ab4c950f4c91679a28e47de4d54d3da4493287ff5e9ece3cfcbf3cf2081e9dce6f205a36c75328fd08ebe7e98475d185529df359282a2563e2031a2a5d5e87887e83256ad91c3571a378df3348fa07096d00a76a34baa4f4abcd2058eba430cda6ad2ca8c42a10c9e64bb4aa4c9e07466b7e436162c6e420cdf942f6a181f8db33cdde51998f6ac96aedc762cb3ff5ce324439a69308edebecb8af2582d8b3747e3ca2392b6559e365d8df1f46cb5628e50bbd607a6b8abc205c65d01288c0a811b6a98ee0582f2c82117b00467210fe49dada65fbc2ed536e4e9fd39810baf09811ce4ea5f09c50ad51e57fcbb56da909bd4688c7baf765d2478add68dc1c4f98a1fa31ac175dcf2544d931de1aea7beeb73e5c9a20fb56e62c8e0545735fc206930861e33fb9e41369b2570e95aa890806a1d004742009658a836206c39278d7147ac02488e2502a30325fca2ea593f16b3b5a15d86c2eb2532e15f0f27617caf70da8f2bed962e8a231d428bbc8e32a8d1d16b8e1824422ff38d263791e8afaf045113356192a632de648f4a69572a70857eac7ce95434851b59cedb78905ab45662650f919c74b8d0125af3e6d666bbef951ed76d2243874bc739fe452f640fcd92311e1bb35d906398dc3a800a684bf40b55961e437816563a1a501a6c046336b80cbc85cf103262a51a5d50cb0f4793df7fe26ed441a63150f69097f8a9c126ec010eb3fc121ffe62418fa48495f3030b7351c2ebc7a0a1c9c50d8728496eafb125f1c4c6f7f61db8f6c17c6c80c32ee5622f30e3dcbedc8c733bb0d9e4a900434bdae8f60eab771734	1614675607693
53bf9e2a599a0b38ab5ca60d70b610c5a7282702845665c748339a6720452f28	\\x789c9d535d6fdb300cfc2b9c9e13bb49b7b50ddc60d9679fd602db5014cb1028366369502443a29b0641ff7b29275e8d36198a3ed9224fd4f1c8db08454b2346227bf3f9f2d3cf9bab2f1003e3a9cde2178cb4e5f954a0ed7ffb38154d186511bf4b2409b9923e2031a2a645ff748b6832562e91c3b71a5795f33415903b4b682376a50b52e705deea1cfbcda107da6ad2d2f4432e0d9e0fb6954893c1f1c4aec9ad2c585c851e4c2aaf0d0c8f86832cdde61998b6ace6ae58372c07ffb9c6498654e3601c9d1e9f1dbf3f3a393d3b79274b8f48da96595a353586e3cbc582398272b50f4c715b850b0c9b02901b1902375431dd6b04e991432e6001ce4216c83b5b8ebf7a5dc875c8d2dd39816baf09811c64f25f09c90a298f0bfe5d4a6dc88d141ae33ec86d1709dec965653071bee4c74821b8865b96ca71b225dcf4d4767d253d59f441e9aa0703b8d0a5821f141b642d7698c9f7010c2693046e5c0d251290d201b01f09c01c7359078435e76263dc11ab0031c71281d181127e51b6ac9f8a59db50cf43eef51c99f0afc75364bc53386dc795364b277a42875023af631c54ffe82d470c12a18ff315a38d903e57fa362214511546691ac79bec51296d4a05aed08e952f5d444d611397f3bed749cd6a1b63450b89b9d8e14cc7d092375799f5be575a5cb3890ced2e1de7f8177d247b68968cf15899f58c1cc3e2ad03a880b6403f9345e13184176163471d4a9d8d60cc0ae781b7f005420a56aad239d5fcb018fdfed36b461de2343aca1ef2123fd5d9843dc06e965fe2c35fcce98994b070be63612e4a78f714d4357974c3214a31b7d7d831f1ccc63bfb765cfb683e36c0619772b15798716a5f6fc6a9edd86cf45c80ae25adb87f00fe8b1387	1617354009041
74459c9fd71e00dea831d914574ea4a8fc543dd4b2a3bde247d152de121b7cbb	\\x789c9d53db4edb4010fd95e93e3b364e2982c8444dafbcb420b515424d156dec89bdd566d7da1d132cc4bf33eb60b02091104ff6ce9c99397339b7a2a2b5161391bdfb72fef9f7d5c5570886e9dc64e10b5a9af2742ed08cbe7f9a8bce8cb208df359284bc92ce2331a2a1d5e8788be83c46ae91cdd70a37b5753417905b43680276a30aaa4e0bbc56398eba4704ca2852528f7c2e359ea6db4ca448e374665ab21b0306373e821fb285f1c138cd92ad976149cf69698bb6e398ee0d621703eaa9d7960e0f8f0e4e4ed2e3f747c7b27488a44c99257597613c3d5fad981f54b6719ee9851c1c3eeec221d7d27b6ea566a29708d2219bacc702ac81cc93b3a69c7e73aa90adcf9287770c974e110259c8e4630ac9b3a91caef8772d95263ba9506bfb516e3b88f146ae6b8db1752517a30ac176ccb2444ee32dddaea3bee30be9c8a0f395aa2348e14c9515fca2d05e043d66f6338574368be1ca3650220155ca038e020158622e1b8fd0b22f34c61df10c20f87840a095a7982bca9ef5f35136c6374b9f3bb54426fce7e915183fcc37e9579574e72622a1bc6f900f31ac6974f0812d1a89d085dd8ac9ad902eafd475405444b59f2449586dbc634a4997ca73867ea91c7416660ab7e12cefa2816bd198602b7a48f0850e172a98d67cb3956e7755e971dd1532747870ece35f7481ecbe5d32c661addb05598685a83d288fa640b79045e1d0fb57614347034a838b60cc06979eaff01583143ca95ae5d4706131f9fb2fea56edc3360693dda7242e35b8841dc0a1972bf1e33fe6f46c94b0b2ee51be9c92f0e639e449de4109fbe804df0e4907f30b013f0877a0d727d9f1e9efd727277b830ce7e6ed329c9b81c0262fdb1f8ad188bb7ba4ab0e78	1619946004533
97cb65a688d746153091e4cf3c0575b7e177fdf26f8017c3669af572f3e6f440	\\x789c9d53db6edb300cfd154ecf8edd0458b7056eb0ec5aec612db00d45b10c816c339606453224ba6910f4df4739f56ab40950f4c91679481e5ece4e285a1b3115f9ab4f171f7f5e5f7e8668982d6c1ebf60a4adcf1602ede8eb8785e8cc28abf85d23492895f40189112dad466ff788ce63e51ad97ca371d3384f0b01a5b384366237ba227556e18d2e71d43d12d056939666144a69f06cbccf449a0ccee6764b6e63c1e22624f0adb5089393c938cff66ec6653da9c255db8ee4f87814fb18d1cc8271240bb9aae46955bc79f7baf688a46d9d674d976232bb58ad982128d7fac004bb241c3fe9e2a1343204eea661ae5708d2239b5cc00a9c853c9077b69e7df1ba92db9067f7ef14aebc26047290cbff29248f47795cf1ef5a6a436eaad018f75eee7b48f156ae1b83a9f335172385e03a6a792667e99e6fd752dff3a5f464d107a59b04c670ae6b053f28f697408f997f1fc3783e4fe1dab5502301291d004791001458ca36206cd9171be38e7808107d3c21303a50ca1565cffaf12c5b1bda22945e17c8847f3dbc22e3fb0167fdb2b2eee2442274082df22dc63d8d4e4ed96290087ddcae98ee84f4a5d23711a1889a30cdb2b8dcf4c094b22e55e00cfd5639e83cce1476f132ef92816bd9da68ab7a48f4c50e973a9ad67cb6ca6c0f55e971dd1d32747872ece35ff491ecb15d32c66363b64b720c8b514750016d857e29abca6308cfc2c68e06940617c1980d1681aff01983143ca94697d4726131fdfd27e9561de23606933d26252e35b88403c0a1972bf1e32f96f46894b072fe41c09c93f0f63166a0f0a8856384a2ef90aaa3fd8986efb53b90ec83f2f8fa8f4b9493bd40890bfb72252eec4063d3a7fd0ff568c5dd3fc5f51899	1622624407347
e4b1f6eadd36d2c793e45640fd5cc7e173c8ec47d40c560a9bb4a6d2f46ce1f8	\\x789c9d53db6edb300cfd154ecf8e5d67d82d708265d7620f6b816d288a6508149bb135289221d14d8da0ff3ecaa917a34d80a24fb6c843f2f07276a2a28d161391bdf874f1f1e7f5e5670886d9c264e10b5a9a72ba1068465f3f2c4467465984ef0649425e49e79118d1d07af4768fe83c466e90cd370ab7b575b410905b43680276ab0aaaa605dea81c47dd2302651429a9473e971aa7e93e1329d2389b9b96ecd680c1ad8fe05ba35b189f8dd32cd9bb1997f4a456b6683b92e9e928f631a29e796d699cbf4a8bb377e315be7c5d3a4452a6cc92ba4b319e5dacd7cc102adb38cf04bb241c3feee221d7d27beea666ae5708d2219bacc702ac81cc93b3a69c7d71aa90adcf92fb770c574e110259c8e4ff1492c753395cf3ef462a4d7652a1d6f6bddcf710e3addcd41a63eb4a2e461582eda865899cc57bbe5d4b7dcf97d29141e72b554790c2b92a2bf841a1bf087accfc7b0ae97c1ec3b56da04402aa94071c0502b0c25c361ea1655f688c3be22140f0f184402b4f3157943deb87b36c8c6f563e776a854cf8d7e11518df0f38e9979574172722a1bc6f906f31ec6974f6862d1a89d085ed8ac94e489757ea26202aa2da4f92242c373e32a5a44be53943bf550e3a0f33855db8ccbb68e05a3626d88a1e127ca1c3a50aa60d9f6da5db63557a5c77870c1d9e1cfbf8175d207b6a978c7158eb7649966121ea04caa329d02d655138f4fe49d8d0d180d2e02218b3c595e72b7cc220054faa5639355c584c7eff89ba55fbb08dc1644f49894b0d2ee10870e8e54afcf88b393d1825acad3b08987312de3ec40c141eb4708a50f01d5375b03fd2f0bd7607923d288fafffb44439d93394b830cf57e2c20c343679dcff508f46dcfd030c581462	1625216526689
59d4c5b314f24dae756daeeb13b9c6c96bd031517e6599c0eacef28a84f46b82	\\x789c9d535d6fdb300cfc2b9c9f1dbb0e30b40bdc60d9679fda02db5014cb10c836636b902543a2930641ff7b29276ebdb4198a3ed9224fd4f1c8db0615d52a9804e9bb2f579f7fde5e7f051f98ce75eabfa0842ecfe701ead1f74ff3a00ba328fcb746129057c23a2446b4b41c9ded105d468b1a39bc92b86e8ca57900b9d184da63d7b2a0eabcc095cc71d41d42905a92146ae472a1f03cd95522490aa733bd21b3d6a071ed42b8342bac33b4303e192769bc833036ee8965a6d8744493ffdfe43ca39aa953868ab3f7d9e9e94992e7e243691149ea328d9baecc787ab55c3253a84c6b1d137d2cc435c65d0dc895708e3b6b98f70d82b0c821e3b000a32175648d2ea7dfac2cc4c6a5f1fe1cc18d9584400652f15842b05495c525ffd6422a32930a95321fc5ae9708ef44dd288c8c2df931aa104c472f8dc534da71eedaea7bbf1696345a57c92684042e6459c10ff23d86d06366970924b35904b7a6851209a8920e70e4094086b9681dc28673be31ee8885009f639540494711bf287ad6877ab6dab599cbadcc9009ff7a3a79c67b91e37e6871b77d411848e75ae4bdf4b31a2509471412a1f5530e26db40d8bc922b8fa8881a3789633fe4e80595e2ae94e30afd64f9d285d714b67e4befc3416ad16a1f2b7a88cff90e17d2876a5ee14a6d5e7aa5c775fbc8d0e1ea718e7fd17ab2c766c9188b8dda2cc830ccdf3a8272a80bb40b5114169d7b15d67734a034d808c6ac3173bc85af103260a51a9953cb0f0793df7fc26ed4ce4f63a0ec313bf153834d780138ccf24b7cf88b391d48094b63ff3532d725bc3bc41db8dd7be218319f3be6709f7be6e7bd8f07f67d72213be1b85db9d81b5c39d76f77e55c0ffc3679aec1d09b3ab87f00df061f49	1635843615506
6d6da73cc8dc715e988c6c959f9733966dbe9581a5e05f5caefaecd47ab1889e	\\x789c9d53616f9b3010fd2b373e1318d1a645118d96addbfa69adb44d55b54c9181033c191bd947d3a8ea7fef998496a5cd54f513f8eef9fceeddbddba0a64605f3207d737afef9e7d5c517f081c54aa7fe0b4ae8ea6415a09e7cfbb40afa308ac27f1b2401792dac43624447e564b643f4192d1ae4f0b5c44d6b2cad02c88d26d41ebb9105d527055ecb1c27fd2104a92549a1262e170a4f925d2592a470b1d45b321b0d1a372e8453ccb1c9d0c2f4ed3449e31d84b1f1402c33c5b6279afcff26e719d52e9c32349be5599994c5fb77e243651149ea2a8ddbbecc74715e96cc146ad359c7441f0a718d695f0372259ce3ce5ae67d89202c72c8382cc068481d59a3abc5572b0bb17569bc3f47706925219081543c94102c556db1e4df464845665ea352e6a3d8f512e18d685a8591b1153f463582e9e9a5b158443bce7d5b43ef17c29246eb6ad98690c099ac6af841bec71006ccf27b02c97219c195e9a04202aaa5039c780290612e3a87b0e59c6f8c3b6221c0e7582550d251c42f8a81f5a19e9d765de6722b3364c2bf1e4f9ef15ee478185adc6f5f1006d2b90e792ffdac26c994230a89d0fa2907f3db40d8bc96d71e5113b56e1ec77ec8d1332ac57d29c71586c9f2a533af29dcfa2dbd0b47a975a77dac18203ee73b5c4b1f6a78856bb57dee9501d7ef2343c7abc739fe45ebc91e9b25632cb66abb26c3307feb08caa12ed0ae45515874ee4558dfd188d2682318b3c1ccf116be40c880956a654e1d3f1ccc7fff09fb513b3f8d91b2c7ecc44f8d36e119e038cb2ff1e12fe674202594c6fe6b64ae4b7873883b70bbf7c431623e77cce13ef7c4cf7b1f8fecfbe84276c271bb72b157b872a55fefca951ef96dfe5483b1377570770fbf771f9e	1638435612992
\.


--
-- Data for Name: identity; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.identity (id) FROM stdin;
12261330a9518aef80d6a814d0fca6f3
\.


--
-- Data for Name: mailing_events; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.mailing_events (id, mailing_id, event, at, note) FROM stdin;
1	1	begun	1609578003567	partners: 11
2	1	ended	1609664403565	
3	2	begun	1612256405871	partners: 11
4	2	ended	1612256406275	
5	3	begun	1614675607693	partners: 11
6	3	paused	1614675664797	by jo on office: there is a mistake in it
7	4	begun	1617354009041	partners: 10
8	4	cancelled	1617354067898	by jo on office: there is a mistake in it
9	5	begun	1619946004533	partners: 10
10	6	begun	1622624407347	partners: 10
11	6	halted	1622624407949	127.0.0.1:58823 does not take our mail: “550 5.7.1 Sender refused”.
12	7	begun	1625216526689	partners: 10
13	7	ended	1625216527067	
14	8	begun	1635843615506	partners: 10
15	8	cancelled	1635843669102	by jo on office: there is a mistake in it
16	8	resumed	1636016408570	
17	9	begun	1638435612992	partners: 10
\.


--
-- Data for Name: mailing_sign_offs; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.mailing_sign_offs (mailing_id, sign_off_id) FROM stdin;
1	1
2	2
3	3
4	4
5	5
6	6
7	7
8	11
9	12
\.


--
-- Data for Name: mailings; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.mailings (id, key, issue, lists, edition, began_at) FROM stdin;
1	99c60dbc2697	2021-01	["partners"]	6ff1cf8b24a99bc3575fd830b10af5df12c09a0e0143866e5f9025a1ab86d07c	1609578003567
2	7945fd59b920	2021-02	["partners"]	c617f5a796a5d5888210d259f8845411e064eee00b0819e5dc947ad2f6185b25	1612256405871
3	c2b7e016da2e	2021-03	["partners"]	0a94ad16949737d9fba643b94cc251c0afa8653f6129ab631dff968d83410135	1614675607693
4	5c28cffb1fc9	2021-04	["partners"]	53bf9e2a599a0b38ab5ca60d70b610c5a7282702845665c748339a6720452f28	1617354009041
5	68de28b9be9a	2021-05	["partners"]	74459c9fd71e00dea831d914574ea4a8fc543dd4b2a3bde247d152de121b7cbb	1619946004533
6	d43d8b2f8bc0	2021-06	["partners"]	97cb65a688d746153091e4cf3c0575b7e177fdf26f8017c3669af572f3e6f440	1622624407347
7	36fcaa264927	2021-07	["partners"]	e4b1f6eadd36d2c793e45640fd5cc7e173c8ec47d40c560a9bb4a6d2f46ce1f8	1625216526689
8	7b1a408312eb	2021-11	["partners"]	59d4c5b314f24dae756daeeb13b9c6c96bd031517e6599c0eacef28a84f46b82	1635843615506
9	c63689efa768	2021-12	["partners"]	6d6da73cc8dc715e988c6c959f9733966dbe9581a5e05f5caefaecd47ab1889e	1638435612992
\.


--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.memberships (subscriber_id, list, source, basis, since, details) FROM stdin;
1	partners	file	public-task	1609491601463	{}
2	partners	file	public-task	1609491601463	{}
3	partners	file	public-task	1609491601463	{}
4	partners	file	public-task	1609491601463	{}
5	partners	file	public-task	1609491601463	{}
6	partners	file	public-task	1609491601463	{}
7	partners	file	public-task	1609491601463	{}
8	partners	file	public-task	1609491601463	{}
9	partners	file	public-task	1609491601463	{}
10	partners	file	public-task	1609491601463	{}
11	partners	file	public-task	1609491601463	{}
12	partners	file	public-task	1609491601463	{}
13	schools	file	consent	1609491601463	{}
14	schools	file	consent	1609491601463	{}
15	schools	file	consent	1609491601463	{}
16	schools	file	consent	1609491601463	{}
17	schools	file	consent	1609491601463	{}
18	schools	file	consent	1609491601463	{}
11	schools	file	consent	1609491601463	{}
12	schools	file	consent	1609491601463	{}
\.


--
-- Data for Name: schedules; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.schedules (id, issue, lists, newcomers, due_at, grace, digest, planned_at, state, ended_at, mailing_id) FROM stdin;
1	2021-07	["partners"]	f	1625216400000	43200000	3bd4f8660dc9f1c1989229ec67e73abb77b533aab83f7fcc783154d15abfe802	1625130008984	begun	1625216526689	7
2	2021-08	["partners"]	f	1627894800000	43200000	72a4b1ba21140a1c1cc5482ab684020a61d7aff21c407ff51fcb54c6fdf6aeef	1627808407020	waiting	\N	\N
3	2021-09	["partners"]	f	1630573200000	777600000000	d62ae4462fc50d55716cf9ef58aed2fc0c7213a92fc4dbd48f6d78bf5fe5ddb1	1630486805981	waiting	\N	\N
4	2021-10	["partners"]	f	1633165200000	43200000	126159d688f852dcd62f4faa1182a14289c86b48d8a41ab0b13941c52cfedcf2	1633078806411	called off	1633082406812	\N
\.


--
-- Data for Name: sign_offs; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.sign_offs (id, issue, digest, name, signed_at, contents, confirmed) FROM stdin;
1	2021-01	c9c92468466f908d06a2e3077e6a2b93246e2c06eca0c3093878e99fe109aff2	Jo Bloggs	1609491601429	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5ed2a00f4d80b608822830ce651f71626a8698195a165c03fdae7e4ebfa4eb0c29891625c5c88b45ce9cb3af6badbde98f8bd4771375d3b838ffb808db69d50f8bf3c5e264b19aaed78bf31f1717bff9f3b77ffae70fdffda5a94f5e5f7617f56fb30eddd557970bea4efffac7cbc5fc9842ae7faf690a4d5a8561a40927b6533975bb13f39b2e5c131ebf6fe966d30fd3e5a2d9478087376d9e565f657adf263a9dbf9c346dd74e6d589f8e29ace92bbeb334b5d39a5ebfe96ea7fea66b3aba194f9abf856e1b86db4630c12fce762770f4ec2eaed8e7db394efee245bcc6a1cd6b94e06a209adaee0a1f2fce36f35df1fadb52105db3eab7c388e0ee6ee3a2982f36691dc611c96c10eaf7d48481f0a81f29377dd75c8cd3d07757afbf1eda1c6ec78bb3fdf765f3fdd04ed44c7d7311ee4d0454673550c1c7ebd0aea7fe7c45eb75ff87b08b7f491fc2f5664dcb7eb882b369454d3f477771165e2f7721cfb9dce5fb5d18a68e8671d56e4e1ade7cd35ead9a7f4c35cb93e6eecc9bbff386bf79b36c7ee8b7cd154dcdb46ac7864e6b004da414b62335b77857134346a84353dfa14ecdba1da7253c86bba851b96d376ee398863612be21cc7f3d3ca871ee2b7b76d79eb319668b9f4e16ed386e0960ac7d39651cb7d7344d34d486ce681dd2aa7d5f4faca669339e9f9dd57e2e9f28ced96c6a3c6ce9f9e29b5acae663c5e3a79383576fb75d7d96ef8ed47735b1b76d7d740db0aed6b74f79b93b37430f470f518677f848955bcfb6106706daac6fdf4e3d8ed55bcf9c1aa9cb34bc0d390f348e5f74b6667410d2011070e686e208f07d4121179f76398e5519367b23b5579b364d5b4483bee0081afc33a5e9510d9ad20f9f910dae27fa30555bcf33b242f8732ed627cfb0b0be3ae2dc9e6b07147b600ad0fa3ca560ec5730e7b2fbf5ccb9ec0ed8713e27fe883fdde22714f83abc9b41fc11fd9d6a5966f98edbf5ba16696cfef79fff367ba4ce9f5f80fd2f5f7a8a10cfdf1a288c7d87b3bfb60a2f5adfc179fe48f5d6cbe0ff223b2f52e3790bcfb03cf5eb1993f5484809730d677ecbb34ece561118ae42d78e616a91fa7c26f6db7a04a87d4784e9b16ad7a075d78ca15045f6defef2c9cbf70af032249fba7b57be97e4e8e8d297c8c87c703bacbf504e46942bd19db29e377bb5bfec36db083cac28e3d92345d8ebcb79f3a2bcc0c44075cf785b55e6bcf97e15a6e6869adce6932674b9b9a90f527f4d230c7ca8fc1b6115b98ea05ed39c362019bc77fd04a5a84f9a5dd7cf9b67e5673e337bfbf7ee4bd31ce9d1ab577b457af5ea40937e7c10a59f7ef74bd3fef7cb591b70a5f6e3e3626ee6590ec3bb659af1a025392b8262a5b042c994249272a90491b9973959961293496792d1a4c895288c5c0e9a29169c0b30beb3394fce659dc9cb9f050cbb925211c133979d56c26743822c899802e3de84148b2ca9f0129493c127252c9998844a4e4463e8de709d1ee3590cc381f16c92e2147de6b9b8e8c81b26b5653228917490a0908257834fcc90865d157c612a0929950d453f327eb7da1e7820956ba6d170e3708113ec67a54ad1a852520535224fdceaa82443c57449520ace14fc095dfc230fa5efa703ebd61aae4ba4c2598985cb143d1742702525f30453c6a80464726d6c89c6e9cc9c282138c38b672a3cb27e8d7e1e062f9963ccf1c455c9ccb0ec70d99263a838b74e920a82a848442e5c29de244d424272ad6282b26247e6c7a9ee52071e5822642e828e2e7a6693cf89b88fc2cac098266985f02964041298500cc54f005491268920987f9c00a46dddf7ef0e3b0cd070c429426119f74211c623fec283aebdccb1f6dff12c63f456244ad131e593e34eb0a2dd23073760d129bc1c160906628a392beb23102a8a743a92f3920bf2d6a3152c01f914a4903927a02c38e125458726d30340efb4e06c96e8030f05d5612117e38db51145099e0217c6b2cca403124bb6d6e7e82929c665903e80172c56cc6a1c78c2c30085591fd24c8b60951232915591334ec020e3a069881280b52082b45ac7ccbc21604c679b98962564c358c9e6d847827884f6aa3b7012b307cb4c4432223be325d3dc075678ad9911292b4f4211f0e995d7380bd9d01013a54db2c1a46327f4fe11df8c4e31a1de012a908545395ce114922e480d7df7dc52212f6221d25c2793a30bd6a0c04ee8289fe8067da0b49db0f7bfdd6e7298e8d01ba7a22d180c0c386d8b803b0be933ce55d6192e38d9caf48097480a59661178b25ee4cc8a7f22a1aba1df6ef69e0e1c79854e2767a4631910b5cea4648bd5566aa7b88b117a05d05569520c8f53f6d9410e98807006698f1d61fff98ceb9e4332c076194564200da0a92294370109899c9399000707c62b440f48eb5cd58b7397c04e7a0200bb3176e02291622a5a55ac4229548cc5bb0cfa5ba9144b26c41c51292ea4ce26aba0bc8792e42a6bce456c27c72e3643db639eb59f37c5a88c0110a266c6cdb25d250fdf3029342965012783969bc84572c505a88e90d05122e340816337d879e6a5e1332f60749d6a5c668b920418f352785fa9c2a3f090b408d947fc5672539ca60cf85b0f260b28663ef6320da1edb0951e122626c90127a315945099c4ad056e20f559fb4c8201789483e79a3bb43e2a3008c2c6481106837c10e071ba05dd77a35a49d0da425c21b6105219ade615289837a00e24253a09d10762a5c8aaaa2069288a8fc96bf03dee7f45ed27f5843d66d75d486a22b298044663182377e1481859848368710c518c4e078951d679e83030c61dd599073567e6ceec6e08dd9bb53c708d7ab25cd709294d0e60ae29423aef40658e1168105f4e3e72a8301200aa2cafe02a31a43bb38fd4f5de3e06b22b58286acdc0acecaa250c3b3430480c4e8b71a0b9a9dcd2069a9d0c849c8900692d581cdcb1fdbdb6de7b70517be112441f0aaa8c8dd019b0276b9d0179c2ac29a49d20a64308d041082db7ca78a1c0478afac8c3bdb2debb802e63b807899098b69c804dcc7d058ce488e96f999709035b013e424802bd74e04ea7ca3cb09a8e5cec75f5c181f016d21da858c6109ac5d22230eca1010ea34e6058b288e1eab582aa2316c1d00f16b3c0bf361e57e95855ef7dc18831503aa48fc5d014a663b08e0b08932a9c172c25ce796220961339c037fa563186852641238f7c7da6a90f6e20a38a458fa660bb516807904f5a858c952479a8105632a4a33283d4d5eeabc81828ac401b30fcc8cd4e51efedab60581d2cd978dc950193387855b78f0cf50960810c054cc38048e836f293118b21ca8a7d24947c647fafa70f3dc17a2240de58b0af04892d13cb46f12aa15e0013d4365b343b15cc418c6b409a7394d5005e31a5277a72a0a6f74eb8117503e612830cb29d3088b0b2a3063683621108208f3a62dd90c015708dbda1c21a720a99f2fec8c98396defb60d22662aee48005cf61146031421bb08e402b11397a60f0db42806f1844e81064ce4a8b440be09dec918f7b257de0a071bc8a970068b1d382bbde64c2e21ca5c1aaca137e3978fc2c11aa68b40b134733ac05480e600f2cd71f8eeff1c3b39dffa7812df9922d3e7dfa3f0c8a5a4e	[]
2	2021-02	853af0d8efc5e7e70c35b2c1fa93e48b7cb33fe40748297f1b08eb442b1d0a7e	Jo Bloggs	1612170002352	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5e923c3501da2208a2c038977dc489a91961666859700df4bbfa39fd92ae33a4285a9414232f163973cebeaeb5f6a63f2e52df4dd44de3e2fce3226ca6553f2cce178b93c56aba5e2fce7f5a5cfceeafdffde59f3f7effb7a63e797dd95dd4bfcd3a74575f5d2ea83bfde6cf978bf931855cff5ed3149ab40ac348134e6ca672eab627e6375db8263c7edfd2ed4d3f4c978b6617011edeb6795a7d95e97d9be874fe72d2b45d3bb5617d3aa6b0a6aff8d6d2d44e6b7afda6bb9bfadbaee9e8763c69bea6386cc270d70826f8c5d9f608ce9edd0716fb7c3707ca5fbe89f73875f31a45b81a88a6b6bbc2c78bb39bf9b278fd5d2988af59f59b614478fbebb829e69b4d5a8771443e3788f6076ac24078d48f949bbe6b2ec669e8bbabd75f0f6d0e77e3c5d9eefbb2f96168276aa6beb9087b1301055a0d54f0f13ab4eba93f5fd17addff296c3358d287707db3a6653f5cc1d9b4a2a69fc3bb380baf97db98e764ee33fe3e0c5347c3b86a6f4e1ade7cdb5ead9a7f4c35cd93e6fecc9bbff386bf79b36c7eec37cd154dcdb46ac7864e6b004da414362335777857134346284453dfa150cdba1da7253c86fba851ba4d376ee298863612be21cc7f3d3ca871ee4a7b76dfa0b319698b9f4f16ed386e0878ac8d396502b7d7344d34d496ce801dd2aa7d5f4faca6e9663c3f3bab1d5d3e519cb3d9d478d8d3f3c5b7b594cdc70ac94f2707afde6ebafa2cdf1fa9ef6a626fdbfae81a785dadef9ef2727f6e061f8e1ee20ceff0912abd9e6d21ce0c74b3be7b3bf538566f3d736aa42ed3f036e43cd0387ed1d99ad141480740c0995b8a23c0f705855c7cdae6385671b8d919a9bdba69d3b44134e80b8ea0c1bf509a1ed5a029fdf039dde07ba20f5335f602292b883fa7637df21c11ebbb23daede876c0b207b200b0cfb30ac67e03792ebbdf4e9ecbee8020e773e68f28d42d7e468dafc3bb19c71fd1e2a9d66516f1b859af6b95c6e67ffff96fb303ebfcf905e4fffaa5a738f1fcad81c2d87738fb5babf0a2f52da2e78f546fbd8cff2fb2f3223b9eb7f00cd153bf9e41598f849430dd70e6f73cebe46cd581e12a74ed18a616a9cf6762bfa94780da77441820ab760d6677cd180a5568efec2f9fbcbc17819721f9d4ddfbf2bda4484797be4449e6839b61fd858a32a25c89eec5f5bcd909fe6577b389c0c38a329e3dd6849dc69c372f4b0c8c0c54f78db75569ce9b1f56616a6ea9c96d3e6942979bdbfa20f5d734c2c287cac0116691ed08f235cd69039ac17fd74fd08afaa4d9f6fdbc795e81e643b3bb7f6fbf34cd9124bd7ab513a557af0e64e9a7075dfaf90fbf36f3ffb89ce501576a4b3e2ee67e9ee530bc5ba619125a92b32228560a2b944c492229974a10997b9993652931997426194d8a5c89c2c8e5a09962c1b900e35b9bf3fc5cd6c9bcfc45c0b02b2915113c73d969257c3624c892882930ee4d48b1c8920a2f4139197c52c2928949a8e4443486f686eb0c19cf62180e8c679314a7e833cfc54547de30a92d934189a483048b14bc1a7c628634ecaae00b534948a96c28fa91f1fb1df7c003a95c338d861b870b9c603f2b558a4695922aa81179e2564725192aa64b925270a6e04fe8e21f79287d3f1d58b7d6705d2215ce4a2c5ca6e8b910822b2999279832462540936b634b344e67e64409c1195e3c53e191f56bf4f33078c91c638e27ae4a66866587cb961c43c5b97592541044452272e14af126691212aa6b151394153b323f4e75a33af0c0122173117474d1339b7c4ec47d145606c634492b844f212390c08462287e02a08a344904c1fce304a06eebbe7f77d8618086234e110acbb8178a301ef1171e74ed658eb5ff8e6719a3b722518a8e299f1c778215ed1e39b8058b4ee1e5b048301053cc59591f815051a4d3919c975c90b71ead6009c8a72085cc390165c1092f293a34991e007a2f0667b34a1f7828a80e0bb9186fac8d284af014b8309665261d9058b2b53e474f49312e83f401bc60b16256e3c0131e0648ccfa90665a04ab949089ac8a9c71020619074d439400ac0511a4d53a66e60d01633adbc4b42c211bc64a36c73e12c423b457dd8193983d5866229211d9192f99e63eb0c26bcd8c485979128a804fafbcc659c8868698286d920d261d3ba1f78ff866748a09f50e50812c2ccae10aa79074416ae8bbe7960a79110b91e63a991c5db00605764247f94437e803a5cd84edffede62687890ebd712ada82c1c080d3b608b8b3903ee35c659de18293ad4c0f7889a49065168127eb45ceacf82712ba1afacdcdced38123afd0e9e48c742c03a2d699946cb1da4aed14773142af00ba2a4d8ae171ca3e3bc8011310ce20edb123ac409f71dd734806d82ea3880ca401345584f226202191733213e0e0c07885e801699dab7a71ee12d8494f00603bc70e5c24524c45ab8a5528858ab17897417f2b9562c98498232ac585d4d9641594f750925c65cdb98805e5d8c5cdd0f69867ede74d312a630084a89971b36c57c9c3374c0a4d4a59c0c9a0e52672915c7101aa23247494c83850e0d80dd69e796ff8cc0b185da71a97d9a22401c6bc14de57aaf0283c242d42f611bf95dc14a72903fed683c9028a998fbd4c43683b2ca68784894972c0c96805255426716b811b487dd63e9360001ee5e0b9e60ead8f0a0c82b0315284c1201f04789cee40f7eda85612b4b61057882d845446ab79050ae60da80349894e42f4815829b2aa2a481a8ae263f21a7c8fbb9f52bb493d6191d97617929a882c2681d118c6c85d38124616e1205a1c4314a3d3416294751e3a0c8c714775e641cd99b937bb1d427bb39607ae514f96eb3a21a5c901cc354548e71da8cc31020de2cbc9470e1546024095e5155c2586746ff691baeeed6320bb8285a2d60ccccaae5ac2b0430383c4e0b418079a9bca2d6da0d9c940c8990890d682c5c11ddbdf69ebde838bda0b9720fa5050656c84ce803d59eb0cc813664d21ed04311d42800e4268b955c60b053e52d4471ef6caba77015dc6700f1221316d39019b98fb0a18c911d3df322f1306b6027c8490047ae9c09d4e957960351db9d8e9ea8303e12da43b50b18c21348ba54560d843031c469dc0b06411c3d56b0555472c82a11f2c66817f6d3caed2b1aaee7dc18831503aa48fc5d014a663b08e0b08932a9c172c25ce796220961339c037fa563186852641238f7c7da6a90f6e20a38a458fa660bb516807904f5a858c952479a8105632a4a33283d4d5eeabc81828ac401b30fcc8cd5651f7f65530ac0e966c3ceeca80491cbcaadb4786fa04b0408602a6614024741bf9c988c51065c53e124a3eb2bfd3d3879e603d11206f2cd85782c4968965a37895502f80096a9b2d9a9d0ae620c63520cd39ca6a00af98d2133d3950d3bd136e44dd80b9c420836c270c22aceca881cda0580402c8a38e58372470055c636fa8b0869c42a6bc3f72f2a0a57b1f4cda44cc951cb0e0398c022c466803d611682522470f0c7e5b08f00d83081d82cc5969916801bc933df2b157d2070e1ac7ab780980163b2db8eb4d262cce511aacaa3ce19783c7cf12a18a46bb307134c35a80e400f6c072fdedf81ebf3ddbf93f1bd8922fd9e2d3a7ff030bb75de6	[]
3	2021-03	887931f63a64b80df9d0f3ba2b9306e926c454bf0671bacd42cab741f2092668	Jo Bloggs	1614589201977	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5ed2bcb409d016411005c6b9ec234e4ccd103343cb826ba0dfd5cfe997749d2125d1a2a41879b1c89973f675adb537fd7191fa6ea26e1a17e71f17613badfa6171be589c2c56d3f57a71fee3e2e2377ffef64ffffce1bbbf34f5c9ebcbeea2fe6dd6a1bbfaea7241dde95fff78b9981f53c8f5ef354da149ab308c34e1c4762aa76e77627ed3856bc2e3f72ddd6cfa61ba5c34fb08f0f0a6cdd3eaab4cefdb44a7f39793a6eddaa90debd33185357dc57796a6765ad3eb37ddedd4df744d4737e349f3b730a4552398e01767bbf73878761755ecf3ed1c257fe11a5ee2c8e635d2bf1a88a6b6bbc2c78bb3cd7c53bcfeb61444d6acfaed3022b0dd5d5c13f3b526adc338228d0d82fc9e9a30101ef523e5a6ef9a8b711afaeeeaf5d7439bc3ed7871b6ffbe6cbe1fda899aa96f2ec2bd8980baac062af8781ddaf5d49faf68bdeeff1076b12fe943b8deac69d90f577036ada8e9e7d82ecec2ebe52ee03993bb5cbf0bc3d4d130aedacd49c39b6fdaab55f38fa9e678d2dc9d79f377def0376f96cd0ffdb6b9a2a99956edd8d0690da08994c276a4e616ef6a62c8085568ea3b54a959b7e3b484c7701735eab6edc66d1cd3d046c23784f9af870735ce7d5dcfee5a7336036cf1d3c9a21dc72d0186b52ba74ce2f69aa68986dacc19a7287bfbbe9e584dd3663c3f3babbd5c3e519cb3d9d478d8d0f3c537b594cdc78ac44f2707afde6ebbfa2cdf1da9ef6a626fdbfae81a305dad6f9ff272776e861d8e1e220ceff0912aab9e6d21ce0cb459dfbe9d7a1cabb79e3935529769781b721e681cbfe86ccde820a40320e0cc0dc511e0fb82422e3eed721cab266cf6466aaf366d9ab688067dc11134f8674ad3a31a34a51f0e8806c7137d98aaa5e7b858e1fb390beb9327f9575f1cb16dcfb203723d7004387d9e4c30f62b3873d9fd7ace5c7607bc389fd37ec49c6ef1134a7b1ddecdf0fd88ce4eb528b364c7ed7a5d4b3436fffbcf7f9b3d46e7cf2f00fe972f3d4585e76f0d14c6bec3d95f5b8517adef803c7fa47aeb65d87f919d1749f1bc8567f89dfaf58cc87a24a484598633bfe55927672bfd87abd0b563985aa43e9f89fdb61e016adf11616eacda3508dd3563285471bdb7bf7cf2f23df75f86e45377efcaf792101d5dfa1201990f6e87f5170ac9887225bad3d4f366aff397dd661b818715653cfb4c0df6ba72debc202bb83e50dd2bde5675396fbe5f85a9b9a126b7f9a4095d6e6eea83d45fd388eb1f2af746d8449e2368d734a70d0806cf5d3f4125ea9366d7f1f3e619e1994fccbefebdfbd234474af4ead55e8b5ebd3a50a31f1fe4e8a7dffdd284fffd7256055ca99df8b898db7896c3f06e9966246849ce8aa05829ac50322589a45c2a4164ee654e96a5c464d29964342972250a239783668a05e7028cef6cced37259e7f0f26701c3aea45444f0cc65a795f0d990204b22a6c0b83721c5224b2abc04e564f049094b2626a19213d118ba375c27c67816c370603c9ba438459f792e2e3af286496d990c4a241d24c8a3e0d5e01333a46157055f984a424a6543d18f8cdf2db2071e48e59a6934dc385ce004fb59a95234aa9454418dc813b73a2ac950315d92948233057f4217ffc843e9fbe9c0bab586eb12a9705662e13245cf85105c49c93cc194312a01975c1b5ba2713a33274a08cef0e2990a8fac5fa39f87c14be618733c715532332c3b5cb6e4182acead93a482202a12910b578a37499390105bab98a0acd891f971aafbd381079608998ba0a38b9ed9e47322eea3b03230a6495a217c0a198104261443f1130055a4492208e61f2700515bf7fdbbc30e03341c718a5058c6bd5084f188bff0a06b2f73acfd773ccb18bd158952744cf9e4b813ac68f7c8c10d58740a2f874582819862cecafa08848a229d8ee4bce482bcf568054b403e052964ce09280b4e7849d1a1c9f400d03b25389bc5f9c043417558c8c578636d445182a7c085b12c33e980c492adf5397a4a8a7119a40fe0058b15b31a079ef030405fd68734d32258a5844c6455e48c1330c838681aa204602d8820add631336f0818d3d926a66509d93056b239f691201ea1bdea0e9cc4ecc13213918cc8ce78c934f781155e6b6644caca9350047c7ae535ce423634c44469936c30e9d809bd7fc437a3534ca877800a6461510e573885a40b5243df3db754c88b588834d7c9e4e8823528b0133aca27ba411f286d27ecfa6fb79b1c263af4c6a9680b0603034edb22e0ce42fa8c739575860b4eb6323de02592429659049eac1739b3e29f48e86ae8b79bbda703475ea1d3c919e9580644ad3329d962b595da29ee62845e0174559a14c3e3947d76900326209c41da6347d87c3ee3bae7900cb05d461119480368aa08e54d404222e76426c0c181f10ad103d23a57f5e2dc25b0939e00c06e881db848a4988a5615ab500a1563f12e83fe562ac592093147548a0ba9b3c92a28efa124b9ca9a73117bc9b18bcdd0f69867ede74d312a630084a89971b36c57c9c3374c0a4d4a59c0c9a0e52672915c7101aa23247494c83850e0d80db69d795df8cc0b185da71a97d9a22401c6bc14de57aaf0283c242d42f611bf95dc14a72903fed683c9028a998fbd4c43683beca38784894972c0c96805255426716b811b487dd63e9360001ee5e0b9e60ead8f0a0c82b0315284c1201f04789c6e41f7dda85612b4b61057882d845446ab79050ae60da80349894e42f4815829b2aa2a481a8ae263f21a7c8ffbdf4efb493d618bd97517929a882c2681d118c6c85d38124616e1205a1c4314a3d3416294751e3a0c8c714775e641cd99b933bb1b42f7662d0f5ca39e2cd775424a9303986b8a90ce3b509963041ac497938f1c2a8c04802acb2bb84a0ce9ceec2375bdb78f81ec0a168a5a33302bbb6a09c30e0d0c1283d3621c686e2ab7b481662703216722405a0b1607776c7fafadf71e5cd45eb804d187822a63237406ecc95a67409e306b0a692788e91002741042cbad325e28f091a23ef270afacf72ea0cb18ee412224a62d276013735f01233962fa5be665c2c056808f1092402f1db8d3a9320faca623177b5d7d7020bc8574072a96318466b1b4080c7b6880c3a81318962c62b87aada0ea884530f483c52cf0af8dc7553a56d57b5f30620c940ee963313485e918ace302c2a40ae7054b89739e1888e5440ef08dbe558c61a149d0c8235f9f69ea831bc8a862d1a329d86e14da01e49356216325491e2a84950ce9a8cc2075b5fb2a32060a2bd0060c3f72b353d47bfb2a1856074b361e7765c0240e5ed5ed23437d0258204301d3302012ba8dfc64c46288b2621f09251fd9dfebe9434fb09e08903716ec2b4162cbc4b251bc4aa817c004b5cd16cd4e057310e31a90e61c653580574ce9899e1ca8e9bd136e44dd80b9c420836c270c22aceca881cda0580402c8a38e58372470055c636fa8b0869c42a6bc3f72f2a0a5f73e98b489982b3960c1731805588cd006ac23d04a448e1e18fcb610e01b06113a0499b3d222d10278277be4e35e491f38681cafe225005aecb4e0ae3799b0384769b0aaf2845f0e1e3f4b842a1aedc2c4d10c6b019203d803cbf527e37bfce46ce7ff63604bbe648b4f9ffe0fee9051eb	[]
4	2021-04	2eff6ec657a082654ad76042ac10ac89266d7b03bbe5abbe701c979241b60ec1	Jo Bloggs	1617267602004	\\x789c9d58d96e1bc915fd950ef392181255fb22688c38eb3c6506480263301a18b5dc127b4c7513dd4dcb826320df95cfc997e45493926851d218f36291dd55773de7dc4b7f5aa4be9ba89bc6c5f9a745d84eab7e589c2f16278bd574bd5e9cffb8b8f8cd9fbffbd33f7ff8fe2f4d7df2fab2bba87f9b75e8aebeb95c5077fab73f5e2ee6c71472fd7b4d5368d22a0c234d38b19dcaa9db9d98df74e19af0f8434b379b7e982e17cd3e023cbc69f3b4fa26d38736d1e9fce5a469bb766ac3fa744c614ddff09da5a99dd6f4fa4d773bf5375dd3d1cd78d2bcd90cedba114cf08bb3dd7b1c3cbb8b2af6f9768e92bf700d2f7164f31ae95f0d4453db5de1e3c5d966be295e7f570a226b56fd761811d8ee2eae89f95a93d6611c91c60641bea5260c8447fd48b9e9bbe6629c86bebb7afdd7a1cde176bc38db7f5f366f8776a266ea9b8b706f22a02eab810a3e5e87763df5e72b5aaffb3f845dec4bfa18ae376b5af6c3159c4d2b6afa39b68bb3f07ab90b78cee42ed7efc33075348cab7673d2f0e6dbf66ad5fc63aa39a202fb336ffece1bfee6cdb2f9a1df36573435d3aa1d1b3aad01349152d88ed4dce25d4d0c19a10a4d7d872a35eb769c96f018eea246ddb6ddb88d631ada48f88630fff5f0a0c6b9afebd95d6bce66802d7e3a59b4e3b825c0b076e59429dc5ed334d1509b39e37448abf6433db19aa6cd787e76567bb97ca23867b3a9f1b0a1e78b6f6b299b4f15899f4f0e5ebddb76f559be3b52dfd5c4deb5f5d13560ba5adf3ee5e5eedc0c3b1c3d4418dee12355563ddb429c1968b3be7d37f538566f3d736aa42ed3f02ee43cd0387ed5d99ad141480740c0991b8a23c0f715855c7cdee538564dd8ec8dd45e6dda346d110dfa822368f0cf94a64735684a3f1c100d8e27fa38554bcf71b1c2f74b16d6274ff2afbe3862db9e6507e47ae00870fa3c9960ec5770e6b2fbf59cb9ec0e78713ea7fd8839dde22794f63abc9fe1fb099d9d6a5166c98edbf5ba96686cfef79fff367b8cce9f5f00fc2f5f7a8a0acfdf1a288c7d87b3bfb60a2f5adf0179fe48f5d6cbb0ff2a3b2f92e2790bcff03bf5eb1991f5484809b30c677ecbb34ece56fa0f57a16bc730b5487d3e13fb6d3d02d4be27c2dc58b56b10ba6bc65068c6f53eb3272fdf73ff65483e75f7ae7c2f09d1d1a5af1190f9e076587fa5908c2857a23b4d3d6ff63a7fd96db611785851c6b32fd460af2be7cd0bb282eb03d5bde25d5597f3e6ed2a4ccd0d35b9cd274de87273531fa4fe9a465cff58b937c226f21c41bba6396d403078eefa092a519f34bb8e9f37cf08cf7c62f6f5efdd97a63952a257aff65af4ead5811afdf820473ffdee9726fcef97b32ae04aedc4a7c5dcc6b31c86f7cb3423414b725604c54a618592294924e5520922732f73b22c252693ce24a349912b5118b91c34532c3817607c67739e96cb3a87973f0b187625a52282672e3bad84cf860459123105c6bd0929165952e1252827834f4a58323109959c88c6d0bde13a31c6b3188603e3d924c529facc7371d191374c6acb645022e920411e05af069f98210dbb2af8c25412522a1b8a7e64fc6e913df0402ad74ca3e1c6e10227d8cf4a95a251a5a40a6a449eb8d55149868ae992a4149c29f813baf8471e4adf4f07d6ad355c974885b3120b97297a2e84e04a4ae609a68c5109b8e4dad8128dd399395142708617cf547864fd1afd3c0c5e32c798e389ab929961d9e1b225c750716e9d2415045191885cb852bc499a8484d85ac50465c58ecc8f53dd9f0e3cb044c85c041d5df4cc269f13711f859581314dd20ae153c8082430a1188a9f00a8224d124130ff380188dabaefdf1f7618a0e1885384c232ee85228c47fc85075d7b9963edbfe359c6e8ad4894a263ca27c79d6045bb470e6ec0a25378392c120cc4147356d647205414e97424e72517e4ad472b5802f2294821734e405970c24b8a0e4da60780de29c1d92cce071e0aaac3422ec61b6b238a123c052e8c6599490724966cadcfd153528ccb207d002f58ac98d538f0848701fab23ea49916c12a256422ab22679c8041c641d31025006b410469b58e997943c098ce36312d4bc886b192cdb18f04f108ed5577e024660f969988644476c64ba6b90facf05a332352569e8422e0d32baf7116b2a121264a9b648349c74ee8c323be199d6242bd0354200b8b72b8c229245d901afaeeb9a5425ec442a4b94e264717ac41819dd0513ed10dfa48693b61d77fb7dde430d1a1374e455b30181870da16017716d2679cabac335c70b295e9012f9114b2cc22f064bdc89915ff44425743bfddec3d1d38f20a9d4ece48c732206a9d49c916abadd44e711723f40aa0abd2a4181ea7ecb3831c3001e10cd21e3bc2e6f305d73d876480ed328ac8401a405345286f021212392733010e0e8c57881e90d6b9aa17e72e819df404007643ecc04522c554b4aa588552a8188b7719f4b75229964c8839a2525c489d4d5641790f25c955d69c8bd84b8e5d6006f69867ed974d312a630084a89971b36c57c9c3374c0a4d4a59c0c9a0e52672915c7101aa23247494c83850e0d80db69d795df8c20b185da71a97d9a22401c6bc14de57aaf0283c242d42f611bf95dc14a72903fed683c9028a998fbd4c43683beca38784894972c0c96805255426716b811b487dd63e9360001ee5e0b9e60ead8f0a0c82b0315284c1201f04789c6e41f7dda85612b4b61057882d845446ab79050ae60da80349894e42f4815829b2aa2a481a8ae263f21a7c8ffbdf4efb493d618bd97517929a882c2681d118c6c85d38124616e1205a1c4314a3d3416294751e3a0c8c714775e641cd99b933bb1b42f7662d0f5ca39e2cd775424a9303986b8a90ce3b509963041ac497938f1c2a8c04802acb2bb84a0ce9ceec2375bdb78f81ec0a168a5a33302bbb6a09c30e0d0c1283d3621c686e2ab7b481662703216722405a0b1607776c7fafadf71e5cd45eb804d187822a63237406ecc95a67409e306b0a692788e91002741042cbad325e28f091a23ef270afacf72ea0cb18ee412224a62d276013735f01233962fa5be665c2c056808f1092402f1db8d3a9320faca623177b5d7d7020bc8574072a96318466b1b4080c7b6880c3a81318962c62b87aada0ea884530f483c52cf0af8dc7553a56d57b5f30620c940ee963313485e918ace302c2a40ae7054b89739e1888e5440ef08dbe558c61a149d0c8235f5f68ea831bc8a862d1a329d86e14da01e49356216325491e2a84950ce9a8cc2075b5fb2a32060a2bd0060c3f72b353d47bfb2a1856074b361e7765c0240e5ed5ed23437d0258204301d3302012ba8dfc64c46288b2621f09251fd9dfebe9434fb09e08903716ec2b4162cbc4b251bc4aa817c004b5cd16cd4e057310e31a90e61c653580574ce9899e1ca8e9bd136e44dd80b9c420836c270c22aceca881cda0580402c8a38e58372470055c636fa8b0869c42a6bc3f72f2a0a5f73e98b489982b3960c1731805588cd006ac23d04a448e1e18fcb610e01b06113a0499b3d222d10278277be4e35e491f38681cafe225005aecb4e0ae3799b0384769b0aaf2845f0e1e3f4b842a1aedc2c4d10c6b019203d803cbf527e307fce46ce7ff63604bbe648bcf9fff0f3fb05262	[]
5	2021-05	e7b19ff02141aae9084d8399207c6846e5876af8a75dc67dc40ac6552f2626b6	Jo Bloggs	1619859603006	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5ed2bcb409d016411007c6b9ec234e4ccd103343cb826ba0dfd5cfe997749d2145d1a2e41879b1c89973f675adb537fd6191fa6ea26e1a17971f16613badfa6171b9589c2d56d3cd7a71f9e3e2ea377ffef64ffffce1bbbf34f5c9cbd7dd55fddbac4377fdd5eb0575e77ffde3ebc5fc9842ae7f6f680a4d5a8561a40927b6533977bb13f39b2edc101ebf6be976d30fd3eb45b38f000f6fdb3cadbecaf4ae4d743e7f396bdaae9ddab03e1f5358d3577c67696aa735bd7cd5dd4dfd6dd774743b9e357f0b778d60825f5decdee2d8c57d4cb1cf77738cfcd94b7885039b9748fd7a209adaee1a1faf2e36f33df1f2db521055b3eab7c388a0ea4d5c12f3a526adc33822810dc2fb9e9a30101ef523e5a6ef9aab711afaeefae5d7439bc3dd7875b1ffbe6cbe1fda899aa96faec2c14440455603157cbc09ed7aea2f57b45ef77f08bbb897f43edc6cd6b4ec876b389b56d4f473645717e1e57217ee9cc77d9edf8561ea681857ede6ace1cd37edf5aaf9c754333c6beecfbcfa3b6ff8ab57cbe6877edb5cd3d44cab766ce8bc06d0444a613b52738777353164841a34f51d6ad4acdb715ac263b88f1a55db76e3368e696823e11bc2fcd7c3831ae7beaa17f76db998a1b5f8e96cd18ee39600c0da9373a6717b4dd344436de48cd021adda77f5c46a9a36e3e5c545ede3f289e25ccca6c6e3765e2ebea9a56c3e540c7e3c3b7af566dbd567f9fe487d57137bd3d6473700e86a7df79497fb7333e470f4185d78878f54f9f46c0b7166a0cdfaeecdd4e358bdf5cca991ba4cc39b90f340e3f845676b4647211d0101676e298e00df171472f17197e358d560b337527bb569d3b44534e80b8ea0c13f539a1ed5a029fd702019dc4ef47eaa769e666185eea7fcab4f9e605e7d7cc2b33dbf8e68f5c00e20f4791ac1d8af60cbebeed7b3e57577c488cb39e9479ce9163fa1a837e1ed0cdc0fe8e9544b32cb74dcaed7b54063f3bffffcb7d9a373fefc19a8fff2a5a748f0fcad81c2d87738fb6babf059eb3b08cf1fa9defa3ce0bfc8ce67e9f0bc8567989dfaf58cc77a24a484f98533bfe55927672bf187ebd0b563985aa43e9f89fdb61e016adf126162acda35a8dc3563285451bdb7bf7cf2f281f59f87e45377efcbf739093ab9f425d2311fdc0eeb2f949011e54a74afa697cd5ee15f779b6d041e5694f1ec4809f67a72d93c2b27b83a50dd23de5455b96cbe5f85a9b9a526b7f9ac095d6e6eeb83d4dfd088cbef2bef4658448e2328d734e70dc805af5d3f4121ea9366d7edcbe649c999dfcf9efebdfbd234271af4e2c55e855ebc38d2a11f1f84e8a7dffdd254fffd72d6035ca93df8b0981b7891c3f07699660c6849ce8aa05829ac50322589a45c2a4164ee654e96a5c464d29964342972250a239783668a05e7028cef6cce13725967eff26701c3aea45444f0cc65a795f0d990204b22a6c0b83721c5224b2abc04e564f049094b2626a19213d1183a18ae5362bc886138329e4d529ca2cf3c17171d79c3a4b64c0625920e12b451f06af08919d2b0ab822f4c2521a5b2a1e847c6efd7d6230fa472cd341a6e1c2e7082fdac54291a554aaaa046e4895b1d9564a8982e494ac199823fa18b7fe4a1f4fd7464dd5ac3758954382bb17099a2e74208aea4649e60ca1895804aae8d2dd1389d991325046778f14c8547d66fd0cfe3e025738c399eb82a9919961d2e5b720c15e7d6495241101589c8852bc59ba44948c8ac554c5056ecc4fc38d59de9c8034b84cc45d0d145cf6cf23911f751581918d324ad103e858c4002138aa1f809802ad2241104f38f13809cadfbfeed7187011a8e3845282ce35e28c278c45f78d0b59739d6fe3b9e658cde8a44293aa67c72dc0956b47be4e0162c3a8797e322c1404c3167657d044245914e47725e7241de7ab48225209f821432e704940527bca4e8d0647a00e8bd0e5cccb27ce4a1a03a2ce462bcb136a228c153e0c2589699744062c9d6fa1c3d25c5b80cd207f082c58a598d034f7818a02eeb639a6911ac524226b22a72c60918641c340d5102b016449056eb989937048ce96c13d3b2846c182bd99cfa48108fd05e77474e62f660998948466467bc649afbc00aaf35332265e54928023ebdf21a67211b1a62a2b449369874ea84de3de29bd12926d43b4005b2b028872b9c42d205a9a1ef9e5b2ae4452c449aeb647274c11a14d8091de513dda0f794b613f6fb37db4d0e131d7be354b405838101a76d117067217dc6b9ca3ac305275b991ef0124921cb2c024fd68b9c59f14f24743df4dbcdded39123afd0e9e48c742c03a2d699946cb1da4aed14773142af00ba2a4d8ae171ca3e3bc8011310ce20eda923ec3c9f70dd734806d82ea3880ca401345584f226202191733213e0e0c07885e801699dab7a71ee12d8494f006037c28e5c24524c45ab8a5528858ab17897417f2b9562c98498232ac585d4d9641594f750925c65cdb9888de4d4c566687bccb3f6d3a61895310042d4ccb859b6abe4e11b268526a52ce064d07213b948aeb800d511123a4a641c2870ea067bcebc287ce2058cae538dcb6c519200635e0aef2b5578141e921621fb88df4a6e8ad394017febc16401c5cca75ea621b41d36d163c2c42439e064b482122a93b8b5c00da43e6b9f4930008f72f05c7387d647050641d81829c260900f023c4e77a0fb6e542b095a5b882bc416422aa3d5bc0205f306d481a4442721fa40ac14595515240d45f131790dbec7fd2fa6fda49eb0c3ecba0b494d441693c0680c63e42e1c09238b70102d8e218ad1e92031ca3a0f1d06c6b8a33af3a0e6ccdc9bdd0da18359cb03d7a827cb759d90d2e400e69a22a4f30e54e6188106f1e5e423870a2301a0caf20aae1243ba37fb485d0ff631905dc142516b066665572d61d8a1814162705a8c03cd4de59636d0ec6420e44c04486bc1e2e04eedefb5f5e0c145ed854b107d28a832364267c09eac7506e409b3a6907682980e21400721b4dc2ae385021f29ea130f07653db8802e63b807899098b69c804dcc7d058ce488e96f999709035b013e424802bd74e04ea7ca3cb09a4e5cec75f5c181f016d21da858c6109ac5d22230eca1010ea34e6058b288e1eab582aa2316c1d00f16b3c0bf369e56e954550fbe60c418281dd2c762680ad33158c705844915ce0b9612e73c3110cb891ce01b7dab18c34293a09127be3ed1d407379051c5a24753b0dd28b403c827ad42c64a923c54082b19d2519941ea6af755640c1456a00d187ee266a7a807fb2a1856074b361e7765c0240e5ed5ed23437d0258204301d3302012ba8dfc64c46288b2621f09259fd8dfebe9434fb09e08903716ec2b4162cbc4b251bc4aa817c004b5cd16cd4e057310e31a90e61c653580574ce9899e1ca9e9c10937a26ec05c629041b61306115676d4c066502c0201e45147ac1b12b802aeb1375458434e2153de9f3879d0d2830f266d22e64a0e58f01c46011623b401eb08b41291a30706bf2d04f88641840e41e6acb448b400dec99ef83828e903078de355bc04408b9d16dcf5261316e7280d56559ef0cbc1e367895045a35d98389a612d4072007b60b9fe587c871f9bedfcbf0b6cc9976cf1f1e3ff016a644b0b	[]
6	2021-06	eb61fccbd46450cc66f57fc78d509c5b90993aecb15f0b83f70fafd49675d390	Jo Bloggs	1622538002474	\\x789c9d58db6edcc811fd1566f29218d2a8ef17416bc4b96c1679c82e9004c66265187da9d6703d220724c7b2e018c877e573f22539cd1949638de435f6c5e234bbabbaaace3955f4c745eabb89ba695c9c7f5c84edb4ea87c5f96271b2584dd7ebc5f94f8b8bdffcf9fb3ffdf3c71ffed2d4959797dd45fddbac4377f5cde582bad3bffef172312f53c8f5ef354da149ab308c3461c7762aa76eb7637ed3856bc2f2fb966e36fd305d2e9afd0db078d3e669f54da6f76da2d3f9c749d376edd486f5e998c29abee13b4b533bade9e5abee76ea6fbaa6a39bf1a4f9dbb6a34630c12fce76afb1efecee52b1cfb7f325f9f3a7f00e3b362f11fcd54034b5dd151e2fce36f341f1f2fb5270af66d56f8711d79a8fe294984f35691dc611316c70c3d7d48481b0d48f949bbe6b2ec669e8bbab97df0e6d0eb7e3c5d9fef7b2793db4133553df5c847b130149590d54f0781ddaf5d49faf68bdeeff1076375fd28770bd59d3b21faee06c5a51d3cf57bb380b2f97bbfbce81dc45fa4318a68e8671d56e4e1ade7cd75ead9a7f4c35c493e66ecfabbff386bf7ab56c7eecb7cd154dcdb46ac7864eeb059a48296c476a6ef1ae0686889084a6be43929a753b4e4b780c77b746dab6ddb88d631ada48f8856bfeeb61a1de739fd6b3bbc29ccde85abc3959b4e3b82560b016e594199c5ed334d1504b39837448abf67dddb19aa6cd787e76562bb97c223967b3a9f1b09ee78bef6a2a9b8f15869f4e0e5ebddd76752ddf6da9ef6a606fdbba740d8caed6b74f79b9db37830e5b0ff1857778a44aa9674b883d036dd6b76fa71edbeaa967768dd4651ade869c071ac7afda5b233ab8d20110b0e786e208f07d4522179f76318e5510367b23b5569b364d5bdc0675c11614f8674ad3a31c34a51f1e6806bf137d98aaa1678858c1fb3905ebca53e4abeb4754db53ec80590f0401489f67128cfd0ac25c76bf9e3097dd0129cee7a81fd1a65bbc415eafc3bb19bb1f51d6a9e66416ebb85daf6b86c6e67ffff96fb307e8fcfc05b4fff2a1a778f0fca981c2d877d8fb6bb3f045eb3b14cf8f544f7d19f35f65e78b8c78dec233e44efd7a0664dd12524217c39edff2ac93b395fbc355e8da314c2d429ff7c47e5bb700b5ef88d03456ed1a6cee9a3114aab0dedb5f3e79f89ef85f86e45367efd2f725153a3af435ea316fdc0eebaf549111e94a7427a8e7cd5ee42fbbcd36020f2bca583bd482bda69c37cf4b0a0e0f54e789b75559ce9bd7ab303537d4e4369f34a1cbcd4d5d48fd358d38fda1326f8449443982744d73da805ef0dbf51334a2ae34bb7a9f374fabcebc6176f5efdd8fa63992a1172ff642f4e2c58114fdf4a0456f7ef74bbdfdf7cb591270a496e1e362aee1590ec3bb659a61a025392b8262a5b042c994249272a90491b9973959961293496792d1a4c895288c5c0e9a29169c0b30beb339f7c965edc0cb9f050cbb925211c133979d56c26743822c899802e3de84148b2ca9f0129493c127252c9998844a4e4463e8de70ed15e3590cc381f16c92e2147de6b9b8e8c81b26b5653228917490608e825783276648c3ae0abe30958494ca86a21f19bf9b5f0f3c90ca35d268b87138c009f6b352a5686429a9821c91276e7554922163ba242905670afe842efe9187d2f7d381756b0dd72552e1acc4c2658a9e0b21b892927982296354022cb936b644e374664e94109ce1c533151e59bf463d0f2f2f9963ccf1c455c9ccb0ec70d89263c838b74e920a82a848dc5cb852bc499a8484d25ac50465c58ecc8f539d9c0e3cb044885c041d5df4cc269f13711f859581314dd20ae153c8b848604231243f0150459a248260fe710050b475dfbf3bac3040c3714f110acb38178a301ef72f3ce85acb1c6bfd1dcf32466f45a2141d533e39ee042bda3d727003169dc2cb61926020a698b3b23e02a1a248a723392fb9206f3d4ac112904f410a997302ca82135e527428323d00f44e08ce66653ef050901d167231de581b9194e02970612ccb4c3a20b1646b7d8e9e92625c06e90378c162c5acc686273c0c9097f521cdb40856292113591539e3040c320e9a862801580b2248ab75cccc1b02c674b689695942368c956c8e7d24884768afba0327317bb0cc440423b2335e32cd7d6085d79c1991b2f22414019f5e798dbd900d0d3151da241b4c3a7642ef1ff1cde81413f21da0025958a4c3154e21e982d05077cf2d15f2221622cd753239ba600d12ec848ef2896ad0074adb0953fedbed2687890ebd712ada82c1c080d3b608b8b3903ee35c659de18293ad4c0f7889a01065168127eb45ceacf82702ba1afaed66efe9c09157a87472463a960151eb4c4ab6586da5768abb18a157005d9526c5b09cb2cf0e72c0048433487bec0863cf675cf71c9201b6cb28220369004d15a1bc094848e49ccc043838305ee1f680b4ce55bd387709eca42700b0eb61072e1229a6a255c52aa442c558bccba0bf954ab16442cc1199e242ea6cb20aca7b2849aeb2e65cc45072ec6233b43dfa59fb79518cca6800216a66dc2cdb55f2f00b9d42935216703228b9895c24575c80ea08091d25320e1438768351679e153ef30246d7aec665b6484980312f85f7952a3c0a0f498b907ddcdf4a6e8ad394017febc16401c5ccc75ea621b41d86d143c2c42439e064b482122a93b8b5c00da43e6b9f4930008f72f05c7387d247050641d818294263900f023c4eb7a0fbae552b095a5b882bc416422aa3d5bc0205fd06d481a4442721fa40ac14595515240d45f131790dbec7fd67d3be534f186276d585a426228b4e60349a3162178e849145388816471345eb749018659d870e0363dc51ed7950f3f9e37a36bb6b42f7662d0f5c239f2cd771424a9303986b8a90ce3b5099a3051adc2f271f3954180100559657709518d29dd947ea7a6f1f0dd9150c143567605676d5129a1d0a18241aa7453bd0dc546e6903cd4e0642ce4480b4160c0eeed8fe5e5bef3db8a8bd7009a20f0555c646e80cd893b5ce803ca1d714d24e10d32104e82084965b65bc50e023457de4e15e59ef5d4097d1dc83c49598b69c804df47d058ce488ee6f9997090d5b013e424802bd74e04ea7ca3cb09a8e5cec75f5c181f016d21da858c670358ba145a0d943031c5a9d40b36411cdd56b0555c75d04433d58cc02ffda789ca56355bdf70523c640e9103e064353988ec13a2e204caa705e309438e78981584ee400dfa85bc518069a048d3cf2f599a63eb8818c2a163d8a82e946a11c403e6915324692e4a14218c9108eca0c5257abaf2263a0b0026dc0f023373b45bdb7af8261b5b164e371560674e2e0559d3e32d42780053214300d0d22a1da884f460c86482be69150f291fdbd9e3ed404e389007963c1bc1224a64c0c1bc5ab847c014c50db6c51ec54d007d1ae0169ce91560378c5949ea8c9819ade3be146d409984b3432c8764223c2c88e1cd80c8a4520803cf28871430257c035e6860a6bc82964cafb23270f5a7aef83499b88b99203063c875680c10865c03802adc4cd5103836f0b01bea111a14290392b2d022d8077b2473eee95f48183c6f12a5e02a0c54c0bee7a930983739406a32a4ff872f0f82c11aa68940b1d47338c05080e600f2cd7efc5f7f8de6ce7ff60604bbe648b4f9ffe0f0b604ed0	[]
7	2021-07	3bd4f8660dc9f1c1989229ec67e73abb77b533aab83f7fcc783154d15abfe802	Jo Bloggs	1625130004871	\\x789c9d58d96e1bc915fd950ef392181255fb22688c38cb649087cc0049600c468651cb2db1c75437d1ddb42c3806f25df99c7c494e35298916258f312f16d95d75d773cebdf4c745eabb89ba695c9c7f5c84edb4ea87c5f96271b2584dd7ebc5f94f8b8bdffcf9fb3ffdf3c71ffed2d4272f2fbb8bfab75987eeea9bcb0575a77ffde3e5627e4c21d7bfd7348526adc230d28413dba99cbadd89f94d17ae098fdfb774b3e987e972d1ec23c0c39b364fab6f32bd6f139dce5f4e9ab66ba736ac4fc714d6f40ddf599ada694d2f5f75b7537fd3351ddd8c27cddfb6ebdb4630c12fce76af71eeec2ea8d8e7db3948fefc2dbcc389cd4b247f35104d6d77858f17679bf9a278f97d2988ab59f5db614458f355dc12f3ad26adc33822870d227c4d4d18088ffa9172d377cdc5380d7d77f5f2dba1cde176bc38db7f5f36af8776a266ea9b8b706f22a028ab810a3e5e87763df5e72b5aaffb3f845de44bfa10ae376b5af6c3159c4d2b6afa39b48bb3f072b98b774ee42ed31fc23075348cab7673d2f0e6bbf66ad5fc63aa299e3477675efd9d37fcd5ab65f363bf6dae686aa6553b36745a036822a5b01da9b9c5bb9a183242119afa0e456ad6ed382de131dc458db26dbb711bc734b491f00d61feebe1418d735fd6b3bbc69ccde85abc3959b4e3b82560b036e59459dc5ed334d1505b39837448abf67d3db19aa6cd787e76563bb97ca23867b3a9f1b09fe78bef6a299b8f15869f4e0e5ebddd76f559be3b52dfd5c4deb6f5d13530ba5adf3ee5e5eedc0c3a1c3dc417dee123554a3ddb429c1968b3be7d3bf538566f3d736aa42ed3f036e43cd0387ed5d99ad141480740c0991b8a23c0f715855c7cdae5385641d8ec8dd45e6dda346d110dfa822368f0cf94a64735684a3f3cd00c7e27fa305543cf10b182f7730ad6274f91af3e3fa2da9e6207cc7a200840fa3c9360ec5710e6b2fbf584b9ec0e48713e67fd8836dde20dea7a1ddecdd8fd88b64eb526b358c7ed7a5d2b3436fffbcf7f9b3d40e7cf5f40fb2f5f7a8a07cfdf1a288c7d87b3bfb60a5fb4be43f1fc91eaad2f63feabec7c9111cf5b7886dca95fcf80ac47424a986238f35b9e757255b81057e8da314c2d529fcfc47e5b8f00b5ef88303456ed1a6cee9a3114aab0dedb5f3e79f99ef85f86e45377efcaf725153abaf435ea311fdc0eebaf549111e54a7427a8e7cd5ee42fbbcd36020f2bca7876a8057b4d396f9e97145c1ea8ee136fabb29c37af57616a6ea8c96d3e6942979b9bfa20f5d734e2f687cabc112691e508d235cd69037ac16fd74fd088faa4d9f5fbbc795a75e603b3ab7fefbe34cd910cbd78b117a2172f0ea4e8a7072d7af3bb5f9aedbf5fce92802bb50d1f17730fcf7218de2dd30c032dc95911142b85154aa62491944b2588ccbdccc9b294984c3a938c2645ae4461e472d04cb1e05c80f19dcd794e2eeb045efe2c60d895948a089eb9ecb4123e1b126449c41418f726a45864498597a09c0c3e2961c9c4245472221a43f786ebac18cf62180e8c679314a7e833cfc54547de30a92d934189a483047314bc1a7c628634ecaae00b534948a96c28fa91f1bbfdf5c003a95c338d861b870b9c603f2b558a4695922aa81179e2564725192aa64b925270a6e04fe8e21f79287d3f1d58b7d6705d2215ce4a2c5ca6e8b910822b29992798324625c0926b634b344e67e64409c1195e3c53e191f56bf4f33078c91c638e27ae4a66866587cb961c43c5b97592541044452272e14af1266912124a6b151394153b323f4e75733af0c0122173117474d1339b7c4ec47d145606c634492b844f212390c08462287e02a08a344904c1fce304a068ebbe7f77d8618086234e110acbb8178a301ef1171e74ed658eb5ff8e6719a3b722518a8e299f1c778215ed1e39b8018b4ee1e5b048301053cc59591f815051a4d3919c975c90b71ead6009c8a72085cc390165c1092f293a34991e007a270467b3321f7828a80e0bb9186fac8d284af014b8309665261d9058b2b53e474f49312e83f401bc60b16256e3c0131e06c8cbfa90665a04ab949089ac8a9c71020619074d439400ac0511a4d53a66e60d01633adbc4b42c211bc64a36c73e12c423b457dd8193983d5866229211d9192f99e63eb0c26bcd8c485979128a804fafbcc659c8868698286d920d261d3ba1f78ff866748a09f50e50812c2ccae10aa79074416ae8bbe7960a79110b91e63a991c5db00605764247f94437e803a5ed842dffed7693c34487de38156dc16060c0695b04dc59489f71aeb2ce70c1c956a607bc4452c8328bc093f5226756fc13095d0dfd76b3f774e0c82b743a39231dcb80a87526255bacb6523bc55d8cd02b80ae4a9362789cb2cf0e72c0048433487bec086bcf675cf71c9201b6cb28220369004d15a1bc094848e49ccc043838305e217a405ae7aa5e9cbb0476d21300d8cdb00317891453d1aa62154aa1622cde65d0df4aa5583221e6884a712175365905e53d94245759732e62293976b119da1ef3acfdbc2946650c801035336e96ed2a79f88649a149290b3819b4dc442e922b2e407584848e1219070a1cbbc1aa33ef0a9f7901a3eb54e3325b9424c09897c2fb4a151e8587a445c83ee2b7929be23465c0df7a30594031f3b19769086d8765f4903031490e3819ada084ca246e2d7003a9cfda67120cc0a31c3cd7dca1f55181411036468a3018e483008fd32de8be1bd54a82d616e20ab18590ca6835af40c1bc01752029d149883e102b455655054943517c4c5e83ef71ffb3693fa9272c31bbee42521391c524301ac318b90b47c2c8221c448b638862743a488cb2ce43878131eea8ce3ca8393377667743e8deace5816bd493e5ba4e48697200734d11d279072a738c4083f872f2914385910050657905578921dd997da4aef7f631905dc142516b066665572d61d8a1814162705a8c03cd4de59636d0ec6420e44c04486bc1e2e08eedefb5f5de838bda0b9720fa5050656c84ce803d59eb0cc813664d21ed04311d42800e4268b955c60b053e52d4471eee95f5de057419c33d4884c4b4e5046c62ee2b6024474c7fcbbc4c18d80af0114212e8a503773a55e681d574e462afab0f0e84b790ee40c53286d02c961681610f0d70187502c392450c57af15541db108867eb09805feb5f1b84ac7aa7aef0b468c81d2217d2c86a6301d83755c409854e1bc602971ce1303b19cc801bed1b78a312c34091a79e4eb334d7d700319552c7a3405db8d423b807cd22a64ac24c94385b092211d9519a4ae765f45c6406105da80e1476e768a7a6f5f05c3ea60c9c6e3ae0c98c4c1abba7d64a84f000b6428601a064442b7919f8c580c5156ec23a1e423fb7b3d7de809d61301f2c6827d25486c9958368a5709f50298a0b6d9a2d9a9600e625c03d29ca3ac06f08a293dd1930335bd77c28da81b3097186490ed844184951d35b019148b400079d411eb8604ae806bec0d15d69053c894f7474e1eb4f4de079336117325072c780ea3008b11da8075045a89c8d10383df16027cc32042872073565a245a00ef648f7cdc2be903078de355bc04408b9d16dcf5261316e7280d56559ef0cbc1e367895045a35d98389a612d4072007b60b9fe5e7c8fdf9bedfc1f0c6cc9976cf1e9d3ff017f584f74	[]
8	2021-08	72a4b1ba21140a1c1cc5482ab684020a61d7aff21c407ff51fcb54c6fdf6aeef	Jo Bloggs	1627808402625	\\x789c9d58d96e1bc915fd950ef392181255fb22688c38eb3c6506480263301a18b5dc127b4c7513dd4dcb826320df95cfc997e45493926851d218f36291dd55773de7dc4b7f5aa4be9ba89bc6c5f9a745d84eab7e589c2f16278bd574bd5e9cffb8b8f8cd9fbffbd33f7ff8fe2f4d7df2fab2bba87f9b75e8aebeb95c5077fab73f5e2ee6c71472fd7b4d5368d22a0c234d38b19dcaa9db9d98df74e19af0f8434b379b7e982e17cd3e023cbc69f3b4fa26d38736d1e9fce5a469bb766ac3fa744c614ddff09da5a99dd6f4fa4d773bf5375dd3d1cd78d2bcd95e6dc7a9114cf08bb3dd019c3cbb0b2bf6f9760e93bf740f6f7166f31a05b81a88a6b6bbc2c78bb3cd7c55bcfeae14c4d6acfaed3022b4fd65dc13f3bd26adc33822930de27c4b4d18088ffa9172d377cdc5380d7d77f5faaf439bc3ed7871b6ffbe6cde0eed44cdd43717e1de4440695603157cbc0eed7aeacf57b45ef77f08bbe897f4315c6fd6b4ec872b389b56d4f473701767e1f57217f19cca5db6df8761ea681857ede6a4e1cdb7edd5aaf9c75493440df667defc9d37fccd9b65f343bf6dae686aa6553b36745a036822a5b01da9b9c5bb9a183242199afa0e656ad6ed382de131dc458dc26dbb711bc734b491f00d61feebe1418d735fd8b3bbe69ccd185bfc74b268c7714b40626dcb2973b8bda669a2a1b67386ea9056ed877a62354d9bf1fcecac7673f94471ce6653e36147cf17dfd652369f2a183f9f1cbc7ab7edeab37c77a4beab89bd6beba36b2075b5be7dcacbddb91978387a8831bcc347aac47ab6853833d0667dfb6eea71acde7ae6d4485da6e15dc879a071fcaab335a383900e80803337144780ef2b0ab9f8bccb71acb2b0d91ba9bddab469da221af40547d0e09f294d8f6ad0947e38a41a3c4ff471aaa69ea56305f09744ac4f9ea6607d7344b83dd10ef8f5401340f5793ec1d8afa0cd65f7eb6973d91d50e37ccefb1179bac54fa8ee75783f23f8139a3bd5aaccc21db7eb75add1d8fcef3fff6df6309d3fbf80f95fbef4141b9ebf355018fb0e677f6d155eb4bec3f2fc91eaad9791ff55765ee4c5f3169ea178ead73324eb919012261acefc96679d9cad0a305c85ae1dc3d422f5f94cecb7f50850fb9e08a363d5aec1e9ae1943a119d8fbcc9ebc7c4fff9721f9d4ddbbf2bda4454797be4643e683db61fd955a32a25c89ee64f5bcd94bfd65b7d946e0614519cfbed483bdb69c372f490b0c0c54f78b775561ce9bb7ab303537d4e4369f34a1cbcd4d7d90fa6b1a71ff6365df08a3c87404f19ae6b401c5e0bbeb27e8447dd2ec7a7ede3ca73df391d9d9bf775f9ae6488c5ebddacbd1ab570782f4e38322fdf4bb5f9af3bf5fcec2802bb5199f167327cf7218de2fd30c062dc95911142b85154aa62491944b2588ccbdccc9b294984c3a938c2645ae4461e472d04cb1e05c80f19dcd79662eeb345efe2c60d895948a089eb9ecb4123e1b126449c41418f726a45864498597a09c0c3e2961c9c4245472221a43f786ebdc18cf62180e8c679314a7e833cfc54547de30a92d934189a483047f14bc1a7c628634ecaae00b534948a96c28fa91f1bb8df6c003a95c338d861b870b9c603f2b558a4695922aa81179e2564725192aa64b925270a6e04fe8e21f79287d3f1d58b7d6705d2215ce4a2c5ca6e8b910822b2999279832462500936b634b344e67e64409c1195e3c53e191f56bf4f33078c91c638e27ae4a66866587cb961c43c5b97592541044452272e14af1266912127a6b151394153b323f4e758b3af0c0122173117474d1339b7c4ec47d145606c634492b844f212390c08462287e02a08a344904c1fce304a06bebbe7f7fd8618086234e110acbb8178a301ef1171e74ed658eb5ff8e6719a3b722518a8e299f1c778215ed1e39b8018b4ee1e5b048301053cc59591f815051a4d3919c975c90b71ead6009c8a72085cc390165c1092f293a34991e007a270567b33e1f7828a80e0bb9186fac8d284af014b8309665261d9058b2b53e474f49312e83f401bc60b16256e3c0131e0608ccfa90665a04ab949089ac8a9c71020619074d439400ac0511a4d53a66e60d01633adbc4b42c211bc64a36c73e12c423b457dd8193983d5866229211d9192f99e63eb0c26bcd8c485979128a804fafbcc659c8868698286d920d261d3ba10f8ff866748a09f50e50812c2ccae10aa79074416ae8bbe7960a79110b91e63a991c5db00605764247f94437e823a5ed848dffdd7693c34487de38156dc16060c0695b04dc59489f71aeb2ce70c1c956a607bc4452c8328bc093f5226756fc13095d0dfd76b3f774e0c82b743a39231dcb80a87526255bacb6523bc55d8cd02b80ae4a9362789cb2cf0e72c0048433487bec08cbcf175cf71c9201b6cb28220369004d15a1bc094848e49ccc043838305e217a405ae7aa5e9cbb0476d21300d84db10317891453d1aa62154aa1622cde65d0df4aa5583221e6884a712175365905e53d94245759732e62353976b119da1ef3acfdb22946650c801035336e96ed2a79f88649a149290b3819b4dc442e922b2e407584848e1219070a1cbbc1c2336f0c5f7801a3eb54e3325b9424c09897c2fb4a151e8587a445c83ee2b7929be23465c0df7a30594031f3b19769086d8795f4903031490e3819ada084ca246e2d7003a9cfda67120cc0a31c3cd7dca1f55181411036468a3018e483008fd32de8be1bd54a82d616e20ab18590ca6835af40c1bc01752029d149883e102b455655054943517c4c5e83ef71ff036a3fa927ac31bbee42521391c524301ac318b90b47c2c8221c448b638862743a488cb2ce43878131eea8ce3ca8393377667743e8deace5816bd493e5ba4e48697200734d11d279072a738c4083f872f2914385910050657905578921dd997da4aef7f631905dc142516b066665572d61d8a1814162705a8c03cd4de59636d0ec6420e44c04486bc1e2e08eedefb5f5de838bda0b9720fa5050656c84ce803d59eb0cc813664d21ed04311d42800e4268b955c60b053e52d4471eee95f5de057419c33d4884c4b4e5046c62ee2b6024474c7fcbbc4c18d80af0114212e8a503773a55e681d574e462afab0f0e84b790ee40c53286d02c961681610f0d70187502c392450c57af15541db108867eb09805feb5f1b84ac7aa7aef0b468c81d2217d2c86a6301d83755c409854e1bc602971ce1303b19cc801bed1b78a312c34091a79e4eb0b4d7d700319552c7a3405db8d423b807cd22a64ac24c94385b092211d9519a4ae765f45c6406105da80e1476e768a7a6f5f05c3ea60c9c6e3ae0c98c4c1abba7d64a84f000b6428601a064442b7919f8c580c5156ec23a1e423fb7b3d7de809d61301f2c6827d25486c9958368a5709f50298a0b6d9a2d9a9600e625c03d29ca3ac06f08a293dd1930335bd77c28da81b3097186490ed844184951d35b019148b400079d411eb8604ae806bec0d15d69053c894f7474e1eb4f4de079336117325072c780ea3008b11da8075045a89c8d10383df16027cc32042872073565a245a00ef648f7cdc2be903078de355bc04408b9d16dcf5261316e7280d56559ef0cbc1e367895045a35d98389a612d4072007b60b9fe6afc805f9dedfcdf0c6cc9976cf1f9f3ff01665f56f3	[]
9	2021-09	d62ae4462fc50d55716cf9ef58aed2fc0c7213a92fc4dbd48f6d78bf5fe5ddb1	Jo Bloggs	1630486804065	\\x789c9d58d96e1bc915fd950ef392181255fb22688c38eb3c6506980483c16860d4724bec98ea26ba9b9605c740be2b9f932fc9a92625d1a2241bf36291dd55773de7dc4b7f5ca4be9ba89bc6c5f9c745d84eab7e589c2f16278bd574bd5e9cffbcb8f8cd9fbffbd33f7efafe2f4d7df2fab2bba87f9b75e8aebeb95c5077fab73f5e2ee6c71472fd7b4d5368d22a0c234d38b19dcaa9db9d98df74e19af0f87d4b379b7e982e17cd3e023cbc69f3b4fa26d3fb36d1e9fce5a469bb766ac3fa744c614ddff09da5a99dd6f4fa4d773bf5375dd3d1cd78d2fc409b89ae230d8d60825f9cedcee0f0d95d64b1cfb773a4fc0b577100c736af5186ab81686abb2b7cbc38dbccb7c5ebef4a4184cdaadf0e23027cb88fab62bedaa4751847a4b441c03f521306c2a37ea4dcf45d73314e43df5dbdfeebd0e6703b5e9cedbf2f9b1f8776a266ea9b8b706f22a046ab810a3e5e87763df5e72b5aaffb3f845d0e4bfa10ae376b5af6c3159c4d2b6afa39be8bb3f07ab90b7acee62ee7efc33075348cab7673d2f0e6dbf66ad5fc30d53c4f9abb336ffece1bfee6cdb2f9a9df36573435d3aa1d1b3aad01349152d88ed4dce25d4d0c19a1124d7d874a35eb769c96f018eea246edb6ddb88d631ada48f88630fff9f0a0c6b9afedd95d8bce66b02d7e3959b4e3b82540b276e69479dc5ed334d1509b3a637648abf67d3db19aa6cd787e76567bba7ca23867b3a9f1b0a9e78b6f6b299b8f15959f4e0e5ebddd76f559be3b52dfd5c4deb6f5d13520bb5adf3ee5e5eedc0c3f1c3d441adee12355863ddb429c1968b3be7d3bf538566f3d736aa42ed3f036e43cd0387ed5d99ad141480740c0991b8a23c0f715855c7cdae538567dd8ec8dd45e6dda346d110dfa822368f0bf284d8f6ad0947e784438389fe8c354adbdc4cb0ae3cf19599f3ccbc5faf288797bc61d10ed812fc0ecf3c482b15fc19fcbeed7f3e7b23be0c8f99cfa2316758b5f50e6ebf06e86f2477479aa8599a53c6ed7eb5aa6b1f9df7ffedbecf13a7f7e01fc5fbef4142d9ebf355018fb0e677f6d155eb4be03f5fc91eaad9729f055765e24c8f3169ee17aead7332aeb919012661ccefc96679d9cad52305c85ae1dc3d422f5f94cecb7f50850fb8e083364d5ae41eeae1943a18aedbdfde59397ef75e065483e75f7ae7c2f89d2d1a5af1193f9e076587fa5a88c2857a23b7d3d6ff69a7fd96db611785851c6b32355d8ebcc79f30599819981eadef1b6aacd79f3e32a4ccd0d35b9cd274de87273531fa4fe9a4698f8503938c22ef21d41bfa6396d403444d0f513d4a23e69769d3f6f5e10a1f9d4ecefdfbb2f4d73a44aaf5eed75e9d5ab0365faf9419a7ef9dd9726ffef97b342e04aedcac7c5dcd2b31c8677cb34a3424b725604c54a618592294924e5520922732f73b22c252693ce24a349912b5118b91c34532c3817607c67739ea2cb3a9f97ff1230ec4a4a4504cf5c765a099f0d09b224620a8c7b13522cb2a4c24b504e069f94b06462122a39118da17bc375928c67310c07c6b3498a53f499e7e2a2236f98d496c9a044d24182480a5e0d3e31431a7655f085a924a4543614fdc8f8ddb27be08154ae9946c38dc3054eb09f952a45a34a4915d4883c71aba3920c15d32549293853f02774f18f3c94be9f0eac5b6bb82e910a6725162e53f45c08c19594cc134c19a312b0c9b5b1251aa73373a284e00c2f9ea9f0c8fa35fa7918bc648e31c713572533c3b2c3654b8ea1e2dc3a492a08a22211b970a57893340909e1b58a09ca8a1d991fa7ba571d78608990b9083abae8994d3e27e23e0a2b03639aa415c2a7901148604231143f0150459a248260fe710210b875dfbf3bec3040c311a7088565dc0b45188ff80b0fbaf632c7da7fc7b38cd15b912845c7944f8e3bc18a768f1cdc8045a7f0725824188829e6acac8f40a828d2e948ce4b2ec85b8f56b004e4539042e69c80b2e08497141d9a4c0f00bd5383b359a80f3c145487855c8c37d6461425780a5c18cb32930e482cd95a9fa3a7a4189741fa005eb05831ab71e0090f0334667d48332d82554ac8445645ce3801838c83a6214a00d68208d26a1d33f38680319d6d625a96900d63259b631f09e211daabeec049cc1e2c3311c988ec8c974c731f58e1b56646a4ac3c0945c0a7575ee32c6443434c9436c906938e9dd0fb477c333ac5847a07a8401616e570855348ba2035f4dd734b85bc888548739d4c8e2e5883023ba1a37ca21bf481d276c26f80b7db4d0e131d7ae354b405838101a76d117067217dc6b9ca3ac305275b991ef0124921cb2c024fd68b9c59f14f247435f4dbcdded38123afd0e9e48c742c03a2d699946cb1da4aed14773142af00ba2a4d8ae171ca3e3bc8011310ce20edb1236c419f71dd734806d82ea3880ca401345584f226202191733213e0e0c07885e801699dab7a71ee12d8494f006037c80e5c24524c45ab8a5528858ab17897417f2b9562c98498232ac585d4d9641594f750925c65cdb9881de5d8c566687bccb3f6f3a61895310042d4ccb859b6abe4e11b268526a52ce064d07213b948aeb800d511123a4a641c2870ec069bcfbc3a7ce6058cae538dcb6c519200635e0aef2b5578141e921621fb88df4a6e8ad394017febc16401c5ccc75ea621b41d76d343c2c42439e064b482122a93b8b5c00da43e6b9f4930008f72f05c7387d647050641d81829c260900f023c4eb7a0fb6e542b095a5b882bc416422aa3d5bc0205f306d481a4442721fa40ac14595515240d45f131790dbec7fdefa9fda49eb0c9ecba0b494d441693c0680c63e42e1c09238b70102d8e218ad1e92031ca3a0f1d06c6b8a33af3a0e6ccdc99dd0da17bb39607ae514f96eb3a21a5c901cc354548e71da8cc31020de2cbc9470e1546024095e5155c25867467f691badedbc74076050b45ad1998955db5846187060689c169310e3437955bda40b3938190331120ad058b833bb6bfd7d67b0f2e6a2f5c82e8434195b1113a03f664ad33204f983585b413c47408013a08a1e556192f14f848511f79b857d67b17d0650cf7201112d39613b089b9af80911c31fd2df33261602bc0470849a0970edce954990756d3918bbdae3e3810de42ba0315cb1842b3585a04863d34c061d4090c4b16315cbd565075c42218fac16216f8d7c6e32a1dabeabd2f1831064a87f4b1189ac2740cd67101615285f382a5c4394f0cc4722207f846df2ac6b0d02468e491afcf34f5c10d6454b1e8d1146c370aed00f249ab90b192240f15c24a8674546690bada7d15190385156803861fb9d929eabd7d150cab83251b8fbb32601207afeaf691a13e012c90a18069181009dd467e3262314459b18f84928feceff5f4a127584f04c81b0bf69520b16562d9285e25d40b6082da668b66a7823988710d48738eb21ac02ba6f4444f0ed4f4de0937a26ec05c629041b61306115676d4c066502c0201e45147ac1b12b802aeb1375458434e2153de1f3979d0d27b1f4cda44cc951cb0e0398c022c466803d611682522470f0c7e5b08f00d83081d82cc5969916801bc933df271afa40f1c348e57f112002d765a70d79b4c589ca334585579c22f078f9f2542158d7661e26886b500c901ec81e5faf3f13d7e7eb6f3ff37b0255fb2c5a74fff07a1966193	[]
10	2021-10	126159d688f852dcd62f4faa1182a14289c86b48d8a41ab0b13941c52cfedcf2	Jo Bloggs	1633078806164	\\x789c9d58db6e1bd715fd9529fbd21aba9cfb45508cba97344f4d80b408822830ce651f71626a8698195a165c03fdae7e4ebfa4eb0c49891625c5c88b45ce9cb3af6badbde98f8bd4771375d3b8b8f8b8089b69d90f8b8bc5f7e1a6f9fea69d968b93c572ba592d2e7e5a5cfeeeafdffee59f3f7ef7b7a63e797dd55dd6bfcd2a74d75f5d2da83bfdfb9faf16f3630ab9febda1293469198691269cd84ce5d46d4fcc6fba704378fcbea5db753f4c578b66170a1edeb6795a7e95e97d9be874fe72d2b45d3bb561753aa6b0a2aff8d6d2d44e2b7afda6bb9bfadbaee9e8763c69be4d531f69680413fcf27c7b0247cff771c53edfcd71f2172fe2350ead5fa304d703d1d476d7f87879be9eef8ad7df9682e89a65bf194604b7bf8d8b62bed8a455184724b346a83f501306c2a37ea4dcf45d73394e43df5dbffe7a6873b81b2fcf77dfcf9a1f8676a266ea9bcb706f22a03acb810a3ede847635f5174b5aadfa3f856dfc67f421dcac5774d60fd770362da9e9e7e82ecfc3ebb36dc8732efb7cbf0bc3d4d1302edbf549c39b6fdaeb65f3fd54b33c69f667defc8337fccd9bb3e6c77ed35cd3d44ccb766ce8b406d0444a613352738777353164843a34f51dead4acda713a83c7b08f1a95db74e3268e696823e11bc2fcd7c3831ae7aeb2e7fbf69ccf305bfc7cb268c771434065edcb2967b8bda269a2a1367486ed9096edfb7a62394debf1e2fcbcf6f3ec89e29ccfa6c6c3965e2cbea9a56c3e563c7e3a3978f576d3d567797fa4beab89bd6deba31b8075b9ba7bcacbfedc0c3d1c3d4419dee12355923ddb429c1968bdba7b3bf538566f3d736aa42ed3f036e43cd0387ed1d99ad141480740c0995b8a23c0f705855c7cdae638566558ef8cd45eaddb346d100dfa822368f02f94a64735684a3f7c4636b89ee8c3546d3dcfc80ae1cfb9589f3cc3c2faea88733bae1d50ec812940ebf39482b1dfc09cabeeb733e7aa3b60c7c59cf823fe748b9f51e09bf06e06f147f477aa6599753c6e56ab5aa4b1f9df7ffedbec903a7f7e01f6bf7ee929423c7f6ba030f61dcefed62abc687d0be7f923d55b2f83ff8becbc488de72d3cc3f2d4af664cd6232125cc359cf93dcf3a395b4560b80e5d3b86a945eaf399d86fea11a0f61d11a6c7b25d81d65d33864215d93bfb674f5ebe57809721f9d4dd7df95e92a3a34b5f2223f3c1cdb0fa42391951ae447b65bd68766a7fd5ad3711785852c6b3478ab05d582e9afb7de5aadb49ce45f3a2e2c0ea4075f5785b85e7a2f96119a6e6969adce6932674b9b9ad0f527f43230c7ca8941c6115e98f6063d39c36e01d02eafa09e2519f345b205c34cf2ad27c66f6f6efed97a63992a857af7622f5ead5814cfdf4a0533fffe1d716803f9ecd72812bb5451f17737fcf7318de9da519225a92b32228560a2b944c492229974a10997b9993652931997426194d8a5c89c2c8e5a09962c1b900e35b9bf3303dab63faec1701c3aea45444f0cc65a795f0d990204b22a6c0b83721c5224b2abc04e564f049094b2626a19213d118ba375c07ca781ec370603c9ba438459f792e2e3af286496d990c4a241d2458a5e0d5e01333a46157055f984a424a6543d18f8cefd7de030fa472cd341a6e1c2e7082fdac54291a554aaaa046e4895b1d9564a8982e494ac199823fa18b7fe4a1f4fd7460dd5ac3758954382bb17099a2e74208aea4649e60ca1895804cae8d2dd1389d991325046778f14c8547d66fd0cfc3e025738c399eb82a9919961d2e5b720c15e7d6495241101589c8852bc59ba44948a8b0554c5056ecc8fc38d5f5eac0034b84cc45d0d145cf6cf23911f751581918d324ad103e858c4002138aa1f809802ad2241104f38f1380daadfafedd6187011a8e3845282ce35e28c278c45f78d0b59739d6fe3b9e658cde8a44293aa67c72dc0956b47be4e0162c3a8597c322c1404c3167657d044245914e47725e7241de7ab48225209f821432e704940527bca4e8d0647a00e85e0bce67d53ef050501d167231de581b5194e02970612ccb4c3a20b1646b7d8e9e92625c06e90378c162c5acc681273c0c5098d521cdb40856292113591539e3040c320e9a862801580b2248ab75cccc1b02c674b689695942368c956c8e7d24884768afbb0327317bb0cc442423b2335e32cd7d6085d79a1991b2f22414019f5e798db3900d0d3151da241b4c3a7642ef1ff1cde81413ea1da002595894c3154e21e982d4d077cf2d15f2221622cd753239ba600d0aec848ef2896ed0074a9b093f05de6ed6394c74e88d53d1160c06069cb645c09d85f419e72aeb0c179c6c657ac04b24852cb3083c592f7266c53f91d0f5d06fd63b4f078ebc42a79333d2b10c885a6752b2c56a2bb553dcc508bd02e8aa342986c729fbec20074c403883b4c78eb0127dc675cf211960bb8c22329006d05411ca9b808444cec94c808303e315a207a475aeeac5b94b60273d0180ed183b7091483115ad2a56a1142ac6e25d06fdad548a2513628ea814175267935550de4349729535e72216966317eba1ed31cfdacf9b6254c600085133e366d9ae92876f98149a94b2809341cb4de422b9e202544748e8289171a0c0b11bac41f31ef1991730ba4e352eb34549028c7929bcaf54e15178485a84ec237e2bb9294e5306fcad07930514331f7b9986d07658540f091393e48093d10a4aa84ce2d6023790faac7d26c1003ccac173cd1d5a1f1518046163a40883413e08f038dd81eedb51ad24686d21ae105b08a98c56f30a14cc1b500792129d84e803b152645555903414c5c7e435f81e773fac76937ac21eb3ed2e243511594c02a3318c91bb70248c2cc241b438862846a783c428eb3c741818e38eeacc839a33b337bb1d42f7662d0f5ca39e2cd775424a9303986b8a90ce3b509963041ac497938f1c2a8c04802acb2bb84a0c696ff691badedbc74076050b45ad1998955db5846187060689c169310e3437955bda40b3938190331120ad058b833bb6bfd3d67b0f2e6a2f5c82e8434195b1113a03f664ad33204f983585b413c47408013a08a1e556192f14f848511f79b857d67b17d0650cf7201112d39613b089b9af80911c31fd2df33261602bc0470849a0970edce954990756d3918b9dae3e3810de42ba0315cb1842b3585a04863d34c061d4090c4b16315cbd565075c42218fac16216f8d7c6e32a1dabeabd2f1831064a87f4b1189ac2740cd67101615285f382a5c4394f0cc4722207f846df2ac6b0d02468e491afcf34f5c10d6454b1e8d1146c370aed00f249ab90b192240f15c24a8674546690bada7d15190385156803861fb9d92aeabd7d150cab83251b8fbb32601207afeaf691a13e012c90a18069181009dd467e3262314459b18f84928feceff4f4a127584f04c81b0bf69520b16562d9285e25d40b6082da668b66a7823988710d48738eb21ac02ba6f4444f0ed4f4de0937a26ec05c629041b61306115676d4c066502c0201e45147ac1b12b802aeb1375458434e2153de1f3979d0d27b1f4cda44cc951cb0e0398c022c466803d611682522470f0c7e5b08f00d83081d82cc5969916801bc933df271afa40f1c348e57f112002d765a70d79b4c589ca334585579c22f078f9f2542158d7661e26886b500c901ec81e5fa5bf23d7e8bb6f37f3eb0337ec6169f3efd1f5fcb6425	[]
11	2021-11	b20e82468e9802b50226a58c697110720b80b6e52b2e593896350df2e9ecf3fe	Jo Bloggs	1635757203960	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5ed23c2501da2208a2c038977dc489a91961666859700df4bbfa39fd92ae33a4285a9414232f163973cebeaeb5f6a63f2e52df4dd44de3e2fce3226ca6553f2cce178b93c56aba5e2fce7f5a5cfceeafdffde59f3f7effb7a63e797dd95dd4bfcd3a74575f5d2ea83bfdfb9f2f17f3630ab9febda6293469158691269cd84ce5d46d4fcc6fba704d78fcbea5db9b7e982e17cd2e023cbc6df3b4fa2ad3fb36d1e9fce5a469bb766ac3fa744c614d5ff1ada5a99dd6f4fa4d7737f5b75dd3d1ed78d27cdbbfa7eb48432398e01767db23387b761f58ecf3dd1c287ff926dee3d4cd6b14e16a209adaee0a1f2fce6ee6cbe2f577a520be66d56f8611e1edafe3a6986f36691dc611f9dc20da1fa80903e1513f526efaaeb918a7a1efae5e7f3db439dc8d1767bbefcbe687a19da899fae622ec4d0414683550c1c7ebd0aea7fe7c45eb75ffa7b0cd60491fc2f5cd9a96fd700567d38a9a7e0eefe22cbc5e6e639e93b9cff8fb304c1d0de3aabd396978f34d7bb56afe31d5344f9afb336fbee50d7ff366d9fcd86f9a2b9a9a69d58e0d9dd6009a48296c466aeef0ae26868c5088a6be43a19a753b4e4b780cf751a3749b6edcc4310d6d247c4398ff7a7850e3dc95f6ecbe416733d2163f9f2cda71dc10f0581b73ca396eaf699a68a82d9d013ba455fbbe9e584dd3cd787e76563bba7ca23867b3a9f1b0a7e78b6f6a299b8f15929f4e0e5ebddd74f559be3f52dfd5c4deb6f5d135f0ba5adf3de5e5fedc0c3e1c3dc419dee123557a3ddb429c19e8667df776ea71acde7ae6d4485da6e16dc879a071fca2b335a383900e808033b7144780ef0b0ab9f8b4cd71ace270b333527b75d3a6698368d0171c41837fa1343daa4153fae173bac1f7441fa66aec055256107f4ec7fae43922d67747b4dbd1ed80650f6401609f67158cfd06f25c76bf9d3c97dd0141cee7cc1f51a85bfc8c1a5f8777338e3fa2c553adcb2ce271b35ed72a8dcdfffef3df6607d6f9f30bc8fff54b4f71e2f95b0385b1ef70f6b756e145eb5b44cf1fa9de7a19ff5f64e745763c6fe119a2a77e3d83b21e092961bae1ccef79d6c9d9aa03c355e8da314c2d529fcfc47e538f00b5ef88304056ed1accee9a3114aad0ded95f3e79792f022f43f2a9bbf7e57b49918e2e7d8992cc0737c3fa0b156544b912dd8beb79b313fccbee6613818715653c7bac093b8d396f5e96181819a8ee1b6fabd29c373facc2d4dc5293db7cd2842e37b7f541eaaf6984850f958123cc22db11e46b9ad3063483ffae9fa015f549b3edfb79f3bc02cd876677ffde7e699a23497af56a274aaf5e1dc8d24f0fbaf4f31f7e6de6ff7139cb03aed4967c5cccfd3ccb6178b74c3324b424674550ac145628999244522e952032f73227cb526232e94c329a14b9128591cb4133c5827301c6b736e7f9b9ac9379f98b806157522a2278e6b2d34af86c489025115360dc9b90629125155e827232f8a48425139350c989680ced0dd719329ec5301c18cf26294ed1679e8b8b8ebc61525b26831249070916297835f8c40c69d855c117a6929052d950f423e3f73bee810752b9661a0d370e1738c17e56aa148d2a25555023f2c4ad8e4a32544c9724a5e04cc19fd0c53ff250fa7e3ab06eade1ba442a9c9558b84cd17321045752324f30658c4a8026d7c696689ccecc89128233bc78a6c223ebd7e8e761f09239c61c4f5c95cc0ccb0e972d39868a73eb24a920888a44e4c295e24dd2242454d72a26282b76647e9cea4675e0812542e622e8e8a26736f99c88fb28ac0c8c699256089f4246208109c550fc04401569920882f9c70940ddd67dffeeb0c3000d479c221496712f14613ce22f3ce8dacb1c6bff1dcf32466f45a2141d533e39ee042bda3d72700b169dc2cb61916020a698b3b23e02a1a248a723392fb9206f3d5ac112904f410a997302ca82135e527468323d00f45e0cce66953ef050501d167231de581b5194e02970612ccb4c3a20b1646b7d8e9e92625c06e90378c162c5acc681273c0c9098f521cdb40856292113591539e3040c320e9a862801580b2248ab75cccc1b02c674b689695942368c956c8e7d24884768afba0327317bb0cc442423b2335e32cd7d6085d79a1991b2f22414019f5e798db3900d0d3151da241b4c3a7642ef1ff1cde81413ea1da002595894c3154e21e982d4d077cf2d15f2221622cd753239ba600d0aec848ef2896ed0074a9b09dbffdbcd4d0e131d7ae354b405838101a76d117067217dc6b9ca3ac305275b991ef0124921cb2c024fd68b9c59f14f247435f49b9b9da703475ea1d3c919e9580644ad3329d962b595da29ee62845e0174559a14c3e3947d76900326209c41da634758813ee3bae7900cb05d461119480368aa08e54d404222e76426c0c181f10ad103d23a57f5e2dc25b0939e00c0768e1db848a4988a5615ab500a1563f12e83fe562ac592093147548a0ba9b3c92a28efa124b9ca9a73110bcab18b9ba1ed31cfdacf9b6254c600085133e366d9ae92876f98149a94b2809341cb4de422b9e202544748e8289171a0c0b11bac3df3def0991730ba4e352eb34549028c7929bcaf54e15178485a84ec237e2bb9294e5306fcad07930514331f7b9986d076584c0f091393e48093d10a4aa84ce2d6023790faac7d26c1003ccac173cd1d5a1f1518046163a40883413e08f038dd81eedb51ad24686d21ae105b08a98c56f30a14cc1b500792129d84e803b152645555903414c5c7e435f81e773fa576937ac222b3ed2e243511594c02a3318c91bb70248c2cc241b438862846a783c428eb3c741818e38eeacc839a33736f763b84f6662d0f5ca39e2cd775424a9303986b8a90ce3b509963041ac497938f1c2a8c04802acb2bb84a0ce9deec2375dddbc74076050b45ad1998955db5846187060689c169310e3437955bda40b3938190331120ad058b833bb6bfd3d6bd0717b5172e41f4a1a0cad8089d017bb2d6199027cc9a42da09623a84001d84d072ab8c170a7ca4a88f3cec9575ef02ba8ce11e244262da72023631f715309223a6bf655e260c6c05f8082109f4d2813b9d2af3c06a3a72b1d3d50707c25b4877a062194368164b8bc0b08706388c3a8161c92286abd70aaa8e5804433f58cc02ffda785ca56355ddfb821163a074481f8ba1294cc7601d17102655382f584a9cf3c4402c2772806ff4ad620c0b4d82461ef9fa4c531fdc4046158b1e4dc176a3d00e209fb40a192b49f25021ac6448476506a9abdd5791315058813660f8919bada2eeedab60581d2cd978dc950193387855b78f0cf50960810c054cc38048e836f293118b21ca8a7d24947c647fa7a70f3dc17a2240de58b0af04892d13cb46f12aa15e0013d4365b343b15cc418c6b409a7394d5005e31a5277a72a0a67b27dc88ba0173894106d94e184458d951039b41b1080490471db16e48e00ab8c6de50610d39854c797fe4e4414bf73e98b489982b3960c1731805588cd006ac23d04a448e1e18fcb610e01b06113a0499b3d222d10278277be463afa40f1c348e57f112002d765a70d79b4c589ca334585579c22f078f9f2542158d7661e26886b500c901ec81e5fadbf13d7e7bb6f37f36b0255fb2c5a74fff07cd1c5dd4	[]
12	2021-12	9cfc066555ff23956791d57ac077b35b0c9d6b9081bf9c1d5ea1d6130aa4cdd1	Jo Bloggs	1638349204569	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea364df3d404688b208802e35cf61127a6668499a165c135d0efeae7f44bbace90a26851528cbc58e4cc39fbbad6da9bfeb8487d3751378d8bf38f8bb09956fdb0385f2c4e16abe97abd38ff6971f1bbafbffbcb3f7ffcfeaf4d7df2fab2bba87f9b75e8aebeba5c5077fab73f5f2ee6c71472fd7b4d5368d22a0c234d38b199caa9db9e98df74e19af0f87d4bb737fd305d2e9a5d047878dbe669f555a6f76da2d3f9cb49d376edd486f5e998c29abee25b4b533bade9f59bee6eea6fbba6a3dbf1a4f99a125d471a1ac104bf38db1ec1d9b3fbc0629fefe640f9cb37f11ea76e5ea3085703d1d47657f8787176335f16afbf2b05f135ab7e338c086f7f1d37c57cb349eb308ec8e706d1fe404d18088ffa9172d377cdc5380d7d77f5fa9ba1cde16ebc38db7d5f363f0ced44cdd43717616f22a040ab810a3e5e87763df5e72b5aaffb3f856d064bfa10ae6fd6b4ec872b389b56d4f473781767e1f5721bf39ccc7dc6df8761ea681857edcd49c39b6fdbab55f38fa9a679d2dc9f79f377def0376f96cd8ffda6b9a2a99956edd8d0690da08994c266a4e60eef6a62c8088568ea3b14aa59b7e3b484c7701f354ab7e9c64d1cd3d046c23784f9af870735ce5d69cfee1b7436236df1f3c9a21dc70d018fb531a75ce0f69aa68986dad219b0435ab5efeb89d534dd8ce76767b5a3cb278a73369b1a0f7b7abef8b696b2f95821f9e9e4e0d5db4d579fe5fb23f55d4dec6d5b1f5d03afabf5dd535eeecfcde0c3d1439ce11d3e52a5d7b32dc499816ed6776fa71ec7eaad674e8dd4651ade869c071ac72f3a5b333a08e9000838734b7104f8bea0908b4fdb1cc72a0e373b23b557376d9a3688067dc11134f8174ad3a31a34a51f3ea71b7c4ff461aac65e206505f1e774ac4f9e23627d7744bb1ddd0e58f6401600f67956c1d86f20cf65f7dbc973d91d10e47ccefc1185bac5cfa8f1757837e3f8235a3cd5bacc221e37eb75add2d8fcef3fff6d76609d3fbf80fc5fbff414279ebf355018fb0e677f6b155eb4be45f4fc91eaad97f1ff45765e64c7f3169e217aead73328eb919012a61bcefc9e679d9cad3a305c85ae1dc3d422f5f94cec37f50850fb8e080364d5aec1ecae1943a10aed9dfde59397f722f032249fba7b5fbe9714e9e8d29728c97c7033acbf505146942bd1bdb89e373bc1bfec6e3611785851c6b3c79ab0d398f3e66589819181eabef1b62acd79f3c32a4ccd2d35b9cd274de872735b1fa4fe9a4658f8501938c22cb21d41bea6396d4033f8effa095a519f34dbbe9f37cf2bd07c6876f7efed97a63992a457af76a2f4ead5812cfdf4a04b3fffe1d766fe1f97b33ce04a6dc9c7c5dccfb31c8677cb3443424b725604c54a618592294924e5520922732f73b22c252693ce24a349912b5118b91c34532c3817607c6b739e9fcb3a9997bf08187625a52282672e3bad84cf860459123105c6bd0929165952e1252827834f4a58323109959c88c6d0de709d21e3590cc381f16c92e2147de6b9b8e8c81b26b565322891749060918257834fcc90865d157c612a0929950d453f327ebfe31e7820956ba6d170e3708113ec67a54ad1a852520535224fdceaa82443c57449520ace14fc095dfc230fa5efa703ebd61aae4ba4c2598985cb143d1742702525f30453c6a80468726d6c89c6e9cc9c282138c38b672a3cb27e8d7e1e062f9963ccf1c455c9ccb0ec70d99263a838b74e920a82a848442e5c29de244d424275ad6282b26247e6c7a96e54071e5822642e828e2e7a6693cf89b88fc2cac098266985f02964041298500cc54f005491268920987f9c00d46dddf7ef0e3b0cd070c429426119f74211c623fec283aebdccb1f6dff12c63f456244ad131e593e34eb0a2dd2307b760d129bc1c160906628a392beb23102a8a743a92f3920bf2d6a3152c01f914a4903927a02c38e125458726d30340efc5e06c56e9030f05d5612117e38db51145099e0217c6b2cca403124bb6d6e7e82929c665903e80172c56cc6a1c78c2c30089591fd24c8b60951232915591334ec020e3a069881280b52082b45ac7ccbc21604c679b98962564c358c9e6d847827884f6aa3b7012b307cb4c4432223be325d3dc075678ad9911292b4f4211f0e995d7380bd9d01013a54db2c1a46327f4fe11df8c4e31a1de012a908545395ce114922e480d7df7dc52212f6221d25c2793a30bd6a0c04ee8289fe8067da0b499b0fdbfdddce430d1a1374e455b30181870da16017716d2679cabac335c70b295e9012f9114b2cc22f064bdc89915ff44425743bfb9d9793a70e4153a9d9c918e6540d43a93922d565ba99de22e46e8154057a549313c4ed96707396002c219a43d768415e833ae7b0ec900db651491813480a68a50de042424724e66021c1c18af103d20ad73552fce5d023be909006ce7d8818b448aa96855b10aa5503116ef32e86fa5522c99107344a5b8903a9bac82f21e4a92abac3917b1a01cbbb819da1ef3acfdbc2946650c801035336e96ed2a79f88649a149290b3819b4dc442e922b2e407584848e1219070a1cbbc1da33ef0d9f7901a3eb54e3325b9424c09897c2fb4a151e8587a445c83ee2b7929be23465c0df7a30594031f3b19769086d87c5f4903031490e3819ada084ca246e2d7003a9cfda67120cc0a31c3cd7dca1f55181411036468a3018e483008fd31de8be1dd54a82d616e20ab18590ca6835af40c1bc01752029d149883e102b455655054943517c4c5e83ef71f7536a37a9272c32dbee42521391c524301ac318b90b47c2c8221c448b638862743a488cb2ce43878131eea8ce3ca83933f766b743686fd6f2c035eac9725d27a4343980b9a608e9bc03953946a0417c39f9c8a1c24800a8b2bc82abc490eecd3e52d7bd7d0c6457b050d49a8159d9554b1876686090189c16e3407353b9a50d343b1908391301d25ab038b863fb3b6ddd7b70517be112441f0aaa8c8dd019b0276b9d0179c2ac29a49d20a64308d041082db7ca78a1c0478afac8c35e59f72ea0cb18ee412224a62d276013735f01233962fa5be665c2c056808f1092402f1db8d3a9320faca623173b5d7d7020bc8574072a96318466b1b4080c7b6880c3a81318962c62b87aada0ea884530f483c52cf0af8dc7553a56d5bd2f1831064a87f4b1189ac2740cd67101615285f382a5c4394f0cc4722207f846df2ac6b0d02468e491afcf34f5c10d6454b1e8d1146c370aed00f249ab90b192240f15c24a8674546690bada7d15190385156803861fb9d92aeadebe0a86d5c1928dc75d193089835775fbc8509f0016c850c0340c88846e233f19b118a2acd84742c947f6777afad013ac2702e48d05fb4a90d832b16c14af12ea0530416db345b353c11cc4b806a43947590de015537aa227076aba77c28da81b3097186490ed844184951d35b019148b400079d411eb8604ae806bec0d15d69053c894f7474e1eb474ef83499b88b99203163c875180c5086dc03a02ad44e4e881c16f0b01be6110a14390392b2d122d8077b2473ef64afac041e378152f01d062a70577bdc984c5394a83559527fc72f0f8592254d16817268e66580b901cc01e58aebf1ddfe3b7673bff67035bf2255b7cfaf47f4b105c77	[]
13	2022-01	cb95a040ac8c69c81c0e2e6c025f5dc8ed120ae2040bb36a36249087c15dc445	Jo Bloggs	1641027602842	\\x789c9d58db6e1bd715fd9529fbd21a1275ee174131ea5ed2a00f4d80b608822830ce651f71626a8698195a165c03fdae7e4ebfa4eb0c29891625c5c88b45ce9cb3af6badbde98f8bd4771375d3b838ffb808db69d50f8bf3c5e264b19aaed78bf31f1717bff9f3b77ffae70fdffda5a94f5e5f7617f56fb30eddd557970bea4efffac7cbc5fc9842ae7faf690a4d5a8561a40927b6533975bb13f39b2e5c131ebf6fe966d30fd3e5a2d9478087376d9e565f657adf263a9dbf9c346dd74e6d589f8e29ace92bbeb334b5d39a5ebfe96ea7fea66b3aba194f9abf856e1b86db4630212ece762770f4ec2eaed8e7db394efee245bcc6a1cd6b94e06a209adaee0a1f2fce36f35df1fadb52105db3eab7c388e0ee6ee3a2982f36691dc611c96c10eaf7d48481f0a81f29377dd75c8cd3d07757afbf1eda1c6ec78bb3fdf765f3fdd04ed44c7d7311ee4d0454673550c1c7ebd0aea7fe7c45eb75ff87b08b7f491fc2f5664dcb7eb882b369454d3f477771165e2f7721cfb9dce5fb5d18a68e8671d56e4e1ade7cd35ead9a7f4c35cb93e6eecc9bbff386bf79b36c7ee8b7cd154dcdb46ac7864e6b004da414b62335b77857134346a84353dfa14ecdba1da7253c86bba851b96d376ee398863612be21cc7f3d3ca871ee2b7b76d79eb319668b9f4e16ed386e0960ac7d39651cb7d7344d34d486ce681dd2aa7d5f4faca669339e9f9dd57e2e9f28ced96c6a3c6ce9f9e29b5acae663c5e3a79383576fb75d7d96ef8ed47735b1b76d7d740db0aed6b74f79b93b37430f470f518677f848955bcfb6106706daac6fdf4e3d8ed55bcf9c1aa9cb34bc0d390f348e5f74b6667410d2011070e686e208f07d4121179f76398e5519367b23b5579b364d5b4483bee0081afc33a5e9510d9ad20f9f910dae27fa30555bcf33b242f8732ed627cfb0b0be3ae2dc9e6b07147b600ad0fa3ca560ec5730e7b2fbf5ccb9ec0ed8713e27fe883fdde22714f83abc9b41fc11fd9d6a5966f98edbf5ba16696cfef79fff367ba4ce9f5f80fd2f5f7a8a10cfdf1a288c7d87b3bfb60a2f5adfc179fe48f5d6cbe0ff223b2f52e3790bcfb03cf5eb1993f5484809730d677ecbb34ece561118ae42d78e616a91fa7c26f6db7a04a87d4784e9b16ad7a075d78ca15045f6defef2c9cbf70af032249fba7b57be97e4e8e8d297c8c87c703bacbf504e46942bd19db29e377bb5bfec36db083cac28e3d92345d8ebcb79f3a2bcc0c44075cf785b55e6bcf97e15a6e6869adce6932674b9b9a90f527f4d230c7ca8fc1b6115b98ea05ed39c362019bc77fd04a5a84f9a5dd7cf9b67e5673e337bfbf7ee4bd31ce9d1ab577b457af5ea40937e7c10a59f7ef74bd3fef7cb591b70a5f6e3e3626ee6590ec3bb659af1a025392b8262a5b042c994249272a90491b9973959961293496792d1a4c895288c5c0e9a29169c0b30beb3394fce659dc9cb9f050cbb925211c133979d56c26743822c899802e3de84148b2ca9f0129493c127252c9998844a4e4463e8de709d1ee3590cc381f16c92e2147de6b9b8e8c81b26b5653228917490a0908257834fcc90865d157c612a0929950d453f327eb7da1e7820956ba6d170e3708113ec67a54ad1a852520535224fdceaa82443c57449520ace14fc095dfc230fa5efa703ebd61aae4ba4c2598985cb143d1742702525f30453c6a8c404e7dad8128dd399395142708617cf547864fd1afd3c0c5e32c798e389ab929961d9e1b225c750716e9d2415045191885cb852bc499a8484e45ac50465c58ecc8f53dda50e3cb044c85c041d5df4cc269f13711f859581314dd20ae153c8082430a1188a9f00a8224d124130ff380148dbbaefdf1d7618a0e1885384c232ee85228c47fc85075d7b9963edbfe359c6e8ad4894a263ca27c79d6045bb470e6ec0a25378392c120cc4147356d647205414e97424e72517e4ad472b5802f2294821734e405970c24b8a0e4da60780de69c1d92cd1071e0aaac3422ec61b6b238a123c052e8c6599490724966cadcfd153528ccb207d002f58ac98d538f08487010ab33ea49916c12a256422ab22679c8041c641d31025006b410469b58e997943c098ce36312d4bc886b192cdb18f04f108ed5577e024660f969988644476c64ba6b90facf05a332352569e8422e0d32baf7116b2a121264a9b648349c74ee8fd23be199d6242bd0354200b8b72b8c229245d901afaeeb9a5425ec442a4b94e264717ac41819dd0513ed10dfa40693b61ef7fbbdde430d1a1374e455b30181870da16017716d2679cabac335c70b295e9012f9114b2cc22f064bdc89915ff44425743bfddec3d1d38f20a9d4ece48c732206a9d49c916abadd44e711723f40aa0abd2a4181ea7ecb3831c3001e10cd21e3bc2fef319d73d876480ed328ac8401a405345286f021212392733010e0e8c57881e90d6b9aa17e72e819df404007663ecc04522c554b4aa588552a8188b7719f4b75229964c8839a2525c489d4d5641790f25c955d69c8bd84e8e5d6c86b6c73c6b3f6f8a5119032044cd8c9b65bb4a1ebe61526852ca024e062d37918be48a0b501d21a1a344c68102c76eb0f3cc4bc3675ec0e83ad5b8cc16250930e6a5f0be528547e1216911b28ff8ade4a6384d19f0b71e4c1650cc7cec651a42db612b3d244c4c92034e462b28a132895b0bdc40eab3f6990403f02807cf3577687d546010848d91220c06f920c0e3740bbaef46b592a0b585b8426c21a4325acd2b50306f401d484a7412a20fc44a91555541d250141f93d7e07bdcff8ada4fea097bccaebb90d4446431098cc63046eec29130b20807d1e218a2189d0e12a3acf3d061608c3baa330f6acecc9dd9dd10ba376b79e01af564b9ae13529a1cc05c538474de81ca1c23d020be9c7ce45061240054595ec155624877661fa9ebbd7d0c6457b050d49a8159d9554b1876686090189c16e3407353b9a50d343b1908391301d25ab038b863fb7b6dbdf7e0a2f6c225883e1454191ba133604fd63a03f2845953483b414c8710a083105a6e95f142818f14f591877b65bd77015dc6700f1221316d39019b98fb0a18c911d3df322f1306b6027c8490047ae9c09d4e957960351db9d8ebea8303e12da43b50b18c21348ba54560d843031c469dc0b06411c3d56b0555472c82a11f2c66817f6d3caed2b1aadefb821163a074481f8ba1294cc7601d17102655382f584a9cf3c4402c2772806ff4ad620c0b4d82461ef9fa4c531fdc4046158b1e4dc176a3d00e209fb40a192b49f25021ac6448476506a9abdd5791315058813660f8919b9da2dedb57c1b03a58b2f1b82b032671f0aa6e1f19ea13c002190a98860191d06de4272316439415fb4828f9c8fe5e4f1f7a82f54480bcb1605f09125b26968de25542bd0026a86db668762a988318d78034e728ab01bc624a4ff4e4404def9d7023ea06cc250619643b61106165470d6c06c52210401e75c4ba21812be01a7b438535e41432e5fd9193072dbdf7c1a44dc45cc9010b9ec328c0628436601d81562272f4c0e0b78500df3088d021c89c95168916c03bd9231ff74afac041e378152f01d062a70577bdc984c5394a83559527fc72f0f8592254d16817268e66580b901cc01e58ae3f1cdfe387673bff4f035bf2255b7cfaf47f9b265a56	[]
\.


--
-- Data for Name: subscribers; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.subscribers (id, key, address, name, added_at) FROM stdin;
1	amira@example.org	amira@example.org	Amira	1609491601463
2	bogdan@example.org	bogdan@example.org	Bogdan	1609491601463
3	carys@example.org	carys@example.org	Carys	1609491601463
4	dmitri@example.org	dmitri@example.org	Dmitri	1609491601463
5	eilidh@example.org	eilidh@example.org	Eilidh	1609491601463
6	farid@example.org	farid@example.org	Farid	1609491601463
7	greta@example.org	greta@example.org	Greta	1609491601463
8	hassan@example.org	hassan@example.org	Hassan	1609491601463
9	ines@example.org	ines@example.org	Ines	1609491601463
10	jakub@example.org	jakub@example.org	Jakub	1609491601463
11	keira@example.org	keira@example.org	Keira	1609491601463
12	liam@example.org	liam@example.org	Liam	1609491601463
13	mabel@example.org	mabel@example.org	Mabel	1609491601463
14	nikhil@example.org	nikhil@example.org	Nikhil	1609491601463
15	orla@example.org	orla@example.org	Orla	1609491601463
16	piotr@example.org	piotr@example.org	Piotr	1609491601463
17	quincy@example.org	quincy@example.org	Quincy	1609491601463
18	rhian@example.org	rhian@example.org	Rhian	1609491601463
\.


--
-- Data for Name: suppressions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.suppressions (key, reason, since, note) FROM stdin;
liam@example.org	opted out	1609491600936	by telephone
keira@example.org	opted out	1614762003816	by post
\.


--
-- Name: deliveries_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.deliveries_id_seq', 93, true);


--
-- Name: mailing_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mailing_events_id_seq', 17, true);


--
-- Name: mailings_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mailings_id_seq', 9, true);


--
-- Name: schedules_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.schedules_id_seq', 4, true);


--
-- Name: sign_offs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.sign_offs_id_seq', 13, true);


--
-- Name: subscribers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.subscribers_id_seq', 20, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: deliveries pk_deliveries; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (id);


--
-- Name: departures pk_departures; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.departures
    ADD CONSTRAINT pk_departures PRIMARY KEY (relay, period, bucket);


--
-- Name: editions pk_editions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.editions
    ADD CONSTRAINT pk_editions PRIMARY KEY (digest);


--
-- Name: identity pk_identity; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT pk_identity PRIMARY KEY (id);


--
-- Name: mailing_events pk_mailing_events; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_events
    ADD CONSTRAINT pk_mailing_events PRIMARY KEY (id);


--
-- Name: mailing_sign_offs pk_mailing_sign_offs; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_sign_offs
    ADD CONSTRAINT pk_mailing_sign_offs PRIMARY KEY (mailing_id, sign_off_id);


--
-- Name: mailings pk_mailings; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailings
    ADD CONSTRAINT pk_mailings PRIMARY KEY (id);


--
-- Name: memberships pk_memberships; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT pk_memberships PRIMARY KEY (subscriber_id, list);


--
-- Name: schedules pk_schedules; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT pk_schedules PRIMARY KEY (id);


--
-- Name: sign_offs pk_sign_offs; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_offs
    ADD CONSTRAINT pk_sign_offs PRIMARY KEY (id);


--
-- Name: subscribers pk_subscribers; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT pk_subscribers PRIMARY KEY (id);


--
-- Name: suppressions pk_suppressions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT pk_suppressions PRIMARY KEY (key);


--
-- Name: deliveries uq_deliveries_mailing_id_subscriber_id; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT uq_deliveries_mailing_id_subscriber_id UNIQUE (mailing_id, subscriber_id);


--
-- Name: mailings uq_mailings_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailings
    ADD CONSTRAINT uq_mailings_key UNIQUE (key);


--
-- Name: subscribers uq_subscribers_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT uq_subscribers_key UNIQUE (key);


--
-- Name: ix_deliveries_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_deliveries_state ON public.deliveries USING btree (mailing_id, state, due_at);


--
-- Name: ix_deliveries_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_deliveries_waiting ON public.deliveries USING btree (mailing_id, id) WHERE ((state)::text = 'queued'::text);


--
-- Name: ix_mailing_events_mailing_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_mailing_events_mailing_id ON public.mailing_events USING btree (mailing_id);


--
-- Name: ix_mailings_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_mailings_issue ON public.mailings USING btree (issue);


--
-- Name: ix_memberships_list; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_memberships_list ON public.memberships USING btree (list);


--
-- Name: ix_schedules_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_schedules_issue ON public.schedules USING btree (issue);


--
-- Name: ix_sign_offs_issue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_sign_offs_issue ON public.sign_offs USING btree (issue);


--
-- Name: uq_schedules_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX uq_schedules_waiting ON public.schedules USING btree (issue) WHERE ((state)::text = 'waiting'::text);


--
-- Name: suppressions suppressions_stand; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER suppressions_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.suppressions FOR EACH STATEMENT EXECUTE FUNCTION public.keep_suppressions();


--
-- Name: deliveries fk_deliveries_mailing_id_mailings; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT fk_deliveries_mailing_id_mailings FOREIGN KEY (mailing_id) REFERENCES public.mailings(id);


--
-- Name: deliveries fk_deliveries_subscriber_id_subscribers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT fk_deliveries_subscriber_id_subscribers FOREIGN KEY (subscriber_id) REFERENCES public.subscribers(id);


--
-- Name: mailing_events fk_mailing_events_mailing_id_mailings; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_events
    ADD CONSTRAINT fk_mailing_events_mailing_id_mailings FOREIGN KEY (mailing_id) REFERENCES public.mailings(id);


--
-- Name: mailing_sign_offs fk_mailing_sign_offs_mailing_id_mailings; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_sign_offs
    ADD CONSTRAINT fk_mailing_sign_offs_mailing_id_mailings FOREIGN KEY (mailing_id) REFERENCES public.mailings(id);


--
-- Name: mailing_sign_offs fk_mailing_sign_offs_sign_off_id_sign_offs; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailing_sign_offs
    ADD CONSTRAINT fk_mailing_sign_offs_sign_off_id_sign_offs FOREIGN KEY (sign_off_id) REFERENCES public.sign_offs(id);


--
-- Name: mailings fk_mailings_edition_editions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailings
    ADD CONSTRAINT fk_mailings_edition_editions FOREIGN KEY (edition) REFERENCES public.editions(digest);


--
-- Name: memberships fk_memberships_subscriber_id_subscribers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_subscriber_id_subscribers FOREIGN KEY (subscriber_id) REFERENCES public.subscribers(id);


--
-- Name: schedules fk_schedules_mailing_id_mailings; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT fk_schedules_mailing_id_mailings FOREIGN KEY (mailing_id) REFERENCES public.mailings(id);


--
-- PostgreSQL database dump complete
--


