/** What a draft might try, each with what must be said of it. */
export interface Hostile {
  name: string;
  /** The query below the header. */
  sql: string;
  /** What the reason says; left out where a limit stops it. */
  reason?: RegExp;
}

const cells = (from: string, where = "true") =>
  `select unit_id, received_on as month, sum(count) as numerator, sum(count) as denominator from ${from} where ${where} group by all`;
const value = (expression: string) =>
  `select unit_id, received_on as month, ${expression} as numerator, 1 as denominator from complaints`;
const deep = (open: string, inner: string, close: string, times: number) =>
  open.repeat(times) + inner + close.repeat(times);

/** Refused by what they say: nothing of them is bound, let alone run. */
export const refused: Hostile[] = [
  {
    name: "reads a file by a table function",
    sql: cells("read_csv('/etc/passwd')"),
    reason: /read_csv\(\) is not permitted/,
  },
  { name: "reads a text file", sql: cells("read_text('/etc/passwd')"), reason: /read_text\(\) is not permitted/ },
  { name: "lists files", sql: cells("glob('/*')"), reason: /glob\(\) is not permitted/ },
  {
    name: "reads Parquet from the net",
    sql: cells("read_parquet('https://example.org/x.parquet')"),
    reason: /read_parquet\(\) is not permitted/,
  },
  { name: "names a file as a table", sql: cells("'/etc/passwd'"), reason: /there is no feed/ },
  { name: "names a CSV file as a table", sql: cells('"complaints.csv"'), reason: /there is no feed "complaints\.csv"/ },
  { name: "names an address as a table", sql: cells("'https://example.org/x.csv'"), reason: /there is no feed/ },
  { name: "copies to a file", sql: "copy complaints to '/tmp/out.csv'", reason: /no SELECT/ },
  { name: "copies a query to a file", sql: "copy (select 1) to '/tmp/out.csv'", reason: /no SELECT/ },
  { name: "attaches a database", sql: "attach '/tmp/other.duckdb' as other", reason: /no SELECT/ },
  { name: "detaches the feeds", sql: "detach feeds", reason: /no SELECT/ },
  { name: "asks by PRAGMA", sql: "pragma database_list", reason: /is not permitted|no SELECT/ },
  {
    name: "asks a table's PRAGMA",
    sql: cells("pragma_table_info('complaints')"),
    reason: /pragma_table_info\(\) is not permitted/,
  },
  { name: "sets a setting", sql: "set memory_limit = '100GB'", reason: /no SELECT/ },
  { name: "resets a setting", sql: "reset memory_limit", reason: /no SELECT/ },
  { name: "sets a variable", sql: "set variable today = date '2000-01-01'", reason: /no SELECT/ },
  {
    name: "reads a variable",
    sql: value("getvariable('today')::varchar::integer"),
    reason: /getvariable\(\) is not permitted/,
  },
  {
    name: "reads a setting",
    sql: value("len(current_setting('home_directory'))"),
    reason: /current_setting\(\) is not permitted/,
  },
  { name: "installs an extension", sql: "install httpfs", reason: /no SELECT/ },
  { name: "loads an extension", sql: "load httpfs", reason: /no SELECT/ },
  { name: "reads the environment", sql: value("len(getenv('HOME'))"), reason: /getenv\(\) is not permitted/ },
  { name: "makes a table", sql: "create table mine as select 1", reason: /no SELECT/ },
  { name: "makes a macro", sql: "create macro one() as 1", reason: /no SELECT/ },
  { name: "inserts", sql: "insert into complaints select * from complaints", reason: /no SELECT/ },
  { name: "updates", sql: "update complaints set count = 0", reason: /no SELECT/ },
  { name: "deletes", sql: "delete from complaints", reason: /no SELECT/ },
  { name: "drops", sql: "drop table complaints", reason: /no SELECT/ },
  { name: "calls", sql: "call pragma_version()", reason: /no SELECT/ },
  { name: "explains", sql: "explain select 1", reason: /no SELECT/ },
  {
    name: "has a second statement",
    sql: `${cells("complaints")}; drop table complaints`,
    reason: /exactly one SELECT|no SELECT/,
  },
  { name: "has a second SELECT", sql: `${cells("complaints")}; select 1`, reason: /exactly one SELECT/ },
  {
    name: "hides a statement in a comment that ends early",
    sql: `${cells("complaints")} /* harmless */; drop table complaints --`,
    reason: /exactly one SELECT|no SELECT/,
  },
  {
    name: "hides a statement behind a line's end that is not seen",
    sql: `${cells("complaints")} --\u2028; drop table complaints`,
    reason: /not seen \(U\+2028\)/,
  },
  {
    name: "hides a statement behind a sign without width",
    sql: cells("comp\u200blaints"),
    reason: /not seen \(U\+200B\)/,
  },
  {
    name: "turns the direction of writing",
    sql: cells("complaints", "route = '\u202ekcehc'"),
    reason: /not seen \(U\+202E\)/,
  },
  {
    name: "ends the text early",
    sql: `${cells("complaints")}\u0000; drop table complaints`,
    reason: /not seen \(U\+0000\)/,
  },
  { name: "has a letter that looks like another", sql: cells("compl\u0430ints"), reason: /its "а" is U\+0430/ },
  { name: "has a column that looks like another", sql: value("sum(c\u043eunt)"), reason: /its "о" is U\+043E/ },
  {
    name: "has spaces of another kind",
    sql: cells("complaints").replaceAll(" ", "\u00a0"),
    reason: /space of another kind \(U\+00A0\)/,
  },
  { name: "lists the tables", sql: cells("duckdb_tables()"), reason: /duckdb_tables\(\) is not permitted/ },
  { name: "lists the settings", sql: cells("duckdb_settings()"), reason: /duckdb_settings\(\) is not permitted/ },
  {
    name: "reads what the engine knows of tables",
    sql: cells("information_schema.tables"),
    reason: /information_schema\.tables is not permitted/,
  },
  { name: "reads pg_catalog", sql: cells("pg_catalog.pg_class"), reason: /pg_catalog\.pg_class is not permitted/ },
  { name: "reads sqlite_master", sql: cells("sqlite_master"), reason: /there is no feed "sqlite_master"/ },
  { name: "reads what the monitor knows of its loads", sql: cells("coverage"), reason: /there is no feed "coverage"/ },
  { name: "reads tables of a computation", sql: cells("query_cells"), reason: /there is no feed "query_cells"/ },
  {
    name: "runs a text as a query",
    sql: cells("query('select * from complaints')"),
    reason: /query\(\) is not permitted/,
  },
  {
    name: "names a table in a text",
    sql: cells("query_table('complaints')"),
    reason: /query_table\(\) is not permitted/,
  },
  {
    name: "runs a parse",
    sql: cells("json_execute_serialized_sql('{}')"),
    reason: /json_execute_serialized_sql\(\) is not permitted/,
  },
  { name: "names a feed with its schema", sql: cells("main.complaints"), reason: /main\.complaints is not permitted/ },
  {
    name: "names a feed with its database",
    sql: cells("feeds.main.staffing"),
    reason: /feeds\.main\.staffing is not permitted/,
  },
  { name: "names the rounded feeds", sql: cells("rounded.staffing"), reason: /rounded\.staffing is not permitted/ },
  {
    name: "has dots within a quoted name",
    sql: cells('"main.complaints"'),
    reason: /there is no feed "main\.complaints"/,
  },
  {
    name: "has quotes within a quoted name",
    sql: cells('"complaints"" union select 1 --"'),
    reason: /there is no feed/,
  },
  { name: "names a function with its schema", sql: value("pg_catalog.pg_sleep(1)"), reason: /is not permitted/ },
  {
    name: "never ends by reading itself",
    sql: "with recursive n as (select 1 as x union all select x + 1 from n) select unit_id, received_on as month, x as numerator, 1 as denominator from complaints, n",
    reason: /reads itself \(recursive\)/,
  },
  {
    name: "reads itself without ending, with a key",
    sql: "with recursive n(x) using key (x) as (select 1 union select x + 1 from n) select x from n",
    reason: /recursive|is not permitted/,
  },
  {
    name: "has the name of a WITH clause beyond it",
    sql: "select unit_id, received_on as month, sum(count) as numerator, 1 as denominator from complaints where unit_id in (with mine as (select unit_id from units) select unit_id from mine) and route in (select route from mine) group by all",
    reason: /there is no feed "mine"/,
  },
  {
    name: "names a file by a WITH clause",
    sql: 'with "/etc/passwd" as (select unit_id from units) select unit_id from complaints',
    reason: /is no name for a WITH clause/,
  },
  {
    name: "puts a WITH clause over a feed",
    sql: "with complaints as (select unit_id, date '2016-01-01' as received_on, 1 as count from units) select unit_id, received_on as month, count as numerator, 1 as denominator from complaints",
    reason: /has the name of a feed/,
  },
  {
    name: "has a billion rows from a range",
    sql: cells("complaints, range(1000000000)"),
    reason: /range\(\) after from/,
  },
  {
    name: "has a range without an end",
    sql: cells("complaints, generate_series(1, (select max(count) from complaints))"),
    reason: /generate_series\(\) after from/,
  },
  {
    name: "has a range of many numbers in a list",
    sql: value("len(range(1000000000))"),
    reason: /range\(\) takes a first and a last moment/,
  },
  {
    name: "has a range by days",
    sql: value("len(range(received_on::timestamp, date '9999-01-01'::timestamp, interval 1 day))"),
    reason: /range\(\) takes a first and a last moment/,
  },
  {
    name: "repeats a text a billion times",
    sql: value("len(repeat('x', 1000000000))"),
    reason: /repeat\(\) is not permitted/,
  },
  { name: "fills a text", sql: value("len(lpad('x', 1000000000, 'y'))"), reason: /lpad\(\) is not permitted/ },
  {
    name: "fills a text by a format",
    sql: value("len(printf('%1000000000d', 1))"),
    reason: /printf\(\) is not permitted/,
  },
  {
    name: "matches an expression that explodes",
    sql: value("count(*) filter (regexp_matches(unit_id, '(a+)+$'))"),
    reason: /regexp_matches\(\) is not permitted.*write like/,
  },
  {
    name: "matches by a sign",
    sql: value("count(*) filter (unit_id ~ '(a+)+$')"),
    reason: /regexp_full_match\(\) is not permitted/,
  },
  {
    name: "has a lambda that explodes",
    sql: value("len(list_transform([1, 2], x -> list_transform([1, 2], y -> x * y)))"),
    reason: /list_transform\(\) is not permitted|lambda is not permitted/,
  },
  { name: "has a list by comprehension", sql: value("len([x for x in [1, 2]])"), reason: /is not permitted/ },
  {
    name: "makes one list of all lists",
    sql: value("list_aggregate(list(count), 'histogram')"),
    reason: /list_aggregate\(\) is not permitted/,
  },
  { name: "has a random sample", sql: `${cells("complaints")} using sample 10%`, reason: /a sample is not permitted/ },
  {
    name: "has a sample of a table",
    sql: cells("complaints tablesample reservoir(10)"),
    reason: /a sample is not permitted/,
  },
  { name: "is random", sql: value("random()"), reason: /random\(\) is not permitted/ },
  { name: "knows the moment", sql: value("year(now())"), reason: /now\(\) is not permitted/ },
  { name: "knows the day by a name", sql: value("year(current_date)"), reason: /there is no column "current_date"/ },
  { name: "knows who it is", sql: value("len(current_user)"), reason: /there is no column "current_user"/ },
  {
    name: "knows who it is by a name that it gives",
    sql: "select unit_id, received_on as month, 1 as current_user, len(current_user) as numerator, 1 as denominator from complaints",
    reason: /is no name for something of a query/,
  },
  { name: "reads the places of rows", sql: value("rowid"), reason: /there is no column "rowid"/ },
  { name: "reads the number of a load", sql: value("load_id"), reason: /there is no column "load_id"/ },
  { name: "sleeps", sql: value("sleep_ms(100000)"), reason: /sleep_ms\(\) is not permitted/ },
  { name: "ends with an error of its own", sql: value("error('boo')"), reason: /error\(\) is not permitted/ },
  { name: "asks for a parameter", sql: value("$1"), reason: /parameter is not permitted|named param map/ },
  { name: "asks for a parameter by name", sql: value("$today"), reason: /parameter is not permitted|named param map/ },
  {
    name: "names a column by its place",
    sql: "select unit_id, received_on as month, 1 as numerator, 1 as denominator from complaints group by all order by #1",
    reason: /positional reference is not permitted/,
  },
  {
    name: "joins by place",
    sql: cells("complaints positional join (select background from staffing)"),
    reason: /a positional join is not permitted/,
  },
  {
    name: "joins by whatever has the same name",
    sql: cells("complaints natural join staffing"),
    reason: /a natural join is not permitted/,
  },
  {
    name: "joins by what comes before",
    sql: cells("complaints asof join (select unit_id, period from staffing) as s using (unit_id, period)"),
    reason: /an? asof join is not permitted/,
  },
  {
    name: "reads all columns of staff",
    sql: "select u as unit_id, p as month, sum(n) as numerator, 1 as denominator from (select '' as u, date '2016-01-01' as p, '' as c, '' as r, 1 as s, '' as g, '' as a, '' as b, 1 as n, 1.0 as f, [''] as w from units where false union all select * from staffing) where b = 'dual' group by all",
    reason: /\* of staffing is not permitted/,
  },
  {
    name: "reads a row of staff as one value",
    sql: "select unit_id, period as month, len(staffing::varchar) as numerator, 1 as denominator from staffing",
    reason: /staffing is a table, not a column/,
  },
  {
    name: "reads a row of staff by another name",
    sql: "select unit_id, period as month, hash(s) as numerator, 1 as denominator from staffing as s",
    reason: /s is a table, not a column/,
  },
  ...[
    ["in a sub-query", "hash(s)", "staffing as s where s.unit_id in (select unit_id as s from staffing)"],
    ["in a sub-query of numbers", "hash(s)", "staffing as s where exists (select 1 from range(1) as r(s))"],
    ["as that of its feed", "len(staffing::varchar)", "staffing where exists (select 1 as staffing from units)"],
    ["as a column of another feed", "hash(outcome)", "staffing as outcome where exists (select 1 from complaints)"],
    ["in USING", "1", "staffing as s join (select 1 as s from units) as t using (s)"],
  ].map(([where, way, from]) => ({
    name: `reads a row of staff by a name that also is one of a column, ${where}`,
    sql: `select unit_id, period as month, ${way} as numerator, 1 as denominator from ${from}`,
    reason: /is a table, not a column/,
  })),
  ...["concat_ws(',', *)", "count(distinct *)"].map((way) => ({
    name: `reads every column within an expression: ${way}`,
    sql: `select s.unit_id, s.period as month, ${way} as numerator, 1 as denominator from staffing as s group by all`,
    reason: /\* is not permitted within an expression|is not permitted in a draft/,
  })),
  {
    name: "gives a table's columns other names",
    sql: "select a as unit_id, b as month, 1 as numerator, 1 as denominator from staffing as s(b, a)",
    reason: /other names for the columns/,
  },
  {
    name: "gives a sub-query's columns other names",
    sql: "select a as unit_id, b as month, 1 as numerator, 1 as denominator from (select period, unit_id from staffing) as s(b, a)",
    reason: /other names for the columns/,
  },
  {
    name: "gives a WITH clause's columns other names",
    sql: "with s(b, a) as (select period, unit_id from staffing) select a as unit_id, b as month, 1 as numerator, 1 as denominator from s",
    reason: /aliases is not permitted/,
  },
  {
    name: "chooses columns by an expression",
    sql: "select columns('back.*') from staffing",
    reason: /columns is not permitted|COLUMNS|is not permitted/,
  },
  {
    name: "unpacks columns",
    sql: "select unit_id, period as month, *columns(*) from staffing",
    reason: /is not permitted/,
  },
  { name: "takes a list apart by its place", sql: value("len(aspects[1])"), reason: /array extract is not permitted/ },
  {
    name: "takes a part of a row",
    sql: value("struct_extract_at(row(unit_id, route), 1)"),
    reason: /struct_extract_at\(\) is not permitted/,
  },
  { name: "makes a struct", sql: value("len({'a': unit_id}::varchar)"), reason: /struct_pack\(\) is not permitted/ },
  { name: "makes a map", sql: value("len(map {'a': unit_id}::varchar)"), reason: /is not permitted/ },
  { name: "makes a type", sql: value("len(route::enum ('a'))"), reason: /the type .* is not permitted/ },
  {
    name: "makes a type of a table",
    sql: value("len(('complaints')::regclass)"),
    reason: /the type .* is not permitted|is not permitted/,
  },
  { name: "describes", sql: "describe complaints", reason: /show ref is not permitted/ },
  { name: "summarizes", sql: "summarize complaints", reason: /show ref is not permitted|no SELECT/ },
  { name: "describes in a sub-query", sql: cells("(describe complaints)"), reason: /show ref is not permitted/ },
  { name: "shows all tables", sql: "show all tables", reason: /is not permitted|no SELECT/ },
  { name: "has values of its own", sql: "values ('north', date '2016-01-01', 1, 1)", reason: /is not permitted/ },
  {
    name: "has values in its FROM",
    sql: "select 'north' as unit_id, date '2016-01-01' as month, x as numerator, 1 as denominator from (values (1)) as v(x)",
    reason: /is not permitted/,
  },
  {
    name: "reads nothing",
    sql: "select 'north' as unit_id, date '2016-01-01' as month, 1 as numerator, 1 as denominator",
    reason: /without FROM is not permitted/,
  },
  { name: "pivots", sql: "pivot complaints on route using sum(count)", reason: /no SELECT|is not permitted/ },
  {
    name: "pivots in its FROM",
    sql: "select unit_id from complaints pivot (sum(count) for route in ('committee'))",
    reason: /is not permitted/,
  },
  { name: "unpivots", sql: "from complaints unpivot (v for n in (count))", reason: /is not permitted/ },
  {
    name: "groups by all combinations",
    sql: "select unit_id, received_on as month, sum(count) as numerator, 1 as denominator from complaints group by cube (unit_id, received_on, route, outcome)",
    reason: /group by cube/,
  },
  {
    name: "takes a part by percent",
    sql: `${cells("complaints")} limit 10%`,
    reason: /limit percent modifier is not permitted/,
  },
  { name: "asks for another time", sql: cells("complaints at (version => 1)"), reason: /at clause is not permitted/ },
  {
    name: "has an order of letters of its own",
    sql: value("max(route collate nocase)"),
    reason: /collate is not permitted/,
  },
  {
    name: "reads the state of an aggregate",
    sql: value("finalize(sum(count) export_state)"),
    reason: /is not permitted|no SELECT/,
  },
  {
    name: "nests a thousand deep",
    sql: value(deep("(", "1 + 1", " + 1)", 1000)),
    reason: /nests more than|is not permitted|no SELECT/,
  },
  {
    name: "nests sub-queries",
    sql: value(deep("(select ", "1", " from units)", 300)),
    reason: /nests more than|no SELECT/,
  },
  {
    name: "has many parts",
    sql: value(Array.from({ length: 3000 }, (_, i) => `${i}`).join(" + ")),
    reason: /more than \d+ parts|nests too deep/,
  },
  { name: "is very long", sql: `${cells("complaints")} -- ${"x".repeat(30_000)}`, reason: /write at most 20000/ },
  { name: "has a number without an end", sql: value("1e400"), reason: /larger than any/ },
  { name: "is nothing", sql: "", reason: /no SELECT|exactly one SELECT/ },
  { name: "is no SQL", sql: "sélectionnez tout", reason: /no SELECT/ },
];

/** Permitted by what they say, and stopped by time or memory, or harmless: they end, and say so. */
export const bounded: Hostile[] = [
  { name: "has nine thousand brackets around a number", sql: value(deep("(", "1", ")", 9000)) },
  {
    name: "joins everything with everything",
    sql: "select a.unit_id, a.received_on as month, sum(b.count * c.count * d.count) as numerator, 1 as denominator from complaints as a, complaints as b, complaints as c, complaints as d group by all",
  },
  {
    name: "joins everything with everything by a condition that always holds",
    sql: "select a.unit_id, a.received_on as month, count(*) as numerator, 1 as denominator from complaints as a join complaints as b on a.count + b.count > 0 join complaints as c on a.count + c.count > 0 join complaints as d on true group by all",
  },
  {
    name: "joins ranges",
    sql: "select unit_id, received_on as month, count(*) as numerator, 1 as denominator from complaints, range(1000) as a(x), range(1000) as b(y), range(1000) as c(z) group by all",
  },
  {
    name: "sorts everything joined with everything",
    sql: "select unit_id, month, numerator, row_number() over (order by hash(x * y * z)) as denominator from (select unit_id, received_on as month, count as numerator, x, y, z from complaints, range(1000) as a(x), range(1000) as b(y), range(1000) as c(z))",
  },
  {
    name: "doubles a text again and again",
    sql: `with s0 as (select unit_id, received_on, concat(unit_id, unit_id, unit_id, unit_id) as s from complaints), ${Array.from({ length: 26 }, (_, i) => `s${i + 1} as materialized (select unit_id, received_on, concat(s, s) as s from s${i})`).join(", ")} select unit_id, received_on as month, len(s) as numerator, 1 as denominator from s26`,
  },
  {
    name: "doubles a text within one row",
    sql: `select unit_id, received_on as month, len(${deep("concat(", "unit_id", ", unit_id)", 1)}) as numerator, 1 as denominator from complaints`,
  },
  {
    name: "gathers everything in one list",
    sql: "select unit_id, month, len(list(x)) as numerator, 1 as denominator from (select unit_id, received_on as month, concat(x, y, unit_id) as x from complaints, range(1000) as a(x), range(1000) as b(y)) group by all",
  },
  {
    name: "counts what differs of everything",
    sql: "select unit_id, month, count(distinct x) as numerator, 1 as denominator from (select unit_id, received_on as month, concat(x, ' ', y, unit_id, received_on) as x from complaints, range(1000) as a(x), range(1000) as b(y)) group by all",
  },
  {
    name: "goes through centuries by month",
    sql: "select unit_id, m::date as month, count as numerator, 1 as denominator from (select unit_id, count, unnest(range(date '0001-01-01'::timestamp, date '9999-01-01'::timestamp, interval 1 month)) as m from complaints)",
  },
  {
    name: "has a value for each of many rows as breakdown",
    sql: "select unit_id, received_on as month, count as numerator, 1 as denominator from complaints, range(1000) as a(x), range(200) as b(y)",
  },
  {
    name: "compares everything with a pattern of many parts",
    sql: `select a.unit_id, a.received_on as month, count(*) filter (concat(a.unit_id, b.unit_id, c.unit_id) like '${"%a".repeat(500)}%') as numerator, 1 as denominator from complaints as a, complaints as b, complaints as c group by all`,
  },
  {
    name: "asks a sub-query for each row",
    sql: "select unit_id, received_on as month, (select count(*) from complaints as b, complaints as c, complaints as d where b.received_on < a.received_on and c.count >= a.count and d.received_on <> a.received_on) as numerator, 1 as denominator from complaints as a",
  },
  {
    name: "has numbers that overflow",
    sql: "select unit_id, received_on as month, sum(count * 9223372036854775807::hugeint * 9223372036854775807 * 9223372036854775807) as numerator, 1 as denominator from complaints group by all",
  },
  {
    name: "divides by nothing",
    sql: "select unit_id, received_on as month, sum(count) / 0 as numerator, sum(count) % 0 as denominator from complaints group by all",
  },
  {
    name: "turns texts into numbers",
    sql: "select unit_id, received_on as month, sum(unit_id::integer) as numerator, 1 as denominator from complaints group by all",
  },
  {
    name: "has days before the calendar and after it",
    sql: "select unit_id, received_on - 2000000 as month, count as numerator, 1 as denominator from complaints union all select unit_id, received_on + 2000000, count, 1 from complaints",
  },
  {
    name: "has a day that is none",
    sql: "select unit_id, 'infinity'::date as month, count as numerator, 1 as denominator from complaints",
  },
  {
    name: "joins by a window over everything",
    sql: "select unit_id, month, max(r) as numerator, 1 as denominator from (select a.unit_id, a.received_on as month, sum(a.count) over (partition by b.count order by c.count, a.received_on, b.received_on rows between 100000 preceding and 100000 following) as r from complaints as a, complaints as b, complaints as c) group by all",
  },
];
