import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectFolder, settings } from "./settings.ts";
import { parseYaml, type Fault } from "./yaml-file.ts";

const words = z.strictObject({
  nl: z.string().min(1, "is empty; say it in Dutch"),
  en: z.string().min(1, "is empty; say it in English"),
});

const measureShape = z.strictObject({
  says: words,
  /** What does it: a file of the project, or a setting. */
  by: z.string().min(1, "is empty; name the file or the setting that does it"),
});

const riskShape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "write a name in small letters, digits and hyphens; it stays the same"),
  title: words,
  /** What could happen, and to whom. */
  what: words,
  measures: z.array(measureShape).default([]),
  /** What no measure takes away. */
  left: words,
});

const assessmentShape = z.strictObject({
  description: z.array(words).default([]),
  necessity: z.array(words).default([]),
  proportionality: z.array(words).default([]),
  risks: z.array(riskShape).default([]),
  questions: z.array(words).default([]),
});

/** The start of a data protection impact assessment: what the register cannot say by itself. */
export type Assessment = z.output<typeof assessmentShape>;
export type Risk = Assessment["risks"][number];

export const noAssessment: Assessment = assessmentShape.parse({});

/** Reads an assessment; every fault with its line, also a measure that nothing of the project does. */
export function parseAssessment(text: string, file: string): { assessment: Assessment; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(text, file, assessmentShape);
  if (!value) return { assessment: noAssessment, faults };
  const found: Fault[] = [];
  value.risks.forEach(({ id, measures }, i) => {
    const add = (at: PropertyKey[], message: string) =>
      found.push({ file, line: lineOf(["risks", i, ...at]), message: `risks.${i}.${at.join(".")}: ${message}` });
    if (value.risks.findIndex((other) => other.id === id) < i) add(["id"], `${id} stands there twice`);
    measures.forEach(({ by }, j) => {
      if (!isThere(by))
        add(["measures", j, "by"], `there is no file or setting ${by}; name what does it, or leave the measure out`);
    });
  });
  return { assessment: found.length > 0 ? noAssessment : value, faults: found };
}

/** Whether a file of the project, or a setting, has this name. */
export const isThere = (by: string): boolean =>
  settings.some(({ name }) => name === by) ||
  (!path.isAbsolute(by) && !by.includes("..") && existsSync(path.join(projectFolder, by)));
