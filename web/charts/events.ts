import type { ProgrammeEvent } from "../api.ts";
import { formatDate, type Language } from "../format.ts";
import type { palettePaint } from "./marks.ts";
import { endOf, instant } from "./period.ts";

/** An event with the letter that it goes by on a page: in its charts and in its list. */
export interface LetteredEvent extends ProgrammeEvent {
  letter: string;
}

interface EventOptions {
  language: Language;
  /** Of the plot, in pixels. */
  width: number;
  height: number;
  /** Words beside the flags, where they have room; without, words are in the tips only. */
  eventWords?: boolean | undefined;
}

type Layer = Record<string, unknown>;
type Paint = ReturnType<typeof palettePaint>;

/** One flag: several events where theirs would lie on each other. Places in pixels from the left of the plot. */
interface Flag {
  events: LetteredEvent[];
  at: number;
  half: number;
  text: string;
}

const letterWidth = 7;
const flagHeight = 13;
/** Of a character of the words, about. */
const characterWidth = 5.9;

/** Events as ticks on the time axis and flags with their letters at the top of the plot; none where none lies within its days. */
export function eventLayers(
  events: readonly LetteredEvent[],
  options: EventOptions,
  x: Layer,
  paint: Paint,
  from: string,
  to: string,
): Layer[] {
  const [start, end] = [instant(from), endOf(to)];
  const scale = options.width / (end - start);
  const within = events
    .filter((event) => instant(event.date) >= start && instant(event.date) < end)
    .toSorted((a, b) => a.date.localeCompare(b.date));
  if (!within.length) return [];
  const flags = flagsOf(within, (event) => (instant(event.date) - start) * scale);
  const atPixel = (pixels: number) => Math.round(start + pixels / scale);
  return [
    {
      name: "event-ticks",
      data: { values: within.map((event) => ({ x: instant(event.date) })) },
      mark: paint.eventTick,
      encoding: { x, y: { value: options.height }, y2: { value: options.height + 5 } },
    },
    ...flags.map((flag) => ({
      name: `event-${flag.text}`,
      layer: [
        {
          data: { values: [{ x: atPixel(flag.at), tip: flag.events.map((each) => tipOf(each, options)).join("\n") }] },
          mark: { ...paint.eventFlag, shape: flagShape(flag.half) },
          encoding: { x, y: { value: 1 }, tooltip: { field: "tip", type: "nominal" } },
        },
        {
          data: { values: [{ x: atPixel(flag.at) }] },
          mark: { ...paint.eventLetter, text: flag.text },
          encoding: { x, y: { value: 1 + flagHeight / 2 } },
        },
      ],
    })),
    ...(options.eventWords ? wordLayers(flags, options, atPixel, x, paint) : []),
  ];
}

/** Flags from left to right; those that would touch are one. */
function flagsOf(events: LetteredEvent[], placeOf: (event: LetteredEvent) => number): Flag[] {
  const flags: Flag[] = [];
  for (const event of events) {
    let flag = flagOf([event], placeOf);
    for (let last = flags.at(-1); last && last.at + last.half + 2 > flag.at - flag.half; last = flags.at(-1)) {
      flags.pop();
      flag = flagOf([...last.events, ...flag.events], placeOf);
    }
    flags.push(flag);
  }
  return flags;
}

function flagOf(events: LetteredEvent[], placeOf: (event: LetteredEvent) => number): Flag {
  const [first, last] = [events[0]!, events.at(-1)!];
  const letters = events.map(({ letter }) => letter);
  const text = letters.length > 2 && areInRow(letters) ? `${first.letter}–${last.letter}` : letters.join(" ");
  return { events, at: (placeOf(first) + placeOf(last)) / 2, half: (text.length * letterWidth) / 2 + 3, text };
}

/** Whether letters follow each other without one left out: only then do the first and the last stand for all. */
const areInRow = (letters: string[]): boolean =>
  letters.every((letter, index) => letter.length === 1 && letter.charCodeAt(0) === letters[0]!.charCodeAt(0) + index);

/** A box of so many pixels to both sides, with a point below. Sizes are in pixels where the mark's size is 4. */
const flagShape = (half: number): string =>
  `M${-half},0H${half}V${flagHeight}H3L0,${flagHeight + 3}L-3,${flagHeight}H${-half}Z`;

/** What a flag says where nothing is in the way up to the next one, or the end of the plot. */
function wordLayers(
  flags: Flag[],
  { language, width }: EventOptions,
  atPixel: (pixels: number) => number,
  x: Layer,
  paint: Paint,
): Layer[] {
  return flags.flatMap((flag, index) => {
    const next = flags[index + 1];
    const room = (next ? next.at - next.half : width) - (flag.at + flag.half) - 10;
    const words = flag.events.map((each) => titleOf(each, language)).join("; ");
    if (words.length * characterWidth > room) return [];
    return [
      {
        name: `event-words-${flag.text}`,
        data: { values: [{ x: atPixel(flag.at) }] },
        mark: { ...paint.eventWords, text: words, dx: flag.half + 4 },
        encoding: { x, y: { value: 1 + flagHeight / 2 } },
      },
    ];
  });
}

const titleOf = (event: ProgrammeEvent, language: Language): string =>
  language === "nl" ? event.title_nl : event.title_en;

const tipOf = (event: LetteredEvent, { language }: Pick<EventOptions, "language">): string =>
  `${event.letter} · ${formatDate(event.date, language, "short")}: ${titleOf(event, language)} (${event.source})`;
