import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Report } from "./blocks.ts";
import { wordsIn } from "./words.ts";

interface Reply {
  id: number;
  pdf?: Uint8Array;
  failed?: string;
}

interface Waiting {
  resolve: (pdf: Uint8Array) => void;
  reject: (error: Error) => void;
}

/** After so long without use the thread ends, with the memory that it holds. */
const idleMs = 60_000;

/** Sets reports as tagged PDF (PDF/UA-1) in a thread of its own, one after another: nobody else waits for it. */
class Setter {
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #idle: NodeJS.Timeout | undefined;

  make(report: Report): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, report: given(report), seconds: Math.floor(Date.parse(report.at) / 1000) });
    });
  }

  #start(): Worker {
    const folder = import.meta.dirname;
    const worker = new Worker(path.join(folder, "pdf-worker.mjs"), { workerData: { folder }, execArgv: [] });
    worker.unref();
    worker.on("message", ({ id, pdf, failed }: Reply) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (pdf) waiting?.resolve(pdf);
      else waiting?.reject(new Error(`a report could not be set: ${failed}`));
      if (this.#waiting.size === 0) this.#rest();
    });
    worker.on("error", (error) => this.#drop(error));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#drop(new Error("what sets reports ended; ask again"));
    });
    return worker;
  }

  #rest(): void {
    this.#idle = setTimeout(() => {
      void this.#worker?.terminate();
      this.#worker = null;
    }, idleMs);
    this.#idle.unref();
  }

  #drop(error: Error): void {
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

const setter = new Setter();

/** A report as a PDF, the same bytes for the same report. */
export const makePdf = (report: Report): Promise<Uint8Array> => setter.make(report);

/** What the template takes in. */
function given({ at, language, ...rest }: Report): string {
  const [year, month, day] = at.slice(0, 10).split("-").map(Number);
  const region = language === "nl" ? "NL" : "GB";
  return JSON.stringify({
    ...rest,
    language,
    region,
    date: [year, month, day],
    page: wordsIn(language).say("report.page"),
  });
}
