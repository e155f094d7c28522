import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usualLimits } from "../../server/rate-limit.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { ask, askProblem } from "./ask.ts";

const limits = { questions: 20, documents: 3, writes: 4 };
let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ limits });
});
afterAll(() => fixture.stop());

/** Somebody who has asked nothing yet. */
const somebody = async () => ({ cookie: await fixture.cookieOf({ name: "x", roles: ["control"], units: [] }) });
const statuses = async (times: number, question: () => Promise<{ status: number }>) => {
  const found: number[] = [];
  for (let i = 0; i < times; i++) found.push((await question()).status);
  return found;
};
const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe("createRateLimiter(limits, isOwn)", () => {
  it("turns away who asks more than the limit, says for how long, and lets others ask", async () => {
    const headers = await somebody();
    const question = () => ask(fixture, "/api/v1/units", { headers });
    expect(await statuses(22, question)).toEqual([...times(20, 200), 429, 429]);
    const answered = await ask(fixture, "/api/v1/units", { headers });
    expect(Number(answered.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(answered.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(answered.headers["cache-control"]).toBe("no-store");
    const problem = await askProblem(fixture, "/api/v1/units", { headers });
    expect(problem).toMatchObject({ status: 429, type: "urn:kvv:problem:too-many" });
    expect(problem.detail).toMatch(/^more than 20 questions in a minute; wait \d+ seconds$/);
    expect((await ask(fixture, "/api/v1/units", { headers: await somebody() })).status).toBe(200);
  });

  it("counts a session as one, whatever cookie it goes on with and whatever address it says that it comes from", async () => {
    const headers = await somebody();
    const session = (await fixture.sessions.read(headers.cookie.split("=")[1]))!;
    await statuses(19, () => ask(fixture, "/api/v1/units", { headers }));
    const later = await fixture.sessions.renewed({ ...session, seen: session.seen - 3000 });
    const renewed = { cookie: `kvv_session=${later}`, "x-forwarded-for": "192.0.2.7" };
    expect(await statuses(2, () => ask(fixture, "/api/v1/units", { headers: renewed }))).toEqual([200, 429]);
  });

  it.each([
    ["a report", "/subjects/discrimination/den-haag/2016/report.xlsx", {}],
    ["a spreadsheet by its name", "/units?format=xlsx", {}],
    [
      "a spreadsheet by its type",
      "/units",
      { accept: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    ],
  ])("lets somebody have %s so often only, and ask on", async (_, path, accept) => {
    const headers = { ...(await somebody()), ...accept };
    expect(await statuses(5, () => ask(fixture, `/api/v1${path}`, { headers }))).toEqual([...times(3, 200), 429, 429]);
    expect((await ask(fixture, "/api/v1/units", { headers: { cookie: headers.cookie } })).status).toBe(200);
  });

  it("lets somebody send so many files only, also where none of them is taken", async () => {
    const headers = { ...(await somebody()), "content-type": "multipart/form-data; boundary=b" };
    const send = () => ask(fixture, "/api/v1/feeds/complaints/files", { method: "POST", headers, body: "--b--" });
    expect(await statuses(4, send)).toEqual([...times(3, 503), 429]);
  });

  it("lets somebody change so much only, and look on", async () => {
    const headers = { ...(await somebody()), "content-type": "application/json" };
    const change = () => ask(fixture, "/api/v1/actions", { method: "POST", headers, body: "[]" });
    expect(await statuses(6, change)).toEqual([...times(4, 400), 429, 429]);
    // Reckoning changes nothing.
    const plan = { method: "POST", headers, body: "{}" };
    expect(await statuses(6, () => ask(fixture, "/api/v1/plan/staffing", plan))).toEqual(times(6, 400));
    expect((await ask(fixture, "/api/v1/units", { headers })).status).toBe(200);
  });

  it("does not count who is not signed in: that is told first", async () => {
    const headers = { cookie: "" };
    expect(await statuses(25, () => ask(fixture, "/api/v1/units", { headers }))).toEqual(times(25, 401));
  });

  it("does not believe whoever says that the server itself asks", async () => {
    const headers = { ...(await somebody()), "x-kvv-inside": "yes" };
    expect((await statuses(21, () => ask(fixture, "/api/v1/units", { headers }))).at(-1)).toBe(429);
  });
});

describe("usualLimits", () => {
  it("are met by nobody who opens a page of thirty questions each second", async () => {
    const served = await serveFixture({ limits: usualLimits });
    for (let second = 0; second < 60; second++) {
      const page = Array.from({ length: 30 }, () =>
        ask(served, "/api/v1/units", { headers: { "if-none-match": "*" } }),
      );
      expect(new Set((await Promise.all(page)).map(({ status }) => status))).toEqual(new Set([304]));
    }
    await served.stop();
  });
});
