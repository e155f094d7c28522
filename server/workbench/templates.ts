import { readFileSync } from "node:fs";
import path from "node:path";
import { Problem, shown } from "../problem.ts";

/** What each beginning is called, in the order in which they are offered. */
const titles = {
  share: ["Aandeel van wat gebeurt", "Share of what happens"],
  "stock-share": ["Aandeel van een stand", "Share of a state"],
  rate: ["Aantal per zoveel", "Number per so many"],
  count: ["Aantal", "Count"],
  "stock-count": ["Aantal dat er is", "Count of what there is"],
  cumulative: ["Lopend totaal", "Running count"],
  coverage: ["Dekking: welk deel van de eenheden heeft het", "Coverage: what part of the units has it"],
  score: ["Antwoorden in een onderzoek", "Answers in a survey"],
  duration: ["Doorlooptijd", "Duration"],
  ratio: ["Verhouding van twee groepen", "Ratio of two groups"],
  change: ["Verandering tegenover een vast jaar", "Change against a fixed year"],
} as const;

type Name = keyof typeof titles;
const names = Object.keys(titles) as Name[];

/** A definition and a worked example that check clean but for the words that must be filled in. */
export interface Template {
  template: string;
  title_nl: string;
  title_en: string;
  definition: string;
  examples: string;
}

const read = (file: string) => readFileSync(path.join(import.meta.dirname, "templates", file), "utf8");

const files = new Map(
  names.map((name) => [name, { definition: read(`${name}.sql`), examples: read(`${name}.yaml`) }] as const),
);

/** All templates; `today` is the day on which they were last looked at. */
export const templates = (today: string): Template[] =>
  names.map((name) => ({
    ...{ template: name, title_nl: titles[name][0], title_en: titles[name][1] },
    definition: files.get(name)!.definition.replace("reviewed: 1970-01-01", `reviewed: ${today}`),
    examples: files.get(name)!.examples,
  }));

/** The template of that name; 404 with those that there are. */
export function templateOf(name: string, today: string): Template {
  const found = templates(today).find(({ template }) => template === name);
  if (!found)
    throw new Problem(404, `template: there is no ${shown(name)}; choose of ${names.join(", ")}`, {
      code: "unknown-template",
    });
  return found;
}
