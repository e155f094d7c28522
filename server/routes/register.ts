import { z } from "zod";
import type { Assessment } from "../../pipelines/assessment-file.ts";
import { assessmentItem as item, processing, registerColumn as column, type AssessmentItem } from "../register/rows.ts";
import { makePdf } from "../report/pdf.ts";
import { registerReport } from "../report/register-report.ts";
import { wordsIn } from "../report/words.ts";
import type { RegisterFile, RegisterRows } from "../route.ts";
import { smallTable, type Field } from "../table.ts";

const nothing = z.strictObject({});

const kinds: Record<string, Field["kind"]> = {
  ...{ subjects: "texts", special: "texts", unused: "texts", ground_decided: "date", stored: "boolean" },
  ...{ kept: "json", seen: "json", indicators: "json", questions: "json" },
};

const fieldsOf = (row: z.ZodObject, more: Record<string, Field["kind"]> = {}): Field[] =>
  Object.keys(row.shape).map((name) => ({ name, kind: more[name] ?? kinds[name] ?? "text" }));

const register: RegisterRows = {
  answers: "register",
  path: "/register",
  summary:
    "The register of processing: for each feed and for what the monitor keeps of its users why, on what ground, from whom, how long, what protects it and who sees it",
  query: nothing,
  row: processing,
  rows: ({ register }) =>
    smallTable(
      fieldsOf(processing, { measures: "texts" }),
      register.map(({ title, description, purpose, ground, supplier, retention, ...each }) => ({
        ...{ ...each, processing_id: each.id },
        ...{ title_nl: title.nl, title_en: title.en, description_nl: description.nl, description_en: description.en },
        ...{ purpose_nl: purpose.nl, purpose_en: purpose.en, ground_nl: ground.nl, ground_en: ground.en },
        ...{ supplier_nl: supplier.nl, supplier_en: supplier.en },
        ...{ retention_nl: retention.nl, retention_en: retention.en },
      })),
    ),
};

const columns: RegisterRows = {
  answers: "register",
  path: "/register/columns",
  summary: "Every column of every feed: what it is to a person, and which figures need it",
  query: nothing,
  row: column,
  rows: ({ register }) =>
    smallTable(
      fieldsOf(column, { indicators: "texts", uses: "texts" }),
      register.flatMap(({ id, columns }) =>
        columns.map(({ name, ...each }) => ({ ...each, processing_id: id, column_name: name })),
      ),
    ),
};

const assessment: RegisterRows = {
  answers: "register",
  path: "/register/assessment",
  summary: "The start of a data protection impact assessment: description, necessity, risks with measures, questions",
  query: nothing,
  row: item,
  rows: ({ assessment }) => smallTable(fieldsOf(item, { measures: "json" }), itemsOf(assessment)),
};

function itemsOf({ description, necessity, proportionality, risks, questions }: Assessment): Record<string, unknown>[] {
  const said = (part: AssessmentItem["part"], texts: { nl: string; en: string }[]) =>
    texts.map(({ nl, en }) => ({ part, text_nl: nl, text_en: en, measures: [] }));
  return [
    ...said("description", description),
    ...said("necessity", necessity),
    ...said("proportionality", proportionality),
    ...risks.map(({ id, title, what, measures, left }) => ({
      ...{ part: "risk", item_id: id, title_nl: title.nl, title_en: title.en, text_nl: what.nl, text_en: what.en },
      ...{ measures, left_nl: left.nl, left_en: left.en },
    })),
    ...said("question", questions),
  ];
}

const report: RegisterFile = {
  answers: "registerFile",
  path: "/register/report.pdf",
  summary: "The register and the start of the assessment as a document (PDF)",
  query: nothing,
  mediaType: "application/pdf",
  name: (locale) => (locale === "nl" ? "verwerkingsregister.pdf" : "register-of-processing.pdf"),
  make: (register, served, locale) => makePdf(registerReport(register, served, wordsIn(locale))),
};

export default [register, columns, assessment, report];
