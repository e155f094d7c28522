import type { Page } from "./page.ts";

export const page: Page = {
  path: "/actions",
  menu: { order: 4.4, label: "nav.actions", href: "/actions" },
  texts: ["actions"],
  load: () => import("./Actions.svelte"),
};
