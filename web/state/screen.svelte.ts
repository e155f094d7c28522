import { MediaQuery } from "svelte/reactivity";

/** Whether tables stand as tables; on a narrower screen their rows are cards and their headings are out of sight. */
export const wide = new MediaQuery("min-width: 48rem", true);
