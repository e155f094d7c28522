import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EvaluatedTarget } from "../../../server/routes/evaluations.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askProblem } from "../ask.ts";

/** A unit's target that ends as its last figure. */
const ended = `insert into outcomes
  select indicator_id, unit_id, (select min(target_id) from targets where indicator_id = 'intake-dual'), grain, period_start, period_end,
    "value", numerator, denominator, judgement, withheld
  from series
  where indicator_id = 'intake-dual' and unit_id = 'den-haag' and grain = 'half' and period_end = '2016-12-31' and breakdown is null`;

let fixture: Fixture;
let clock = "2018-01-01T09:00:00Z";
beforeEach(async () => {
  clock = "2018-01-01T09:00:00Z";
  fixture = await serveFixture({ besides: [ended], now: () => new Date(clock) });
});
afterEach(() => fixture.stop());

const sent = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function json<T = EvaluatedTarget[]>(address: string, options?: Parameters<typeof ask>[2]): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${address}`, options);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

/** The first target that is over, and its address. */
async function first(): Promise<{ target: EvaluatedTarget; address: string }> {
  const [target] = await json("/evaluations?unit=den-haag");
  return {
    target: target!,
    address: `/evaluations/${target!.unit_id}/${target!.indicator_id}/${target!.target_to}`,
  };
}

const concluded = { text: "Werving op scholen hielp.", decision: "continue", new_value: null, version: 0 };

describe("GET /api/v1/evaluations", () => {
  it("opens by itself when a target's period is over, with its end value, judgement and course", async () => {
    const all = await json("/evaluations");
    expect(all.length).toBeGreaterThan(0);
    for (const each of all) {
      expect(each.target_to < "2018-01-01").toBe(true);
      expect(["force", "unit"]).toContain(each.level);
      expect(each.evaluation).toBeNull();
    }
    const { target } = await first();
    const series = await json<{ period_end: string; value: number; judgement: string }[]>(
      `/series?indicator=${target.indicator_id}&unit=${target.unit_id}&grain=${target.grain}`,
    );
    const end = series.find(({ period_end }) => period_end === target.period_end)!;
    expect([target.value, target.judgement]).toEqual([end.value, end.judgement]);
    expect(target.course.at(-1)).toMatchObject({ period_end: target.period_end, value: target.value });
    clock = "2014-01-01T09:00:00Z";
    expect(await json("/evaluations")).toEqual([]);
  });

  it("is 404 for a unit that there is not", async () => {
    expect(await askProblem(fixture, "/api/v1/evaluations?unit=nergens")).toMatchObject({ status: 404 });
  });
});

describe("PUT /api/v1/evaluations/:unit/:indicator/:to", () => {
  it("keeps what helped and the decision, and every version of it", async () => {
    const { address } = await first();
    const saved = await json<EvaluatedTarget>(address, sent("PUT", concluded));
    expect(saved.evaluation).toMatchObject({ ...concluded, version: 1, saved_by: "lokaal" });
    await json(address, sent("PUT", { ...concluded, decision: "new_figure", new_value: 0.3, version: 1 }));
    const history = await json<{ version: number; decision: string }[]>(`${address}/history`);
    expect(history.map(({ version, decision }) => [version, decision])).toEqual([
      [2, "new_figure"],
      [1, "continue"],
    ]);
    expect((await first()).target.evaluation).toMatchObject({ decision: "new_figure", new_value: 0.3 });
  });

  it("is 409 where someone else saved meanwhile", async () => {
    const { address } = await first();
    await json(address, sent("PUT", concluded));
    const late = sent("PUT", { ...concluded, text: "Iets anders." });
    expect(await askProblem(fixture, `/api/v1${address}`, late)).toMatchObject({ status: 409 });
    expect((await first()).target.evaluation!.text).toBe(concluded.text);
  });

  it("names the plan that runs for it", async () => {
    const { target } = await first();
    const plan = {
      ...{ plan_id: null, indicator_id: target.indicator_id, measures: "Meer werven.", owner: "Hoofd HRM" },
      ...{ reach_year: 2019, state: "open", result: "", version: 0 },
    };
    await json(`/reviews/${target.unit_id}/2016-H2`, sent("PUT", { plans: [plan] }));
    expect((await first()).target.plan).toMatchObject({ owner: "Hoofd HRM", reach_year: 2019, half: "2016-H2" });
  });

  it("refuses a target that is not over, a figure without its decision, and the other way round", async () => {
    const { address, target } = await first();
    const refused = (path: string, body: object) => askProblem(fixture, `/api/v1${path}`, sent("PUT", body));
    const running = `/evaluations/${target.unit_id}/${target.indicator_id}/2030-12-31`;
    expect(await refused(running, concluded)).toMatchObject({ status: 404 });
    expect(await refused(address, { ...concluded, new_value: 0.3 })).toMatchObject({ status: 400 });
    expect(await refused(address, { ...concluded, decision: "new_figure" })).toMatchObject({ status: 400 });
    expect(await refused(address, { ...concluded, decision: "misschien" })).toMatchObject({ status: 400 });
  });
});
