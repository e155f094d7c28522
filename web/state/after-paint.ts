import { flushSync } from "svelte";

/** Who does not look gets no frames, and who is busy has no rest: then it happens after so many milliseconds. */
const longest = 300;

/**
 * Calls once what was changed is painted and the browser has nothing else to do; the answer takes it back. Whoever
 * scrolls or prints sooner has it at once: then `atOnce` is called.
 */
export function afterPaint(then: () => void, atOnce = then): () => void {
  const rest = typeof requestIdleCallback === "function";
  let timer: number | undefined;
  const stop = () => {
    cancelAnimationFrame(frame);
    if (rest) cancelIdleCallback(timer!);
    else clearTimeout(timer);
    clearTimeout(anyway);
    removeEventListener("scroll", now, true);
    removeEventListener("beforeprint", now);
  };
  const now = () => {
    stop();
    flushSync(atOnce);
  };
  const go = () => {
    stop();
    then();
  };
  const frame = requestAnimationFrame(() => (timer = rest ? requestIdleCallback(go) : window.setTimeout(go)));
  const anyway = window.setTimeout(go, longest);
  addEventListener("scroll", now, true);
  addEventListener("beforeprint", now);
  return stop;
}
