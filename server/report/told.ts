import { inLanguage } from "../../web/format.ts";
import type { ReviewDefinition } from "../review/document.ts";
import type { ReviewFigure } from "../review/figures.ts";
import type { Review } from "../review/review.ts";
import { dayOf } from "./moment.ts";
import type { Words } from "./words.ts";

export const focusPoints = ["composition", "connection", "discrimination", "inclusion"] as const;

/** What a review says of a figure, with all that is needed to say it. */
export interface Told {
  figure: ReviewFigure;
  definition: ReviewDefinition;
  title: string;
}

/** The figures of a review that have something to say. */
export function toldOf(review: Review, { language }: Words): Told[] {
  const definitions = new Map(review.definitions.map((each) => [each.indicator_id, each]));
  return review.figures
    .filter((figure) => figure.judgement !== "no_data" || figure.withheld)
    .map((figure) => {
      const definition = definitions.get(figure.indicator_id)!;
      return { figure, definition, title: inLanguage(definition.title, language) };
    });
}

export const isJudged = ({ figure }: Told): boolean => /^(missed|reached)/.test(figure.judgement ?? "");

const byUrgency = ["missed", "missed_uncertain", "reached_uncertain", "reached"];

/** Figures with a verdict, the missed ones first. */
export const judgedOf = (told: readonly Told[]): Told[] =>
  told.filter(isJudged).sort((a, b) => byUrgency.indexOf(a.figure.judgement!) - byUrgency.indexOf(b.figure.judgement!));

/** Whether it is a concept, and whether its figures are released. */
export function stateLine(review: Review, words: Words): string {
  const { say } = words;
  const last = review.steps.at(-1);
  const state = last
    ? say("report.stateSince", { state: say(`review.state.${last.state}`), date: dayOf(last.at, words) })
    : say("report.mark.concept");
  return review.release ? state : `${state} · ${say("report.notReleased")}`;
}

/** "Van 9 doelen zijn er 4 gehaald, …" */
export function goalsLine(told: readonly Told[], { say, count }: Words): string {
  const judged = told.filter(isJudged);
  if (judged.length === 0) return say("report.noGoals");
  const parts = [...byUrgency]
    .reverse()
    .map((judgement) => [judgement, judged.filter(({ figure }) => figure.judgement === judgement).length] as const)
    .filter(([, number]) => number > 0)
    .map(([judgement, number]) => `${number} ${say(`judgement.${judgement}`)}`);
  return `${count("report.goals", judged.length)}: ${parts.join("; ")}.`;
}
