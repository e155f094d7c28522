import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { picksOut } from "../../pipelines/indicators/picked.ts";
import { parseQuery } from "../../pipelines/indicators/query-tree.ts";
import { contracts, definitions } from "../support/figures.ts";

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:");
});
afterAll(() => db.close());

async function foundIn(sql: string): Promise<string | undefined> {
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed) throw new Error(parsed.fault);
  return picksOut(parsed.statements, [...contracts.values()]);
}

const all = await definitions();
const versions = all.flatMap((each) => [each, ...(each.earlier ?? [])]);

/** A query that counts some complaints five times. */
const twice = (condition: string, from = "complaints") =>
  `select unit_id, received_on as month, sum(if(${condition}, 5, 1) * count) as numerator from ${from} group by unit_id, received_on`;

describe("picksOut(statements, feeds)", () => {
  it.each(versions.map(({ id, version, sql }) => [`${id}.${version.number}`, sql]))(
    "finds nothing in the query of %s",
    async (_name, sql) => {
      expect(await foundIn(sql)).toBeUndefined();
    },
  );

  it.each([
    "select s.unit_id, s.period as month, count(distinct s.job_id) as numerator from (select unit_id, period, headcount as job_id from staffing) as s join complaints as c on c.unit_id = s.unit_id group by all",
    "select unit_id, received_on as month, count(*) as numerator from complaints where unit_id is not null and complaint_id is not null group by all order by unit_id",
    "select unit_id, month, count(*) as numerator from (select first(unit_id order by received_on, complaint_id) as unit_id, min(received_on) as month from complaints group by hash(complaint_id)) group by all",
    "select unit_id, received_on as month, count(*) as numerator from complaints semi join units using (unit_id) where unit_id in (select unit_id from units where level = 'team') group by all",
    "select case when count > 0 then unit_id end as unit_id, received_on as month, 1 as numerator from complaints",
    "select unit_id, received_on as month, row_number() over (partition by unit_id order by received_on, complaint_id) as numerator from complaints",
    "select unit_id, received_on as month, count as numerator from complaints union all select unit_id, period, headcount from staffing",
    "with complaint as (select unit_id, received_on, 1 as complaint from complaints) select unit_id, received_on as month, sum(complaint) as numerator from complaint group by all",
  ])("leaves what stands as it is: %s", async (sql) => {
    expect(await foundIn(sql)).toBeUndefined();
  });

  const place = /the name of a unit/;
  const number = /the number of a person or event/;
  it.each([
    ["compares a unit's name", twice("unit_id = 'hoefkade'"), place],
    ["compares a unit's hash", twice("hash(unit_id) = 13815214126497245461"), place],
    ["goes by a remainder of a unit's hash", twice("hash(unit_id, route) % 1000 = 17"), place],
    ["compares a part of a name", twice("substr(unit_id, 2) = 'oefkade'"), place],
    ["adds to a name", twice("unit_id || '!' = 'hoefkade!'"), place],
    ["makes a name of parts", twice("unit_id = concat('hoef', 'kade')"), place],
    ["writes a name otherwise", twice("unit_id = lower('HOEFKADE')"), place],
    ["turns a name into another type", twice("unit_id::varchar = lower('HOEFKADE')"), place],
    ["goes by the alphabet", twice("unit_id > 'hoefk' and unit_id < 'hoefl'"), place],
    ["goes by a range of the alphabet", twice("unit_id between 'hoefk' and 'hoefl'"), place],
    ["names among others", twice("unit_id in ('hoefkade', 'overbosch')"), place],
    ["likes a name", twice("unit_id like 'h__fk%de'"), place],
    ["has a name in a row", twice("(unit_id, route) = ('hoefkade', 'direct')"), place],
    ["has a name in another's place", twice("unit_id = case when route = 'direct' then 'hoefkade' end"), place],
    [
      "goes by the place in the alphabet",
      twice("n = 17", "(select *, dense_rank() over (order by unit_id) as n from complaints)"),
      place,
    ],
    ["goes by who is first", twice("unit_id = (select min(unit_id) from complaints)"), place],
    [
      "goes by a hash under another name",
      twice("hash(place) = 5", "(select *, unit_id as place from complaints)"),
      place,
    ],
    [
      "goes by a hash in a WITH clause",
      `with named as (select *, hash(unit_id) as h from complaints) ${twice("h = 5", "named")}`,
      place,
    ],
    [
      "calls a constant as units are called",
      twice("true", "complaints join (select 'hoefkade' as unit_id from staffing) using (unit_id)"),
      place,
    ],
    [
      "lists constants as units are called",
      twice("true", "complaints join unnest(['hoefkade']) as t(unit_id) using (unit_id)"),
      place,
    ],
    [
      "has constants below units in a union",
      twice("p = unit_id", "complaints, (select unit_id as p from staffing union all select 'hoefkade' from staffing)"),
      place,
    ],
    [
      "puts a constant where a unit was",
      twice("true", "(select * replace ('hoefkade' as unit_id) from complaints)"),
      place,
    ],
    ["looks a unit's name up", twice("name = 'Hoefkade'", "complaints join units using (unit_id)"), place],
    ["looks a unit's parent up", twice("parent_id = 'den-haag'", "complaints join units using (unit_id)"), place],
    ["compares a number's hash", twice("hash(complaint_id) = 5"), number],
    ["goes by a remainder of a number", twice("complaint_id % 1000 = 7"), number],
    ["goes by a remainder of a number's hash", twice("hash(complaint_id) % 1000 = 7"), number],
    ["goes by how large a number is", twice("complaint_id < 1000"), number],
    ["takes a row as one value", twice("hash(complaints) = 5"), /complaints stands for a whole row/],
    ["takes a row of a sub-query", twice("hash(c) = 5", "(select * from complaints) as c"), /c stands for a whole row/],
    [
      "takes a row by the name of another's column",
      twice("hash(kind) = 5 and exists (select 1 from incidents)", "complaints as kind"),
      /kind stands for a whole row/,
    ],
    ["takes all columns as one value", twice("concat_ws(',', *) like '%hoefkade%'"), /\* stands in an expression/],
    ["takes some units", `${twice("true")} order by unit_id limit 1 offset 16`, /limit leaves some units/],
    ["gives columns other names", twice("hash(a) = 5", "(from complaints) as c(a, b)"), /other names in a list/],
  ])("finds a query that %s", async (_name, sql, reason) => {
    expect(await foundIn(sql)).toMatch(reason);
  });
});
