import type { Random } from "../pipelines/statistics/random.ts";

/** What somebody writes who wants more of a draft than figures: files, settings, other tables, or all of the machine. */
const queries: ((random: Random) => string)[] = [
  ...[
    "select * from read_csv('/etc/passwd')",
    "select unit_id, received_on as month, (select content from read_text('/etc/hostname')) as numerator from complaints",
    "copy complaints to '/tmp/out.csv'",
    "attach '/tmp/other.duckdb' as other",
    "pragma database_list",
    "set memory_limit = '50GB'",
    "install httpfs",
    "load httpfs",
    "select getenv('HOME') as unit_id from complaints",
    "select unit_id, received_on as month, 1 as numerator from complaints; drop table complaints",
    "select unit_id, received_on as month, 1 as numerator from complaints /* ; */ ; -- \nattach 'x'",
    "with recursive r as (select 1 as n union all select n + 1 from r) select * from r",
    "select unit_id, received_on as month, count(*) as numerator from complaints, range(1000000000) group by all",
    "select unit_id, received_on as month, len(range(1000000000)) as numerator from complaints",
    "select unit_id, received_on as month, len(repeat('a', 2000000000)) as numerator from complaints",
    "select * from duckdb_settings()",
    "select * from information_schema.tables",
    "select * from sqlite_master",
    "from loads",
    "from quarantine",
    "from 'data.csv'",
    "from feeds.main.complaints",
    "select columns(*) from complaints",
    "select query('select 1') from complaints",
    "select * from query_table('loads')",
    "create macro f(x) as x",
    "select unit_id, received_on as month, list_sum(list_transform(range(100000000), lambda x: x)) as numerator from complaints",
    "select unit_id, received_on as month, regexp_matches(repeat('a', 100000), '(a+)+b')::int as numerator from complaints",
    "select * from complaints using sample 10%",
    "pivot complaints on route",
    "summarize complaints",
    "describe complaints",
    "values (1)",
    "select unit_id, received_on as month, current_setting('memory_limit') as numerator from complaints",
    "export database '/tmp/all'",
    "call pragma_version()",
    "select unit_id, received_on as month, $1 as numerator from complaints",
    "select 1 from \u0441omplaints",
    "select unit_id, received_on as month, 1 as numerator from complaints\u200b",
    "select unit_id, received_on as month, sleep_ms(100000) as numerator from complaints",
  ].map((text) => () => text),
  (random) => `select ${"(".repeat(random.whole(50, 4000))}1${")".repeat(10)} from complaints`,
  (random) => `select unit_id from complaints where ${"not ".repeat(random.whole(100, 5000))}true`,
  (random) =>
    `select ${Array.from({ length: random.whole(500, 2500) }, (_, i) => `count(*) as c${i}`).join(", ")} from complaints`,
];

/** What no list can refuse, since each word of it is permitted: only the limits stop it. */
const endless: ((random: Random) => string)[] = [
  () =>
    "select unit_id, received_on as month, count as numerator from complaints where (select max(b.unit_id || c.unit_id || d.unit_id) from complaints b, complaints c, complaints d) is not null",
  () =>
    "select unit_id, received_on as month, count as numerator from complaints where unit_id in (select a.unit_id from use_of_force a, use_of_force b, use_of_force c)",
  (random) =>
    `select unit_id, received_on as month, count as numerator from complaints where received_on > (select max(received_on) - ${random.whole(9000, 9999)} from (select a.received_on from complaints a cross join complaints b order by b.closed_on, a.received_on))`,
];

/** An honest header: what is tried is the query. */
const header = `/*---
title: { nl: Klachten, en: Complaints }
question: { nl: "Hoeveel klachten kwamen er?", en: "How many complaints came in?" }
description: { nl: Klachten, en: Complaints }
why: { nl: Om te weten, en: To know }
sentence: { nl: "{period}: {value}", en: "{period}: {value}" }
focus: connection
owner: Control
source: [KVV]
kind: count
polarity: neutral
polarity_note: { nl: Om het even, en: Either way }
numerator: { nl: klachten, en: complaints }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/`;

/** The text of a definition whose query is hostile. */
export function hostileDraft(random: Random, isEndless: boolean): string {
  const query = random.pick(isEndless ? endless : queries)(random);
  const dressed = random.pick<(text: string) => string>([
    (text) => text,
    (text) => `-- nothing to see\n${text}`,
    (text) => text.replaceAll(" ", "  "),
    (text) => text.toUpperCase(),
    (text) => `${text} -- ;`,
  ])(query);
  return `${header}\n${isEndless ? query : dressed}\n`;
}
