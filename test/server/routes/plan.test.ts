import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

const posted = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

interface Reach {
  counted: number;
  appointed: number;
  target: number;
  needed: number | null;
  reach: string;
  words_nl: string;
  words_en: string;
  note_nl: string;
}

describe("POST /api/v1/plan/reach", () => {
  const asked = { indicator: "intake-dual", unit: "politie", coming: 100 };

  it("answers with the share that the coming appointments need, from the figure that is shown", async () => {
    const { status, text } = await ask(fixture, "/api/v1/plan/reach", posted(asked));
    expect(status, text).toBe(200);
    const answer = JSON.parse(text) as Reach;
    const rows = await askJson(fixture, "/series?indicator=intake-dual&unit=politie&grain=target");
    expect(rows.at(-1)).toMatchObject({ numerator: answer.counted, denominator: answer.appointed, target: 0.25 });
    const needed = (0.25 * (answer.appointed + 100) - answer.counted) / 100;
    if (answer.reach === "possible") {
      expect(answer.needed).toBeCloseTo(needed, 12);
      expect(answer.words_nl).toMatch(/ongeveer \w+ op de \w+|bijna/);
    } else expect(needed < 0 || needed > 1).toBe(true);
    expect(answer.note_nl).toBe("een streefcijfer is geen quotum; kwaliteit staat voorop");
  });

  it("is for the force and units, and for 25 appointments or more", async () => {
    const few = await askProblem(fixture, "/api/v1/plan/reach", posted({ ...asked, coming: 24 }));
    expect(few).toMatchObject({ status: 400 });
    expect(few.detail).toContain("coming: is too few");
    const team = await askProblem(fixture, "/api/v1/plan/reach", posted({ ...asked, unit: "den-haag-centrum" }));
    expect(team).toMatchObject({ status: 422 });
    expect(team.detail).toContain("for the force and units only");
    for (const [body, status] of [
      [{ ...asked, unit: "x" }, 404],
      [{ ...asked, indicator: "complaints" }, 422],
      [{ ...asked, persons: 3 }, 400],
    ] as const)
      // prettier-ignore
      expect(await askProblem(fixture, "/api/v1/plan/reach", posted(body))).toMatchObject({ status });
  });

  it("says nothing where the figure is withheld", async () => {
    const small = await serveFixture({ scale: 0 });
    const problem = await askProblem(small, "/api/v1/plan/reach", posted(asked));
    expect(problem).toMatchObject({ status: 422, type: "urn:kvv:problem:withheld" });
    await small.stop();
  });

  it("refuses pages of elsewhere, other types and other methods", async () => {
    const elsewhere = posted(asked, { origin: "https://example.org" });
    expect(await askProblem(fixture, "/api/v1/plan/reach", elsewhere)).toMatchObject({ status: 403 });
    const form = posted(asked, { "content-type": "text/plain" });
    expect(await askProblem(fixture, "/api/v1/plan/reach", form)).toMatchObject({ status: 415 });
    expect(await askProblem(fixture, "/api/v1/plan/reach")).toMatchObject({ status: 405 });
  });
});

describe("POST /api/v1/plan/staffing", () => {
  const scenario = { intake_share: 0.3, exit_rate: 0.05, exit_rate_others: 0.04 };
  const asked = {
    ...{ staff: 1000, group: 100, intake: 50, from: "2016-H2", halves: 4, target: 0.13 },
    ...{ low: { ...scenario, intake_share: 0.1 }, high: scenario },
  };

  it("reckons both scenarios by half-year, and says when the target is reached", async () => {
    const { status, text } = await ask(fixture, "/api/v1/plan/staffing", posted(asked));
    expect(status, text).toBe(200);
    const { low, high } = JSON.parse(text) as Record<"low" | "high", { reached: string | null; points: { half: string; group: number; staff: number }[] }>; // prettier-ignore
    expect([low.reached, high.reached]).toEqual([null, "2018-H1"]);
    expect(high.points[0]).toMatchObject({ half: "2016-H2", group: 110, staff: 1009 });
    expect(low.points).toHaveLength(4);
  });

  it("says what is wrong with a question", async () => {
    const group = await askProblem(fixture, "/api/v1/plan/staffing", posted({ ...asked, group: 2000 }));
    expect(group.detail).toBe("group: is more than `staff`");
    const half = await askProblem(fixture, "/api/v1/plan/staffing", posted({ ...asked, from: "2016" }));
    expect(half.detail).toContain("write one as 2017-H1");
  });
});
