import type { Page } from "./page.ts";

export const page: Page = {
  path: "/accessibility",
  texts: ["accessibility"],
  load: () => import("./Accessibility.svelte"),
};
