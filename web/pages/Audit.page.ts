import type { Page } from "./page.ts";

export const page: Page = {
  path: "/audit",
  texts: ["audit"],
  menu: { order: 10, label: "nav.audit", href: "/audit" },
  load: () => import("./Audit.svelte"),
};
