import type { Owned, Turn } from "./sources/feed.ts";

/** Turns at an owner whose queue this work itself has come through: one piece after another. */
export function oneByOne(owned: Owned): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(() => work(owned));
    last = next.catch(() => undefined);
    return next;
  };
}
