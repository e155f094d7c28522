import type net from "node:net";
import type { LoadResult } from "../pipelines/loading/load.ts";
import { connectOwner, handOver, handOverForText, type Answer, type Ask } from "../pipelines/handover.ts";
import { offerUpload } from "../pipelines/upload.ts";
import type { WorkState } from "../pipelines/work.ts";
import { Problem } from "./problem.ts";
import { PersonTurns } from "./workbench/person-turns.ts";

/** A file for the pipelines, its bytes as they come in. */
export interface SentFile {
  feed: string;
  name: string;
  mapping: string | null;
  acceptChange: boolean;
  bytes: AsyncIterable<Buffer>;
}

const mostUploads = 8;

/** The pipelines as the server reaches them: through the socket of the one that owns the warehouse. */
export class Pipelines {
  private readonly home: string;
  private readonly starting: () => boolean;
  private readonly fetched: boolean;
  private uploads = 0;
  /** At what is asked of drafts. */
  readonly turns = new PersonTurns();

  /** `starting` tells whether those beside this server have yet to come up; `fetched`, that the figures are made elsewhere, so that there are none here. */
  constructor(home: string, starting: () => boolean = () => false, fetched = false) {
    this.home = home;
    this.fetched = fetched;
    this.starting = starting;
  }

  /** Hands a command over and waits for its result; 503 where no pipelines run. */
  async ask<T extends object>(command: string, args: string[] = [], more: Partial<Ask> = {}): Promise<T> {
    const socket = await this.connect();
    const ask = { command, arguments: args, cwd: this.home, ...more };
    return resultOf(await handOver(socket, ask, () => undefined)) as T;
  }

  /**
   * Asks about a draft. 422 where it is refused or was stopped, 429 where too many are being worked on; whoever is gone
   * has the work broken off.
   */
  async askOfDraft<T extends object>(command: string, draft: object, gone?: AbortSignal): Promise<T> {
    return JSON.parse(await this.textOfDraft(command, draft, gone)) as T;
  }

  /** Somebody opened the workbench: what they ask of drafts is made ready for. Not waited for; where no pipelines run nothing comes of it. */
  readyForDrafts(): void {
    this.ask("draft-ready").catch(() => undefined);
  }

  /** The same as JSON text, for what is only passed on. */
  async textOfDraft(command: string, draft: object, gone?: AbortSignal): Promise<string> {
    const socket = await this.connect();
    const hangUp = () => socket.destroy();
    gone?.addEventListener("abort", hangUp);
    if (gone?.aborted) hangUp();
    try {
      const answer = await handOverForText(socket, { command, arguments: [], cwd: this.home, draft });
      return typeof answer === "string" ? answer : JSON.stringify(ofDraft(answer));
    } finally {
      gone?.removeEventListener("abort", hangUp);
    }
  }

  /** What they do now; not running where there are none. */
  async work(): Promise<WorkState> {
    try {
      return await this.ask<WorkState>("work");
    } catch (error) {
      if (error instanceof Problem && error.status === 503) return { running: false, task: null, waiting: 0 };
      throw error;
    }
  }

  /** Refuses early what could not be loaded anyway. */
  async checkRunning(): Promise<void> {
    (await this.connect()).destroy();
  }

  /** Loads a file whose bytes pass through here to the owner, at its pace, and touch no disk of ours. */
  async load({ feed, name, mapping, acceptChange, bytes }: SentFile): Promise<LoadResult> {
    if (this.uploads >= mostUploads)
      throw new Problem(429, `${mostUploads} files are on their way already; send this one in a moment`, {
        code: "busy",
        headers: { "Retry-After": "10" },
      });
    this.uploads += 1;
    const watched = new Watched(bytes);
    const offer = await offerUpload(watched, this.home);
    try {
      const upload = { address: offer.address, name, mapping };
      const args = acceptChange ? [feed, "--accept-change"] : [feed];
      const result = await this.ask<LoadResult>("load", args, { upload });
      if (watched.failure) throw watched.failure;
      return result;
    } finally {
      this.uploads -= 1;
      await offer.close();
    }
  }

  /** To the owner; 503 where there is none. */
  private async connect(): Promise<net.Socket> {
    if (this.fetched)
      throw new Problem(
        503,
        "the figures of this server are made elsewhere, so nothing can be loaded here; ask where they are published, or set KVV_WRITES_URL",
        { code: "figures-fetched" },
      );
    const socket = await connectOwner(this.home).catch(() => null);
    if (!socket) throw this.notRunning();
    return socket;
  }

  private notRunning(): Problem {
    const why = this.starting()
      ? "the pipelines are starting; try again in a moment"
      : "no pipelines run here, so nothing can be loaded; start them with npm start or kvv schedule";
    return new Problem(503, why, { code: "no-pipelines", headers: { "Retry-After": "10" } });
  }

  /** Publishes when what was asked before is done; it is not waited for. */
  publishLater(): Promise<object> {
    return this.ask("publish", [], { later: true });
  }
}

/** Bytes that remember why they broke off: the owner hears only that they did. */
class Watched implements AsyncIterable<Buffer> {
  failure: unknown = null;
  private readonly bytes: AsyncIterable<Buffer>;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.bytes;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/** The result, or the problem in the owner's words; what was no one's mistake is told without its insides. */
function resultOf({ result, failed, exit, fault }: Answer): object {
  if (result) return result;
  if (fault === "stopped")
    throw new Problem(503, "the pipelines stopped before they had answered; try again when they run", {
      code: "no-pipelines",
    });
  if (fault === "ours" || failed === undefined)
    throw new Problem(500, "the pipelines failed; nothing was changed. kvv load with KVV_DEBUG=1 says why");
  throw new Problem(exit === 2 ? 400 : 409, failed, { code: "pipelines-refused" });
}

/** The same of a draft: what is wrong with it is nobody's fault but its own. */
function ofDraft(answer: Answer): object {
  const { result, failed, code, fault, exit } = answer;
  if (result || fault || failed === undefined || exit === 2 || code === undefined) return resultOf(answer);
  if (code === "busy") throw new Problem(429, failed, { code, headers: { "Retry-After": "2" } });
  throw new Problem(422, failed, { code });
}
