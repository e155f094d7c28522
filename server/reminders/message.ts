import type { Progress } from "../review/progress.ts";
import type { Step } from "./steps.ts";

/** A message to people, in plain Dutch. */
export interface Message {
  subject: string;
  text: string;
}

/** How far the reviews of a step's half-year are. */
export interface Found {
  released: boolean;
  reviews: readonly Progress[];
  /** Made-up figures: readers must know. */
  demo: boolean;
  /** Where readers reach the monitor. */
  address: string;
}

/** What is told of a step to those of one unit, or to those of all; null where nothing is left to be done. */
export function messageOf(step: Step, audience: string, today: string, found: Found): Message | null {
  const unit = audience === "all" ? null : audience;
  const reviews = found.reviews.filter(({ unit_id }) => !unit || unit_id === unit);
  const unsigned = reviews.filter(({ state }) => state !== "signed");
  if (unsigned.length === 0) return null;
  const page = unit ? `${found.address}/review/${encodeURIComponent(unit)}/${step.half.half}` : `${found.address}/review?half=${step.half.half}`; // prettier-ignore
  const { subject, first } = opening(step, today);
  const lines = [
    "Beste collega,",
    ...(found.demo ? ["Let op: deze monitor werkt met voorbeelddata. De cijfers zijn verzonnen."] : []),
    first,
    ...(found.released
      ? []
      : ["De cijfers zijn nog niet vrijgegeven. Schrijven kan al; indienen kan zodra de cijfers zijn vrijgegeven."]),
    unit ? `Wat is er nog te doen?\n${toDo(unsigned[0]!)}` : listOf(unsigned, reviews.length),
    `U vindt ${unit ? "de voortgang" : "alles"} op ${page}.`,
    "Dit bericht is automatisch verstuurd door de KVV-monitor. U krijgt het één keer als een halfjaar voorbij is, en één keer voordat de termijn afloopt.",
  ];
  const whose = unit ? ` ${unsigned[0]!.unit_name}` : "";
  return {
    subject: `KVV-monitor – Voortgang${whose}, ${halfWords(step)}: ${subject}`,
    text: lines.join("\n\n") + "\n",
  };
}

function opening(step: Step, today: string): { subject: string; first: string } {
  const [half, day] = [halfWords(step), dayOf(step.due_on)];
  if (today > step.due_on)
    return { subject: "de termijn is voorbij", first: `De termijn voor de voortgang over de ${half} liep tot en met ${day}.` }; // prettier-ignore
  if (step.step === "closing")
    return { subject: `nog tot en met ${day}`, first: `De voortgang over de ${half} kan nog tot en met ${day} worden ingediend en getekend.` }; // prettier-ignore
  return { subject: "u kunt beginnen", first: `De ${half} is voorbij. De voortgang daarover kan tot en met ${day} worden geschreven, ingediend en getekend.` }; // prettier-ignore
}

const listOf = (unsigned: readonly Progress[], count: number): string =>
  [
    `Nog niet getekend: ${unsigned.length} van ${count}.`,
    ...unsigned.map((each) => `- ${each.unit_name}: ${toDo(each)}`),
  ].join("\n");

/** What a review still needs, as its page says it. */
function toDo({ state, missing }: Progress): string {
  if (state === "submitted") return "tekenen";
  const count = (asked: Progress["missing"][number]["need"]) => missing.filter(({ need }) => need === asked).length;
  const figures = (number: number) => `${number} ${number === 1 ? "cijfer" : "cijfers"}`;
  const parts = [
    ...(count("overall") > 0 ? ["toelichting op het geheel"] : []),
    ...(count("comment") > 0 ? [`toelichting op ${figures(count("comment"))}`] : []),
    ...(count("plan") > 0 ? [`plan voor ${figures(count("plan"))}`] : []),
    "indienen",
    "tekenen",
  ];
  return `${parts.slice(0, -1).join(", ")} en ${parts.at(-1)}`;
}

const halfWords = ({ half }: Step): string =>
  `${half.half.endsWith("H1") ? "eerste" : "tweede"} helft van ${half.half.slice(0, 4)}`;

const day = new Intl.DateTimeFormat("nl-NL", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const dayOf = (iso: string): string => day.format(new Date(`${iso}T00:00:00Z`));
