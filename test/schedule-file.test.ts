import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readContracts } from "../pipelines/contracts/contract.ts";
import { readSchedule } from "../pipelines/schedule-file.ts";
import { projectFolder } from "../pipelines/settings.ts";

describe("readSchedule(file)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvv-schedule-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));
  const known = { contracts, config: folder };
  const read = (text: string) => {
    const file = path.join(folder, "schedule.yaml");
    writeFileSync(file, text);
    return readSchedule(file, known);
  };
  const messages = (text: string) => read(text).faults.map(({ line, message }) => `${line}: ${message}`);

  it("reads the project's schedule: a job for each feed, without faults", () => {
    const { jobs, faults } = readSchedule(path.join(projectFolder, "data", "schedule.yaml"), known);
    expect(faults).toEqual([]);
    expect(jobs.map((job) => job.feed).sort()).toEqual([...contracts.keys()].sort());
    expect(new Set(jobs.map((job) => job.time_zone))).toEqual(new Set(["Europe/Amsterdam"]));
  });

  it("names every fault with its line and what would be right", () => {
    expect(
      messages(
        'jobs:\n  - feed: complaints\n    source: inbox\n    cron: "61 * * * *"\n  - feed: units\n    source: outbox\n    cron: "0 5 * * *"\n    time_zone: Europe/Amstelveen\n',
      ),
    ).toEqual([
      '4: jobs.0.cron: write a cron expression of five fields, such as "*/15 * * * *"',
      '6: jobs.1.source: write inbox: files come from the folder inbox/<feed>; or an address: { url: "https://…" }; or a database: { postgresql: $NAME, table: … }',
      '8: jobs.1.time_zone: write a time zone by its IANA name, such as "Europe/Amsterdam"',
    ]);
  });

  it("names what of a database cannot be grouped there, with its file and line", () => {
    const source = (text: string, feed = "complaints") =>
      `jobs:\n  - feed: ${feed}\n    cron: "0 5 * * *"\n    source: { postgresql: $DB, table: t, grouped: true${text} }\n`;
    expect(read(source(", full_every: 3")).jobs[0]?.source).toMatchObject({ grouped: true, full_every: 3 });
    expect(messages(source("", "staffing"))).toEqual(["4: jobs.0.source.grouped: staffing is not kept as cells of events, so nothing can be grouped; leave it out"]);
    expect(messages(source(", watermark: x"))[0]).toMatch(/^4: jobs.0.source.watermark: .* leave watermark out$/);
    const mapped = (text: string) => {
      writeFileSync(path.join(folder, "m.yaml"), `feed: complaints\n${text}\n`);
      return read(source(", mapping: m.yaml")).faults.map(({ file, line, message }) => `${path.basename(file)}:${line}: ${message}`);
    };
    expect(mapped("filters: { status: Y, sluiting: { not: '' } }\ncolumns: { closed_on: sluiting, complaint_id: { key: [a, b] } }")).toEqual([]);
    expect(mapped("keep: { first: [nr] }")[0]).toMatch(/^m.yaml:2: keep looks at single rows/);
    expect(mapped('columns:\n  origin:\n    when: [{ if: { klachtnummer: "B*" }, then: internal }]\n')[0]).toMatch(/^m.yaml:4: "klachtnummer" is a number of its own/);
    expect(mapped("columns:\n  closed_on: sluiting\nfilters: { sluiting: { from: 2016-01-15 } }")[0]).toMatch(/^m.yaml:4: "sluiting" is a date/);
    expect(mapped("columns:\n  closed_on: { from: a, empty: 2016-01-01 }")[0]).toMatch(/^m.yaml:3: closed_on: empty is not known/);
    expect(mapped("columns:\n  closed_on: { from: a, date_format: '%d %b %Y' }")[0]).toMatch(/^m.yaml:3: closed_on: date_format "%d %b %Y" has more/);
    expect(mapped("columns:\n  count: aantal")[0]).toMatch(/^m.yaml:3: count: rows that are counted already/);
    expect(mapped("columns:\n  closed_on: zaken.einde\nlookups:\n  zaken: { file: z.csv, key: { zaak: zaak } }")[0]).toMatch(/^m.yaml:3: closed_on: a second file is not known there/);
  }); // prettier-ignore

  it("takes a table or a query of a database, whose address an environment variable has", () => {
    writeFileSync(path.join(folder, "k.sql"), "select 1");
    writeFileSync(path.join(folder, "ca.pem"), "");
    const source = (text: string) => `jobs:\n  - feed: complaints\n    cron: "0 5 * * *"\n    source: { ${text} }\n`;
    const taken = (text: string) => read(source(text)).jobs[0]?.source;
    expect(taken("postgresql: $KLACHTEN_DB, table: klachten.meldingen")).toEqual({
      ...{ engine: "postgresql", connection: "KLACHTEN_DB", table: "klachten.meldingen" },
    });
    expect(taken("clickhouse: $EVENTS, query: k.sql, ca: ca.pem")).toEqual({
      ...{ engine: "clickhouse", connection: "EVENTS", query: "k.sql", ca: "ca.pem" },
    });
    const faults = (text: string) =>
      messages(source(text)).map((each) => each.replace(/^\d+: jobs\.0\.source[.:]? ?/, ""));
    expect(faults("postgresql: 'postgresql://kvv:geheim@db/x', table: t")[0]).toContain("name an environment variable");
    expect(faults("postgresql: $DB")[0]).toContain("write table or query, one of them");
    expect(faults("postgresql: $DB, table: t, query: k.sql")[0]).toContain("write table or query, one of them");
    expect(faults("postgresql: $DB, clickhouse: $DB, table: t")[0]).toContain("name one of clickhouse, postgresql");
    expect(faults("postgresql: $DB, table: 't; drop table t'")[0]).toContain("write the name of a table");
    expect(faults("postgresql: $DB, query: weg.sql")[0]).toContain("there is no file weg.sql");
    expect(faults("postgresql: $DB, table: t, ca: ../../etc/passwd")[0]).toContain(
      "lies outside the configuration's folder",
    );
    expect(faults("postgresql: $DB, query: ../k.sql")[0]).toContain("lies outside the configuration's folder");
    expect(taken("postgresql: $DB, table: t, watermark: gewijzigd_op, full_every: 3")).toMatchObject({ full_every: 3 });
    expect(faults("postgresql: $DB, table: t, watermark: 'x; y'")[0]).toContain("write the name of a column");
    expect(faults("postgresql: $DB, table: t, full_every: 3")[0]).toContain(
      "full_every goes with a watermark, or with grouped",
    );
    expect(messages(source("postgresql: $DB, table: t, watermark: x").replace("complaints", "staffing"))[0]).toContain(
      "a delivery of staffing replaces all of its months",
    );
    expect(faults("postgresql: $DB, table: t, wachtwoord: x")[0]).toMatch(/wachtwoord/);
  });

  const http = (source: string) => `jobs:\n  - feed: complaints\n    cron: "0 5 * * *"\n    source:\n${source}`;

  it("takes an address with a mapping, and headers from environment variables", () => {
    writeFileSync(path.join(folder, "m.yaml"), "feed: complaints\ncolumns: { complaint_id: nr }\n");
    const text = http(
      "      url: https://example.org/k.csv?year=2017\n      mapping: m.yaml\n      headers: { Authorization: Bearer $TOKEN, X-Key: $KEY }\n",
    );
    expect(read(text)).toEqual({
      faults: [],
      jobs: [
        {
          feed: "complaints",
          cron: "0 5 * * *",
          source: {
            url: "https://example.org/k.csv?year=2017",
            mapping: "m.yaml",
            headers: { Authorization: "Bearer $TOKEN", "X-Key": "$KEY" },
          },
        },
      ],
    });
  });

  it.each([
    ["      url: ftp://example.org/k.csv\n", "5: jobs.0.source.url: an address begins with https:// or http://"],
    ["      url: https://me:secret@example.org/k.csv\n", "5: jobs.0.source.url: leave user and password out"],
    ["      url: klachten.csv\n", "5: jobs.0.source.url: write an address"],
    [
      "      url: https://example.org/\n      headers: { Authorization: secret }\n",
      "6: jobs.0.source.headers.Authorization: name an environment variable",
    ],
    ["      url: https://example.org/\n      headers: { Host: $HOST }\n", "6: jobs.0.source.headers.Host: "],
    ["      url: https://example.org/\n      every: day\n", "6: jobs.0.source.every: unknown key"],
    [
      "      url: https://example.org/\n      mapping: none.yaml\n",
      "6: jobs.0.source.mapping: there is no file none.yaml",
    ],
    ["      url: https://example.org/\n      mapping: ../m.yaml\n", "6: jobs.0.source.mapping: ../m.yaml lies outside"],
  ])("says what is wrong with the source %j", (text, expected) => {
    expect(messages(http(text))).toEqual([expect.stringContaining(expected)]);
    expect(messages(http(text)).join()).not.toMatch(/secret@|: secret$/);
  });

  it("names the faults of a mapping where they stand", () => {
    writeFileSync(path.join(folder, "faulty.yaml"), "feed: complaints\ncolumns: { klacht: nr }\n");
    const { faults } = read(http("      url: https://example.org/\n      mapping: faulty.yaml\n"));
    expect(faults).toMatchObject([{ file: path.join(folder, "faulty.yaml"), line: 2 }]);
  });

  it("refuses a job of a feed that there is not", () => {
    expect(messages('jobs:\n  - { feed: klachten, source: inbox, cron: "0 5 * * *" }\n')).toEqual([
      expect.stringContaining('2: jobs.0.feed: there is no feed "klachten"; there are: '),
    ]);
  });

  it("refuses a second job for a feed, an unknown key and text that is not YAML", () => {
    const job = '  - { feed: units, source: inbox, cron: "0 5 * * *" }\n';
    expect(messages(`jobs:\n${job}${job}`)).toEqual(["3: jobs.1.feed: units has a job already; keep one"]);
    expect(messages(`jobs:\n${job}every: day\n`)[0]).toBe("3: every: unknown key");
    expect(messages("jobs: [unfinished\n")).toHaveLength(1);
  });
});
