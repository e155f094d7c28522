import type { ActionFields } from "../../api.ts";
import { formatDate } from "../../format.ts";
import { hasText } from "../../locales/text.ts";
import { moneyNames } from "../../state/actions.ts";
import { formatEuros } from "../../state/euros.ts";
import { language, say } from "../../state/language.svelte.ts";
import { monitor } from "../../state/monitor.svelte.ts";

/** A focus point in words; one that is not of the programme, as it was written. */
export const focusWords = (focus: string): string => {
  const key = `focus.${focus}`;
  return hasText(key) ? say(key) : focus;
};

const coded: readonly string[] = ["kind", "status", "mandatory", "funding"];
const money: readonly string[] = moneyNames;

/** The value of a field in words. */
export function valueWords(field: keyof ActionFields, value: string | number | null): string {
  if (value === null || value === "") return say("actions.empty");
  if (typeof value === "number") return money.includes(field) ? formatEuros(value, language.current) : String(value);
  if (field === "unit_id") return monitor.organisation.name(value);
  if (field === "focus") return focusWords(value);
  if (field === "starts_on" || field === "due_on") return formatDate(value, language.current);
  return coded.includes(field) ? say(`actions.${field}.${value}`) : value;
}
