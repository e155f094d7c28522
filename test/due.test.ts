import { describe, expect, it } from "vitest";
import { isCron, isDue, lastDue, nextDue } from "../pipelines/due.ts";

const zone = "Europe/Amsterdam";
const due = (cron: string, now: string) => lastDue(cron, zone, new Date(now))?.toISOString() ?? null;

describe("lastDue(cron, timeZone, now)", () => {
  it("is the last time on the wall that the expression names", () => {
    expect(due("0 6 * * *", "2017-07-03T08:00:00Z")).toBe("2017-07-03T04:00:00.000Z");
    expect(due("0 6 * * *", "2017-07-03T03:59:59Z")).toBe("2017-07-02T04:00:00.000Z");
    expect(due("0 6 * * *", "2017-07-03T04:00:00Z")).toBe("2017-07-03T04:00:00.000Z");
    expect(due("*/15 * * * *", "2017-07-03T08:14:59Z")).toBe("2017-07-03T08:00:00.000Z");
    expect(due("0 6 * * mon", "2017-07-09T12:00:00Z")).toBe("2017-07-03T04:00:00.000Z");
    expect(due("30 5 1 * *", "2017-07-31T12:00:00Z")).toBe("2017-07-01T03:30:00.000Z");
  });

  it("asks for both day of month and day of week, and looks no further back than 32 days", () => {
    expect(due("0 0 13 * fri", "2017-10-20T12:00:00Z")).toBe("2017-10-12T22:00:00.000Z");
    expect(due("0 0 29 2 *", "2017-07-01T12:00:00Z")).toBeNull();
  });

  it("counts a time that the clock skips when it jumps: 02:30 on the night to 26 March 2017", () => {
    expect(due("30 2 * * *", "2017-03-26T00:59:00Z")).toBe("2017-03-25T01:30:00.000Z");
    expect(due("30 2 * * *", "2017-03-26T01:00:00Z")).toBe("2017-03-26T01:00:00.000Z");
    expect(due("30 2 * * *", "2017-03-26T12:00:00Z")).toBe("2017-03-26T01:00:00.000Z");
    expect(due("30 2 * * *", "2017-03-27T00:29:00Z")).toBe("2017-03-26T01:00:00.000Z");
    expect(due("30 2 * * *", "2017-03-27T00:30:00Z")).toBe("2017-03-27T00:30:00.000Z");
  });

  it("counts a time that comes twice once, the second time: 02:30 on the night to 29 October 2017", () => {
    expect(due("30 2 * * *", "2017-10-29T00:45:00Z")).toBe("2017-10-28T00:30:00.000Z");
    expect(due("30 2 * * *", "2017-10-29T01:29:00Z")).toBe("2017-10-28T00:30:00.000Z");
    expect(due("30 2 * * *", "2017-10-29T01:30:00Z")).toBe("2017-10-29T01:30:00.000Z");
    expect(due("30 2 * * *", "2017-10-29T12:00:00Z")).toBe("2017-10-29T01:30:00.000Z");
  });

  it("lets a job of every hour run in both", () => {
    expect(due("15 * * * *", "2017-10-29T00:20:00Z")).toBe("2017-10-29T00:15:00.000Z");
    expect(due("15 * * * *", "2017-10-29T01:20:00Z")).toBe("2017-10-29T01:15:00.000Z");
  });

  it("knows zones that are not whole hours ahead", () => {
    expect(lastDue("0 6 * * *", "Asia/Kathmandu", new Date("2017-07-03T08:00:00Z"))?.toISOString()).toBe(
      "2017-07-03T00:15:00.000Z",
    );
  });

  it("every minute of both nights, a daily job fires exactly once a day", () => {
    for (const start of ["2017-03-25T12:00:00Z", "2017-10-28T12:00:00Z"]) {
      const fired = new Set<number>();
      for (let at = Date.parse(start); at < Date.parse(start) + 86_400_000; at += 300_000)
        fired.add(lastDue("30 2 * * *", zone, new Date(at))!.getTime());
      expect([...fired].filter((at) => at >= Date.parse(start))).toHaveLength(1);
    }
  });
});

describe("nextDue(cron, timeZone, now)", () => {
  const next = (cron: string, now: string) => nextDue(cron, zone, new Date(now))?.toISOString() ?? null;

  it("is the first time after now, by the same rules", () => {
    expect(next("0 6 * * *", "2017-07-03T03:59:59Z")).toBe("2017-07-03T04:00:00.000Z");
    expect(next("0 6 * * *", "2017-07-03T04:00:00Z")).toBe("2017-07-04T04:00:00.000Z");
    expect(next("*/15 * * * *", "2017-07-03T08:14:59Z")).toBe("2017-07-03T08:15:00.000Z");
    expect(next("30 2 * * *", "2017-03-25T12:00:00Z")).toBe("2017-03-26T01:00:00.000Z");
    expect(next("30 2 * * *", "2017-10-28T12:00:00Z")).toBe("2017-10-29T01:30:00.000Z");
    expect(next("0 0 29 2 *", "2017-07-01T12:00:00Z")).toBeNull();
  });
});

describe("isDue(cron, timeZone, attempts, now)", () => {
  const at = (text: string) => new Date(`2017-07-03T${text}Z`);
  const due = (last: Date | null, succeeded: Date | null, now: Date) =>
    isDue("0 6 * * *", zone, { last, succeeded }, now);

  it("is so until the job has succeeded since it was due", () => {
    expect(due(null, null, at("08:00:00"))).toBe(true);
    expect(due(at("03:00:00"), at("03:00:00"), at("08:00:00"))).toBe(true);
    expect(due(at("04:00:00"), at("04:00:00"), at("08:00:00"))).toBe(false);
    expect(due(at("07:00:00"), at("07:00:00"), at("08:00:00"))).toBe(false);
  });

  it("tries a failed job again after an hour, not at every look", () => {
    expect(due(at("04:00:00"), null, at("04:59:00"))).toBe(false);
    expect(due(at("04:00:00"), null, at("05:00:00"))).toBe(true);
  });
});

describe("isCron(text)", () => {
  it("takes five fields of numbers, names, lists, ranges and steps", () => {
    expect(["*/15 * * * *", "0 6 1,15 * *", "5 6 * jan-jun mon-fri"].filter(isCron)).toHaveLength(3);
    expect(["61 * * * *", "0 0 L * *", "0 0 6 * * *", "@daily", "", "x"].filter(isCron)).toEqual([]);
  });
});
