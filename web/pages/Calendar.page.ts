import type { Page } from "./page.ts";

export const page: Page = {
  path: "/calendar",
  // Without an order: the menu has no room for it, and the reviews lead here.
  menu: { label: "nav.calendar", href: "/calendar" },
  texts: ["calendar"],
  load: () => import("./Calendar.svelte"),
};
