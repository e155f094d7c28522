import type { Page } from "./page.ts";

export const page: Page = { path: "/register", texts: ["register"], load: () => import("./Register.svelte") };
