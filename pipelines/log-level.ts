/** How much is logged for machines to read: `warn` only what is wrong; `info` each request and each run besides. */
export const logLevels = ["error", "warn", "info"] as const;
export type LogLevel = (typeof logLevels)[number];
