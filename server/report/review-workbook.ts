import { formatPeriod, inLanguage } from "../../web/format.ts";
import type { Review } from "../review/review.ts";
import { judgementOf } from "./figure-words.ts";
import { dayOf } from "./moment.ts";
import { focusPoints, stateLine, toldOf, type Told } from "./told.ts";
import { columnsOf, formOf, type Sheet, type SheetCell } from "./sheets.ts";
import type { Words } from "./words.ts";

/** The review of a unit as sheets: what it is, a sheet for each focus point, agreements, what was restated, definitions and sources. */
export function reviewSheets(review: Review, words: Words): Sheet[] {
  const told = toldOf(review, words);
  const focus = focusPoints.flatMap((each) => {
    const its = told.filter(({ figure }) => figure.focus === each);
    return its.length ? [focusSheet(each, its, review, words)] : [];
  });
  return [
    about(review, words),
    ...focus,
    plans(review, told, words),
    agreements(review, words),
    actions(review, words),
    ...(review.restated.length + review.restated_since.length ? [restatements(review, words)] : []),
    definitions(told, words),
  ];
}

function about(review: Review, words: Words): Sheet {
  const { say, language } = words;
  const overall = review.texts.find(({ indicator_id }) => indicator_id === null)?.text ?? "";
  const rows: [string, string][] = [
    [say("review.unit"), review.unit_name],
    [say("review.half"), formatPeriod({ ...review, grain: "half" }, language)],
    [say("report.state"), stateLine(review, words)],
    [say("report.figuresOf"), `${dayOf(review.published_at, words)} (${review.snapshot})`],
    ...(review.demo ? [[say("report.demo"), say("app.demo")] as [string, string]] : []),
    [say("review.hash"), review.hash],
    [say("review.overall"), overall],
    ...(review.release?.note ? [[say("review.note"), review.release.note] as [string, string]] : []),
  ];
  return {
    name: say("report.sheet.about"),
    columns: [
      { title: say("review.of", { unit: review.unit_name }), width: 34 },
      { title: "", width: 90 },
    ],
    rows,
  };
}

function focusSheet(focus: string, told: readonly Told[], review: Review, words: Words): Sheet {
  const { say, language } = words;
  const text = (id: string) => review.texts.find(({ indicator_id }) => indicator_id === id)?.text ?? "";
  return {
    name: say(`report.sheet.${focus}`),
    head: [say(`focus.${focus}`)],
    columns: columnsOf([
      [say("report.column.figure"), 44],
      [say("table.period"), 26],
      [say("report.column.now"), 12],
      [say("table.numerator"), 12],
      [say("table.denominator"), 12],
      [say("report.column.lower"), 12],
      [say("report.column.upper"), 12],
      [say("report.column.target"), 12],
      [say("report.column.judgement"), 24],
      [say("report.column.previous"), 14],
      [say("report.column.yearBefore"), 14],
      [say("report.column.remarks"), 34],
      [say("report.column.sentence"), 60],
      [say("review.comment"), 60],
    ]),
    rows: told.map(({ figure, definition, title }): SheetCell[] => {
      const form = formOf(definition);
      const measured = (number: number | null | undefined): SheetCell => ({ number: number ?? null, form });
      const counted = (number: number | null): SheetCell => ({ number, form: "#,##0.##" });
      const remarks = [
        figure.withheld ? say(`withheld.${figure.withheld_reason ?? "threshold"}`) : "",
        figure.complete ? "" : say("judgement.provisional"),
        figure.restated ? say("table.restated") : "",
      ];
      return [
        title,
        formatPeriod(figure, language),
        ...[measured(figure.value), counted(figure.numerator), counted(figure.denominator)],
        ...[measured(figure.lower), measured(figure.upper), measured(figure.target)],
        judgementOf(figure, words),
        ...[measured(figure.previous?.value), measured(figure.year_before?.value)],
        remarks.filter(Boolean).join("; "),
        language === "nl" ? figure.sentence_nl : figure.sentence_en,
        text(figure.indicator_id),
      ];
    }),
  };
}

function plans(review: Review, told: readonly Told[], { say }: Words): Sheet {
  const titles = new Map(told.map((each) => [each.figure.indicator_id, each.title]));
  return {
    name: say("review.plans"),
    columns: columnsOf([
      [say("report.column.goal"), 44],
      [say("report.column.measures"), 60],
      [say("review.agreement.owner"), 30],
      [say("report.column.reach"), 12],
      [say("report.column.state"), 16],
      [say("report.column.madeIn"), 16],
      [say("review.agreement.result"), 60],
    ]),
    rows: review.plans.map((each): SheetCell[] => [
      titles.get(each.indicator_id) ?? each.indicator_id,
      each.measures,
      each.owner,
      { number: each.reach_year, form: "0" },
      say(`review.agreement.${each.state}`),
      each.made_in,
      each.result,
    ]),
  };
}

function agreements(review: Review, { say }: Words): Sheet {
  return {
    name: say("report.sheet.agreements"),
    columns: columnsOf([
      [say("review.agreement.text"), 60],
      [say("review.agreement.owner"), 30],
      [say("review.agreement.due"), 14],
      [say("review.agreement.state"), 16],
      [say("report.column.madeIn"), 16],
      [say("review.agreement.result"), 60],
    ]),
    rows: review.agreements.map((each): SheetCell[] => [
      each.text,
      each.owner,
      { day: each.due_on },
      say(`review.agreement.${each.state}`),
      each.made_in,
      each.result,
    ]),
  };
}

function actions(review: Review, { say }: Words): Sheet {
  const money = (number: number | null): SheetCell => ({ number, form: "#,##0.00" });
  return {
    name: say("report.sheet.actions"),
    columns: columnsOf([
      [say("report.column.number"), 10],
      [say("report.column.action"), 60],
      [say("review.unit"), 26],
      [say("review.agreement.owner"), 30],
      [say("review.agreement.due"), 14],
      [say("report.column.state"), 16],
      [say("report.column.late"), 10],
      [say("report.column.budget"), 14],
      [say("report.column.committed"), 14],
      [say("report.column.spent"), 14],
      [say("report.column.forecast"), 14],
    ]),
    rows: (review.actions ?? []).map((each): SheetCell[] => [
      ...[each.number, each.title, each.unit_id, each.owner],
      { day: each.due_on },
      say(`review.action.status.${each.status}`),
      each.late ? say("report.late") : "",
      ...[each.budget, each.committed, each.spent, each.forecast].map(money),
    ]),
  };
}

function restatements(review: Review, { say, language }: Words): Sheet {
  const definitions = new Map(review.definitions.map((each) => [each.indicator_id, each]));
  return {
    name: say("report.sheet.restated"),
    columns: columnsOf([
      [say("report.column.figure"), 44],
      [say("table.period"), 26],
      [say("report.column.old"), 14],
      [say("report.column.new"), 14],
      [say("report.column.when"), 14],
      [say("report.column.remarks"), 40],
    ]),
    rows: [
      ...review.restated.map((each) => ({ each, note: "" })),
      ...review.restated_since.map((each) => ({ each, note: say("review.restatedSince") })),
    ].map(({ each, note }): SheetCell[] => {
      const definition = definitions.get(each.indicator_id);
      const form = definition ? formOf(definition) : "General";
      return [
        inLanguage(definition?.title ?? each.indicator_id, language),
        formatPeriod(each as never, language),
        { number: each.old_value, form },
        { number: each.new_value, form },
        { day: each.restated_at.slice(0, 10) },
        note,
      ];
    }),
  };
}

function definitions(told: readonly Told[], { say, language }: Words): Sheet {
  const words = (each: { nl: string; en: string } | null | undefined) => (each ? inLanguage(each, language) : "");
  return {
    name: say("report.sheet.definitions"),
    columns: columnsOf([
      [say("report.column.figure"), 44],
      [say("table.numerator"), 44],
      [say("table.denominator"), 44],
      [say("report.column.excluded"), 44],
      [say("report.column.caveats"), 60],
      [say("report.column.owner"), 24],
      [say("report.column.source"), 40],
      [say("report.column.version"), 8],
      [say("report.column.id"), 28],
    ]),
    rows: told.map(({ definition, title }): SheetCell[] => [
      title,
      words(definition.numerator),
      words(definition.denominator),
      words(definition.excluded),
      words(definition.caveats),
      definition.owner,
      definition.source.join("; "),
      String(definition.version),
      definition.indicator_id,
    ]),
  };
}
