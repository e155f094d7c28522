import type { Request, Response } from "express";
import type { MadePage } from "../web/render.ts";
import { codingOf, fillAnswer, sendAnswer, type Answer, type Coding } from "./answer.ts";
import { piecesOf } from "./answers.ts";
import type { AnswerCache } from "./cache.ts";
import type { Catalogue } from "./catalogue.ts";
import { labelMark } from "./label.ts";
import { showsWork } from "./page-state.ts";
import type { Asker, Renderer } from "./renderer.ts";
import { fill, type Shell } from "./shell.ts";
import { escaped } from "./sign-in-page.ts";

/** So many pages are made by themselves where what they show changed, or is about to; what somebody looked at just once waits for the next. */
const mostRemade = 120;
const mostRemembered = 300;
/** Longer than this no reader waits for a page to be made: it then makes itself. */
const patienceMs = 2000;
/** A new snapshot waits no longer than this for its pages. */
const aheadMs = 15_000;

/** Pages that are looked at first: those of all units, and of each; of the others one of each kind, for the first of a kind takes longest. */
export function firstPages({ units, definitions }: Pick<Catalogue, "units" | "definitions">): string[] {
  const now = [...units.values()].flatMap((periods) => periods.filter(({ valid_to }) => valid_to === null));
  const own = now.flatMap(({ level, unit_id }) => (level === "unit" ? [`/unit/${unit_id}`] : []));
  const rate = [...definitions.values()].find(({ kind }) => kind === "rate")?.id;
  return ["/", ...own, "/signals", ...(rate ? [`/indicator/${rate}`, `/compare/${rate}`] : [])];
}

/** A page as somebody wants it. */
export interface Wanted {
  address: string;
  /** Of charts, in pixels at most. */
  frame: number;
  /** Names what they may see. */
  seen: readonly string[];
  asker: Asker;
}

interface Looked extends Wanted {
  /** What it calls them. */
  label: string;
  coding: Coding;
  weight: number;
}

export interface MadePagesOptions {
  renderer: Pick<Renderer, "page" | "pageAhead">;
  /** Has the pages as they were sent. */
  cache: AnswerCache;
  shell: Pick<Shell, "read">;
  /** Names what a page is made of, with the snapshot that is served or the one of that name. */
  state(address: string, snapshot?: string): Promise<string[] | null>;
  /** Another when something that pages ask for went away or came back. */
  turn(): number;
  /** Resolves when no reader waits. */
  pause(): Promise<void>;
}

/** It could not be made in time, or at all. */
class NotMade extends Error {}

/** Pages as they are made for readers; those that are looked at most are made before they are asked, of a snapshot that is about to be served too. */
export class MadePages {
  private readonly looked = new Map<string, Looked>();
  private readonly options: MadePagesOptions;
  private now = "";

  constructor(options: MadePagesOptions) {
    this.options = options;
  }

  /** Sends the page with its figures in it; false where it is not made in time, and nothing was sent. */
  async send(request: Request, response: Response, asked: Wanted, labelOf: () => Promise<string>): Promise<boolean> {
    const now = await this.state(asked.address);
    if (!now) return false;
    const wanted = { ...asked, label: await labelOf() };
    this.note(wanted, codingOf(request), now);
    response.vary("Sec-CH-UA-Mobile");
    const page = (state: string[]) => this.options.renderer.page(wanted.address, wanted.frame, state, wanted.asker);
    try {
      await sendAnswer(
        request,
        response,
        this.options.cache,
        this.answer(wanted, now, (state) => inTime(page(state))),
      );
      return true;
    } catch (error) {
      if (!(error instanceof NotMade)) throw error;
      response.removeHeader("ETag");
      return false;
    }
  }

  /** Makes the pages that are looked at most of a snapshot that is served when they are there. */
  async makeAhead(snapshot: string): Promise<void> {
    const end = performance.now() + aheadMs;
    for (const each of this.mostLooked()) {
      if (performance.now() > end) return;
      const now = await this.state(each.address, snapshot);
      if (now) await this.make({ ...each, asker: { ...each.asker, ahead: snapshot } }, now);
    }
  }

  private async state(address: string, snapshot?: string): Promise<string[] | null> {
    const [now, empty] = await Promise.all([this.options.state(address, snapshot), this.options.shell.read()]);
    return now && empty && [...now, empty.version];
  }

  private answer(
    { address, frame, seen, label }: Pick<Looked, "address" | "frame" | "seen" | "label">,
    now: string[],
    page: (state: string[]) => Promise<MadePage | null>,
  ): Answer {
    return {
      key: ["page", ...now, ...seen, label, address, String(frame)],
      contentType: "text/html; charset=utf-8",
      pieces: async () => {
        const turn = this.options.turn();
        const [made, empty] = await Promise.all([page([...now, ...seen, String(turn)]), this.options.shell.read()]);
        if (!made || !empty) throw new NotMade(`${address} was not made in time`);
        // It would be kept for what it was to be made of, and be of something else.
        if (turn !== this.options.turn()) throw new NotMade(`${address} was made of what changed meanwhile`);
        return piecesOf([fill(empty.text, made).replaceAll(labelMark, () => escaped(label))]);
      },
    };
  }

  private note(wanted: Omit<Looked, "coding" | "weight">, coding: Coding, now: string[]): void {
    // Few look at how the pipelines work, and it changes with each step of theirs.
    if (showsWork(wanted.address)) return;
    const name = JSON.stringify([wanted.address, wanted.frame, wanted.seen, wanted.label, coding]);
    const weight = (this.looked.get(name)?.weight ?? 0) + 1;
    this.looked.delete(name);
    this.looked.set(name, { ...wanted, coding, weight });
    for (const oldest of this.looked.keys()) if (this.looked.size > mostRemembered) this.looked.delete(oldest);
    const changed = JSON.stringify(now);
    if (this.now === changed) return;
    const isFirst = this.now === "";
    this.now = changed;
    if (!isFirst) void this.makeAnew(changed);
  }

  /** One after another, so that a reader waits for one of them at most. */
  private async makeAnew(changed: string): Promise<void> {
    for (const each of this.mostLooked()) {
      const now = await this.state(each.address);
      if (this.now !== changed || JSON.stringify(now) !== changed) return;
      await this.make(each, now!);
    }
    for (const [name, each] of this.looked) if ((each.weight /= 2) < 1 / 8) this.looked.delete(name);
  }

  private async make(each: Looked, now: string[]): Promise<void> {
    await this.options.pause();
    const { renderer, cache } = this.options;
    const page = (state: string[]) => renderer.pageAhead(each.address, each.frame, state, each.asker);
    // What cannot be made is made when somebody asks, or says then why not.
    await fillAnswer(cache, this.answer(each, now, page), each.coding).catch(() => undefined);
  }

  private mostLooked(): Looked[] {
    const often = [...this.looked.values()].filter(({ weight }) => weight > 1);
    return often.sort((a, b) => b.weight - a.weight).slice(0, mostRemade);
  }
}

function inTime(page: Promise<MadePage | null>): Promise<MadePage | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref());
  return Promise.race([page, late]);
}
