import type { Database } from "../../pipelines/database.ts";
import type { Random } from "../../pipelines/statistics/random.ts";

/** A history of the event feeds, written as files. */
export interface Delivery {
  feed: EventFeed;
  text: string;
  mapping?: string;
}

export const eventFeeds = ["complaints", "use_of_force", "incidents"] as const;
export type EventFeed = (typeof eventFeeds)[number];

/** One team that came and changed its unit in the midst of a month, so that a cell's day matters. */
export const movedTeam = `unit_id,name,level,parent_id,valid_from,valid_to,predecessor_ids
moved,Team Verhuisd,team,north,2010-02-11,2012-05-16,
moved,Team Verhuisd,team,south,2012-05-17,,
`;

const headers: Record<EventFeed, string> = {
  complaints: "complaint_id,received_on,unit_id,aspects,origin,route,outcome,closed_on,count",
  use_of_force: "report_id,incident_id,occurred_on,unit_id,means,injury,assessment,count",
  incidents:
    "incident_id,registered_on,occurred_on,unit_id,kind,grounds,case_id,case_opened_on,rdo_on,to_prosecutor_on,closed_on,count",
};

const first = Date.UTC(2010, 2, 1);
const day = (n: number) => new Date(first + n * 86_400_000).toISOString().slice(0, 10);
const units = ["n1", "n1", "n2", "s1", "moved"];
const several = (random: Random, of: string[]) => [...new Set([random.pick(of), random.pick(of)])].join("|");

/** What a history is like: whether corrections may move an event to another day, and how many events come in each load. */
export interface HistoryKind {
  moves: boolean;
  events: number;
}

/** A row of the feed; the same number is the same event, each time perhaps otherwise. */
function row(random: Random, feed: EventFeed, id: number | null, to: number, moves: boolean): string {
  const at = moves || id === null ? random.whole(0, to) : (id * 67) % 500;
  const unit = random.pick(units);
  const later = (most: number) => (random.chance(0.75) ? at + random.whole(0, most) : null);
  const text = (n: number | null) => (n === null || n > to ? "" : day(n));
  const count = id === null ? String(random.whole(1, 4)) : "";
  const name = id === null ? "" : `E${id}`;
  const closed = later(70);
  if (feed === "complaints")
    return [
      name,
      day(at),
      unit,
      several(random, ["treatment", "force", "profiling"]),
      random.pick(["citizen", ""]),
      random.pick(["mediation", "pending", ""]),
      random.pick(["founded", "unfounded", ""]),
      text(closed),
      count,
    ].join(",");
  if (feed === "use_of_force")
    return [
      name,
      id === null ? "" : moves ? `I${id % 7}` : `I${id >> 1}`,
      // Reports of an incident may lie in several months.
      day(id === null || !moves ? at : Math.min(to, ((id % 7) * 200 + random.whole(0, 40)) % (to + 1))),
      unit,
      several(random, ["physical", "baton", "dog", "taser"]),
      random.pick(["none", "minor", ""]),
      random.pick(["professional", "pending", ""]),
      count,
    ].join(",");
  const opened = later(20);
  return [
    name,
    day(at),
    random.chance(0.5) ? day(Math.max(0, at - 5)) : "",
    unit,
    random.pick(["report", "filed"]),
    several(random, ["origin", "religion", "age"]),
    opened === null ? "" : `C${id! >> 1}`,
    text(opened),
    opened === null ? "" : text(opened + 9),
    opened === null ? "" : text(opened + random.whole(1, 40)),
    text(at + 80),
    count,
  ].join(",");
}

/** Files one after another: new events, old ones as they were, corrections, counted rows, and full snapshots of some months. */
export function makeHistory(
  random: Random,
  feed: EventFeed,
  loads: number,
  { moves, events }: HistoryKind = { moves: true, events: 14 },
): Delivery[] {
  const rows = new Map<number, string>();
  const deliveries: Delivery[] = [];
  for (let load = 0; load < loads; load++) {
    const to = 500 + Math.round((load / loads) * 1200);
    const sent = new Map<number, string>();
    for (let n = 0; n < events; n++) {
      const id = random.whole(1, 25);
      const known = rows.get(id);
      sent.set(id, known && random.chance(0.5) ? known : row(random, feed, id, to, moves));
    }
    const counted = random.chance(0.3) ? [row(random, feed, null, to, moves), row(random, feed, null, to, moves)] : [];
    const full = random.chance(0.25);
    for (const [id, text] of sent) rows.set(id, text);
    deliveries.push({
      feed,
      text: [headers[feed], ...sent.values(), ...counted, ""].join("\n"),
      ...(full ? { mapping: `feed: ${feed}\nfull: true\n` } : {}),
    });
  }
  return deliveries;
}

/** All that an indicator can ask by month of a feed: every code, the month of every date, and the days between them. */
export const figures: Record<EventFeed, string> = {
  complaints: `select unit_id, date_trunc('month', received_on) as m, aspects, origin, route, outcome,
      date_trunc('month', closed_on) as closed, closed_on - received_on as days, sum(count) as n
    from complaints group by all order by all`,
  use_of_force: `select unit_id, date_trunc('month', occurred_on) as m, means, injury, assessment, sum(count) as n
    from use_of_force group by all order by all`,
  incidents: `select unit_id, date_trunc('month', registered_on) as m, registered_on - occurred_on as since, kind, grounds,
      date_trunc('month', case_opened_on) as opened, date_trunc('month', case_opened_on + 90) as ninety, rdo_on - case_opened_on as to_rdo,
      to_prosecutor_on - case_opened_on as to_prosecutor, closed_on - case_opened_on as days,
      date_trunc('month', closed_on) as closed, sum(count) as n
    from incidents group by all order by all`,
};

/** What adds up of an indicator's rows; by all else they are told apart. */
const measures = ["numerator", "denominator", "unknown", "numerator2", "denominator2"];

/** An indicator's figures by month. Each measure is added up: rows of several days may be one row of a cell, and the other way round. */
export async function byMonth(db: Database, sql: string): Promise<unknown[]> {
  const columns = await db.all<{ column_name: string }>(`describe ${sql}`);
  const sums = measures
    .filter((name) => columns.some(({ column_name }) => column_name === name))
    .map((name) => `sum(${name}) as ${name}`);
  return db.all(`select * replace (${["date_trunc('month', month) as month", ...sums].join(", ")})
    from (${sql}) group by all order by all`);
}
