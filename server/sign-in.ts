import { parseCookie, stringifySetCookie } from "cookie";
import type { Express, Request, Response } from "express";
import { rateLimit } from "express-rate-limit";
import type { Logger } from "pino";
import type { Gate } from "./gate.ts";
import { checkOrigin } from "./guard.ts";
import { Problem } from "./problem.ts";
import type { Provider } from "./provider.ts";
import { userOf, type RoleMapping } from "./role-mapping.ts";
import { placeOf } from "./routes/session.ts";
import { nameOfCookie } from "./session.ts";
import { accountPage, messagePage } from "./sign-in-page.ts";

/** What signing in for real works with. */
export interface SignInOptions {
  provider: Provider;
  mapping: RoleMapping;
  gate: Gate;
  secure: boolean;
  log: Pick<Logger, "warn">;
  /** The built page, for its clothes. */
  shell(): Promise<string | null>;
}

/** So often in a minute somebody may try from one address. */
const mostTries = 120;

/** `/sign-in`, the way back from the provider, and the way out. */
export function serveSignIn(app: Express, { provider, mapping, gate, secure, log, shell }: SignInOptions): void {
  const flowCookie = nameOfCookie("kvv_sign_in", secure);
  const limited = rateLimit({
    windowMs: 60_000,
    limit: mostTries,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    handler: () => {
      throw new Problem(429, "too many tries to sign in; wait a minute", {
        code: "too-many",
        headers: { "Retry-After": "60" },
      });
    },
  });

  app.get("/sign-in", limited, async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const next = placeOf(String(request.query.next ?? "/"));
    const session = await gate.sessionOf(request);
    if (session) return void response.type("html").send(accountPage(await shell(), languageOf(request), session.user));
    const begun = await provider.begin(next).catch((error: unknown) => {
      log.warn({ err: error }, "the provider to sign in at cannot be reached");
      return null;
    });
    if (!begun) return say(request, response, 503, "signIn.noProvider");
    giveFlow(response, begun.flow);
    response.redirect(302, begun.address);
  });

  app.get("/sign-in/callback", limited, async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const flow = parseCookie(request.headers.cookie ?? "")[flowCookie];
    giveFlow(response, null);
    const at = request.originalUrl.indexOf("?");
    const returned = await provider
      .finish(at < 0 ? "" : request.originalUrl.slice(at), flow)
      .catch((error: unknown) => {
        log.warn({ err: error }, "somebody did not get in");
        return null;
      });
    if (!returned) return say(request, response, 403, "signIn.failed");
    const user = userOf(returned.claims, mapping);
    if (!user) return say(request, response, 403, "signIn.noRole");
    await gate.signIn(request, response, user, returned.idToken);
    response.redirect(302, placeOf(returned.next));
  });

  app.post("/sign-out", async (request, response) => {
    checkOrigin(request);
    response.setHeader("Cache-Control", "no-store");
    const session = await gate.signOut(request, response);
    response.redirect(303, (await provider.endAddress(session?.idToken ?? null)) ?? "/signed-out");
  });

  app.get("/signed-out", (request, response) => say(request, response, 200, "signIn.signedOut"));

  async function say(request: Request, response: Response, status: number, key: string): Promise<void> {
    response
      .status(status)
      .type("html")
      .send(messagePage(await shell(), languageOf(request), key));
  }

  function giveFlow(response: Response, value: string | null): void {
    const cookie = {
      name: flowCookie,
      value: value ?? "",
      httpOnly: true,
      sameSite: "lax",
      path: "/",
      secure,
    } as const;
    response.append("Set-Cookie", stringifySetCookie({ ...cookie, maxAge: value === null ? 0 : 600 }));
  }
}

const languageOf = (request: Request) => (request.query.lang === "en" ? "en" : "nl");
