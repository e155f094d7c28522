import { Worker } from "node:worker_threads";

/** A question as it is sent. */
export interface Sent {
  address: string;
  headers: Record<string, string>;
}

/** Answers per second to questions that are asked in turn, each anew when all were, over so many connections. */
export function rateOf(workerData: { asked: Sent[]; connections: number; seconds: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./bench-client.mjs", import.meta.url), { workerData, execArgv: [] });
    worker.once("message", ({ perSecond }: { perSecond: number }) => resolve(perSecond));
    worker.once("error", reject);
  });
}

export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
