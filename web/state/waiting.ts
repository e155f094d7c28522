/** Parts of the page at hand that show what the server made until a reader comes near: what makes each of them may be needed soon. */
export const waiting = new Set<{ load(): Promise<void> }>();
