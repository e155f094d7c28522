import type { Page } from "./page.ts";

export const page: Page = {
  path: "/hrm",
  menu: { order: 4, label: "nav.hrm", href: "/hrm" },
  texts: ["hrm", "overview"],
  load: () => import("./Hrm.svelte"),
};
