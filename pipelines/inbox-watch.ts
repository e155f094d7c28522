import type { Context } from "./context.ts";
import { lookInInbox, recordLook, type InboxFault, type InboxFile } from "./inbox.ts";
import { finish, loadFiles } from "./round.ts";
import type { Turn } from "./sources/feed.ts";

/** A file that stayed because the machine was at fault is tried again after this long, then after twice that, and so on to the longest. */
const againMs = { first: 10_000, longest: 5 * 60_000 };

/** Until when a file is left alone, and how long that was. */
interface Held {
  until: number;
  wait: number;
}

const keyOf = (file: InboxFile) => `${file.path}|${file.size}|${file.modified}`;
const faultOf = (fault: InboxFault) => `${fault.feed}|${fault.file}|${fault.reason}`;

/** Looks into the inbox every few seconds; a file is taken when two looks found it the same, whatever others do. What cannot be read is told once, and once more when it is in order again. */
export function watchInbox(
  context: Context,
  feeds: string[],
  turn: Turn,
  guarded: (what: string, work: () => Promise<unknown>) => Promise<boolean>,
): { stop(): void } {
  const { home, inboxSeconds } = context.settings;
  let before = new Set<string>();
  let told = new Map<string, InboxFault>();
  const held = new Map<string, Held>();
  let busy = false;

  const hold = (file: InboxFile) => {
    const wait = Math.min(2 * (held.get(keyOf(file))?.wait ?? againMs.first / 2), againMs.longest);
    held.set(keyOf(file), { until: performance.now() + wait, wait });
  };

  const look = async () => {
    const { files, faults } = lookInInbox(home, feeds);
    const now = performance.now();
    const ready = files.filter((file) => before.has(keyOf(file)) && (held.get(keyOf(file))?.until ?? 0) <= now);
    before = new Set(files.map(keyOf));
    for (const key of held.keys()) if (!before.has(key)) held.delete(key);
    const found = new Map(faults.map((fault) => [faultOf(fault), fault]));
    const news = faults.filter((fault) => !told.has(faultOf(fault)));
    const faulty = new Set(faults.map(({ feed }) => feed));
    const clear = new Set([...told.values()].map(({ feed }) => feed).filter((feed) => !faulty.has(feed)));
    if (ready.length === 0 && news.length === 0 && clear.size === 0) return;
    if (news.length > 0 || clear.size > 0) await turn((owned) => recordLook(owned, "watch", { faults: news, clear }));
    told = found;
    // Whatever is still there afterwards was not at fault itself.
    const loads = await loadFiles(ready, turn).finally(() => ready.forEach(hold));
    await turn((owned) => finish(owned, loads));
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void guarded("the inbox", look).finally(() => (busy = false));
  }, inboxSeconds * 1000);
  return { stop: () => clearInterval(timer) };
}
