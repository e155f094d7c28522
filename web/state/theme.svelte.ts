import { router } from "./router.svelte.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Light, dark, or as the device has it; from the address. */
export const theme = {
  get current(): Theme {
    const chosen = router.choice("theme");
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  },
};
