/** Of fewer units the spread between them cannot be told from chance. */
export const leastSpread = 10;
