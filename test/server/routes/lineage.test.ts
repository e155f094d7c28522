import type { Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { Owner } from "../../../pipelines/owner.ts";
import { makeForce } from "../../support/force.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

/** Real loads, real pipelines, and the server on what they published. */
const { home } = makeForce({}, ["complaints", "internships"]);
let owner: Owner;
let socket: Server;
let fixture: Fixture;
beforeAll(async () => {
  owner = await Owner.open(home.context);
  socket = await listenForCommands(home.folder, (asked, tell) => owner.answer(asked, tell));
  await load(
    "units",
    "units.csv",
    "unit_id,name,level,parent_id,valid_from\npolitie,Politie,force,,2013-01-01\nden-haag,Den Haag,unit,politie,2013-01-01\nrotterdam,Rotterdam,unit,politie,2013-01-01\n",
  );
  await load("complaints", "eerste.csv", complaints("2016-01-10,den-haag", "2016-02-10,rotterdam"));
  await load("complaints", "tweede.csv", complaints("2016-04-10,den-haag", "2016-05-10,den-haag"));
  await load("movements", "stages.csv", movements(3));
  await load("movements", "stages-beter.csv", movements(4));
  await answer("publish");
  const folder = { publishedHome: home.folder, pipelinesHome: home.folder };
  fixture = await serveFixture({ snapshot: false, ...folder });
});
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await owner.close();
  await home.remove();
});

const complaints = (...rows: string[]) =>
  [
    "complaint_id,received_on,unit_id,aspects",
    ...rows.map((row) => `K-${row.replace(",", "-")},${row},treatment`),
    "",
  ].join("\n");
const movements = (count: number) => `date,unit_id,kind,gender,count\n2016-03-01,den-haag,internship,woman,${count}\n`;

async function answer(command: string, ...args: string[]): Promise<void> {
  const { failed, result } = await owner.answer({ command, arguments: args, cwd: home.folder }, () => undefined);
  expect(failed).toBeUndefined();
  expect((result as { refused?: string | null }).refused ?? null).toBeNull();
}
const load = (feed: string, name: string, text: string) =>
  answer("load", feed, home.write(name, text), "--accept-change");

interface Lineage {
  period_end: string;
  feeds: { feed: string; loads: { file: string; rows: number | null }[] }[];
}
const lineage = (question: string) => askJson<Lineage>(fixture, `/lineage?${question}`);
const filesOf = ({ feeds }: Lineage) => feeds.map(({ feed, loads }) => [feed, loads.map(({ file }) => file)]);

describe("GET /api/v1/lineage", () => {
  it("leads from a figure to its version, its feeds and the files that it came with", async () => {
    const found = await lineage("indicator=complaints&unit=den-haag&grain=half&period=2016-H1");
    expect(found).toEqual({
      ...{ indicator_id: "complaints", unit_id: "den-haag", grain: "half", period_start: "2016-01-01" },
      ...{ period_end: "2016-06-30", definition_version: 1, valid_from: "2005-01-01" },
      ...{ published_load: 5, through_load: 5 },
      feeds: [
        {
          ...{ feed: "complaints", title_nl: "Klachten", title_en: "Complaints" },
          loads: [
            {
              ...{ load_id: 2, file: "eerste.csv", finished_at: "2017-07-03T08:00:00.000Z" },
              ...{ from_month: "2016-01-01", to_month: "2016-01-01", rows: null },
            },
            {
              ...{ load_id: 3, file: "tweede.csv", finished_at: "2017-07-03T08:00:00.000Z" },
              ...{ from_month: "2016-04-01", to_month: "2016-05-01", rows: null },
            },
          ],
        },
      ],
    });
  });

  it("names no load whose rows are of another month or unit, and none that another replaced", async () => {
    const first = await lineage("indicator=complaints&unit=den-haag&grain=month&period=2016-01-31");
    expect(filesOf(first)).toEqual([["complaints", ["eerste.csv"]]]);
    const other = await lineage("indicator=complaints&unit=rotterdam&grain=quarter&period=2016-Q1");
    expect(filesOf(other)).toEqual([["complaints", ["eerste.csv"]]]);
    const replaced = await lineage("indicator=internships&unit=politie&grain=month&period=2016-03");
    expect(filesOf(replaced)).toEqual([["movements", ["stages-beter.csv"]]]);
    expect(replaced.feeds[0]!.loads[0]!.rows).toBe(1);
  });

  it.each([
    ["indicator=complaints&unit=den-haag&grain=year&period=1999", 404, "there is no figure of"],
    ["indicator=nothing&unit=den-haag&grain=year&period=2016", 404, 'no indicator "nothing"'],
    ["indicator=complaints&unit=nothing&grain=year&period=2016", 404, 'no unit "nothing"'],
    ["indicator=complaints&unit=den-haag&grain=half&period=2016", 400, "write one as 2016-H2 or its last day"],
    ["indicator=complaints&unit=den-haag&grain=r12&period=2016", 400, "write one as its last day"],
    ["indicator=complaints&unit=den-haag&grain=day&period=2016", 400, "grain: is none of month"],
    ["indicator=complaints&unit=den-haag&grain=year", 400, "period: is missing"],
  ])("refuses %s", async (question, status, words) => {
    const problem = await askProblem(fixture, `/api/v1/lineage?${question}`);
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(words);
  });

  it("is for whoever sees what came in", async () => {
    const cookie = await fixture.cookieOf({ name: "hrm", roles: ["hrm"], units: [] });
    const { status } = await ask(fixture, "/api/v1/lineage?indicator=internships&unit=politie&grain=year&period=2016", {
      headers: { cookie },
    });
    expect(status).toBe(403);
  });
});
