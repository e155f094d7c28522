import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";
import { chartFields, comparedFields, lineFields, limitedFields } from "../web/charts/figure-fields.ts";
import { randomOf, type Random } from "../pipelines/statistics/random.ts";
import { rightOfRoute, scopeOf, type Role } from "./access.ts";
import { ownSession } from "./own-session.ts";
import type { User } from "./user.ts";

/** What is asked for one after another, by somebody who opens a page and reads it. */
export interface Visit {
  /** The page's address where it is opened anew; null where the reader came by a link within the monitor. */
  page: string | null;
  /** What the page asks of the API, together. */
  questions: string[];
}

/** What there is to look at. */
export interface Subjects {
  force: string;
  units: string[];
  indicators: string[];
  /** Those that HRM sees. */
  hrIndicators: string[];
  half: string;
  halfBefore: string;
}

/** An answer: when it was asked, how long it took in milliseconds from the question to its last byte, and what it was. */
export interface Answered {
  path: string;
  at: number;
  ms: number;
  status: number;
  bytes: number;
}

/** Of a hundred readers. */
const shares: [Role, number][] = [
  ["leadership", 60],
  ["programme", 10],
  ["hrm", 12],
  ["control", 10],
  ["portfolio", 8],
];

/** The reader of that number, and the unit that they look at. */
export function readerOf(number: number, { units }: Subjects): { user: User; unit: string } {
  const unit = units[number % units.length]!;
  let place = (number * 37) % 100;
  const [role] = shares.find(([, share]) => (place -= share) < 0)!;
  const own = role === "leadership" || role === "programme";
  return { user: { name: `reader-${number}`, roles: [role], units: own ? [unit] : [] }, unit };
}

const common = ["/meta", "/feeds", "/units", "/indicators"];

/** One visit, drawn at random: mostly the overview, the own unit and its indicators; of what the reader may see, as pages ask. */
export function drawVisit(
  random: Random,
  { user, unit }: { user: User; unit: string },
  subjects: Subjects,
  opens: boolean,
): Visit {
  const { force, half, halfBefore } = subjects;
  // Whoever sees their own unit and the force compares with no other.
  const units = user.roles.includes("programme") ? [unit] : subjects.units;
  const indicator = random.pick(user.roles.includes("hrm") ? subjects.hrIndicators : subjects.indicators);
  const kinds: [number, string, string[]][] = [
    [
      30,
      "/",
      [
        `/overview?grain=half&period=${half}&fields=sentence_nl&level=unit`,
        `/overview?grain=half&period=${halfBefore}&fields=${comparedFields}&level=unit`,
        `/breaks?unit=${[force, ...units].join(",")}`,
        `/restatements?unit=${[force, ...units].join(",")}&grain=half`,
      ],
    ],
    [
      30,
      `/unit/${unit}`,
      [
        `/series?unit=${unit}&indicator=all&grain=half&best_for=${unit}&fields=${chartFields("nl")}`,
        `/series?unit=${force}&indicator=all&grain=half&best_for=${unit}&fields=${lineFields}`,
        "/breaks",
        "/references",
        "/events",
      ],
    ],
    [
      20,
      `/indicator/${indicator}?unit=${unit}`,
      [
        `/series?indicator=${indicator}&unit=${unit},${force}&fields=${limitedFields("nl")}&grain=half,year,target`,
        `/series?indicator=${indicator}&unit=${units.join(",")}&fields=${chartFields("nl")}&grain=half,year,target`,
      ],
    ],
    [10, `/compare/${indicator}`, [`/compare?indicator=${indicator}&level=unit&grain=half&period=${half}`]],
    [
      8,
      "/signals",
      ["/signals?level=force,unit&limit=24", "/signals/chance?level=force,unit", "/recent?level=force,unit"],
    ],
    [2, "/", [`/series?indicator=${indicator}&unit=all&grain=half&format=csv`]],
  ];
  let place = random.next() * kinds.reduce((sum, [share]) => sum + share, 0);
  const [, page, asked] = kinds.find(([share]) => (place -= share) < 0) ?? kinds[0]!;
  const questions = asked.filter((each) => may(user, each));
  return { page: opens ? page : null, questions: opens ? [...common, ...questions] : questions };
}

function may(user: User, question: string): boolean {
  const right = rightOfRoute[`GET ${question.split("?")[0]}`];
  return right !== undefined && (right === "anyone" || scopeOf(user, right) !== null);
}

/** Nobody waits longer for an answer; one that does not come by then is a failure. */
const longestWaitMs = 30_000;

/** So many charts that came without a drawing are near what is seen at first, in a frame of so many pixels. */
const [drawingsNear, frame] = [3, 400];

/** The pages are packed as a browser takes them. */
const unpacked = (bytes: Buffer): string => {
  try {
    return brotliDecompressSync(bytes).toString();
  } catch {
    return bytes.toString();
  }
};

/** As a browser sends them. */
export const headersOf = (cookie: string, accept: string): Record<string, string> => ({
  ...{ cookie, accept },
  "accept-encoding": "gzip, deflate, br",
});

/** Asks as a browser does: over connections of its own that stay open, with the tags of what it has. */
export class Asker {
  readonly answered: Answered[] = [];
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
  private readonly tags = new Map<string, string>();
  private readonly address: string;
  private readonly cookie: string;
  private readonly waitMs: number;

  constructor(address: string, cookie: string, waitMs = longestWaitMs) {
    this.address = address;
    this.cookie = cookie;
    this.waitMs = waitMs;
  }

  async visit({ page, questions }: Visit): Promise<void> {
    const html = page ? await this.ask(page, "text/html") : "";
    const query = new URLSearchParams({ page: page ?? "", width: String(frame) }).toString();
    const drawings = [...html.matchAll(/data-chart="([^"]+)" data-drawn="false"/g)].slice(0, drawingsNear);
    await Promise.all([
      ...drawings.map(([, chart]) => this.ask(`/drawings/${chart}?${query}`, "image/svg+xml")),
      ...questions.map((question) => this.ask(`/api/v1${question}`, "*/*")),
    ]);
  }

  close(): void {
    this.agent.destroy();
  }

  /** The text of a page; of all else nothing is kept. */
  private ask(path: string, accept: string): Promise<string> {
    const tag = this.tags.get(path);
    const headers = { ...headersOf(this.cookie, accept), ...(tag ? { "if-none-match": tag } : {}) };
    const signal = AbortSignal.timeout(this.waitMs);
    const started = performance.now();
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      let told = false;
      const done = (status: number, bytes: number) => {
        // What is broken off is an error of the question and of its answer.
        if (told) return;
        told = true;
        this.answered.push({ path, at: started, ms: performance.now() - started, status, bytes });
        resolve(accept === "text/html" && status === 200 ? unpacked(Buffer.concat(pieces)) : "");
      };
      http
        .get(this.address + path, { agent: this.agent, headers, signal }, (response) => {
          let bytes = 0;
          response.on("data", (piece: Buffer) => {
            bytes += piece.length;
            if (accept === "text/html") pieces.push(piece);
          });
          response.on("end", () => {
            const given = response.headers.etag;
            if (given) this.tags.set(path, given);
            done(response.statusCode!, bytes);
          });
          response.on("error", () => done(0, bytes));
        })
        .on("error", () => done(0, 0));
    });
  }
}

/** A reader looks at a page for so many milliseconds. */
const [shortestLook, longestLook] = [5000, 20_000];
/** One visit of so many opens a page anew; the others follow links. */
const opensOneOf = 4;

/** So many people who read until it ends, which gives all that they were answered; they come one after another. */
export function readersAtWork(
  { address, home, subjects }: { address: string; home: string; subjects: Subjects },
  { readers, rampMs }: { readers: number; rampMs: number },
): { end(): Promise<Answered[]> } {
  let reading = true;
  const random = randomOf(7);
  const all = Array.from({ length: readers }, async (_, number) => {
    const { user, unit } = readerOf(number, subjects);
    const asker = new Asker(address, (await ownSession(home, user)).cookie);
    await sleep((number / readers) * rampMs);
    for (let visit = 0; reading; visit++) {
      await asker.visit(drawVisit(random, { user, unit }, subjects, visit % opensOneOf === 0));
      if (reading) await sleep(random.whole(shortestLook, longestLook));
    }
    asker.close();
    return asker.answered;
  });
  return {
    async end() {
      reading = false;
      return (await Promise.all(all)).flat();
    },
  };
}

/** Also where a reader has what is asked, and where the browser draws a chart by itself. */
const wellAnswered = [200, 204, 304];
export const isFailed = ({ status }: Answered): boolean => !wellAnswered.includes(status);

/** Nearest rank, in milliseconds. */
export function percentile(answered: readonly Answered[], share: number): number {
  const sorted = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
