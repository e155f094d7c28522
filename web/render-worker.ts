import { parentPort } from "node:worker_threads";
import { makeDrawing, makePage } from "./render.ts";

/** What the server asks: a page, or the drawing of one of its charts. */
export type Request = { id: number; origin: string; address: string; frame: number; chart?: string };
/** What it gets: the page or the SVG, or why there is none. */
export type Reply = { id: number; result?: unknown; failed?: string };

let last: Promise<unknown> = Promise.resolve();

// One after another: the pages' state is that of one reader.
parentPort!.on("message", (request: Request) => {
  last = last.then(() => answer(request));
});

async function answer({ id, origin, address, frame, chart }: Request): Promise<void> {
  let reply: Reply;
  try {
    const result =
      chart === undefined
        ? await makePage(origin, address, { frame })
        : await makeDrawing(origin, address, chart, frame);
    reply = { id, result };
  } catch (error) {
    reply = { id, failed: (error as Error).stack ?? String(error) };
  }
  parentPort!.postMessage(reply);
}
