/** What parts of the page at hand are made with that show what the server made, until a reader comes near or chooses something else. */
export const waiting = new Set<{ load(): Promise<void> }>();

/** Fetches it all: when a reader comes near a choice, which all of them are to show. */
export function fetchWaiting(): void {
  // Where it cannot be had now, it is asked for again when it is needed.
  for (const code of waiting) void code.load().catch(() => undefined);
}
