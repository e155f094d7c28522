import type { Context } from "../context.ts";

/** Today, as ISO date, where the organisation is. */
export const today = (context: Pick<Context, "settings" | "now">): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: context.settings.timeZone }).format(context.now());
