import { MediaQuery } from "svelte/reactivity";

/** Whether tables stand as tables; on a narrower screen their rows are cards and their headings are out of sight. */
export const wide = new MediaQuery("min-width: 48rem", true);

/** Whether a chart may be high; the server draws it so, or it would leave room below itself on most screens. */
export const roomy = new MediaQuery("min-width: 40rem", true);
