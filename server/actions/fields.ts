import { z } from "zod";
import { day } from "../fields.ts";
import { line, prose } from "../prose.ts";
import { codes, fieldsOf, type ActionFields } from "./actions.ts";

const from = "1990-01-01";
const to = "2100-12-31";
const date = day.refine((text) => text >= from && text <= to, `lies outside ${from} to ${to}`);

const code = <const Codes extends readonly [string, ...string[]]>(list: Codes) =>
  z.enum(list, { error: `is none of its codes; choose of ${list.join(", ")}` });

const euros = z
  .number()
  .min(0, "is negative; write an amount of 0 or more")
  .max(1e12, "is more than 1,000,000,000,000")
  .meta({ description: "In euros" });

/** A text that may be left out: an empty one is none. */
const optional = (text: z.ZodString) =>
  text.transform((given) => (given.trim() === "" ? null : given.trim())).nullable();

const needed = (most: number, what: string) => line(most).trim().min(1, `is empty; ${what}`);

/** The fields of an action, by the rules of its feed's contract. */
export const actionFields = {
  number: optional(line(60)),
  kind: code(codes.kind),
  focus: needed(200, "name a focus point").meta({
    description: "connection, inclusion, discrimination, composition, or in words of one's own",
  }),
  title: needed(500, "say what the action is"),
  unit_id: z.string().min(1, "is empty; name a unit").max(200),
  owner: optional(line(200)).meta({ description: "A function, not a person" }),
  mandatory: code(codes.mandatory).nullable(),
  starts_on: date.nullable(),
  due_on: date.nullable(),
  status: code(codes.status),
  year: z.number().int("is no year; write one as 2016").min(2000, "lies before 2000").max(2100, "lies after 2100").nullable(), // prettier-ignore
  budget: euros.nullable(),
  committed: euros.nullable(),
  spent: euros.nullable(),
  forecast: euros.nullable(),
  funding: code(codes.funding).nullable(),
  cost_code: optional(line(100)),
  condition: optional(prose(2000)),
  note: optional(prose(10_000)),
} satisfies Record<keyof ActionFields, z.ZodType>;

const { kind, focus, title, unit_id, status, ...rest } = actionFields;

/** An action that is added: what is left out is nothing. */
export const newAction = z
  .strictObject({ kind, focus, title, unit_id, status, ...z.object(rest).partial().shape })
  .transform((given) => fieldsOf(given));

export const version = z
  .number()
  .int()
  .min(0)
  .meta({ description: "Of what you saw; 0 where nothing was saved here yet" });

/** What is changed of an action: what is left out stays. */
export const changedAction = z.strictObject({
  action_id: z.string().min(1).max(200),
  version,
  delivery_seen: z
    .boolean()
    .default(false)
    .meta({ description: "True: what is written here holds beside the last delivery, which no longer counts as news" }),
  ...z.object(actionFields).partial().shape,
});

export type NewAction = z.output<typeof newAction>;
export type ChangedAction = z.output<typeof changedAction>;
