import type { Page } from "./page.ts";

export const page: Page = {
  path: "/workbench/:draft?",
  menu: { order: 9.5, label: "nav.workbench", href: "/workbench" },
  texts: ["workbench"],
  load: () => import("./Workbench.svelte"),
};
