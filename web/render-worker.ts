import os from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { makeDrawing, makePage, type Reach } from "./render.ts";

/** What the server asks: a page, or the drawing of one of its charts. */
export interface Request extends Reach {
  id: number;
  address: string;
  frame: number;
  chart?: string;
}
/** What it gets: the page or the SVG, or why there is none. */
export type Reply = { id: number; result?: unknown; failed?: string };

// On Linux that is of this thread alone.
if ((workerData as { isBehind?: boolean } | null)?.isBehind && process.platform === "linux")
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

let last: Promise<unknown> = Promise.resolve();

// One after another: the pages' state is that of one reader.
parentPort!.on("message", (request: Request) => {
  last = last.then(() => answer(request));
});

async function answer({ id, origin, seen, asker, address, frame, chart }: Request): Promise<void> {
  let reply: Reply;
  const reach = { origin, seen, asker };
  try {
    const result =
      chart === undefined ? await makePage(reach, address, frame) : await makeDrawing(reach, address, chart, frame);
    reply = { id, result };
  } catch (error) {
    reply = { id, failed: (error as Error).stack ?? String(error) };
  }
  parentPort!.postMessage(reply);
}
