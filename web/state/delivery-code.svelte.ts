import { Code } from "./code.svelte.ts";

/** What tells how files were taken: fetched when there is something to tell. */
export const deliveryCode = new Code(() => import("../components/data/DeliveryList.svelte"), ["delivery"]);
