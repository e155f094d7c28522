import { z } from "zod";
import { readCsv } from "./csv-file.ts";
import type { Definition } from "./indicators/definition.ts";
import { faultsOfFiling, type Paper } from "./papers.ts";
import type { Fault } from "./yaml-file.ts";

export const eventKinds = ["reorganisation", "registration", "programme", "other"] as const;

const optional = z.string().transform((text) => text || null);

const eventSchema = z.strictObject({
  event_id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "write a name in small letters, digits and hyphens"),
  date: z.iso.date("write a date that exists, as 2016-01-31"),
  /** Null: of the whole force and everyone in it. */
  unit_id: optional,
  kind: z.enum(eventKinds, `write one of ${eventKinds.join(", ")}`),
  title_nl: z.string().min(1, "is empty; say what happened"),
  title_en: z.string().min(1, "is empty; say what happened"),
  note_nl: optional,
  note_en: optional,
  source: z.string().min(1, "is empty; name the paper that says so"),
  /** Ids of the figures that it is about; none: all. */
  indicators: z.string().transform((text) => text.split(/\s+/).filter(Boolean)),
});

/** Something that happened, which a reader of the figures may want to know. */
export type ProgrammeEvent = z.output<typeof eventSchema>;

/** Whose event it is where it has no unit: of the force, as papers are filed. */
const everyone = "politie";

/** Reads `data/events.csv`; every fault of every line at once. Without papers nothing is said of sources. */
export function readEvents(
  file: string,
  definitions: Definition[],
  papers: Paper[] = [],
): { events: ProgrammeEvent[]; faults: Fault[] } {
  const { lines: read, faults } = readCsv(file, eventSchema);
  const events: ProgrammeEvent[] = [];
  const lines = new Map<string, number>();
  for (const { line, value: event } of read) {
    const found = rules(event, definitions);
    if (papers.length > 0)
      found.push(...faultsOfFiling({ unit_id: event.unit_id ?? everyone, source: event.source, by: "paper" }, papers));
    const other = lines.get(event.event_id);
    if (other !== undefined)
      found.push(`event_id ${event.event_id} stands on line ${other} too: give each event a name of its own`);
    faults.push(...found.map((message) => ({ file, line, message })));
    lines.set(event.event_id, line);
    events.push(event);
  }
  return { events, faults };
}

function rules(event: ProgrammeEvent, definitions: Definition[]): string[] {
  const found = event.indicators
    .filter((id) => !definitions.some((definition) => definition.id === id))
    .map((id) => `there is no indicator "${id}"; write ids with spaces between them, or nothing for all`);
  for (const [one, other] of [
    ["note_nl", "note_en"],
    ["note_en", "note_nl"],
  ] as const)
    if (event[one] && !event[other]) found.push(`${other} is empty where ${one} is not; write both or none`);
  return found;
}
