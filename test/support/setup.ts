import fc from "fast-check";
import "../../web/locales/all.ts";

// One seed for all invariants: a failing run fails again. KVV_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.KVV_SEED ?? 20160701) });
