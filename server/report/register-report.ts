import { formatDate, inLanguage } from "../../web/format.ts";
import type { Manifest } from "../manifest.ts";
import type { Kept, Processing, RegisterColumn, Seen } from "../register/processing.ts";
import { measureFiles } from "../register/processing.ts";
import type { Assessed } from "../register/registers.ts";
import { heading, line, type Block, type Cell, type Report } from "./blocks.ts";
import type { Words } from "./words.ts";

type Bilingual = Processing["title"];

/** The register of processing and the start of an assessment, as a document to hand over. */
export function registerReport({ register, assessment }: Assessed, served: Manifest, words: Words): Report {
  const { say, language } = words;
  const title = say("register.document");
  return {
    title,
    subtitle: say("register.documentAbout"),
    language,
    at: served.published_at,
    author: say("report.author"),
    description: title,
    keywords: [served.snapshot],
    mark: say("report.mark.concept"),
    demo: null,
    footer: `${title} · ${say("report.snapshot", { snapshot: served.snapshot })}`,
    blocks: [
      line(say("register.intro")),
      { kind: "contents", title: say("report.contents"), depth: 1 },
      heading(1, say("register.overview")),
      overview(register, words),
      ...everywhere(register, words),
      ...register.flatMap((each) => processing(each, words)),
      ...assessed(assessment, words),
      heading(1, say("register.questions")),
      line(say("register.questionsHelp"), "muted"),
      ...questions(say("register.inGeneral"), generalQuestions({ register, assessment }, words)),
      ...register.flatMap((each) => questions(inLanguage(each.title, language), questionsOf(each, words))),
    ],
  };
}

/** Each processing on a line. */
function overview(register: Assessed["register"], words: Words): Block {
  const { say, language } = words;
  return {
    kind: "table",
    columns: [
      { title: say("register.processing"), width: 2.2 },
      { title: say("register.law"), width: 1.3 },
      { title: say("register.subjects"), width: 1.8 },
      { title: say("register.special"), width: 1.6 },
      { title: say("register.questionCount"), width: 0.7, align: "right" },
    ],
    rows: register.map((each): Cell[] => [
      { text: inLanguage(each.title, language) },
      { text: say(`register.law.${each.law}`) },
      { text: listed(each.subjects, "subject", words) },
      { text: listed(each.special, "special", words) },
      { text: String(questionsOf(each, words).length || "–") },
    ]),
  };
}

/** Once for all: what protects with the file that does it, and what is kept with the setting that says how long. */
function everywhere(register: Assessed["register"], words: Words): Block[] {
  const { say } = words;
  const used = new Set(register.flatMap(({ measures }) => measures));
  const kept = new Map(register.flatMap((each) => each.kept.map((one) => [keptLine(one, words), one])));
  return [
    heading(1, say("register.everywhere")),
    {
      kind: "table",
      columns: [
        { title: say("register.protects"), width: 3 },
        { title: say("register.by"), width: 1.6 },
      ],
      rows: [...used].map((each): Cell[] => [
        { text: say(`register.measure.${each}`) },
        { text: measureFiles[each], tone: "muted" },
      ]),
    },
    {
      kind: "table",
      columns: [
        { title: say("register.keeps"), width: 2.4 },
        { title: say("register.retention"), width: 1.4 },
        { title: say("register.setting"), width: 1.6 },
      ],
      rows: [...kept.values()].map((each): Cell[] => [
        { text: say(`register.kept.${each.what}`) },
        { text: timeOf(each, words) },
        { text: each.setting ?? say("register.fixed"), tone: "muted" },
      ]),
    },
  ];
}

const listed = (codes: readonly string[], kind: "subject" | "special", { say }: Words): string =>
  codes.map((code) => say(`register.${kind}.${code}`)).join(", ") || "–";

function processing(each: Processing, words: Words): Block[] {
  const { say, language } = words;
  const inWords = (text: Bilingual) => inLanguage(text, language);
  const facts: [label: string, text: string][] = [
    ["what", inWords(each.description)],
    ["purpose", inWords(each.purpose)],
    ["subjects", listed(each.subjects, "subject", words)],
    ["special", listed(each.special, "special", words)],
    ["ground", `${inWords(each.ground)}${each.law === "none" ? "" : ` ${decided(each, words)}`}`],
    ["supplier", inWords(each.supplier)],
    ["owner", each.owner],
    ["retention", [inWords(each.retention), ...each.kept.map((kept) => `– ${keptLine(kept, words)}`)].join("\n")],
    ["measures", each.measures.map((measure) => `– ${say(`register.measure.${measure}`)}`).join("\n")],
    ["seen", seenLines(each.seen, words).join("\n")],
    ["figures", each.indicators.map(({ title }) => inWords(title)).join("; ")],
  ];
  return [
    heading(1, inWords(each.title)),
    {
      kind: "table",
      size: 9,
      columns: [
        { title: say("register.fact"), width: 1 },
        { title: say("register.said"), width: 3.6 },
      ],
      rows: facts
        .filter(([, text]) => text !== "" && text !== "–")
        .map(([name, text]): Cell[] => [{ text: say(`register.${name}`), tone: "muted" }, { text }]),
    },
    {
      kind: "table",
      columns: [
        { title: say("register.column"), width: 1.3 },
        { title: say("register.about"), width: 1.9 },
        { title: say("register.needed"), width: 3 },
      ],
      rows: each.columns.map((column): Cell[] => [
        { text: nameOf(column, words) },
        { text: aboutWords(column, words) },
        { text: neededWords(column, each, words) },
      ]),
    },
  ];
}

const decided = ({ ground_decided }: Processing, { say, language }: Words): string =>
  ground_decided ? say("register.decided", { date: formatDate(ground_decided, language) }) : say("register.undecided");

/** "Rows that stand apart: 12 months". */
const keptLine = (kept: Kept, words: Words): string =>
  `${words.say(`register.kept.${kept.what}`)}: ${timeOf(kept, words)}`;

const timeOf = ({ amount, unit }: Kept, { say, count }: Words): string =>
  amount === null ? say("register.time.ever") : count(`register.time.${unit}`, amount);

/** A line for each right: "Figures: HRM (all of HR), Control (everything)". */
function seenLines(seen: readonly Seen[], { say }: Words): string[] {
  return [...new Set(seen.map(({ right }) => right))].map(
    (right) =>
      `${say(`register.right.${right}`)}: ${seen
        .filter((each) => each.right === right)
        .map(({ role, reach }) => `${say(`signIn.role.${role}`)} (${say(`register.reach.${reach}`)})`)
        .join(", ")}`,
  );
}

/** In Dutch as files have it too: "achtergrond (background)". */
const nameOf = ({ name, header }: RegisterColumn, { language }: Words): string =>
  language === "nl" && header && header !== name ? `${header} (${name})` : name;

const aboutWords = ({ about, special }: RegisterColumn, words: Words): string =>
  words.say(`register.about.${about}`) + (special.length > 0 ? `: ${listed(special, "special", words)}` : "");

function neededWords(
  { indicators, uses }: RegisterColumn,
  { indicators: named, of }: Processing,
  words: Words,
): string {
  const { say, language } = words;
  if (of === "monitor") return "";
  const titles =
    indicators.length > 1 && indicators.length === named.length
      ? [say("register.allFigures")]
      : indicators.map((id) => inLanguage(named.find((each) => each.id === id)!.title, language));
  return [...uses.map((use) => say(`register.use.${use}`)), ...titles].join("; ") || say("register.nothing");
}

/** What is done, why, and what could go wrong. */
function assessed(assessment: Assessed["assessment"], { say, language }: Words): Block[] {
  return [
    heading(1, say("register.assessment")),
    line(say("register.assessmentHelp"), "muted"),
    ...(["description", "necessity", "proportionality"] as const).flatMap((part) =>
      assessment[part].length > 0
        ? [
            heading(2, say(`register.part.${part}`)),
            ...assessment[part].map((text) => line(inLanguage(text, language))),
          ]
        : [],
    ),
    ...(assessment.risks.length > 0 ? [heading(2, say("register.risks"))] : []),
    ...assessment.risks.flatMap(({ title, what, measures, left }): Block[] => [
      heading(3, inLanguage(title, language)),
      line(inLanguage(what, language)),
      {
        kind: "facts",
        rows: [
          ...measures.map(({ says, by }, index) => ({
            label: index === 0 ? say("register.does") : "",
            text: `${inLanguage(says, language)} (${by})`,
          })),
          { label: say("register.left"), text: inLanguage(left, language) },
        ],
      },
    ]),
  ];
}

function questions(title: string, all: readonly string[]): Block[] {
  if (all.length === 0) return [];
  const items = all.map((text): Block[] => [line(text)]);
  return [heading(2, title), { kind: "list", ordered: false, items }, { kind: "lines", count: 1 }];
}

/** What is asked of all together, and on which grounds the force has yet to decide. */
function generalQuestions({ register, assessment }: Assessed, { say, language }: Words): string[] {
  const open = register.filter(({ law, ground_decided }) => law !== "none" && ground_decided === null);
  const titles = open.map(({ title }) => inLanguage(title, language)).join(", ");
  return [
    ...(open.length > 0 ? [say("register.groundsOpen", { titles })] : []),
    ...assessment.questions.map((each) => inLanguage(each, language)),
  ];
}

/** What is asked of one: what its contract asks, and columns that nothing needs. */
function questionsOf({ questions, unused, columns }: Processing, words: Words): string[] {
  const named = columns.filter(({ name }) => unused.includes(name)).map((column) => nameOf(column, words));
  return [
    ...questions.map((each) => inLanguage(each, words.language)),
    ...(named.length > 0 ? [words.say("register.unused", { columns: named.join(", ") })] : []),
  ];
}
