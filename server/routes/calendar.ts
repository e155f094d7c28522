import { z } from "zod";
import { dutyKinds } from "../../pipelines/cycle-file.ts";
import { atomType } from "../atom.ts";
import { atomOfItems, icalendarOfItems } from "../calendar/documents.ts";
import { icalendarType } from "../calendar/icalendar.ts";
import { itemsOf, type CalendarQuestion, type Due } from "../calendar/items.ts";
import { day, ids, known, knownUnits } from "../fields.ts";
import { dueDocument, dueRows } from "../route.ts";
import type { Snapshot } from "../snapshot.ts";
import { smallTable, type Field } from "../table.ts";

const phases = ["ahead", "open", "past"] as const;

const query = {
  from: day.optional().meta({ description: "Due on or after this day; left out: since two months ago" }),
  to: day.optional().meta({ description: "Due on or before this day; left out: within a year" }),
  unit: ids
    .default(null)
    .meta({ description: "Ids with commas between them, or `all`; what is of everyone is among it" }),
  kind: ids.default(null).meta({ description: `Of ${dutyKinds.join(", ")}, or \`all\`` }),
};
const locale = z.enum(["nl", "en"], "is no language here; choose of nl, en").default("en");

const row = z.object({
  item_id: z.string().meta({ description: "The same for ever" }),
  duty_id: z.string(),
  kind: z.enum(dutyKinds),
  unit_id: z.string().nullable().meta({ description: "null: of the whole force and everyone in it" }),
  period: z.string().meta({ description: "2016-H2, 2016 or 2016-2017; of a target its first and last day" }),
  title_nl: z.string(),
  title_en: z.string(),
  about_nl: z.string().nullable().meta({ description: "Of a target, the figure that it is of" }),
  about_en: z.string().nullable(),
  note_nl: z.string().nullable(),
  note_en: z.string().nullable(),
  source: z.string(),
  starts_on: z.iso.date(),
  due_on: z.iso.date().meta({ description: "The last day on which it is in time" }),
  phase: z.enum(phases).meta({ description: "Today: not begun, under way, or its last day is over" }),
  address: z.string().nullable().meta({ description: "Path of the page that it is about; null: not there yet" }),
});

const kinds: Record<string, Field["kind"]> = { starts_on: "date", due_on: "date" };
const fields: Field[] = Object.keys(row.shape).map((name) => ({ name, kind: kinds[name] ?? "text" }));

const kindsThere = new Map(dutyKinds.map((kind) => [kind as string, kind]));

/** The items of a question; 404 for a unit or kind that there is not. */
function found(snapshot: Snapshot, question: CalendarQuestion, due: Due) {
  known(question.kind, kindsThere, "kind");
  knownUnits(snapshot, question.unit);
  return itemsOf(snapshot, due, question);
}

export default [
  dueRows({
    path: "/calendar",
    summary: "What is due when, in order of time: reviews, meetings, talks, audits, surveys, plans, targets that end",
    query: z.strictObject(query),
    row,
    async rows(snapshot, question, due) {
      return smallTable(
        fields,
        found(snapshot, question, due).map((item) => ({ ...item })),
      );
    },
  }),
  dueDocument({
    path: "/calendar.ics",
    summary: "The same as an iCalendar, to have it in a calendar of one's own: each on its last day",
    query: z.strictObject({ ...query, locale }),
    mediaType: icalendarType,
    async make(snapshot, { locale, ...question }, address, due) {
      return icalendarOfItems(snapshot, question, found(snapshot, question, due), { locale, address });
    },
  }),
  dueDocument({
    path: "/calendar.atom",
    summary: "The same as an Atom feed, of what has begun",
    query: z.strictObject({ ...query, locale }),
    mediaType: atomType,
    async make(snapshot, { locale, ...question }, address, due) {
      return atomOfItems(snapshot, question, found(snapshot, question, due), { locale, address });
    },
  }),
];
