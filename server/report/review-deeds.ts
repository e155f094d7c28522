import { formatDate, formatNumber } from "../../web/format.ts";
import type { Agreement } from "../review/agreements.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell } from "./blocks.ts";
import type { Told } from "./told.ts";
import type { Words } from "./words.ts";

export function plans(review: Review, told: readonly Told[], words: Words): Block[] {
  const { say } = words;
  const title = heading(1, say("review.plans"));
  if (review.plans.length === 0) return [title, line(say("review.noPlans"), "muted")];
  const titles = new Map(told.map((each) => [each.figure.indicator_id, each.title]));
  const year = Number(review.half.slice(0, 4));
  return [
    title,
    {
      kind: "table",
      columns: [
        { title: say("report.column.goal"), width: 2 },
        { title: say("report.column.measures"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.3 },
        { title: say("report.column.reach"), width: 0.8 },
        { title: say("report.column.state"), width: 1 },
        { title: say("review.agreement.result"), width: 1.6 },
      ],
      rows: review.plans.map((each): Cell[] => [
        { text: titles.get(each.indicator_id) ?? each.indicator_id, tone: "strong" },
        { text: `${each.measures}\n${say("review.agreement.madeIn", { period: each.made_in })}` },
        { text: each.owner },
        { text: String(each.reach_year) },
        each.state === "open" && each.reach_year < year
          ? { text: say("report.late"), tone: "warn" }
          : { text: say(`review.agreement.${each.state}`) },
        { text: each.result },
      ]),
    },
  ];
}

export function agreements(all: readonly Agreement[], end: string, words: Words): Block[] {
  const { say, language } = words;
  const title = heading(1, say("review.agreements"));
  if (all.length === 0) return [title, line(say("review.noAgreements"), "muted")];
  return [
    title,
    {
      kind: "table",
      columns: [
        { title: say("review.agreement.text"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.3 },
        { title: say("review.agreement.due"), width: 1.1 },
        { title: say("review.agreement.state"), width: 1.2 },
        { title: say("review.agreement.result"), width: 2 },
      ],
      rows: all.map((each): Cell[] => [
        { text: `${each.text}\n${say("review.agreement.madeIn", { period: each.made_in })}` },
        { text: each.owner },
        { text: each.due_on ? formatDate(each.due_on, language, "short") : say("review.agreement.noDue") },
        each.state === "open" && each.due_on !== null && each.due_on <= end
          ? { text: say("report.late"), tone: "warn" }
          : { text: say(`review.agreement.${each.state}`) },
        { text: each.result },
      ]),
    },
  ];
}

/** So many actions stand in a report; all of them are on the page and in the workbook. Those that are late come first. */
const mostActions = 20;

/** The unit's actions of the year, with their money and the totals of all. */
export function actions(review: Review, words: Words): Block[] {
  const { say, count, language } = words;
  const title = heading(1, say("report.actions", { year: review.half.slice(0, 4) }));
  const all = review.actions ?? [];
  if (all.length === 0) return [title, line(say("report.noActions"), "muted")];
  const money = (amount: number | null) => (amount === null ? "" : formatNumber(amount, language));
  const total = (name: "budget" | "spent" | "forecast") =>
    all.some((each) => each[name] !== null) ? money(all.reduce((sum, each) => sum + (each[name] ?? 0), 0)) : "";
  const shown = [...all.filter(({ late }) => late), ...all.filter(({ late }) => !late)].slice(0, mostActions);
  return [
    title,
    {
      kind: "table",
      size: 8,
      columns: [
        { title: say("report.column.number"), width: 0 },
        { title: say("report.column.action"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.5 },
        { title: say("review.agreement.due"), width: 1.1 },
        { title: say("report.column.state"), width: 1.1 },
        { title: say("report.column.budget"), width: 0.9, align: "right" },
        { title: say("report.column.spent"), width: 0.9, align: "right" },
        { title: say("report.column.forecast"), width: 0.9, align: "right" },
      ],
      rows: [
        ...shown.map((each): Cell[] => [
          { text: each.number ?? "" },
          { text: each.title },
          { text: each.owner ?? "" },
          { text: each.due_on ? formatDate(each.due_on, language, "short") : "" },
          each.late
            ? { text: `${say(`review.action.status.${each.status}`)}, ${say("report.late")}`, tone: "warn" }
            : { text: say(`review.action.status.${each.status}`) },
          { text: money(each.budget) },
          { text: money(each.spent) },
          { text: money(each.forecast) },
        ]),
        [
          { text: "" },
          { text: count("report.actionsTotal", all.length), tone: "strong" },
          ...[{ text: "" }, { text: "" }, { text: "" }],
          ...(["budget", "spent", "forecast"] as const).map((name): Cell => ({ text: total(name), tone: "strong" })),
        ],
      ],
    },
    ...(all.length > shown.length ? [line(count("report.moreActions", all.length - shown.length), "muted", 9)] : []),
  ];
}
