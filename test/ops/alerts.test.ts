import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { commandNames } from "../../pipelines/command.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { ask } from "../server/ask.ts";
import { parseExposition, type Exposed } from "../support/exposition.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";

const rule = z.strictObject({
  alert: z.string().regex(/^Kvv[A-Z][A-Za-z]+$/),
  expr: z.string().min(1),
  for: z.string().regex(/^\d+[smhd]$/),
  labels: z.strictObject({ severity: z.enum(["page", "ticket"]) }),
  annotations: z.strictObject({ summary: z.string().min(20), description: z.string().min(40) }),
});
const file = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string().min(1), rules: z.array(rule).min(1) })).min(1),
});
const text = readFileSync(path.join(projectFolder, "ops", "alerts.yaml"), "utf8");
const rules = file.parse(parse(text)).groups.flatMap((group) => group.rules);

let fixture: Fixture;
let exposed: Exposed;
beforeAll(async () => {
  fixture = await serveFixture();
  await ask(fixture, "/api/v1/units");
  exposed = parseExposition((await ask(fixture, "/metrics")).text);
});
afterAll(() => fixture.stop());

/** Words of the question language, and what Prometheus itself has. */
const language = "sum max min count by increase rate changes absent histogram_quantile up".split(" ");

interface Selector {
  name: string;
  labels: Record<string, string>;
}

/** The metrics that an expression asks, with the labels that it wants; and the labels that it groups by. */
function askedIn(expr: string): { selectors: Selector[]; labels: string[] } {
  const labels = [...expr.matchAll(/\bby \(([\w, ]+)\)/g)].flatMap(([, names]) => names!.split(/,\s*/));
  const plain = expr.replace(/\bby \([\w, ]+\)/g, "by").replace(/\[\d+[smhd]\]/g, "");
  const selectors = [...plain.matchAll(/\b([a-z][a-z0-9_]*)(?:\{([^}]*)\})?/g)]
    .filter(([, name]) => !language.includes(name!) || name === "up")
    .map(([, name, inside]) => ({
      name: name!,
      labels: Object.fromEntries(
        [...(inside ?? "").matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, label, value]) => [label!, value!]),
      ),
    }));
  return { selectors, labels };
}

/** Labels that Prometheus adds to what it reads. */
const added = ["job", "instance"];

describe("ops/alerts.yaml", () => {
  it("has each alert once", () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(rules.map((each) => [each.alert, each] as const))(
    "%s asks what /metrics tells",
    (_, { expr, annotations }) => {
      const { selectors, labels } = askedIn(expr);
      expect(selectors.length).toBeGreaterThan(0);
      const known = new Set<string>(added);
      for (const { name, labels } of selectors.filter((each) => each.name !== "up")) {
        const samples = exposed.samples.filter((sample) => sample.name === name);
        expect(samples.length, name).toBeGreaterThan(0);
        for (const sample of samples) for (const label of Object.keys(sample.labels)) known.add(label);
        for (const label of Object.keys(labels)) expect(known, `${name} has no label ${label}`).toContain(label);
      }
      for (const label of labels) expect(known, `nothing has a label ${label}`).toContain(label);
      const inWords = [
        ...Object.values(annotations)
          .join(" ")
          .matchAll(/\$labels\.(\w+)/g),
      ].map(([, label]) => label!);
      const grouped = / by \(|^by \(/.test(expr) ? labels : [...known];
      for (const label of inWords) expect(grouped, `its words name ${label}`).toContain(label);
      expect([...expr].filter((sign) => sign === "(").length).toBe([...expr].filter((sign) => sign === ")").length);
    },
  );

  it("says what to do by commands, pages and metrics that there are", () => {
    const words = rules.map(({ annotations }) => annotations.description).join("\n");
    for (const [, command] of words.matchAll(/npx kvv ([a-z-]+)/g)) expect(commandNames()).toContain(command);
    for (const [name] of words.matchAll(/\bkvv_[a-z_]+/g)) expect(exposed.names, name).toContain(name);
  });

  it("has an alert for each thing that can go wrong by itself", () => {
    const asked = new Set(rules.flatMap(({ expr }) => askedIn(expr).selectors.map(({ name }) => name)));
    for (const name of ["up", "kvv_ready", "kvv_failures_total", "kvv_request_seconds_bucket", "kvv_feed_overdue"])
      expect(asked).toContain(name);
    for (const name of [
      "kvv_feed_trouble",
      "kvv_last_load_rows",
      "kvv_last_publish_failed",
      "kvv_snapshot_age_seconds",
    ])
      expect(asked).toContain(name);
    for (const name of ["kvv_audit_log_works", "kvv_pipelines_up"]) expect(asked).toContain(name);
  });
});
