import pino, { type DestinationStream, type Logger } from "pino";
import type { Context } from "./context.ts";
import type { LogLevel } from "./log-level.ts";

/** The log that machines read: a line of JSON each, on the standard error output unless another place is given. */
export function createLog(level: LogLevel, to: DestinationStream = pino.destination(2)): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorOf },
  };
  return pino(options, to);
}

const levelOf = { done: "info", refused: "warn", failed: "error" } as const;

/** Notes runs: loads, publications and what else there is. Not their files or their words, in which somebody's name may be. */
export const runNotes =
  (log: Logger): NonNullable<Context["note"]> =>
  ({ job, kind, status, started, finished, loads, counts }, error) =>
    log[levelOf[status]](
      {
        ...{ job, kind, status, ms: finished.getTime() - started.getTime(), loads: loads ?? 0 },
        ...(counts ? { counts } : {}),
        ...(error === undefined ? {} : { err: error }),
      },
      "run",
    );

/** What is told of an error: its kind and its trace, and nothing else that it carries, as the values of a statement. */
function errorOf(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { cause } = error;
  return {
    type: error.name,
    message: withoutValues(error.message),
    stack: withoutValues(error.stack ?? ""),
    ...(cause instanceof Error ? { cause: withoutValues(cause.stack ?? cause.message) } : {}),
  };
}

/** A message without what it quotes, which may be what somebody wrote, and without the questions of addresses. An apostrophe in a word is no quote. */
export function withoutValues(text: string): string {
  return text
    .replace(/"[^\n]*"/g, '"…"')
    .replace(/(?<!\p{L})'[^\n]*'(?!\p{L})/gu, "'…'")
    .replace(/\?[^\s"')]+/g, "?…");
}
