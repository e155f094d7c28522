import express, { type RequestHandler, type Router } from "express";
import { proofOfRoute, type Proof } from "../access.ts";
import { checkSealed } from "./sealed.ts";

/** Routes for other servers below a path: what comes is sealed, and each route asks the proof that the table of rights names. */
export class ForServers {
  readonly router: Router = express.Router({ caseSensitive: true, strict: true });
  readonly #below: string;
  readonly #checks: Partial<Record<Proof, RequestHandler>>;

  /** `checks` let in who shows the proof, and throw for all others. */
  constructor(below: string, checks: Partial<Record<Proof, RequestHandler>>, ...before: RequestHandler[]) {
    this.#below = below;
    this.#checks = checks;
    this.router.use(...before, checkSealed);
  }

  on(method: "get" | "post", path: string, ...handlers: RequestHandler[]): void {
    const name = `${method.toUpperCase()} ${this.#below}${path}`;
    const proof = proofOfRoute[name];
    const check = proof && this.#checks[proof];
    if (!check) throw new Error(`${name} has no proof in access.ts that is known here: nobody could ask it`);
    this.router[method](path, check, ...handlers);
  }
}
