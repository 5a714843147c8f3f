-- The index of a vault. docs/index.md explains every table; whatever stands here can be built anew from the notes.
-- Rows are keyed by the file and line they come from, so that every answer can be traced. Dates are ISO text.
-- Money is an integer of ten-thousandths of the currency's unit; the function money(x) writes it as a decimal.

create table folders (
    path text primary key,
    links integer not null,     -- how many of its files are links; what they lead to counts for the digest
    digest blob                 -- of the names and stamps of its files; null while one of them is not to be trusted
) without rowid;

create table files (
    file integer primary key,
    path text not null unique,  -- in the vault
    folder text not null,
    mtime_ns integer not null,
    ctime_ns integer not null,
    size integer not null,
    inode integer not null,
    mode integer not null,
    blob text not null,         -- git's blob id of the content; empty where it was not read
    fresh integer not null      -- 1: its stamps prove nothing: changed within two seconds of being read, or unread
);
create index files_by_folder on files (folder);

create table notes (
    file integer primary key,
    name text not null,
    text text not null          -- the whole note
);

create table customers (
    file integer primary key,
    customer text not null,     -- the id: file name without .md
    key text not null,          -- the id as it is compared: NFC, case folded
    name text not null,
    sort_name text not null,    -- the name without case and diacritics
    type text,
    stage text,
    tier text,
    owner text,
    city text,
    tags text not null,         -- with commas
    since text,
    cadence text,
    next text,
    next_action text,
    next_channel text,
    quiet_until text,               -- the later one of the field and of what was last agreed in the log
    prefers text,               -- channels, with commas
    denied text,                -- channels forbidden in the front matter or last in the log, with commas
    reference integer,
    learning integer,
    birthday text,              -- 1971-02-19, or --02-19 where the year is not known
    vision integer not null,    -- 1: there is a section about the shared vision
    vision_review text,
    -- What the contacts add up to (index/talks.py), for readers of a day on or after `latest`; empty: none.
    latest text not null,       -- day of the last contact, planned ones too
    spoken text not null,       -- day when somebody was last reached, by them or by us
    ours text not null,         -- day of our own last contact
    answered text not null,     -- moment of our last answer
    asked text not null,        -- moment of their last written message that is not settled
    missed text not null,       -- moment of their last call that we missed
    displeased text not null,   -- moment of their first bad feedback that nobody has answered (index/feedback.py)
    counted text not null       -- day from which silence counts: spoken, else since, else the first entry
);
create index customers_by_rhythm on customers (stage, tier, cadence, counted);
create index customers_planned on customers (latest);
create index customers_without_next on customers (stage, latest) where next is null;
create index customers_asking on customers (asked) where asked > answered;
create index customers_missed on customers (missed) where missed > answered;
create index customers_displeased on customers (displeased) where displeased > '';
create index customers_quiet on customers (quiet_until) where quiet_until is not null;
create index customers_by_birthday on customers (substr(birthday, -5)) where birthday is not null;
create index customers_by_anniversary on customers (substr(since, 6), since) where since is not null;
create index customers_by_since on customers (since) where since is not null;
create index customers_by_review on customers (vision_review) where vision_review is not null;
create index customers_without_review on customers (tier) where vision = 1 and vision_review is null;
create index customers_by_key on customers (key);
create index customers_by_name on customers (sort_name);
create index customers_by_next on customers (next) where next is not null;

create table fields (           -- every front matter field, several rows for lists
    file integer not null,
    field text not null,        -- canonical key, or the user's own as typed
    position integer not null,
    line integer not null,
    customer text not null,
    value text not null,
    known integer not null,     -- 1: a field of the field table
    primary key (file, field, position)
) without rowid;
create index fields_lost on fields (file, field, value, line) where field in ('lost_on', 'lost_reason') and position = 0;

create table contacts (
    file integer not null,
    position integer not null,
    line integer not null,
    customer text not null,
    name text not null,
    email text not null,
    phone text not null,
    role text not null,
    primary key (file, position)
) without rowid;

create table identities (       -- what should stand in the register once, of customers and their contact persons
    file integer not null,
    kind text not null,         -- business_id, vat_id, email, phone, invoice, name
    value text not null,        -- as compared: E.164 for phones, lower case for addresses, names without legal forms
    line integer not null,
    customer text not null,
    shown text not null,        -- as typed
    person text not null,       -- the contact person whose it is; empty where it is the customer's own
    primary key (file, kind, value, line)
) without rowid;
create index identities_by_value on identities (kind, value, file, line);

create table entries (
    file integer not null,
    line integer not null,
    end_line integer not null,
    customer text not null,
    date text not null,         -- first day of a partial date
    precision text not null,    -- day, month, year
    time text,
    end_time text,
    channel text,
    contact integer not null,   -- 1: somebody is reached by the channel
    direction text,             -- in, out; missed: they rang in vain; no-answer: we did
    who text not null,
    summary text not null,
    resolved integer,           -- 1: settled at this contact
    mood text,
    primary key (file, line)
) without rowid;
create index entries_planned on entries (date, file);

create table tasks (
    file integer not null,
    line integer not null,
    customer text not null,
    text text not null,
    owes text not null,         -- us, them
    status text not null,
    open integer not null,
    due text,
    scheduled text,
    start text,
    done text,
    cancelled text,
    made text,                  -- date of the entry it stands under
    priority text not null,
    recurrence text not null,
    id text not null,
    depends_on text not null,   -- ids, with commas
    primary key (file, line)
) without rowid;
create index tasks_open on tasks (due, owes, file, line) where open = 1 and due is not null;
create index tasks_waiting on tasks (file, line, depends_on) where open = 1 and depends_on <> '';
create index tasks_named on tasks (id) where open = 1 and id <> '';

create table measures (         -- inline fields of entries
    file integer not null,
    position integer not null,
    line integer not null,
    entry integer not null,     -- the line at which its entry begins
    customer text not null,
    date text not null,
    name text not null,
    number real,                -- null where the value is no number
    text text not null,
    primary key (file, position)
) without rowid;
create index measures_delivered on measures (date) where name = 'step' and text = 'delivery';
create index measures_complained on measures (date) where name = 'complaint';
create index measures_allowed on measures (date) where name = 'allow' and text >= 'marketing' and text < 'marketing;';
create index measures_done on measures (file, date) where name = 'playbook';
create index measures_until on measures (text) where name = 'until';

create table sales (
    file integer not null,
    position integer not null,
    line integer not null,
    customer text not null,
    date text not null,
    currency text not null,
    revenue integer not null,
    cost integer,
    margin integer,             -- null where it is not known
    purchase integer not null,  -- 1: the first of its entry above zero in a currency that counts
    product text not null,
    invoice text not null,
    primary key (file, position)
) without rowid;
create index sales_by_date on sales (date, file, line, currency, revenue, cost, margin);
create index sales_without_margin on sales (date, currency, revenue, margin) where margin is null;

create table buyers (           -- customers with sales, and what their purchases add up to (index/buyers.py)
    file integer primary key,
    first text,                 -- day of the first purchase, planned ones too; null: there is none
    last text,
    days integer not null,      -- with a purchase
    cools text,                 -- from the day after it on the silence is longer than ever; null: too few days
    years text not null,        -- with a purchase: 2024 2026
    quarters text not null,     -- 2024-Q4 2026-Q1
    abroad integer not null     -- 1: some sales are in another currency than the vault's
);
create index buyers_by_last on buyers (last, days, cools);
create index buyers_by_years on buyers (years, last) where last is not null;
create index buyers_by_quarters on buyers (quarters, last) where last is not null;
create index buyers_abroad on buyers (file) where abroad = 1;

create table seasons (          -- days of the year about which a customer bought the same in several years
    file integer not null,
    day text not null,          -- 05-14
    primary key (file, day)
) without rowid;
create index seasons_by_day on seasons (day);

create table deals (
    file integer not null,
    line integer not null,
    customer text not null,
    name text not null,
    state text not null,        -- open, won, lost
    value integer,
    currency text,
    chance integer,             -- per cent
    opened text,                -- as told, else the day of the entry it stands in
    expected text,
    won text,
    lost text,
    reason text not null,
    primary key (file, line)
) without rowid;
create index deals_open on deals (expected, file, line) where state = 'open' and expected is not null;

create table links (
    file integer not null,
    position integer not null,
    line integer not null,
    customer text not null,
    target text not null,       -- as written, without heading and shown words
    field text not null,        -- front matter key, empty for the text
    primary key (file, position)
) without rowid;
create index links_referring on links (file, target) where field = 'referred_by';

create table diagnostics (
    file integer not null,
    position integer not null,
    code text not null,
    line integer not null,
    column integer not null,
    end_line integer not null,
    end_column integer not null,
    facts text not null,        -- JSON object: what the message names
    fix text,                   -- what should stand at the place instead; null where people must decide
    primary key (file, position)
) without rowid;
create index diagnostics_by_code on diagnostics (code);

create table ignores (          -- comments that silence a check in their note
    file integer not null,
    position integer not null,
    line integer not null,
    column integer not null,
    end_line integer not null,
    end_column integer not null,
    code text not null,
    reason text not null,
    primary key (file, position)
) without rowid;

create table holidays (         -- public holidays of the vault's country, of the years that entries are of and the next
    year integer primary key,
    days text                   -- with commas; null: nobody knows them
);

-- Full-text search: whole words and their beginnings, in any order and without diacritics. Parts of words (Finnish
-- compounds) are found in the vocabulary, where each word of the vault stands once: its trigrams are far fewer than
-- those of the notes. A word that no note has any more may stay there; it finds nothing.
create virtual table words using fts5 (
    name, text, content = 'notes', content_rowid = 'file', tokenize = 'unicode61 remove_diacritics 2'
);
insert into words (words, rank) values ('hashsize', 8000000);  -- bytes held back before they are written: fewer merges
create virtual table terms using fts5vocab ('words', 'row');
create table vocabulary (
    id integer primary key,
    term text not null unique,  -- of three letters or more, as `words` has it: lower case, without diacritics
    folded text not null        -- as a search is compared: `strasse` for the term `straße`
);
create virtual table parts using fts5 (
    folded, content = 'vocabulary', content_rowid = 'id', detail = none, tokenize = 'trigram'
);

-- What stands twice in the register, or nearly (index/twins.py), so that a check need not go through it all.
create table repeats (          -- identities of several notes, and invoices of several entries
    kind text not null,         -- as in identities; id: customers.key
    value text not null,
    primary key (kind, value)
) without rowid;
create table neighbours (       -- names sorted from the front and from the back, equal ones by path
    back integer not null,      -- 1: read backwards
    key text not null,          -- the name as it is compared
    file integer not null,
    primary key (back, key, file)
) without rowid;
create table lookalikes (       -- pairs of names that are the same but for one slip, and stand near each other there
    back integer not null,
    file integer not null,      -- of the first of the two
    other integer not null,
    primary key (back, file, other)
) without rowid;
