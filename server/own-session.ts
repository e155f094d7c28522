import { cookieName, Sessions } from "./session.ts";
import type { User } from "./user.ts";

const hour = 3_600_000;

/** The sessions of a home with the usual times, and the cookie header of somebody in it: for the monitor's own tools, since whoever may read the home may ask its server. */
export async function ownSession(
  home: string,
  user: User,
  way = "personas",
  key?: Uint8Array,
): Promise<{ sessions: Sessions; cookie: string }> {
  const sessions = new Sessions({
    home,
    way,
    idleMs: hour,
    longestMs: 10 * hour,
    now: () => new Date(),
    ...(key ? { key } : {}),
  });
  return { sessions, cookie: `${cookieName}=${await sessions.begin(user)}` };
}
