import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../pipelines/log.ts";
import { expose } from "../../server/exposition.ts";
import { parseExposition, type Exposed } from "../support/exposition.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { makeOperations } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ now: () => new Date("2017-02-03T07:00:00Z") });
  // 300 runs, one of which failed.
  await makeOperations(fixture.home, 300);
});
afterAll(() => fixture.stop());

const metrics = async (of = fixture): Promise<Exposed> => parseExposition((await ask(of, "/metrics")).text);

describe("expose(metrics)", () => {
  it("escapes what a label and a help may hold, tells each name once, and leaves out what has no value", () => {
    const odd = 'a "b"\\c\nd';
    const text = expose([
      {
        name: "a_total",
        help: "One\\two\nthree.",
        type: "counter",
        samples: [{ labels: { x: odd, y: "" }, value: 3 }],
      },
      { name: "nothing", help: "None.", type: "gauge", samples: [] },
      { name: "b", help: "B.", type: "gauge", samples: [{ value: Infinity }, { labels: { x: "1" }, value: 0.5 }] },
    ]);
    expect(text).toBe(
      '# HELP a_total One\\\\two\\nthree.\n# TYPE a_total counter\na_total{x="a \\"b\\"\\\\c\\nd",y=""} 3\n' +
        '# HELP b B.\n# TYPE b gauge\nb +Inf\nb{x="1"} 0.5\n',
    );
    expect(parseExposition(text).samples[0]).toEqual({ name: "a_total", labels: { x: odd, y: "" }, value: 3 });
  });
});

describe("parseExposition(text)", () => {
  it.each([
    ["a name without a type", "# HELP a A.\na 1\n"],
    ["two types of one name", "# HELP a A.\n# TYPE a gauge\na 1\n# TYPE a gauge\n"],
    ["a sample among those of another", "# HELP a A.\n# TYPE a gauge\n# HELP b B.\n# TYPE b gauge\nb 1\na 1\n"],
    ["the same sample twice", '# HELP a A.\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ["a quote that is not escaped", '# HELP a A.\n# TYPE a gauge\na{x="1"2"} 1\n'],
    ["no number", "# HELP a A.\n# TYPE a gauge\na one\n"],
    ["a counter that is not named so", "# HELP a A.\n# TYPE a counter\na 1\n"],
    ["classes that go down", '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'], // prettier-ignore
    ["no last line end", "# HELP a A.\n# TYPE a gauge\na 1"],
  ])("refuses %s", (_, text) => expect(() => parseExposition(text)).toThrow());
});

describe("GET /metrics", () => {
  it("is what Prometheus reads, whatever was asked before", async () => {
    await ask(fixture, "/api/v1/units");
    await ask(fixture, '/api/v1/"x"\\y');
    await ask(fixture, "/api/v1/series?indicator=%22x%22%0A");
    await ask(fixture, "/unit/geheim", { headers: { accept: "text/html" } });
    const { find, samples } = await metrics();
    expect(find("kvv_requests_total", { route: "/api/v1/units", method: "GET", status: "200" })).toBe(1);
    // A refused question counts for its route too.
    expect(find("kvv_requests_total", { route: "/api/v1/series", method: "GET", status: "400" })).toBe(1);
    expect(find("kvv_request_seconds_count", { route: "/api/v1/units" })).toBe(1);
    expect(JSON.stringify(samples)).not.toContain("geheim");
  });

  it("counts what failed by a fault of ours, from 0 on", async () => {
    const broken = await serveFixture({
      log: createLog("error", { write: () => undefined }),
      extra(request, response, next) {
        if (request.path !== "/breaks") return next();
        response.write("half of it");
        next(new Error("gone"));
      },
    });
    try {
      expect((await metrics(broken)).find("kvv_failures_total")).toBe(0);
      await ask(broken, "/breaks").catch(() => undefined);
      await ask(broken, "/api/v1/nothing");
      expect((await metrics(broken)).find("kvv_failures_total")).toBe(1);
    } finally {
      await broken.stop();
    }
  });

  it("tells of each feed its freshness, its trouble, its last load, and how many files were refused", async () => {
    const { find } = await metrics();
    const feed = "complaints";
    expect(find("kvv_feed_overdue", { feed })).toBe(2);
    expect(find("kvv_feed_trouble", { feed, trouble: "refused" })).toBe(1);
    expect(find("kvv_feed_trouble", { feed, trouble: "failed" })).toBe(0);
    expect(find("kvv_last_load_timestamp_seconds", { feed })).toBe(Date.parse("2017-02-03T06:00:00Z") / 1000);
    const rows = ["accepted", "merged", "skipped", "quarantined"].map((outcome) =>
      find("kvv_last_load_rows", { feed, outcome }),
    );
    expect(rows).toEqual([1202, 0, 0, 2]);
    expect(find("kvv_refused_files", { feed })).toBe(1);
  });

  it("tells of runs how they ended, and of the last publication when, how long and whether it failed", async () => {
    const { find } = await metrics();
    expect(find("kvv_runs", { job: "complaints", status: "done" })).toBe(150);
    expect(find("kvv_runs", { job: "publish", status: "failed" })).toBe(1);
    expect(find("kvv_runs", { job: "publish", status: "done" })).toBe(149);
    // The last of the runs, number 299.
    expect(find("kvv_last_publish_timestamp_seconds")).toBe(Date.parse("2017-02-03T10:59:30Z") / 1000);
    expect(find("kvv_last_publish_duration_seconds")).toBe(30);
    expect(find("kvv_last_publish_failed")).toBe(0);
    // Of two runs the second is the publication that failed.
    await makeOperations(fixture.home, 2);
    const failed = await metrics();
    expect(failed.find("kvv_last_publish_failed")).toBe(1);
    expect(failed.find("kvv_last_publish_timestamp_seconds")).toBeUndefined();
  });

  it("tells what is served and since when, and how the server itself does", async () => {
    await metrics();
    const { find } = await metrics();
    expect(find("kvv_ready")).toBe(1);
    expect(find("kvv_snapshot_info", { snapshot: "20170203T060000Z-0000aa" })).toBe(1);
    expect(find("kvv_snapshot_age_seconds")).toBe(3600);
    expect(find("kvv_pipelines_up")).toBe(0);
    expect(find("process_resident_memory_bytes")).toBeGreaterThan(50e6);
    expect(find("process_start_time_seconds")).toBeLessThan(Date.now() / 1000);
    expect(find("nodejs_eventloop_lag_max_seconds")).toBeGreaterThanOrEqual(find("nodejs_eventloop_lag_p50_seconds")!);
    expect(find("nodejs_eventloop_lag_max_seconds")).toBeLessThan(60);
  });

  it("tells that nothing is served, and nothing of work that there was not, in an empty home", async () => {
    const empty = await serveFixture({ snapshot: false });
    try {
      const { find, names } = await metrics(empty);
      expect(find("kvv_ready")).toBe(0);
      expect(names).not.toContain("kvv_snapshot_age_seconds");
      expect(names).not.toContain("kvv_feed_overdue");
      expect(names).not.toContain("kvv_last_publish_failed");
    } finally {
      await empty.stop();
    }
  });

  it("tells that it cannot be written down who does what", async () => {
    const other = await serveFixture({ log: createLog("error", { write: () => undefined }) });
    const audit = path.join(other.home, "audit");
    try {
      expect((await metrics(other)).find("kvv_audit_log_works")).toBe(1);
      rmSync(audit, { recursive: true });
      writeFileSync(audit, "a file in the place of the folder");
      await ask(other, "/api/v1/series?indicator=intake-dual&unit=den-haag&grain=year");
      for (let tries = 0; tries < 100 && (await metrics(other)).find("kvv_audit_log_works") === 1; tries++);
      expect((await metrics(other)).find("kvv_audit_log_works")).toBe(0);
      rmSync(audit);
      mkdirSync(audit);
      chmodSync(audit, 0o700);
      expect((await metrics(other)).find("kvv_audit_log_works")).toBe(1);
    } finally {
      await other.stop();
    }
  });
});
