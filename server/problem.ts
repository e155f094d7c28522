import { STATUS_CODES } from "node:http";

/** RFC 9457: what went wrong, in words for the person who asked. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** A request that cannot be answered, with what would be right; the only errors that a reader ever sees. */
export class Problem extends Error {
  override name = "Problem";
  readonly status: number;
  readonly detail: string;
  /** A short name of the kind of problem; the status says it all where left out. */
  readonly code: string | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, detail: string, options: { code?: string; headers?: Record<string, string> } = {}) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.code = options.code;
    this.headers = options.headers ?? {};
  }

  get body(): ProblemBody {
    const title = STATUS_CODES[this.status] ?? "Error";
    return {
      type: this.code ? `urn:kvv:problem:${this.code}` : "about:blank",
      title,
      status: this.status,
      detail: this.detail,
    };
  }
}

/** Whatever was thrown, as a problem; what is no fault of the reader's is told to them without its insides. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status === "number" && status >= 400 && status < 500)
    return new Problem(status, type === "entity.too.large" ? "the body is too large" : "the request is malformed");
  return new Problem(500, "the server failed to answer; its log says why");
}

/** A text of a reader as it may stand in a message: one line, not long. */
export function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  return `"${line.length > 60 ? line.slice(0, 60) + "…" : line}"`;
}
