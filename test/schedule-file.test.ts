import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSchedule } from "../pipelines/schedule-file.ts";
import { projectFolder } from "../pipelines/settings.ts";

describe("readSchedule(file)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvv-schedule-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    const file = path.join(folder, "schedule.yaml");
    writeFileSync(file, text);
    return readSchedule(file);
  };
  const messages = (text: string) => read(text).faults.map(({ line, message }) => `${line}: ${message}`);

  it("reads the project's schedule: a job for each of the nine feeds, without faults", () => {
    const { jobs, faults } = readSchedule(path.join(projectFolder, "data", "schedule.yaml"));
    expect(faults).toEqual([]);
    expect(jobs.map((job) => job.feed).sort()).toEqual([
      "background",
      "complaints",
      "incidents",
      "movements",
      "published",
      "staffing",
      "survey",
      "units",
      "use_of_force",
    ]);
    expect(new Set(jobs.map((job) => job.time_zone))).toEqual(new Set(["Europe/Amsterdam"]));
  });

  it("names every fault with its line and what would be right", () => {
    expect(
      messages(
        'jobs:\n  - feed: complaints\n    source: inbox\n    cron: "61 * * * *"\n  - feed: units\n    source: inbox\n    cron: "0 5 * * *"\n    time_zone: Europe/Amstelveen\n',
      ),
    ).toEqual([
      '4: jobs.0.cron: write a cron expression of five fields, such as "*/15 * * * *"',
      '8: jobs.1.time_zone: write a time zone by its IANA name, such as "Europe/Amsterdam"',
    ]);
  });

  it("refuses a second job for a feed, an unknown key and text that is not YAML", () => {
    const job = '  - { feed: units, source: inbox, cron: "0 5 * * *" }\n';
    expect(messages(`jobs:\n${job}${job}`)).toEqual(["3: jobs.1.feed: units has a job already; keep one"]);
    expect(messages(`jobs:\n${job}every: day\n`)[0]).toBe("3: every: unknown key");
    expect(messages("jobs: [unfinished\n")).toHaveLength(1);
  });
});
