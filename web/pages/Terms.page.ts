import type { Page } from "./page.ts";

export const page: Page = { path: "/terms", load: () => import("./Terms.svelte") };
